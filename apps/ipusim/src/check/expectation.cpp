// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/check/expectation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "ipusim/app/check/comparison.hpp"
#include "ipusim/base/input_error.hpp"

namespace ipusim::app {
namespace {

const Output& find_output(const RunOutcome& outcome, const std::string& name) {
  const auto found = std::find_if(outcome.outputs.begin(), outcome.outputs.end(),
                                  [&](const Output& output) { return output.name == name; });
  if (found == outcome.outputs.end()) throw std::logic_error("output was not read: " + name);
  return *found;
}

std::uint64_t part_of(const chip::CycleSplit& cycles, program::CycleKind kind) {
  switch (kind) {
    case program::CycleKind::total:
      return cycles.total();
    case program::CycleKind::compute:
      return cycles.compute;
    case program::CycleKind::sync:
      return cycles.sync;
    case program::CycleKind::exchange:
      return cycles.exchange;
  }
  return 0;
}

}  // namespace

Expectation::Expectation(const program::ExpectationSpec& spec, const program::Program& program,
                         config::TileNames names)
    : spec_(spec), names_(std::move(names)) {
  if (const auto* equals = std::get_if<program::EqualsSpec>(&spec.check)) {
    read_numbers(equals->numbers, equals->output, program);
  } else if (const auto* matches = std::get_if<program::MatchesSpec>(&spec.check)) {
    read_numbers(matches->numbers, matches->output, program);
  }
}

void Expectation::read_numbers(const numbers::NumberSpec& numbers, const std::string& output,
                               const program::Program& program) {
  const auto read =
      std::find_if(program.reads.begin(), program.reads.end(),
                   [&](const program::ReadSpec& candidate) { return candidate.name == output; });
  if (read == program.reads.end()) throw std::logic_error("unknown output: " + output);
  const std::size_t wanted = read->tiles.size() * read->count;
  constexpr std::size_t more = 1'000'000;  // to tell how many there are, if they are not too many
  expected_ = numbers.read(read->type, numbers.is_single() ? wanted : wanted + more).elements;
  if (expected_.size() != wanted) {
    throw numbers.where.error(fmt::format("output '{}' has {} numbers ({} of each of {} tiles), {} has {}",
                                          output, wanted, read->count, read->tiles.size(), numbers.describe(),
                                          expected_.size()));
  }
}

std::string Expectation::expected_numbers(const numbers::NumberSpec& numbers) const {
  return numbers.is_single() ? numbers.describe()
                             : fmt::format("the {} numbers of {}", expected_.size(), numbers.describe());
}

std::string Expectation::expected_text() const {
  if (const auto* equals = std::get_if<program::EqualsSpec>(&spec_.check)) {
    return fmt::format("{} equal to {}{}", equals->output, expected_numbers(equals->numbers),
                       to_string(equals->tolerance));
  }
  if (const auto* matches = std::get_if<program::MatchesSpec>(&spec_.check)) {
    return fmt::format("{} equal in at least {} of its elements to {}", matches->output, matches->at_least,
                       matches->numbers.describe());
  }
  const auto& cycles = std::get<program::CyclesSpec>(spec_.check);
  std::string text = to_string(cycles.kind) + " cycles";
  if (cycles.at_least) text += fmt::format(" at least {}", *cycles.at_least);
  if (cycles.at_least && cycles.at_most) text += " and";
  if (cycles.at_most) text += fmt::format(" at most {}", *cycles.at_most);
  return text;
}

ExpectationResult Expectation::check(const RunOutcome& outcome) const {
  ExpectationResult result{.name = spec_.name, .expected = expected_text(), .got = {}, .pass = false};
  if (!outcome.completed) {
    result.got = "nothing: the run did not complete";
  } else if (const auto* equals = std::get_if<program::EqualsSpec>(&spec_.check)) {
    check_equal(find_output(outcome, equals->output), equals->tolerance, result);
  } else if (const auto* matches = std::get_if<program::MatchesSpec>(&spec_.check)) {
    check_share(find_output(outcome, matches->output), matches->at_least, result);
  } else {
    check_cycles(std::get<program::CyclesSpec>(spec_.check), outcome.cycles, result);
  }
  return result;
}

void Expectation::check_equal(const Output& output, const program::Tolerance& tolerance,
                              ExpectationResult& result) const {
  const Comparison comparison(output.type, tolerance);
  std::size_t different = 0, first = 0, furthest = 0;
  double distance = 0;
  for (std::size_t i = 0; i < expected_.size(); ++i) {
    const numbers::Element got = output.elements.at(i);
    if (!comparison.holds(expected_[i], got) && different++ == 0) first = i;
    if (const double off = comparison.distance(expected_[i], got); off > distance) {
      distance = off;
      furthest = i;
    }
  }
  const auto place = [&](std::size_t i) {
    return fmt::format("element {} of tile {}: expected {}, got {}", i % output.count,
                       names_.name(output.tiles.at(i / output.count)), to_string(expected_[i], output.type),
                       to_string(output.elements[i], output.type));
  };
  result.pass = different == 0;
  result.got = result.pass ? (distance == 0 ? "all equal" : "all near enough")
                           : fmt::format("{} of {} differ; the first is {}", different, expected_.size(),
                                         place(first));
  if (!tolerance.is_exact() && distance != 0) {
    result.got +=
        fmt::format("; at most {:.6g}{} off ({})", distance, tolerance.ulp ? " ulp" : "", place(furthest));
  }
}

void Expectation::check_share(const Output& output, double at_least, ExpectationResult& result) const {
  std::size_t equal = 0;
  for (std::size_t i = 0; i < expected_.size(); ++i) equal += output.elements.at(i) == expected_[i] ? 1U : 0U;
  const double share = static_cast<double>(equal) / static_cast<double>(expected_.size());
  result.pass = share >= at_least;
  result.got = fmt::format("{:.6f} ({} of {})", share, equal, expected_.size());
}

void Expectation::check_cycles(const program::CyclesSpec& spec, const chip::CycleSplit& cycles,
                               ExpectationResult& result) {
  const std::uint64_t value = part_of(cycles, spec.kind);
  result.pass = value >= spec.at_least.value_or(0) && value <= spec.at_most.value_or(UINT64_MAX);
  result.got = fmt::format("{}", value);
}

std::vector<Expectation> prepare_expectations(const program::Program& program,
                                              const config::TileNames& names) {
  std::vector<Expectation> result;
  for (const program::ExpectationSpec& spec : program.expectations) result.emplace_back(spec, program, names);
  return result;
}

}  // namespace ipusim::app
