// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/plan_text.hpp"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

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

// What a function does before its sync: CSRs and what is put there. A tile with no part in the phase puts
// nothing.
struct Put {
  std::string_view csr;
  std::string value;
};
std::vector<Put> puts_of(const TileFunction& function, std::uint16_t null_source) {
  std::vector<Put> puts;
  if (!function.takes_part) return puts;
  puts.push_back({"INCOMING_MUX", fmt::format("{:#x}", null_source)});
  if (!function.destination_symbol.empty()) {
    puts.push_back({"INCOMING_BASE", function.destination_symbol});
    puts.push_back({"INCOMING_DCOUNT", fmt::format("{}", function.receive_count)});
    if (function.first_pointer)
      puts.push_back({"INCOMING_DELTA", fmt::format("{}", 4 * *function.first_pointer)});
  }
  if (!function.source_symbol.empty()) puts.push_back({"OUTGOING_BASE", function.source_symbol});
  return puts;
}

constexpr std::size_t words_per_put = 2;
constexpr std::size_t sync_words = 1;
constexpr std::size_t return_words = 1;

// The row starts on an 8-byte boundary.
bool is_padded(std::size_t puts) { return (words_per_put * puts + sync_words) % 2 != 0; }

void write_function(std::string& text, const Plan& plan, const PlannedPhase& phase, TileIndex tile) {
  const TileFunction& function = phase.functions.at(tile.value());
  fmt::format_to(std::back_inserter(text),
                 "    // phase {0} of tile {2}, place {3}: {4} events, {5} words in\n"
                 "    .section .text.{1}, \"ax\", @progbits\n"
                 "    .supervisor\n"
                 "    .p2align 3\n"
                 "    .globl {1}\n"
                 "    .type {1}, @function\n"
                 "{1}:\n",
                 phase.name, "exchange_" + phase.name, tile.value(), plan.places.at(tile.value()).value(),
                 function.events, function.receive_count);
  // A register is given its value well before it is put, so that no put waits for it: $m0 to $m4 at most.
  const std::vector<Put> puts = puts_of(function, plan.null_source);
  for (std::size_t m = 0; m < puts.size(); ++m)
    fmt::format_to(std::back_inserter(text), "    setzi $m{}, {}\n", m, puts[m].value);
  for (std::size_t m = 0; m < puts.size(); ++m)
    fmt::format_to(std::back_inserter(text), "    put ${}, $m{}\n", puts[m].csr, m);
  if (is_padded(puts.size())) text += "    nop\n";
  text += "    sync 3\n";
  for (const RowInstruction& instruction : function.row) append(text, instruction);
  fmt::format_to(std::back_inserter(text), "    br $m10\n    .size {0}, . - {0}\n\n",
                 "exchange_" + phase.name);
}

}  // namespace

std::size_t code_bytes(const TileFunction& function) {
  const std::size_t puts = puts_of(function, 0).size();
  return 4 * (words_per_put * puts + (is_padded(puts) ? 1 : 0) + sync_words + row_words(function.row) +
              return_words);
}

std::string assembly_of(const Plan& plan, TileIndex tile) {
  std::string text;
  for (const PlannedPhase& phase : plan.phases) write_function(text, plan, phase, tile);
  return text;
}

std::string to_json(const config::ChipConfig& system, const Plan& plan) {
  nlohmann::ordered_json phases = nlohmann::ordered_json::array();
  for (const PlannedPhase& phase : plan.phases) {
    phases.push_back({{"name", phase.name},
                      {"pattern", to_string(phase.pattern)},
                      {"tiles", phase.tiles},
                      {"messages", phase.messages},
                      {"words_sent", phase.words_sent},
                      {"words_received", phase.words_received},
                      {"events", phase.events},
                      {"lower_bound", phase.lower_bound},
                      {"largest_code_bytes", phase.largest_code_bytes}});
  }
  const nlohmann::ordered_json all{
      {"system", system.name}, {"tiles", system.places.size()}, {"phases", phases}};
  return all.dump(2) + "\n";
}

}  // namespace ipusim::exchange_planner
