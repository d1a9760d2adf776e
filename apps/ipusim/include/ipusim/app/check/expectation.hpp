// SPDX-License-Identifier: Apache-2.0
// Expectations of a program: prepared before the run, so that bad input is found early, checked after it.
#pragma once

#include <string>
#include <vector>

#include "ipusim/app/run/outcome.hpp"
#include "ipusim/program/program.hpp"

namespace ipusim::app {

struct ExpectationResult {
  std::string name;
  std::string expected;
  std::string got;
  bool pass = false;
};

class Expectation {
 public:
  // Reads the numbers to compare with. Throws InputError or ConfigError: unreadable file, wrong type, or not
  // as many numbers as the output has.
  Expectation(const program::ExpectationSpec& spec, const program::Program& program, config::TileNames names);

  const std::string& name() const { return spec_.name; }
  // A run that did not complete fulfils nothing.
  ExpectationResult check(const RunOutcome& outcome) const;

 private:
  void read_numbers(const numbers::NumberSpec& numbers, const std::string& output,
                    const program::Program& program);
  void check_equal(const Output& output, const program::Tolerance& tolerance,
                   ExpectationResult& result) const;
  void check_share(const Output& output, double at_least, ExpectationResult& result) const;
  static void check_cycles(const program::CyclesSpec& spec, const chip::CycleSplit& cycles,
                           ExpectationResult& result);
  std::string expected_numbers(const numbers::NumberSpec& numbers) const;
  std::string expected_text() const;

  program::ExpectationSpec spec_;
  config::TileNames names_;
  std::vector<numbers::Element> expected_;
};

std::vector<Expectation> prepare_expectations(const program::Program& program,
                                              const config::TileNames& names);

}  // namespace ipusim::app
