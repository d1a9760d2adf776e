// Expectations of a program: prepared before the run, so that bad input is found early, checked after it.
#pragma once

#include <string>
#include <vector>

#include "ipusim/app/program/program.hpp"
#include "ipusim/app/run/outcome.hpp"

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
  Expectation(const ExpectationSpec& spec, const Program& program);

  const std::string& name() const { return spec_.name; }
  // A run that did not complete fulfils nothing.
  ExpectationResult check(const RunOutcome& outcome) const;

 private:
  void read_numbers(const NumberSpec& numbers, const std::string& output, const Program& program);
  void check_equal(const Output& output, const Tolerance& tolerance, ExpectationResult& result) const;
  void check_share(const Output& output, double at_least, ExpectationResult& result) const;
  static void check_cycles(const CyclesSpec& spec, const chip::CycleSplit& cycles, ExpectationResult& result);
  std::string expected_numbers(const NumberSpec& numbers) const;
  std::string expected_text() const;

  ExpectationSpec spec_;
  std::vector<Element> expected_;
};

std::vector<Expectation> prepare_expectations(const Program& program);

}  // namespace ipusim::app
