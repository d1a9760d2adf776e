// SPDX-License-Identifier: Apache-2.0
// Programs that C++ makes wrongly.
#include "ipusim/program/consistency.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace ipusim::program {
namespace {

Program good() {
  Program program;
  program.images = {{.tiles = {TileIndex{0}, TileIndex{1}}}, {.tiles = {TileIndex{15}}}};
  program.loads = {{.symbol = "x", .tiles = {TileIndex{1}, TileIndex{15}}}};
  program.reads = {{.name = "out", .symbol = "y", .tiles = {TileIndex{0}}, .count = 1}};
  program.expectations = {{.name = "e", .check = EqualsSpec{"out", {}, {}}},
                          {.name = "c", .check = CyclesSpec{}}};
  return program;
}

// The error after a change of a good program, for a system of 16 tiles.
template <class Change>
std::string error_after(const Change& change) {
  Program program = good();
  change(program);
  return cli_test::error_of([&] { require_consistent(program, config::TileNames(16)); });
}

TEST(Consistency, MistakesAreNamed) {
  EXPECT_EQ(error_after([](Program&) {}), "");
  EXPECT_EQ(error_after([](Program& p) { p.images.clear(); }), "the program has no images");
  EXPECT_EQ(error_after([](Program& p) { p.images[0].tiles.clear(); }), "expected at least one tile");
  EXPECT_EQ(error_after([](Program& p) { std::swap(p.images[0].tiles[0], p.images[0].tiles[1]); }),
            "expected tiles in ascending order, each once");
  EXPECT_EQ(error_after([](Program& p) { p.images[0].tiles[0] = p.images[0].tiles[1]; }),
            "expected tiles in ascending order, each once");
  EXPECT_EQ(error_after([](Program& p) { p.images[1].tiles = {TileIndex{16}}; }),
            "there is no tile 16: the system has tiles 0 to 15");
  EXPECT_EQ(error_after([](Program& p) { p.images[1].tiles = {TileIndex{1}}; }),
            "tile 1 has an earlier image already");
  EXPECT_EQ(error_after([](Program& p) { p.loads[0].tiles = {TileIndex{2}}; }),
            "tile 2 has no image, so it has no symbol 'x'");
  EXPECT_EQ(error_after([](Program& p) { p.reads[0].tiles = {TileIndex{14}}; }),
            "tile 14 has no image, so it has no symbol 'y'");
  EXPECT_EQ(error_after([](Program& p) { p.reads.push_back(p.reads[0]); }),
            "'out' is the name of an earlier output already");
  EXPECT_EQ(error_after([](Program& p) { p.reads[0].name = "other"; }),
            "expectation 'e': there is no output 'out'");
}

TEST(Consistency, APlaceIsToldIfThereIsOne) {
  EXPECT_EQ(error_after([](Program& p) {
              p.loads[0].tiles = {TileIndex{2}};
              p.loads[0].where = {"p.yaml", 7, 3, "load[0]"};
            }),
            "p.yaml:7:3: key 'load[0]': tile 2 has no image, so it has no symbol 'x'");
}

}  // namespace
}  // namespace ipusim::program
