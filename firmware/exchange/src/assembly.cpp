#include "assembly.hpp"

#include <fmt/format.h>

#include <iterator>

namespace ipusim::exchange_planner {
namespace {

// By the assembly form of the instruction's table row: "delayxpic $op0, $op1, $op2".
void append(std::string& text, const RowInstruction& instruction) {
  const isa::Instruction& info = isa::instruction(instruction.opcode);
  std::string_view form = info.assembly;
  text += "    ";
  for (std::size_t place = form.find('$'); place != std::string_view::npos; place = form.find('$')) {
    text += form.substr(0, place);
    form.remove_prefix(place);
    for (std::size_t i = 0; i < info.operands.size(); ++i) {
      const std::string_view name = info.operands[i].name;
      if (form.substr(1, name.size()) != name) continue;
      fmt::format_to(std::back_inserter(text), "{}", instruction.operands[i]);
      form.remove_prefix(1 + name.size());
      break;
    }
  }
  text += form;
  text += '\n';
}

// A register is given its value well before it is put, so that no put waits for it.
class Prologue {
 public:
  void put(const std::string& csr, const std::string& value) {
    const unsigned m = registers_++;
    loads_ += fmt::format("    setzi $m{}, {}\n", m, value);
    puts_ += fmt::format("    put ${}, $m{}\n", csr, m);
  }
  std::string text() const { return loads_ + puts_; }
  std::size_t words() const { return 2 * registers_; }

 private:
  std::string loads_;
  std::string puts_;
  unsigned registers_ = 0;  // $m0 to $m4 at most
};

Prologue prologue(const FunctionSource& source, const Timeline& timeline) {
  Prologue result;
  if (!timeline.takes_part) return result;
  result.put("INCOMING_MUX", fmt::format("{:#x}", source.null_source));
  if (!source.destination_symbol.empty()) {
    result.put("INCOMING_BASE", source.destination_symbol);
    result.put("INCOMING_DCOUNT", fmt::format("{}", timeline.receive_count));
    if (timeline.first_pointer) result.put("INCOMING_DELTA", fmt::format("{}", 4 * *timeline.first_pointer));
  }
  if (!source.source_symbol.empty()) result.put("OUTGOING_BASE", source.source_symbol);
  return result;
}

}  // namespace

Function write_function(const FunctionSource& source, const Timeline& timeline) {
  const std::string name = "exchange_" + source.phase;
  const Prologue before = prologue(source, timeline);
  const auto row = build_row(timeline, source.null_source);
  const std::size_t sync_words = 1;
  const bool pad = (before.words() + sync_words) % 2 != 0;  // the row starts on an 8-byte boundary

  Function result;
  result.text = fmt::format(
      "    // {0}\n"
      "    .section .text.{1}, \"ax\", @progbits\n"
      "    .supervisor\n"
      "    .p2align 3\n"
      "    .globl {1}\n"
      "    .type {1}, @function\n"
      "{1}:\n"
      "{2}{3}    sync 3\n",
      source.comment, name, before.text(), pad ? "    nop\n" : "");
  for (const RowInstruction& instruction : row) append(result.text, instruction);
  result.text += fmt::format("    br $m10\n    .size {0}, . - {0}\n\n", name);
  const std::size_t return_words = 1;
  result.bytes = 4 * (before.words() + (pad ? 1 : 0) + sync_words + row_words(row) + return_words);
  return result;
}

}  // namespace ipusim::exchange_planner
