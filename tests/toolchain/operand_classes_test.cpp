// SPDX-License-Identifier: Apache-2.0
// Every operand of every instruction, given registers of every kind and numbers round the ends of every
// range. What is taken, what for and in which bits comes from the tables of the assembler facts
// (sections 1.1, 1.2 and 1.4), which stand here a second time.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using isa::OperandClass;

// --- what may be written
enum class Kind : std::uint8_t { m, a, m_pair, a_pair, a_quad, b, bl, bu, number };
struct Written {
  std::string text;
  Kind kind;
  std::int64_t value;  // register number, the lowest of a group, or the number
};

const std::vector<Written>& registers() {
  static const std::vector<Written> all{
      {"$m0", Kind::m, 0},           {"$m7", Kind::m, 7},           {"$m15", Kind::m, 15},
      {"$mzero", Kind::m, 15},       {"$lr", Kind::m, 10},          {"$a0", Kind::a, 0},
      {"$a5", Kind::a, 5},           {"$azero", Kind::a, 15},       {"$m0:1", Kind::m_pair, 0},
      {"$m6:7", Kind::m_pair, 6},    {"$m14:15", Kind::m_pair, 14}, {"$a2:3", Kind::a_pair, 2},
      {"$azeros", Kind::a_pair, 14}, {"$ap3", Kind::a_pair, 6},     {"$a4:7", Kind::a_quad, 4},
      {"$a12:15", Kind::a_quad, 12}, {"$aq1", Kind::a_quad, 4},     {"$a6:B", Kind::b, 6},
      {"$a6:BL", Kind::bl, 6},       {"$a6:BU", Kind::bu, 6}};
  return all;
}

// Written like registers, but none.
const std::vector<std::string> no_registers{"$m16",  "$a16",  "$m1:2", "$m0:3",
                                            "$a1:2", "$a2:5", "$a0:2", "$a0:X"};

Written number(std::int64_t value) { return {std::to_string(value), Kind::number, value}; }

// --- what an operand takes: the bits of its field, or nothing
struct Slot {
  OperandClass cls;
  unsigned width;
  bool address;  // base, delta or offset of a plain load or store
  std::string suffix;
  const isa::Operand* operand;
};

bool is_unsigned(std::int64_t value, unsigned bits) { return value >= 0 && value < (1LL << bits); }

std::optional<std::uint32_t> field(const Slot& slot, const Written& written) {
  const auto if_kind = [&](std::set<Kind> kinds) -> std::optional<std::uint32_t> {
    if (!kinds.contains(written.kind)) return std::nullopt;
    return static_cast<std::uint32_t>(written.value);
  };
  switch (slot.cls) {
    case OperandClass::MR:
      return slot.address ? if_kind({Kind::m, Kind::a}) : if_kind({Kind::m});
    case OperandClass::MRPair:
      return if_kind({Kind::m_pair});
    case OperandClass::AR:
      return if_kind({Kind::a});
    case OperandClass::ARPair:
      return if_kind({Kind::a_pair});
    case OperandClass::ARQuad:
      return if_kind({Kind::a_quad});
    case OperandClass::Broadcast:
    case OperandClass::BroadcastLower:
      return if_kind({Kind::b, Kind::bl});
    case OperandClass::BroadcastUpper:
      return if_kind({Kind::bu});
    default:
      break;
  }
  if (written.kind != Kind::number) return std::nullopt;
  const std::int64_t value = written.value;
  const auto bits = static_cast<std::uint32_t>(value) & ((1U << slot.width) - 1U);
  if (slot.cls == OperandClass::signed_immediate) {
    const std::int64_t half = 1LL << (slot.width - 1);
    return value >= -half && value < half ? std::optional(bits) : std::nullopt;
  }
  if (slot.cls == OperandClass::high_immediate) {
    const bool fits = value % (1LL << 20) == 0 && value >= -(1LL << 31) && value < (1LL << 32);
    return fits ? std::optional(static_cast<std::uint32_t>(value) >> 20U) : std::nullopt;
  }
  return is_unsigned(value, slot.width) ? std::optional(bits) : std::nullopt;
}

// --- the forms of a mnemonic
struct Form {
  const isa::Instruction* instruction;  // nullptr: an alias, which is tested elsewhere
  std::vector<Slot> slots;              // as written
};
using Forms = std::map<std::string, std::vector<Form>>;

bool is_plain_access(const isa::Instruction& instruction) {
  if (!(instruction.load || instruction.store) || instruction.operands.size() < 3) return false;
  for (const isa::Operand& operand : instruction.operands)
    if (operand.post != isa::PostModify::none) return false;
  return true;
}

Form form_of(const isa::Instruction& instruction) {
  Form form{&instruction, {}};
  std::string_view rest = instruction.assembly;
  for (auto at = rest.find('$'); at != std::string_view::npos; at = rest.find('$')) {
    rest.remove_prefix(at + 1);
    const auto comma = rest.find(',');
    const std::string_view text = rest.substr(0, comma);
    const auto name_end = text.find_first_not_of("op0123456789");
    const std::string_view name = text.substr(0, name_end);
    for (const isa::Operand& operand : instruction.operands)
      if (operand.name == name)
        form.slots.push_back({operand.cls, operand.width, is_plain_access(instruction) && !form.slots.empty(),
                              std::string(text.substr(name.size())), &operand});
  }
  return form;
}

Slot alias_slot(OperandClass cls, unsigned width = 4) { return {cls, width, false, "", nullptr}; }

// In the order in which the assembler tries them: signed, zero-extended, high (facts, 1.2).
const Forms& forms() {
  static const Forms all = [] {
    Forms result;
    for (const isa::Instruction& instruction : isa::all_instructions())
      result[std::string(instruction.mnemonic)].push_back(form_of(instruction));
    for (auto& [mnemonic, list] : result)
      std::stable_sort(list.begin(), list.end(), [](const Form& a, const Form& b) {
        const auto rank = [](const Form& form) {
          int highest = 0;
          for (const Slot& slot : form.slots) {
            if (slot.cls == OperandClass::unsigned_immediate) highest = std::max(highest, 1);
            if (slot.cls == OperandClass::high_immediate) highest = std::max(highest, 2);
          }
          return highest;
        };
        return rank(a) < rank(b);
      });
    using enum OperandClass;
    result["sub"].push_back({nullptr, {alias_slot(MR), alias_slot(MR), alias_slot(signed_immediate, 16)}});
    result["get"].push_back({nullptr, {alias_slot(AR), alias_slot(unsigned_immediate, 8)}});
    result["put"].push_back({nullptr, {alias_slot(unsigned_immediate, 8), alias_slot(AR)}});
    return result;
  }();
  return all;
}

Written plain_operand(const Slot& slot) {
  for (const Written& written : registers())
    if (field(slot, written)) return written;
  return slot.cls == OperandClass::high_immediate ? number(1 << 20) : number(1);
}

std::vector<Written> candidates(const Slot& slot) {
  std::vector<Written> all = registers();
  const std::int64_t whole = 1LL << slot.width;
  for (const std::int64_t value :
       {std::int64_t{0}, std::int64_t{-1}, whole - 1, whole, whole / 2 - 1, whole / 2, -whole / 2,
        -whole / 2 - 1, std::int64_t{1} << 20, std::int64_t{0xFFF} << 20, (std::int64_t{1} << 20) + 1,
        -(std::int64_t{1} << 31), std::int64_t{1} << 32})
    all.push_back(number(value));
  return all;
}

std::string line_of(const Form& form, const std::vector<std::string>& texts) {
  std::string line(form.instruction->mnemonic);
  for (std::size_t i = 0; i < texts.size(); ++i)
    line += (i == 0 ? " " : ", ") + texts[i] + form.slots[i].suffix;
  return line;
}

struct Line {
  std::string text;
  const Form* form;  // that takes it; nullptr: none
  std::vector<std::uint32_t> fields;
};

// The line as the facts read it.
Line expectation(const Form& base, const std::vector<Written>& operands) {
  std::vector<std::string> texts;
  for (const Written& written : operands) texts.push_back(written.text);
  Line line{line_of(base, texts), nullptr, {}};
  for (const Form& form : forms().at(std::string(base.instruction->mnemonic))) {
    if (form.slots.size() != operands.size()) continue;
    std::vector<std::uint32_t> fields;
    for (std::size_t i = 0; i < operands.size(); ++i)
      if (const auto bits = field(form.slots[i], operands[i]);
          bits && form.slots[i].suffix == base.slots[i].suffix)
        fields.push_back(*bits);
    if (fields.size() != operands.size()) continue;
    line.form = &form;
    line.fields = fields;
    return line;
  }
  return line;
}

std::vector<Line> all_lines(isa::Mode mode) {
  std::vector<Line> lines;
  for (const auto& [mnemonic, list] : forms())
    for (const Form& form : list) {
      if (form.instruction == nullptr) continue;
      const bool of_mode = form.instruction->mode == mode ||
                           (form.instruction->mode == isa::Mode::both && mode == isa::Mode::worker);
      if (!of_mode) continue;
      std::vector<Written> operands;
      for (const Slot& slot : form.slots) operands.push_back(plain_operand(slot));
      if (operands.empty()) lines.push_back(expectation(form, operands));
      for (std::size_t i = 0; i < operands.size(); ++i)
        for (const Written& candidate : candidates(form.slots[i])) {
          std::vector<Written> changed = operands;
          changed[i] = candidate;
          lines.push_back(expectation(form, changed));
        }
    }
  return lines;
}

std::set<unsigned> lines_complained_of(const std::string& text, const AssemblerOptions& options) {
  std::set<unsigned> lines;
  try {
    assemble_text(text, "test.s", options);
  } catch (const ToolError& error) {
    for (const Diagnostic& diagnostic : error.diagnostics()) lines.insert(diagnostic.line);
  }
  return lines;
}

class OperandClasses : public ::testing::TestWithParam<isa::Mode> {
 protected:
  OperandClasses() { options_.arch = isa::Arch::ipu21; }
  AssemblerOptions options_ = plain(GetParam());
};

TEST_P(OperandClasses, EncodeWhatTheyTake) {
  std::vector<const Line*> taken;
  std::string text = ".allow_invalid_repeat\n";
  const auto lines = all_lines(GetParam());
  for (const Line& line : lines) {
    if (line.form == nullptr || line.form->instruction == nullptr) continue;
    taken.push_back(&line);
    text += line.text + "\n";
  }
  ASSERT_GT(taken.size(), 100U);
  const auto code = words(text, options_);
  std::size_t at = 0;
  for (const Line* line : taken) {
    const isa::Instruction& instruction = *line->form->instruction;
    ASSERT_LT(at, code.size());
    const std::uint32_t word0 = code[at];
    const std::uint32_t word1 = instruction.words == 2 ? code.at(at + 1) : 0;
    at += instruction.words;
    ASSERT_EQ(word0 & instruction.mask, instruction.match) << line->text << ": not " << instruction.id;
    for (std::size_t i = 0; i < line->fields.size(); ++i)
      EXPECT_EQ(line->form->slots[i].operand->field(word0, word1), line->fields[i])
          << line->text << ", operand " << i;
  }
}

TEST_P(OperandClasses, RefuseEverythingElse) {
  constexpr std::size_t at_once = 100;  // the assembler gives up after too many errors
  std::vector<std::string> refused;
  for (const Line& line : all_lines(GetParam()))
    if (line.form == nullptr) refused.push_back(line.text);
  ASSERT_GT(refused.size(), at_once);
  for (std::size_t first = 0; first < refused.size(); first += at_once) {
    const std::size_t count = std::min(at_once, refused.size() - first);
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += refused[first + i] + "\n";
    const auto complained = lines_complained_of(text, options_);
    for (unsigned i = 0; i < count; ++i) EXPECT_TRUE(complained.contains(i + 1)) << refused[first + i];
  }
}

TEST_P(OperandClasses, RefuseWhatOnlyLooksLikeARegister) {
  for (const auto& [mnemonic, list] : forms())
    for (const Form& form : list) {
      if (form.instruction == nullptr || form.slots.empty() || form.instruction->mode != GetParam()) continue;
      std::string text;
      for (const std::string& name : no_registers) {
        std::vector<std::string> texts;
        for (const Slot& slot : form.slots) texts.push_back(plain_operand(slot).text);
        const bool symbolic = form.slots.back().cls >= OperandClass::rel8;
        if (symbolic && name.find(':') == std::string::npos) continue;  // $m16 may be a symbol's name
        texts.back() = name;
        text += line_of(form, texts) + "\n";
      }
      const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
      EXPECT_GE(complaints(text, options_).size(), lines) << text;
    }
}

INSTANTIATE_TEST_SUITE_P(Modes, OperandClasses, ::testing::Values(isa::Mode::worker, isa::Mode::supervisor),
                         [](const auto& tested) {
                           return tested.param == isa::Mode::worker ? "Worker" : "Supervisor";
                         });

// B and BL are the same two bits of the word.
TEST(BroadcastOperands, NoMnemonicHasBothKindsOfLower) {
  for (const auto& [mnemonic, list] : forms()) {
    std::set<OperandClass> classes;
    for (const Form& form : list)
      for (const Slot& slot : form.slots) classes.insert(slot.cls);
    EXPECT_FALSE(classes.contains(OperandClass::Broadcast) && classes.contains(OperandClass::BroadcastLower))
        << mnemonic;
  }
}

std::vector<std::string> warnings(const std::string& text, isa::Mode mode = isa::Mode::worker) {
  std::vector<std::string> result;
  for (const Diagnostic& warning : assemble_text(text, "test.s", plain(mode)).warnings)
    result.push_back(fmt::format("{}:{}: {}", warning.line, warning.column, warning.message));
  return result;
}

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(AddressOperands, OtherRegistersThanZeroAreWarnedOf) {
  EXPECT_THAT(warnings("ld32 $a0, $m1, $azero, 2\nst64 $a0:1, $m1, $azero, $azero"), IsEmpty());
  EXPECT_THAT(warnings("ld32 $a0, $a3, $m1, 2"),
              ElementsAre(HasSubstr("1:11: $a3 in an address stands for $m3")));
  EXPECT_EQ(words("ld32 $a0, $m1, $azero"), words("ld32 $a0, $m1, $m15, $m15"));
}

TEST(CsrOperands, MayBePartOfExpressions) {
  EXPECT_EQ(words(".set first, $PRNG_0_0\nuget $a0, first + 1"), words("uget $a0, 4"));
  EXPECT_EQ(words("ld64putcs $CWEI_3_1", plain(isa::Mode::supervisor)),
            words("ld64putcs 13", plain(isa::Mode::supervisor)));
}

TEST(CsrOperands, OfOtherArchitecturesAreRefused) {
  EXPECT_THAT(complaints("uget $a0, $FP_SCL"),
              ElementsAre(HasSubstr("1:11: there is no CSR $FP_SCL on ipu2")));
  AssemblerOptions ipu1 = plain(isa::Mode::supervisor);
  ipu1.arch = isa::Arch::ipu1;
  EXPECT_THAT(complaints("ld64putcs $CWEI_7_3", ipu1), IsEmpty());
  EXPECT_THAT(complaints("ld64putcs $CWEI_8_0", ipu1),
              ElementsAre(HasSubstr("there is no CSR $CWEI_8_0 on ipu1")));
}

// The same numbers mean other registers there.
TEST(CsrOperands, OfAnotherSpaceAreWarnedOf) {
  EXPECT_THAT(warnings("get $a0, $FP_CTL\nput $FP_CTL, $a0\nget $m0, $WSR\nuget $a0, 2"), IsEmpty());
  EXPECT_THAT(warnings("get $m0, $FP_CTL"), ElementsAre(HasSubstr("1:10: this CSR is one of uget and uput")));
  EXPECT_THAT(warnings("uget $a0, $WSR"), ElementsAre(HasSubstr("1:11: this CSR is one of get and put")));
  EXPECT_THAT(warnings("put $CWEI_0_1, $m0", isa::Mode::supervisor),
              ElementsAre(HasSubstr("1:5: the coefficient store")));
  EXPECT_THAT(warnings("ld64putcs $CCCSLOAD", isa::Mode::supervisor),
              ElementsAre(HasSubstr("1:11: ld64putcs and")));
}

TEST(Expressions, DoNotHoldRegisters) {
  EXPECT_THAT(complaints("bri 4 + $m0"),
              ElementsAre(HasSubstr("1:9: a register cannot be part of an expression")));
}

TEST(Expressions, ThatAreNotKnownYetAreCalledSo) {
  EXPECT_THAT(
      complaints("add $m0, $m0, 1f - .\n1:"),
      ElementsAre(HasSubstr("1:15: invalid operand for instruction: its value is not known at this point")));
}

}  // namespace
}  // namespace ipusim::toolchain_test
