// SPDX-License-Identifier: Apache-2.0
#include "names.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

namespace ipusim::isagen {
namespace {

using isa::Direction;
using isa::Lane;
using isa::Mode;
using isa::OperandClass;
using isa::PostModify;

constexpr std::uint8_t ipu1 = static_cast<std::uint8_t>(isa::Arch::ipu1);
constexpr std::uint8_t ipu2 = static_cast<std::uint8_t>(isa::Arch::ipu2);
constexpr std::uint8_t ipu21 = static_cast<std::uint8_t>(isa::Arch::ipu21);

template <typename Value, std::size_t size>
using NameTable = std::array<std::pair<std::string_view, Value>, size>;

template <typename Value, std::size_t size>
std::optional<Value> find_value(const NameTable<Value, size>& table, std::string_view name) {
  for (const auto& [key, value] : table)
    if (key == name) return value;
  return std::nullopt;
}

template <typename Value, std::size_t size>
std::string_view find_name(const NameTable<Value, size>& table, Value value) {
  for (const auto& [key, candidate] : table)
    if (candidate == value) return key;
  return "?";
}

constexpr NameTable<ClassInfo, 13> named_classes{{
    {"MR", {OperandClass::MR, 4, 4}},
    {"MRPair", {OperandClass::MRPair, 4, 4}},
    {"AR", {OperandClass::AR, 4, 4}},
    {"ARPair", {OperandClass::ARPair, 4, 4}},
    {"ARQuad", {OperandClass::ARQuad, 4, 4}},
    {"ARBroadcastLower", {OperandClass::BroadcastLower, 4, 4}},
    {"ARBroadcastUpper", {OperandClass::BroadcastUpper, 4, 4}},
    {"ARBroadcast", {OperandClass::Broadcast, 4, 4}},
    {"Rel8", {OperandClass::rel8, 8, 8}},
    {"Rel16", {OperandClass::rel16, 16, 16}},
    {"Rel20", {OperandClass::rel20, 20, 20}},
    {"Rel19S2", {OperandClass::rel19s2, 19, 20}},  // `call` has one bit more than its relocation
    {"RunOffset", {OperandClass::run, 16, 16}},
}};

constexpr NameTable<OperandClass, 16> cpp_classes{{
    {"MR", OperandClass::MR},
    {"MRPair", OperandClass::MRPair},
    {"AR", OperandClass::AR},
    {"ARPair", OperandClass::ARPair},
    {"ARQuad", OperandClass::ARQuad},
    {"BroadcastLower", OperandClass::BroadcastLower},
    {"BroadcastUpper", OperandClass::BroadcastUpper},
    {"Broadcast", OperandClass::Broadcast},
    {"unsigned_immediate", OperandClass::unsigned_immediate},
    {"signed_immediate", OperandClass::signed_immediate},
    {"high_immediate", OperandClass::high_immediate},
    {"rel8", OperandClass::rel8},
    {"rel16", OperandClass::rel16},
    {"rel20", OperandClass::rel20},
    {"rel19s2", OperandClass::rel19s2},
    {"run", OperandClass::run},
}};

constexpr NameTable<Direction, 3> directions{
    {{"in", Direction::in}, {"out", Direction::out}, {"inout", Direction::inout}}};
constexpr NameTable<PostModify, 5> post_modifies{{{"none", PostModify::none},
                                                  {"increment", PostModify::increment},
                                                  {"add", PostModify::add},
                                                  {"shift", PostModify::shift},
                                                  {"delta", PostModify::delta}}};
constexpr NameTable<Lane, 2> lanes{{{"main", Lane::main}, {"aux", Lane::aux}}};
constexpr NameTable<Mode, 3> modes{
    {{"both", Mode::both}, {"worker", Mode::worker}, {"supervisor", Mode::supervisor}}};
constexpr NameTable<CsrAccess, 3> accesses{{{"read_write", CsrAccess::read_write},
                                            {"read_only", CsrAccess::read_only},
                                            {"write_only", CsrAccess::write_only}}};
constexpr NameTable<Status, 3> statuses{
    {{"modelled", {true, true}}, {"fast", {true, false}}, {"unmodelled", {false, false}}}};
constexpr NameTable<bool, 2> answers{{{"true", true}, {"false", false}}};
constexpr NameTable<SyncScope, 3> scopes{
    {{"tile", SyncScope::tile}, {"chip", SyncScope::chip}, {"system", SyncScope::system}}};
constexpr NameTable<std::uint8_t, 3> arch_masks{
    {{"all", ipu1 | ipu2 | ipu21}, {"ipu2+", ipu2 | ipu21}, {"ipu21", ipu21}}};

// imm<N>zi, imm<N>si, imm12iz
std::optional<ClassInfo> parse_immediate_class(std::string_view name) {
  if (!name.starts_with("imm") || name.size() < 6) return std::nullopt;
  const std::string_view kind = name.substr(name.size() - 2);
  const std::string_view digits = name.substr(3, name.size() - 5);
  unsigned width = 0;
  const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), width);
  if (status != std::errc{} || end != digits.data() + digits.size() || width == 0 || width > 31)
    return std::nullopt;
  if (kind == "zi") return ClassInfo{OperandClass::unsigned_immediate, width, width};
  if (kind == "si") return ClassInfo{OperandClass::signed_immediate, width, width};
  if (kind == "iz" && width == 12) return ClassInfo{OperandClass::high_immediate, width, width};
  return std::nullopt;
}

}  // namespace

std::optional<ClassInfo> parse_operand_class(std::string_view name) {
  if (const auto info = find_value(named_classes, name)) return info;
  return parse_immediate_class(name);
}
std::optional<Direction> parse_direction(std::string_view name) { return find_value(directions, name); }
std::optional<Mode> parse_mode(std::string_view name) { return find_value(modes, name); }
std::optional<CsrAccess> parse_access(std::string_view name) { return find_value(accesses, name); }
std::optional<Status> parse_status(std::string_view name) { return find_value(statuses, name); }
std::optional<bool> parse_yes_no(std::string_view name) { return find_value(answers, name); }
std::optional<SyncScope> parse_scope(std::string_view name) { return find_value(scopes, name); }
std::optional<std::uint8_t> parse_arch_mask(std::string_view name) { return find_value(arch_masks, name); }

std::string_view to_string(OperandClass cls) { return find_name(cpp_classes, cls); }
std::string_view to_string(Direction direction) { return find_name(directions, direction); }
std::string_view to_string(PostModify post) { return find_name(post_modifies, post); }
std::string_view to_string(Lane lane) { return find_name(lanes, lane); }
std::string_view to_string(Mode mode) { return find_name(modes, mode); }
std::string_view to_string(CsrAccess access) { return find_name(accesses, access); }
std::string_view to_string(SyncScope scope) { return find_name(scopes, scope); }
std::string_view arch_mask_name(std::uint8_t mask) { return find_name(arch_masks, mask); }

std::string_view post_suffix(PostModify post) {
  switch (post) {
    case PostModify::increment:
      return "++";
    case PostModify::add:
      return "+=";
    case PostModify::shift:
      return ">>";
    case PostModify::delta:
      return "@";
    case PostModify::none:
      break;
  }
  return "";
}

bool is_main_register(OperandClass cls) { return cls == OperandClass::MR || cls == OperandClass::MRPair; }
bool is_aux_register(OperandClass cls) { return register_span(cls) != 0 && !is_main_register(cls); }

unsigned register_span(OperandClass cls) {
  switch (cls) {
    case OperandClass::MR:
    case OperandClass::AR:
    case OperandClass::BroadcastLower:
    case OperandClass::BroadcastUpper:
    case OperandClass::Broadcast:
      return 1;
    case OperandClass::MRPair:
    case OperandClass::ARPair:
      return 2;
    case OperandClass::ARQuad:
      return 4;
    default:
      return 0;
  }
}

std::string types_of(const CauseSpec& cause) {
  return cause.or_type.empty() ? cause.type : cause.type + ", " + cause.or_type;
}

std::string upper_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

}  // namespace ipusim::isagen
