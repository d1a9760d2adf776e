// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/report/junit.hpp"

#include <tinyxml2.h>

#include "ipusim/app/report/summary.hpp"

namespace ipusim::app {
namespace {

// XML has no way to write most control characters.
std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') c = '?';
  }
  return text;
}

struct TestCase {
  const char* kind = nullptr;  // of what went wrong: "failure", "error"; null if nothing did
  std::string name;
  std::string message;  // one line
  std::string details;
};

TestCase case_of_run(const RunReport& report) {
  TestCase result{.name = "run", .message = report.outcome.state, .details = {}};
  if (report.outcome.completed) return result;
  result.kind = report.exit_code == ExitCode::simulator_failed ? "error" : "failure";
  for (const std::string& line : complaints(report)) result.details += line + "\n";
  return result;
}

std::vector<TestCase> cases_of(const RunReport& report) {
  std::vector<TestCase> cases{case_of_run(report)};
  for (const ExpectationResult& result : report.expectations) {
    cases.push_back({.kind = result.pass ? nullptr : "failure",
                     .name = result.name,
                     .message = "expected " + result.expected + "; got " + result.got,
                     .details = {}});
  }
  return cases;
}

class Printer {
 public:
  void open(const char* element) { printer_.OpenElement(element); }
  void close() { printer_.CloseElement(); }
  void attribute(const char* name, const std::string& value) {
    printer_.PushAttribute(name, printable(value).c_str());
  }
  void text(const std::string& text) { printer_.PushText(printable(text).c_str()); }
  void count(const std::vector<TestCase>& cases) {
    const auto number = [&](std::string_view kind) {
      std::uint64_t found = 0;
      for (const TestCase& test : cases) found += test.kind != nullptr && test.kind == kind ? 1U : 0U;
      return found;
    };
    attribute("tests", std::to_string(cases.size()));
    attribute("failures", std::to_string(number("failure")));
    attribute("errors", std::to_string(number("error")));
  }
  std::string take() const { return printer_.CStr(); }
  void declare() { printer_.PushDeclaration("xml version=\"1.0\" encoding=\"UTF-8\""); }

 private:
  tinyxml2::XMLPrinter printer_;
};

}  // namespace

std::string JunitFile::text(const RunReport& report) const {
  const std::vector<TestCase> cases = cases_of(report);
  Printer printer;
  printer.declare();
  printer.open("testsuites");
  printer.count(cases);
  printer.open("testsuite");
  printer.attribute("name", report.program.name);
  printer.count(cases);
  for (const TestCase& test : cases) {
    printer.open("testcase");
    printer.attribute("classname", report.program.name);
    printer.attribute("name", test.name);
    if (test.kind != nullptr) {
      printer.open(test.kind);
      printer.attribute("message", test.message);
      if (!test.details.empty()) printer.text(test.details);
      printer.close();
    }
    printer.close();
  }
  printer.close();
  printer.close();
  return printer.take();
}

}  // namespace ipusim::app
