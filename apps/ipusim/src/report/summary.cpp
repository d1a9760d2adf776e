// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/report/summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "ipusim/app/report/json.hpp"
#include "ipusim/app/run/standing.hpp"
#include "ipusim/exchange_planner/plan_text.hpp"

namespace ipusim::app {
namespace {

constexpr std::size_t max_complaints_of_a_kind = 20;

std::string tile_kinds(const std::vector<std::string>& kinds) {
  std::map<std::string, std::size_t> counts;
  for (const std::string& kind : kinds) ++counts[kind];
  std::vector<std::string> parts;
  for (const auto& [kind, count] : counts) parts.push_back(fmt::format("{} {}", count, kind));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string share(std::uint64_t part, std::uint64_t total) {
  const double percent = total == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(total);
  return fmt::format("{} ({:.1f} %)", part, percent);
}

std::string describe(const Fault& fault, std::string_view what, const config::TileNames& names) {
  std::string text = fmt::format("{}: tile {} (place {})", what, names.name(fault.tile), fault.place.value());
  if (!fault.context.empty()) text += ", " + fault.context;
  text += fmt::format(", cycle {}: {}", fault.cycle.value(), fault.kind);
  if (!fault.cause.empty() && fault.cause != fault.kind) text += fmt::format(" ({})", fault.cause);
  if (fault.code) text += " at " + to_string(*fault.code);
  if (fault.address) text += fmt::format(", address {:#x}", fault.address->value());
  if (!fault.symbol.empty()) text += fmt::format(" <{}>", fault.symbol);
  if (fault.word) {
    text += fault.kind == "receive_incomplete" ? fmt::format(", {} words never came", *fault.word)
                                               : fmt::format(", word {:#010x}", *fault.word);
  }
  return text;
}

std::optional<ByteAddr> pc_of(const Fault& fault) {
  return fault.code ? std::optional(fault.code->pc) : std::nullopt;
}

// One line per tile, kind and instruction: an exchange that goes wrong does so word by word.
std::vector<std::string> describe_hazards(const std::vector<Fault>& hazards, const config::TileNames& names) {
  struct Group {
    const Fault* first;
    std::size_t count;
  };
  std::vector<Group> groups;
  for (const Fault& hazard : hazards) {
    const auto same = [&](const Group& group) {
      const Fault& other = *group.first;
      return other.tile == hazard.tile && other.kind == hazard.kind && pc_of(other) == pc_of(hazard);
    };
    const auto found = std::find_if(groups.begin(), groups.end(), same);
    if (found == groups.end()) {
      groups.push_back({&hazard, 1});
    } else {
      ++found->count;
    }
  }
  std::vector<std::string> lines;
  for (const auto& [first, count] : groups) {
    lines.push_back(describe(*first, first->is_error ? "hazard" : "hazard (warning)", names));
    if (count > 1) lines.back() += fmt::format("; {} more of it there", count - 1);
  }
  return lines;
}

template <class Items, class Describe>
void complain(std::vector<std::string>& lines, const Items& items, std::string_view what,
              const Describe& line_of) {
  for (std::size_t i = 0; i < items.size() && i < max_complaints_of_a_kind; ++i)
    lines.push_back(line_of(items[i]));
  if (items.size() > max_complaints_of_a_kind) {
    lines.push_back(fmt::format("{} more {}: see {}", items.size() - max_complaints_of_a_kind, what,
                                JsonFile::file_name));
  }
}

// How far it came and how long that took.
std::string describe_run(const RunReport& report) {
  const RunOutcome& outcome = report.outcome;
  if (outcome.tile_kinds.empty()) return outcome.state + "\n";  // no machine was run
  const auto& cycles = outcome.cycles;
  const std::uint64_t total = cycles.total();
  const std::uint64_t clock_hz = report.system.chips.at(outcome.longest.value()).clock_hz;
  std::string text = fmt::format("{} after {} cycles ({:.3f} us at {} MHz), {} supersteps\n", outcome.state,
                                 total, 1e6 * static_cast<double>(total) / static_cast<double>(clock_hz),
                                 static_cast<double>(clock_hz) / 1e6, outcome.supersteps);
  text += fmt::format("cycles: compute {}, sync {}, exchange {}\n", share(cycles.compute, total),
                      share(cycles.sync, total), share(cycles.exchange, total));
  if (outcome.chips.size() > 1) {
    for (const ChipOutcome& chip : outcome.chips) {
      text += fmt::format("{}: {} after {} cycles, {} supersteps\n", chip.name, chip.state,
                          chip.cycles.total(), chip.supersteps);
    }
  }
  if (!outcome.completed && !outcome.outputs.empty()) {
    text +=
        fmt::format("{} outputs of the stopped run are in {}\n", outcome.outputs.size(), JsonFile::file_name);
  }
  return text;
}

}  // namespace

std::string summary(const RunReport& report) {
  const RunOutcome& outcome = report.outcome;
  std::string text = fmt::format(
      "{} on {}: {}{} tiles", report.program.name, report.system.name,
      report.system.chips.size() == 1 ? "" : fmt::format("{} chips, ", report.system.chips.size()),
      report.system.tile_names().size());
  text += outcome.tile_kinds.empty() ? "\n" : fmt::format(" ({})\n", tile_kinds(outcome.tile_kinds));
  text += describe_run(report);
  for (const ExpectationResult& result : report.expectations) {
    text += fmt::format("{}  {}: {}; got {}\n", result.pass ? "pass" : "FAIL", result.name, result.expected,
                        result.got);
  }
  return text + fmt::format("{} (exit code {})\n", report.exit_code == ExitCode::pass ? "pass" : "FAIL",
                            static_cast<int>(report.exit_code));
}

std::vector<std::string> complaints(const RunReport& report) {
  std::vector<std::string> lines;
  const RunOutcome& outcome = report.outcome;
  const config::TileNames names = report.system.tile_names();
  if (!outcome.failure.empty()) lines.push_back("the simulator failed: " + outcome.failure);
  complain(lines, outcome.exceptions, "exceptions",
           [&](const Fault& fault) { return describe(fault, "exception", names); });
  complain(lines, describe_hazards(outcome.hazards, names), "hazards",
           [](const std::string& line) { return line; });
  if (outcome.hazards_left_out != 0) {
    lines.push_back(fmt::format("{} further hazards were counted, but not kept", outcome.hazards_left_out));
  }
  complain(lines, outcome.problems, "problems", [](const std::string& problem) { return problem; });
  complain(lines, outcome.standing, "places where contexts stand",
           [&](const StandingGroup& group) { return to_string(group, names); });
  for (const ExpectationResult& result : report.expectations) {
    if (!result.pass && outcome.completed) {
      lines.push_back(fmt::format("expectation '{}': {}; got {}", result.name, result.expected, result.got));
    }
  }
  return lines;
}

std::string SummaryFile::text(const RunReport& report) const {
  std::string text = summary(report);
  if (!report.phases.empty()) text += exchange_planner::report_of(report.phases);
  for (const std::string& line : complaints(report)) text += line + "\n";
  return text;
}

}  // namespace ipusim::app
