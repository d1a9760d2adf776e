// SPDX-License-Identifier: Apache-2.0
// A program that C++ makes, without a file: the same as from its file, and run.
#include <gmock/gmock.h>

#include "ipusim/app/build/image_builder.hpp"
#include "ipusim/app/check/expectation.hpp"
#include "ipusim/app/run/runner.hpp"
#include "ipusim/app/tile_kind_options.hpp"
#include "ipusim/program/program_file.hpp"
#include "support.hpp"

namespace ipusim::app {
namespace {

using numbers::ElementType;

const cli_test::fs::path firmware = cli_test::fs::path{IPUSIM_SOURCE_DIR} / "firmware";

// What firmware/programs/hello/program.yaml says.
program::Program hello() {
  program::Program program;
  program.file = firmware / "programs/hello/program.yaml";
  program.name = "hello";
  program.description = "tile 0 sends six numbers, the six workers of tile 1 multiply them";
  program.images = {
      {.tiles = {TileIndex{0}, TileIndex{1}},
       .sources = {{.path = firmware / "runtime/start.S"}, {.path = firmware / "programs/hello/hello.S"}},
       .include_dirs = {firmware / "runtime"}}};
  program.exchange = {{"greet",
                       {},
                       exchange_planner::Messages{{{.from = TileIndex{0},
                                                    .to = {TileIndex{1}},
                                                    .words = 6,
                                                    .source = "greeting",
                                                    .source_offset = 0,
                                                    .destination = "received",
                                                    .destination_offset = 0}}}}};
  program.loads = {{.symbol = "greeting",
                    .tiles = {TileIndex{0}},
                    .type = ElementType::u32,
                    .numbers = {.from = numbers::list_of({10, 20, 30, 40, 50, 60})}}};
  program.reads = {
      {.name = "answer", .symbol = "answer", .tiles = {TileIndex{1}}, .type = ElementType::u32, .count = 6}};
  program.expectations = {
      {.name = "every worker did its part",
       .check = program::EqualsSpec{"answer", {.from = numbers::list_of({10, 40, 90, 160, 250, 360})}, {}}}};
  return program;
}

void forget_places(numbers::NumberSpec& numbers) {
  numbers.where = {};
  auto* list = std::get_if<numbers::NumberList>(&numbers.from);
  if (list == nullptr) return;
  list->file.clear();
  for (auto& row : list->rows) {
    row.line = row.column = 0;
    for (auto& number : row.numbers) number.line = number.column = 0;
  }
}

// Of a program with parts as hello has them.
program::Program without_places(program::Program program) {
  for (auto& image : program.images) {
    image.where = {};
    for (auto& source : image.sources) source.where = {};
  }
  for (auto& phase : program.exchange) {
    phase.where = {};
    auto list = *phase.pattern.as<exchange_planner::Messages>();
    for (auto& message : list.messages) message.where = {};
    phase.pattern = list;
  }
  for (auto& load : program.loads) {
    load.where = load.symbol_where = {};
    forget_places(load.numbers);
  }
  for (auto& read : program.reads) read.where = read.symbol_where = {};
  for (auto& expectation : program.expectations) {
    expectation.where = {};
    forget_places(std::get<program::EqualsSpec>(expectation.check).numbers);
  }
  return program;
}

// The program's first message of its first phase becomes another one.
template <class Change>
void change_message(program::Program& program, const Change& change) {
  auto list = *program.exchange[0].pattern.as<exchange_planner::Messages>();
  change(list.messages[0]);
  program.exchange[0].pattern = list;
}

TEST(BuiltProgram, IsTheOneOfTheFile) {
  const auto system = cli_test::mk2_16();
  const program::Program read = program::load_program(hello().file, system);
  EXPECT_NE(read, hello());  // it knows its places
  EXPECT_EQ(read.loads[0].symbol_where.place_and_key(),
            hello().file.string() + ":16:14: key 'load[0].symbol'");
  EXPECT_EQ(without_places(read), hello());
  program::Program other = hello();
  change_message(other, [](auto& message) { message.words = 5; });
  EXPECT_NE(without_places(read), other);
}

class BuiltProgramRun : public ::testing::Test {
 protected:
  RunOutcome run(const program::Program& program) const {
    const auto system = cli_test::mk2_16();
    const config::TileNames names = system.tile_names();
    const Progress progress(true);
    LoadShares shares = read_loads(program, system.arch());
    const auto images = ImageBuilder(program, system, progress).build(ResultFolder(folder_.path()), shares);
    const std::vector<std::string> kinds(names.size(), "fast");
    RunInput input{.system = system,
                   .program = program,
                   .tile_kinds = kinds,
                   .factories = make_tile_factories(system.arch(), {}),
                   .images = images,
                   .loads = plan_loads(program, std::move(shares), names, images),
                   .reads = {}};
    for (const auto& read : program.reads) input.reads.push_back(plan_read(read, names, images));
    return Runner(input, progress).run();
  }
  cli_test::TempFolder folder_;
};

TEST_F(BuiltProgramRun, DoesWhatItExpects) {
  program::Program program = hello();
  program.file.clear();  // there is none: sources have paths of their own
  const RunOutcome outcome = run(program);
  EXPECT_TRUE(outcome.completed) << outcome.state;
  const auto expectations = prepare_expectations(program, cli_test::mk2_16().tile_names());
  ASSERT_EQ(expectations.size(), 1U);
  const ExpectationResult result = expectations[0].check(outcome);
  EXPECT_TRUE(result.pass) << result.got;
  EXPECT_EQ(result.expected, "answer equal to the 6 numbers of the list");

  std::get<program::EqualsSpec>(program.expectations[0].check).numbers.from = numbers::SingleNumber{"10"};
  EXPECT_EQ(prepare_expectations(program, cli_test::mk2_16().tile_names())[0].check(outcome).got,
            "5 of 6 differ; the first is element 1 of tile 1: expected 10, got 40");
}

// Errors have a place only where there is one.
TEST_F(BuiltProgramRun, ErrorsSayWhatIsWrongWithoutAPlace) {
  program::Program program = hello();
  program.loads[0].symbol = "greetings";
  EXPECT_THAT(cli_test::error_of([&] { run(program); }), ::testing::HasSubstr("greetings"));
  program = hello();
  program.loads[0].numbers.from = numbers::list_of({1.5});
  EXPECT_EQ(cli_test::error_of([&] { run(program); }),
            "row 0, column 0: '1.5' is no whole number, as u32 needs");
  program = hello();
  change_message(program, [](auto& message) { message.to = {TileIndex{2}}; });
  EXPECT_EQ(cli_test::error_of([&] { run(program); }),
            "phase 'greet': tile 2 has a part in it, but no entry of `images` names that tile");
  program = hello();
  program.images[0].entry = "strat";
  EXPECT_THAT(cli_test::error_of([&] { run(program); }), ::testing::StartsWith("tile 0: link failed"));
  program = hello();
  change_message(program, [](auto& message) { message.destination = "recieved"; });
  EXPECT_EQ(cli_test::error_of([&] { run(program); }),
            "phase 'greet': the image of tile 1 has no global symbol 'recieved'; did you mean 'received'?");
}

// All tiles without an image of their own have one together.
TEST(BuiltProgram, IdleTilesShareAnImage) {
  const auto system = cli_test::mk2_16();
  const cli_test::TempFolder folder;
  const program::Program program = hello();
  const Progress progress(true);
  const auto images = ImageBuilder(program, system, progress)
                          .build(ResultFolder(folder.path()), read_loads(program, system.arch()));
  ASSERT_EQ(images.size(), 16U);
  for (std::size_t i = 3; i < images.size(); ++i) EXPECT_EQ(images[i], images[2]);
  EXPECT_NE(images[2], images[1]);
}

}  // namespace
}  // namespace ipusim::app
