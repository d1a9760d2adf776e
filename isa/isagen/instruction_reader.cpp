// SPDX-License-Identifier: Apache-2.0
#include "instruction_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "layout.hpp"
#include "names.hpp"
#include "text.hpp"

namespace ipusim::isagen {
namespace {

constexpr std::size_t column_count = 8;

std::optional<unsigned> parse_number(std::string_view text) {
  unsigned value = 0;
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// One line of the file on its way to an InstructionSpec. Every step reports and returns false on an error.
class LineReader {
 public:
  LineReader(const SourceLine& where, Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    spec_.where = where;
  }

  std::optional<InstructionSpec> read(std::string_view line) {
    const std::vector<std::string> columns = split(line, '|');
    if (columns.size() != column_count)
      return reject(
          fmt::format("{} columns instead of {} (id | assembly | pattern | operands | class | arch | "
                      "cycles | status)",
                      columns.size(), column_count));
    spec_.id = columns[0];
    spec_.assembly = columns[1];
    spec_.patterns = split(columns[2], '/');
    if (!read_id() || !read_patterns() || !read_operands(columns[3]) || !read_assembly() ||
        !read_class(columns[4]) || !read_rest(columns[5], columns[6], columns[7]))
      return std::nullopt;
    return std::move(spec_);
  }

 private:
  std::nullopt_t reject(const std::string& message) {
    diagnostics_.error(spec_.where, spec_.id.empty() ? message : fmt::format("{}: {}", spec_.id, message));
    return std::nullopt;
  }
  bool fail(const std::string& message) {
    reject(message);
    return false;
  }

  bool read_id() {
    const bool good = !spec_.id.empty() && std::all_of(spec_.id.begin(), spec_.id.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
    return good || fail(fmt::format("id '{}' must be lower-case letters, digits and '_'", spec_.id));
  }

  bool read_patterns() {
    if (spec_.patterns.empty() || spec_.patterns.size() > 2)
      return fail("one or two words are needed as pattern");
    for (std::size_t word = 0; word < spec_.patterns.size(); ++word)
      if (!read_pattern(word)) return false;
    return true;
  }

  bool read_pattern(std::size_t word) {
    const std::string& pattern = spec_.patterns[word];
    if (pattern.size() != word_bits)
      return fail(
          fmt::format("incomplete pattern '{}': {} bits instead of {}", pattern, pattern.size(), word_bits));
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      const char c = pattern[i];
      const std::uint32_t bit = 1U << (word_bits - 1 - i);
      if (c == coissue_letter) {
        if (i != 0 || word != 0) return fail("the co-issue bit 'z' can only be bit 31 of the first word");
        spec_.coissue = true;
      } else if (c == '0' || c == '1') {
        if (word != 0) return fail("the second word is never decoded: it must hold operands only");
        spec_.mask |= bit;
        if (c == '1') spec_.match |= bit;
      } else if (!operand_index(c)) {
        return fail(
            fmt::format("'{}' at bit {} is neither 0, 1, z nor an operand letter", c, word_bits - 1 - i));
      }
    }
    return true;
  }

  bool read_operands(std::string_view column) {
    for (const std::string& text : split_outside_brackets(column, ',')) {
      const std::size_t bracket = text.find('<');
      std::string layout;
      if (bracket != std::string::npos) {
        if (text.back() != '>') return fail(fmt::format("operand '{}': layout must end with '>'", text));
        layout = text.substr(bracket + 1, text.size() - bracket - 2);
      }
      const std::vector<std::string> parts = split(text.substr(0, bracket), ':');
      if (parts.size() != 3) return fail(fmt::format("operand '{}' must be name:direction:class", text));
      if (!read_operand(parts, layout)) return false;
    }
    for (const std::string& pattern : spec_.patterns)
      for (const char c : pattern)
        if (const auto index = operand_index(c); index && *index >= spec_.operands.size())
          return fail(fmt::format("pattern letter '{}' has no operand op{}", c, *index));
    return true;
  }

  bool read_operand(const std::vector<std::string>& parts, const std::string& layout) {
    OperandSpec operand;
    operand.name = parts[0];
    operand.class_name = parts[2];
    const std::string expected = fmt::format("op{}", spec_.operands.size());
    if (operand.name != expected)
      return fail(fmt::format("operand '{}' where '{}' is expected: operands stand in number order",
                              operand.name, expected));
    const auto direction = parse_direction(parts[1]);
    if (!direction)
      return fail(fmt::format("{}: direction '{}' is not in, out or inout", operand.name, parts[1]));
    const auto info = parse_operand_class(operand.class_name);
    if (!info) return fail(fmt::format("{}: unknown operand class '{}'", operand.name, operand.class_name));
    operand.direction = *direction;
    operand.cls = info->cls;
    if (operand.direction != isa::Direction::in && register_span(operand.cls) == 0)
      return fail(fmt::format("{}: only a register can be {}", operand.name, to_string(operand.direction)));
    const LayoutResult result = read_layout(spec_.patterns, operand_letter(spec_.operands.size()), layout,
                                            register_span(operand.cls));
    if (!result.error.empty()) return fail(fmt::format("{}: {}", operand.name, result.error));
    operand.slices = result.slices;
    operand.width = result.width;
    if (operand.width < info->min_width || operand.width > info->max_width)
      return fail(fmt::format("{}: class {} does not fit a field of {} bits", operand.name,
                              operand.class_name, operand.width));
    spec_.operands.push_back(std::move(operand));
    return true;
  }

  // Operands named in the assembly form, with their post-modify suffixes.
  bool read_assembly() {
    spec_.mnemonic = spec_.assembly.substr(0, spec_.assembly.find(' '));
    if (spec_.mnemonic.empty()) return fail("no mnemonic");
    std::vector<bool> seen(spec_.operands.size(), false);
    for (const std::string& text :
         split(std::string_view(spec_.assembly).substr(spec_.mnemonic.size()), ',')) {
      OperandSpec* operand = nullptr;
      std::size_t index = 0;
      for (; index < spec_.operands.size() && operand == nullptr; ++index)
        if (text.starts_with("$" + spec_.operands[index].name)) operand = &spec_.operands[index];
      if (operand == nullptr) return fail(fmt::format("assembly operand '{}' is not an operand", text));
      if (seen[index - 1]) return fail(fmt::format("{} stands twice in the assembly form", operand->name));
      seen[index - 1] = true;
      if (!read_suffix(*operand, std::string_view(text).substr(1 + operand->name.size()))) return false;
    }
    for (std::size_t i = 0; i < seen.size(); ++i)
      if (!seen[i]) return fail(fmt::format("{} is missing in the assembly form", spec_.operands[i].name));
    return true;
  }

  bool read_suffix(OperandSpec& operand, std::string_view suffix) {
    using isa::PostModify;
    for (const PostModify post :
         {PostModify::none, PostModify::increment, PostModify::add, PostModify::shift, PostModify::delta}) {
      if (suffix != post_suffix(post)) continue;
      operand.post = post;
      if (post != PostModify::none && operand.direction != isa::Direction::inout)
        return fail(fmt::format("{} is post-modified and so must be inout", operand.name));
      return true;
    }
    return fail(fmt::format("{}: unknown post-modify suffix '{}'", operand.name, suffix));
  }

  bool read_class(std::string_view column) {
    const std::vector<std::string> words = split(column, ' ');
    if (words.size() < 2) return fail("class must begin with lane and mode");
    if (words[0] != "main" && words[0] != "aux") return fail(fmt::format("unknown lane '{}'", words[0]));
    spec_.lane = words[0] == "main" ? isa::Lane::main : isa::Lane::aux;
    const auto mode = parse_mode(words[1]);
    if (!mode) return fail(fmt::format("unknown mode '{}'", words[1]));
    spec_.mode = *mode;
    for (std::size_t i = 2; i < words.size(); ++i)
      if (!read_flag(words[i])) return fail(fmt::format("unknown class word '{}'", words[i]));
    return true;
  }

  bool read_flag(std::string_view flag) {
    if (flag == "control") return spec_.control = true;
    if (flag == "system") return spec_.system = true;
    if (flag == "load") return spec_.load = true;
    if (flag == "store") return spec_.store = true;
    if (flag == "outward") return spec_.outward = true;
    if (flag == "timed") return spec_.timed = spec_.outward = true;
    return false;
  }

  bool read_rest(std::string_view arch, std::string_view cycles, std::string_view status) {
    const auto arch_mask = parse_arch_mask(arch);
    if (!arch_mask) return fail(fmt::format("unknown architecture '{}' (all, ipu2+, ipu21)", arch));
    spec_.arch_mask = *arch_mask;
    const auto count = parse_number(cycles);
    if (!count || *count == 0 || *count > 15) return fail(fmt::format("cycles '{}' is not 1..15", cycles));
    spec_.thread_cycles = *count;
    const auto models = parse_status(status);
    if (!models) return fail(fmt::format("status '{}' is neither modelled, fast nor unmodelled", status));
    spec_.fast = models->fast;
    spec_.rtl = models->rtl;
    return true;
  }

  InstructionSpec spec_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::vector<InstructionSpec> read_instructions(std::istream& input, const std::string& file,
                                               Diagnostics& diagnostics) {
  std::vector<InstructionSpec> instructions;
  std::string line;
  for (int number = 1; std::getline(input, line); ++number) {
    const std::string_view text = trim(std::string_view(line).substr(0, line.find('#')));
    if (text.empty()) continue;
    if (auto spec = LineReader({file, number}, diagnostics).read(text))
      instructions.push_back(std::move(*spec));
  }
  return instructions;
}

}  // namespace ipusim::isagen
