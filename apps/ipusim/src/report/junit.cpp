// junit.xml. Times are left out: the same input gives the same bytes.
#include <fmt/format.h>

#include "ipusim/app/report/report.hpp"

namespace ipusim::app {
namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\n':
        result += "&#10;";
        break;
      default:
        // Other control characters are not allowed in XML at all.
        result += static_cast<unsigned char>(c) < 0x20 && c != '\t' ? '?' : c;
    }
  }
  return result;
}

std::string test_case(const std::string& suite, const std::string& name, const std::string& failure) {
  const std::string head =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\"", escaped(suite), escaped(name));
  if (failure.empty()) return head + "/>\n";
  return head + fmt::format(">\n      <failure message=\"{}\"/>\n    </testcase>\n", escaped(failure));
}

}  // namespace

std::string to_junit(const RunReport& report) {
  const std::string& suite = report.program.name;
  std::string failure;
  if (!report.outcome.completed) {
    failure = report.outcome.state;
    for (const std::string& line : complaints(report)) failure += "\n" + line;
  }
  std::string cases = test_case(suite, "run", failure);
  std::size_t failures = failure.empty() ? 0 : 1;
  for (const ExpectationResult& result : report.expectations) {
    const bool failed = !result.pass;
    failures += failed ? 1U : 0U;
    cases +=
        test_case(suite, result.name,
                  failed ? fmt::format("expected {}; got {}", result.expected, result.got) : std::string{});
  }
  const std::size_t tests = report.expectations.size() + 1;
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites tests=\"{0}\" failures=\"{1}\">\n"
      "  <testsuite name=\"{2}\" tests=\"{0}\" failures=\"{1}\">\n{3}  </testsuite>\n</testsuites>\n",
      tests, failures, escaped(suite), cases);
}

}  // namespace ipusim::app
