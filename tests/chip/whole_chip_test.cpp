// SPDX-License-Identifier: Apache-2.0
// All 1,472 tiles, in any order and on any number of threads: the same bytes, cycles and reports.
#include <gtest/gtest.h>

#include <random>

#include "phase_run.hpp"
#include "same_report.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::planner_test;

constexpr std::size_t tiles = 1472;

// Every tile sends 1,024 words to another, which sends on to the next of a random circle.
Phase permutation(std::uint32_t words) {
  std::vector<std::uint32_t> circle(tiles);
  std::iota(circle.begin(), circle.end(), 0U);
  std::mt19937 random(5);
  std::shuffle(circle.begin(), circle.end(), random);
  Messages list;
  for (std::size_t i = 0; i < tiles; ++i) {
    Message m;
    m.from = TileIndex{circle[i]};
    m.to = {TileIndex{circle[(i + 1) % tiles]}};
    m.source = "in";
    m.destination = out(0);
    m.words = words;
    list.messages.push_back(m);
  }
  return {"permutation", {}, list};
}

class WholeChip {
 public:
  WholeChip(const Phase& phase, std::uint32_t words, std::unique_ptr<chip::Scheduler> scheduler)
      : words_(words),
        run_(system_of("mk2.yaml"), {phase}, {{"in", source_address}, {out(0), destination_address}},
             &tile::make_fast_tile) {
    run_.chip.set_scheduler(std::move(scheduler));
    Words source(words);
    for (std::uint32_t tile = 0; tile < tiles; ++tile) {
      for (std::uint32_t i = 0; i < words; ++i) source[i] = content(tile, i);
      run_.write(tile, source_address, source);
    }
    run_.chip.start();
    EXPECT_EQ(run_.chip.run(Cycle{10'000'000}), chip::ChipState::waits_for_host);
  }
  Words memory(std::uint32_t tile) const { return run_.read(tile, destination_address, words_); }
  chip::ChipReport report() const { return run_.chip.report(); }

 private:
  std::uint32_t words_;
  PlannedChip run_;
};

void expect_one_answer(const Phase& phase, std::uint32_t words) {
  const WholeChip serial(phase, words, chip::make_serial_scheduler());
  Expected expected(tiles);
  expected.fill(phase.pattern);
  for (std::uint32_t tile = 0; tile < tiles; ++tile) {
    const Words want(expected.of(tile).begin(), expected.of(tile).begin() + words);
    const Words got = serial.memory(tile);
    for (std::uint32_t i = 0; i < words; ++i) ASSERT_EQ(got[i], want[i] == untouched ? 0 : want[i]) << tile;
  }
  const auto check = [&](std::unique_ptr<chip::Scheduler> scheduler) {
    const WholeChip other(phase, words, std::move(scheduler));
    chip_test::expect_same_report(serial.report(), other.report());
    for (std::uint32_t tile = 0; tile < tiles; ++tile)
      ASSERT_EQ(serial.memory(tile), other.memory(tile)) << tile;
  };
  check(chip::make_pool_scheduler(2));
  check(chip::make_pool_scheduler(5));
  check(chip::make_shuffled_scheduler(11, 500));
}

TEST(WholeChipThreads, APermutationHasOneAnswer) { expect_one_answer(permutation(1024), 1024); }

TEST(WholeChip, AnAllToAllHasOneAnswer) {
  expect_one_answer({"all", {}, AllToAll{all_of(tiles), 1, "in", out(0)}}, tiles);
}

}  // namespace
