// SPDX-License-Identifier: Apache-2.0
// A chip that is saved, thrown away and loaded into a new one goes on as if nothing had happened: planned
// phases of exchange, one superstep each, cut at superstep boundaries and at any cycle.
#include <gtest/gtest.h>

#include <random>

#include "phase_run.hpp"
#include "tile_kinds.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::planner_test;
using chip::ChipReport;

constexpr std::size_t destinations = 6;

struct Releases : chip::RunObserver {
  void on_event(const chip::RunEvent& event) override {
    if (const auto* sync = std::get_if<chip::SyncHappened>(&event)) cycles.push_back(sync->release);
  }
  std::vector<Cycle> cycles;
};

struct Case {
  std::string kind;
  std::size_t tiles;
  std::size_t phases;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.kind; }

class Checkpoints : public ::testing::TestWithParam<Case> {
 protected:
  explicit Checkpoints(unsigned seed = 1) : random_(seed) {
    const std::size_t tiles = GetParam().tiles;
    system_ = system_at(random_places(random_, tiles));
    for (std::size_t p = 0; p < GetParam().phases; ++p) {
      phases_.push_back({"phase" + std::to_string(p),
                         {},
                         random_messages(random_, tiles, 2 * tiles, out(p % destinations))});
    }
  }

  std::unique_ptr<PlannedChip> make() const {
    std::map<std::string, std::uint32_t> symbols{{"in", source_address}};
    for (std::uint32_t d = 0; d < destinations; ++d)
      symbols[out(d)] = destination_address + 4 * destination_words * d;
    return std::make_unique<PlannedChip>(system_, phases_, symbols,
                                         chip_test::tile_factories().at(GetParam().kind));
  }
  std::unique_ptr<PlannedChip> begin() const {
    auto run = make();
    Words source(source_words);
    for (std::uint32_t tile = 0; tile < run->chip.size(); ++tile) {
      for (std::uint32_t i = 0; i < source_words; ++i) source[i] = content(tile, i);
      run->write(tile, source_address, source);
    }
    run->chip.start();
    return run;
  }
  static std::vector<std::byte> saved(const PlannedChip& run) {
    StateWriter writer;
    run.chip.save(writer);
    return writer.take();
  }
  std::unique_ptr<PlannedChip> loaded(const std::vector<std::byte>& bytes) const {
    auto run = make();
    StateReader reader(bytes);
    run->chip.load(reader);
    reader.finish();
    return run;
  }

  static void expect_same_end(const PlannedChip& a, const PlannedChip& b) {
    const ChipReport x = a.chip.report();
    const ChipReport y = b.chip.report();
    EXPECT_EQ(x.state, y.state);
    EXPECT_EQ(x.end, y.end);
    EXPECT_EQ(x.supersteps, y.supersteps);
    EXPECT_EQ(x.cycles.exchange, y.cycles.exchange);
    EXPECT_EQ(x.exchange.words_received, y.exchange.words_received);
    EXPECT_EQ(x.exchange.words_unselected, y.exchange.words_unselected);
    for (std::uint32_t tile = 0; tile < a.chip.size(); ++tile) {
      EXPECT_EQ(x.tile_cycles[tile].compute, y.tile_cycles[tile].compute) << tile;
      EXPECT_EQ(x.tile_cycles[tile].sync, y.tile_cycles[tile].sync) << tile;
      ASSERT_EQ(a.read(tile, destination_address, destinations * destination_words),
                b.read(tile, destination_address, destinations * destination_words))
          << tile;
      for (unsigned m = 0; m < 12; ++m) {
        using File = tile::RegisterWrite::File;
        EXPECT_EQ(a.chip.tile(TileIndex{tile}).read_register(Context::supervisor(), File::m, m),
                  b.chip.tile(TileIndex{tile}).read_register(Context::supervisor(), File::m, m));
      }
    }
  }

  std::mt19937 random_;
  config::ChipConfig system_;
  std::vector<Phase> phases_;
};

TEST_P(Checkpoints, AtEverySuperstepBoundaryInTurn) {
  const auto whole = begin();
  Releases releases;
  whole->chip.add_observer(releases);
  ASSERT_EQ(whole->chip.run(), chip::ChipState::waits_for_host);
  ASSERT_EQ(releases.cycles.size(), GetParam().phases);
  auto run = begin();
  for (const Cycle boundary : releases.cycles) {
    run->chip.run(boundary);
    const auto bytes = saved(*run);
    run = loaded(bytes);
    ASSERT_EQ(saved(*run), bytes) << boundary.value();
  }
  run->chip.run();
  expect_same_end(*whole, *run);
}

TEST_P(Checkpoints, AtRandomCycles) {
  const auto whole = begin();
  ASSERT_EQ(whole->chip.run(), chip::ChipState::waits_for_host);
  const std::uint64_t length = whole->chip.report().end.value();
  for (unsigned i = 0; i < 8; ++i) {
    auto run = begin();
    run->chip.run(Cycle{random_() % length});
    run = loaded(saved(*run));
    run->chip.run();
    expect_same_end(*whole, *run);
  }
}

TEST_P(Checkpoints, WithinARun) {
  const auto whole = begin();
  std::vector<std::vector<std::byte>> states;
  std::vector<Cycle> at;
  Releases releases;
  whole->chip.add_observer(releases);
  whole->chip.set_checkpoint([&](std::uint64_t supersteps, Cycle release) {
    states.push_back(saved(*whole));
    at.push_back(release);
    EXPECT_EQ(supersteps, states.size());
  });
  ASSERT_EQ(whole->chip.run(), chip::ChipState::waits_for_host);
  EXPECT_EQ(at, releases.cycles);
  const std::size_t tries = GetParam().kind == "fast" ? 20 : 3;
  for (std::size_t i = 0; i < tries; ++i) {
    const auto run = loaded(states.at(random_() % states.size()));
    run->chip.run(at.front());  // long over
    run->chip.run();
    expect_same_end(*whole, *run);
  }
}

TEST_P(Checkpoints, AreRefusedByAChipMadeOtherwise) {
  auto run = begin();
  run->chip.run(Cycle{100});
  const auto bytes = saved(*run);
  std::swap(system_.places[0], system_.places[1]);
  try {
    loaded(bytes);
    ADD_FAILURE() << "loaded";
  } catch (const StateError& error) {
    EXPECT_NE(std::string{error.what()}.find("the places of tiles of what was saved"), std::string::npos)
        << error.what();
  }
  for (std::size_t length = 0; length < bytes.size(); length += 1 + bytes.size() / 40) {
    StateReader reader(std::span{bytes}.first(length < 10 ? 10 : length));
    EXPECT_THROW(make()->chip.load(reader), StateError) << length;
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, Checkpoints,
                         ::testing::Values(Case{"fast", 9, 100}, Case{"rtl", 3, 100},
                                           Case{"lockstep", 3, 100}),
                         [](const auto& test) { return test.param.kind; });

}  // namespace
