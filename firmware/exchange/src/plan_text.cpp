// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/plan_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "ipusim/exchange_planner/row.hpp"

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

// What a function does before its sync: CSRs and what is put there, a value or what the caller has in a
// register. A tile with no part in the phase puts nothing.
struct Put {
  std::string_view csr;
  std::string value;
  std::optional<unsigned> callers_register{};
};
std::vector<Put> puts_of(const Plan& plan, const PlannedPhase& phase, const TileFunction& function,
                         const FunctionPart& part) {
  std::vector<Put> puts;
  if (!part.takes_part()) return puts;
  const bool by_caller = phase.bases == Bases::caller;
  const auto base = [&](std::string_view csr, const std::string& symbol, unsigned callers_register) {
    puts.push_back(by_caller ? Put{csr, {}, callers_register} : Put{csr, symbol});
  };
  puts.push_back({"INCOMING_MUX", fmt::format("{:#x}", plan.null_source)});
  if (part.receives) {
    base("INCOMING_BASE", function.destination_symbol, incoming_base_register);
    puts.push_back({"INCOMING_DCOUNT", fmt::format("{}", part.receive_count)});
    if (part.first_pointer) puts.push_back({"INCOMING_DELTA", fmt::format("{}", 4 * *part.first_pointer)});
  }
  if (part.sends) base("OUTGOING_BASE", function.source_symbol, outgoing_base_register);
  return puts;
}

// Registers for the values, but those the caller has used: $m0 to $m4 at most.
std::vector<unsigned> registers_of(const std::vector<Put>& puts) {
  std::vector<unsigned> registers;
  const bool by_caller =
      std::any_of(puts.begin(), puts.end(), [](const Put& p) { return p.callers_register; });
  unsigned next = 0;
  for (const Put& put : puts) {
    if (put.callers_register) {
      registers.push_back(*put.callers_register);
      continue;
    }
    while (by_caller && (next == outgoing_base_register || next == incoming_base_register)) ++next;
    registers.push_back(next++);
  }
  return registers;
}

std::size_t words_of(const std::vector<Put>& puts) {
  std::size_t words = 0;
  for (const Put& put : puts) words += put.callers_register ? 1U : 2U;  // setzi, if there is one, and put
  return words;
}

constexpr std::size_t branch_words = 1;
constexpr std::size_t sync_words = 1;
constexpr std::size_t return_words = 1;

// The row starts on an 8-byte boundary.
bool is_padded(std::size_t words) { return (words + sync_words) % 2 != 0; }

// Where functions of other phases go on that have the same row.
std::string row_label(const PlannedPhase& phase) { return ".Lrow_" + phase.name; }

const PlannedPhase& holder_of_row(const Plan& plan, TileIndex tile, std::uint32_t row) {
  return *std::find_if(plan.phases.begin(), plan.phases.end(), [&](const PlannedPhase& phase) {
    const auto& parts = phase.functions[tile.value()].parts;
    return parts.size() == 1 && !parts[0].shares_row && parts[0].row == row;
  });
}

// `words` are those of the function so far.
void write_part(std::string& text, std::size_t& words, const Plan& plan, const PlannedPhase& phase,
                TileIndex tile, const FunctionPart& part) {
  const TileFunction& function = phase.functions.at(tile.value());
  // A register is given its value well before it is put, so that no put waits for it.
  const std::vector<Put> puts = puts_of(plan, phase, function, part);
  const std::vector<unsigned> registers = registers_of(puts);
  for (std::size_t i = 0; i < puts.size(); ++i) {
    if (!puts[i].callers_register)
      fmt::format_to(std::back_inserter(text), "    setzi $m{}, {}\n", registers[i], puts[i].value);
  }
  for (std::size_t i = 0; i < puts.size(); ++i)
    fmt::format_to(std::back_inserter(text), "    put ${}, $m{}\n", puts[i].csr, registers[i]);
  if (part.shares_row) {
    fmt::format_to(std::back_inserter(text), "    bri {}\n", row_label(holder_of_row(plan, tile, part.row)));
    return;
  }
  words += words_of(puts);
  if (is_padded(words)) {
    text += "    nop\n";
    ++words;
  }
  words += sync_words + plan.rows[tile.value()][part.row].size();
  if (&part == &function.parts.front()) text += row_label(phase) + ":\n";
  text += "    sync 3\n";
  for (const RowInstruction& instruction : row_instructions(plan.rows[tile.value()][part.row]))
    append(text, instruction);
  if (&part == &function.parts.back()) text += "    br $m10\n";
}

void write_function(std::string& text, const Plan& plan, const PlannedPhase& phase, TileIndex tile) {
  const TileFunction& function = phase.functions.at(tile.value());
  std::int64_t events = 0;
  for (const FunctionPart& part : function.parts) events += part.events;
  fmt::format_to(std::back_inserter(text),
                 "    // phase {0} of tile {2}, place {3}: {4} events, {5} words in\n"
                 "    .section .text.{1}, \"ax\", @progbits\n"
                 "    .supervisor\n"
                 "    .p2align 3\n"
                 "    .globl {1}\n"
                 "    .type {1}, @function\n"
                 "{1}:\n",
                 phase.name, "exchange_" + phase.name, tile.value(), plan.places.at(tile.value()).value(),
                 events, function.receive_count());
  std::size_t words = 0;
  for (const FunctionPart& part : function.parts) write_part(text, words, plan, phase, tile, part);
  fmt::format_to(std::back_inserter(text), "    .size {0}, . - {0}\n\n", "exchange_" + phase.name);
}

}  // namespace

std::size_t code_bytes(const Plan& plan, const PlannedPhase& phase, TileIndex tile) {
  const TileFunction& function = phase.functions.at(tile.value());
  std::size_t words = 0;
  for (const FunctionPart& part : function.parts) {
    words += words_of(puts_of(plan, phase, function, part));
    if (part.shares_row) {
      words += branch_words;
      continue;
    }
    if (is_padded(words)) ++words;
    words += sync_words + plan.rows[tile.value()][part.row].size();
  }
  const bool branches = !function.parts.empty() && function.parts.back().shares_row;
  return 4 * (words + (branches ? 0 : return_words));
}

std::string assembly_of(const Plan& plan, TileIndex tile) {
  std::string text;
  for (const PlannedPhase& phase : plan.phases) write_function(text, plan, phase, tile);
  return text;
}

namespace {

using json = nlohmann::ordered_json;

json shares_of(const PlannedPhase& phase, const BusUse& use) {
  return {{"tiles", use.tiles},
          {"share_of_takers", phase.share_of_takers(use)},
          {"share_of_chip", phase.share_of_chip(use)}};
}

}  // namespace

double ratio_of(const PlannedPhase& phase) {
  return phase.lower_bound == 0 ? 1
                                : static_cast<double>(phase.events) / static_cast<double>(phase.lower_bound);
}

std::string report_of(const Plan& plan) {
  constexpr std::string_view line =
      "{:<24} {:<12} {:>5} {:>6} {:>9} {:>11} {:>9} {:>9} {:>6} {:>6} {:>6} {:>6} {:>6} {:>8} {:>8}\n";
  std::string text = fmt::format(line, "phase", "pattern", "parts", "tiles", "messages", "received", "events",
                                 "at least", "ratio", "send%", "chip%", "recv%", "chip%", "code B", "most B");
  const auto percent = [](double share) { return fmt::format("{:.1f}", 100 * share); };
  for (const PlannedPhase& p : plan.phases) {
    text += fmt::format(line, p.name, p.pattern, p.parts, p.tiles, p.messages, p.words_received, p.events,
                        p.lower_bound, fmt::format("{:.3f}", ratio_of(p)),
                        percent(p.share_of_takers(p.send_buses)), percent(p.share_of_chip(p.send_buses)),
                        percent(p.share_of_takers(p.receive_buses)),
                        percent(p.share_of_chip(p.receive_buses)), p.code_bytes, p.largest_code_bytes);
  }
  return text;
}

std::string to_json(const config::ChipConfig& system, const Plan& plan) {
  nlohmann::ordered_json phases = nlohmann::ordered_json::array();
  for (const PlannedPhase& phase : plan.phases) {
    phases.push_back({{"name", phase.name},
                      {"pattern", phase.pattern},
                      {"same_as", phase.same_as.empty() ? json{} : json(phase.same_as)},
                      {"parts", phase.parts},
                      {"tiles", phase.tiles},
                      {"messages", phase.messages},
                      {"wide_messages", phase.wide_messages},
                      {"words_sent", phase.words_sent},
                      {"words_received", phase.words_received},
                      {"events", phase.events},
                      {"lower_bound", phase.lower_bound},
                      {"ratio", ratio_of(phase)},
                      {"send_buses", shares_of(phase, phase.send_buses)},
                      {"receive_buses", shares_of(phase, phase.receive_buses)},
                      {"code_bytes", phase.code_bytes},
                      {"largest_code_bytes", phase.largest_code_bytes}});
  }
  const nlohmann::ordered_json all{
      {"system", system.name}, {"tiles", system.places.size()}, {"phases", phases}};
  return all.dump(2) + "\n";
}

}  // namespace ipusim::exchange_planner
