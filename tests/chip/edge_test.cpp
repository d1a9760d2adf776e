// SPDX-License-Identifier: Apache-2.0
// What is outside a chip: marks of the host, other chips, words of blocks that are no tiles.
#include <gtest/gtest.h>

#include <deque>
#include <filesystem>

#include "ipusim/chip/chip.hpp"
#include "ipusim/chip/edge/host_marks.hpp"
#include "scripted_tile.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::Action;
using chip_test::ScriptedTile;
using Kind = Action::Kind;
using Script = std::vector<Action>;

config::ChipConfig system_of(const std::vector<std::uint16_t>& places) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  system.places.clear();
  for (const std::uint16_t place : places) system.places.push_back(TileId{place});
  return system;
}

struct ScriptedChip {
  ScriptedChip(const config::ChipConfig& system, const std::vector<Script>& scripts) {
    const TileFactories factories{{"scripted", [&](const tile::TileParameters&) {
                                     auto tile = std::make_unique<ScriptedTile>(scripts[models.size()]);
                                     models.push_back(tile.get());
                                     return tile;
                                   }}};
    chip = std::make_unique<Chip>(system, std::vector<std::string>(scripts.size(), "scripted"), factories);
    for (std::uint32_t i = 0; i < scripts.size(); ++i) chip->set_entry(TileIndex{i}, ByteAddr{0x4C000});
  }
  std::vector<ScriptedTile*> models;
  std::unique_ptr<Chip> chip;
};

// Two chips in a zone of the system: it happens when both have come, and each hears of it in a cycle of its
// own.
class Pair {
 public:
  class Side : public ChipEdge {
   public:
    Side(Pair& pair, std::uint64_t wire) : pair_(pair), wire_(wire) {}
    void arrived(unsigned zone, Cycle at) override {
      told.push_back({zone, at});
      arrival_ = at;
    }
    std::optional<Release> released(unsigned zone) override {
      if (zone != 4) return std::nullopt;
      const auto other = pair_.other(*this).arrival_;
      if (!released_ && arrival_ && other) {
        const Cycle last = std::max(*arrival_, *other);
        released_ = pair_.other(*this).released_ = last;
      }
      if (!released_) return std::nullopt;
      const Cycle happens = *released_;
      released_.reset();
      arrival_.reset();
      return Release{happens, happens + wire_};
    }
    Cycle silent_until() const override { return arrival_.value() + wire_; }
    std::vector<std::pair<unsigned, Cycle>> told;

   private:
    Pair& pair_;
    std::uint64_t wire_;
    std::optional<Cycle> arrival_;
    std::optional<Cycle> released_;
  };
  Side left{*this, 600}, right{*this, 640};

 private:
  Side& other(const Side& side) { return &side == &left ? right : left; }
};

TEST(Edge, TwoChipsMeetInAZoneOfTheSystem) {
  const auto system = system_of({0, 53});
  const Script late = {{Kind::sync, 5000, 4}, {Kind::sync, 7, 3}, {Kind::sync, 1, 7}};
  const Script soon = {{Kind::sync, 30, 12}, {Kind::sync, 9, 3}, {Kind::sync, 1, 7}};
  ScriptedChip left(system, {{{Kind::sync, 100, 4}, {Kind::sync, 7, 3}, {Kind::sync, 1, 7}}, soon});
  ScriptedChip right(system, {late, soon});
  Pair pair;
  left.chip->attach(pair.left);
  right.chip->attach(pair.right);
  left.chip->start();
  right.chip->start();
  EXPECT_EQ(left.chip->run(), ChipState::waits_for_chips);
  EXPECT_EQ(left.chip->outside_zone(), 4U);
  EXPECT_EQ(to_string(left.chip->state()), "waits for other chips");
  left.chip->run();  // the edge is told once
  EXPECT_EQ(pair.left.told, (std::vector<std::pair<unsigned, Cycle>>{{4, Cycle{100}}}));
  EXPECT_EQ(right.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(left.chip->run(), ChipState::waits_for_host);
  // Release, then the last arrival at sync 3, then its latency.
  EXPECT_EQ(left.chip->report().supersteps, 1U);
  EXPECT_EQ(left.models[0]->last_release(), Cycle{5000 + 600 + 9 + 126});
  EXPECT_EQ(right.models[0]->last_release(), Cycle{5000 + 640 + 9 + 126});
}

TEST(Edge, AloneInItsSystemAChipNeedsNobodyElse) {
  const auto system = system_of({0, 53});
  ScriptedChip run(system, {{{Kind::sync, 100, 4}, {Kind::sync, 5, 6}, {Kind::sync, 5, 7}},
                            {{Kind::sync, 30, 4}, {Kind::sync, 5, 6}, {Kind::sync, 5, 7}}});
  HostMarks marks(system.sync);
  run.chip->attach(marks);
  run.chip->start();
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_host);
  EXPECT_EQ(run.chip->report().end, Cycle{100 + 600 + 5 + 600 + 5});
  EXPECT_TRUE(marks.syncs().empty());
}

TEST(Edge, WithNothingOutsideSuchASyncNeverEnds) {
  ScriptedChip run(system_of({0}), {{{Kind::sync, 100, 4}}});
  run.chip->start();
  EXPECT_EQ(run.chip->run(), ChipState::waits_for_chips);
}

TEST(HostMarks, RefuseWhatIsNotTheHosts) {
  HostMarks marks(system_of({0}).sync);
  EXPECT_TRUE(marks.takes_part(5));
  EXPECT_FALSE(marks.takes_part(4));
  EXPECT_THROW(marks.grant(4, 1, Cycle{0}), std::invalid_argument);
  EXPECT_THROW(marks.grant(3, 1, Cycle{0}), std::invalid_argument);
}

// A block that puts words on a bus, as one of the host or of a link would.
class Block : public BusSource {
 public:
  explicit Block(std::deque<BusWord> words) : words_(std::move(words)) {}
  Cycle published() const override { return limit; }
  bool waits_in_sync() const override { return false; }
  std::uint64_t first_at_or_after(Cycle from, std::uint64_t) const override {
    std::uint64_t n = 0;
    while (n < words_.size() && words_[n].left < from) ++n;
    return n;
  }
  const BusWord* word(std::uint64_t n) const override { return n < words_.size() ? &words_[n] : nullptr; }
  BusPath path_to(TileId) const override { return {40, 1}; }
  void mark_taken(std::uint64_t first, std::uint64_t last) override { taken += last - first + 1; }
  Cycle limit = Cycle::never();
  std::uint64_t taken = 0;

 private:
  std::deque<BusWord> words_;
};

TEST(Edge, ABlockIsASourceLikeATile) {
  ScriptedChip run(system_of({53}),
                   {{{Kind::select, 50, 0x604}, {Kind::select, 160, 0x640}, {Kind::sync, 400, 7}}});
  Block block({{Cycle{60}, 0xAA, 1}, {Cycle{61}, 0xBB, 2}, {Cycle{62}, 0xCC, 3}, {Cycle{300}, 0xDD, 1}});
  block.limit = Cycle{61};
  run.chip->exchange().attach(tile::MuxSource{0x604}, block);
  run.chip->start();
  EXPECT_EQ(run.chip->run(), ChipState::deadlock);  // what the block sends next is not known
  block.limit = Cycle::never();
  run.chip->run();
  // 40 cycles to the mux, 59 from there; the word of 61 is driven the other way, that of 300 is not selected.
  EXPECT_EQ(run.models[0]->received, (std::map<std::uint64_t, std::uint32_t>{{159, 0xAA}, {161, 0xCC}}));
  EXPECT_EQ(block.taken, 3U);
  ASSERT_EQ(run.chip->report().hazards.size(), 1U);
  EXPECT_EQ(run.chip->report().hazards[0].hazard.kind, tile::HazardKind::wrong_direction);
}

TEST(Edge, MuxNumbersAreTakenOnce) {
  ScriptedChip run(system_of({53}), {{}});
  Block block({});
  auto& exchange = run.chip->exchange();
  exchange.attach(tile::MuxSource{0x604}, block);
  EXPECT_THROW(exchange.attach(tile::MuxSource{0x604}, block), std::invalid_argument);
  EXPECT_THROW(exchange.attach(tile::MuxSource{53}, block), std::invalid_argument);
  EXPECT_THROW(exchange.attach(tile::MuxSource{0x640}, block), std::invalid_argument);
  EXPECT_THROW(exchange.attach(tile::MuxSource{0x2000}, block), std::invalid_argument);
}

TEST(Events, TellARunInTheOrderOfItsCycles) {
  struct Listener : RunObserver {
    void on_event(const RunEvent& event) override { events.push_back(event); }
    std::vector<RunEvent> events;
  } listener;
  auto system = system_of({0, 53});
  system.hazards.set("live_workers", config::HazardPolicy::warn);
  ScriptedChip run(
      system, {{{Kind::send, 30, 1, 1}, {Kind::hazard, 40, 7}, {Kind::sync, 60, 3}, {Kind::sync, 10, 7}},
               {{Kind::select, 7, 0}, {Kind::hazard, 20, 8}, {Kind::sync, 90, 3}, {Kind::exception, 500}}});
  run.chip->add_observer(listener);
  run.chip->start();
  run.chip->run();
  ASSERT_EQ(listener.events.size(), 5U);
  const auto& first = std::get<HazardFound>(listener.events[0]).hazard;
  EXPECT_EQ(first.hazard.cycle, Cycle{20});
  EXPECT_EQ(first.tile, TileIndex{1});
  EXPECT_EQ(std::get<HazardFound>(listener.events[1]).hazard.hazard.cycle, Cycle{40});
  const auto& sync = std::get<SyncHappened>(listener.events[2]);
  EXPECT_EQ(sync.zone, 3U);
  EXPECT_EQ(sync.last_tile, TileIndex{1});
  EXPECT_EQ(sync.release, Cycle{90 + 126});
  EXPECT_EQ(sync.words_sent, 1U);
  EXPECT_EQ(sync.words_received, 1U);
  EXPECT_EQ(std::get<ExceptionRaised>(listener.events[3]).exception.report.cycle, Cycle{216 + 500});
  EXPECT_EQ(std::get<Rested>(listener.events[4]).state, ChipState::stopped);
  run.chip->remove_observer(listener);
  run.chip->run();
  EXPECT_EQ(listener.events.size(), 5U);
}

}  // namespace
