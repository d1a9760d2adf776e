// SPDX-License-Identifier: Apache-2.0
// Runs the hand-written tile cases on the fast tile and counts for every instruction the cases in which it
// retires or excepts. A case that is run with several parameters counts once.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <map>
#include <string>

#include "cases.hpp"
#include "counting_tile.hpp"
#include "engine_tile.hpp"

namespace ipusim::tile::test {

// The engine's streams on whole tiles: enough of them that every accumulating instruction is in each.
std::optional<TileKind> engine_tile_kind() { return TileKind{"counting", directed::make_counting_tile}; }
int engine_episodes(int full) { return full / 5; }

}  // namespace ipusim::tile::test

IPUSIM_INSTANTIATE_TILE_CASES(Counting, (TileKind{"counting", ipusim::directed::make_counting_tile}))

namespace {

using namespace ipusim;

// "Counting/AluCases.Add/0" without prefix and parameter.
std::string case_name(const ::testing::TestInfo& test) {
  std::string suite = test.test_suite_name();
  std::string name = test.name();
  suite.erase(0, suite.find('/') + 1);
  name.erase(std::min(name.find('/'), name.size()));
  return suite + "." + name;
}

class Counter : public ::testing::EmptyTestEventListener {
 public:
  void OnTestStart(const ::testing::TestInfo&) override { directed::seen().clear(); }
  void OnTestEnd(const ::testing::TestInfo& test) override {
    for (const isa::Opcode opcode : directed::seen()) cases_[opcode].insert(case_name(test));
  }
  std::size_t count(const isa::Instruction& i) const {
    const auto found = cases_.find(i.opcode);
    return found == cases_.end() ? 0 : found->second.size();
  }

 private:
  std::map<isa::Opcode, std::set<std::string>> cases_;
};

bool write(const std::string& file, const Counter& counter) {
  std::ofstream output(file);
  output
      << "# Hand-written test cases in which an instruction retires or excepts: see docs/verification.md.\n"
         "# Written by the CMake target directed_counts.\n";
  for (const isa::Instruction& i : isa::all_instructions()) output << i.id << " " << counter.count(i) << "\n";
  output.close();
  if (!output) fmt::print(stderr, "{}: cannot be written\n", file);
  return static_cast<bool>(output);
}

// Whether no instruction that both models execute is without a case, and none has fewer than stated.
bool check(const std::string& file, const Counter& counter) {
  std::map<std::string, std::size_t, std::less<>> stated;
  std::ifstream input(file);
  std::string id;
  while (input >> id) {
    if (id.front() != '#') input >> stated[id];
    input.ignore(1000, '\n');
  }
  bool good = true;
  for (const isa::Instruction& i : isa::all_instructions()) {
    const std::size_t count = counter.count(i);
    const auto place = stated.find(i.id);
    if (i.fast && i.rtl && count == 0) {
      fmt::print(stderr, "{}: modelled, but in no hand-written case of tests/tile or tests/tile_contract\n",
                 i.id);
      good = false;
    }
    if (place != stated.end() && count < place->second) {
      fmt::print(stderr,
                 "{}: {} cases, {} says {}; if that is right, build the target directed_counts, then "
                 "isa_manual\n",
                 i.id, count, file, place->second);
      good = false;
    }
  }
  return good && !stated.empty();
}

}  // namespace

int main(int argc, char** argv) {
  ::testing::GTEST_FLAG(filter) = "-*SlicingCases*";  // random programs: they change with the tables
  ::testing::InitGoogleTest(&argc, argv);
  CLI::App app{"Counts the hand-written tile cases of every instruction"};
  std::string write_to, check_against;
  app.add_option("--write", write_to, "file to write the counts to");
  app.add_option("--check", check_against, "file whose counts shall be reached");
  CLI11_PARSE(app, argc, argv);
  auto counter = std::make_unique<Counter>();
  const Counter& counts = *counter;
  ::testing::UnitTest::GetInstance()->listeners().Append(counter.release());
  if (RUN_ALL_TESTS() != 0) return 1;
  if (!write_to.empty() && !write(write_to, counts)) return 1;
  return check_against.empty() || check(check_against, counts) ? 0 : 1;
}
