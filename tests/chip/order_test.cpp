// SPDX-License-Identifier: Apache-2.0
// Random programs of sends, selections and syncs on random places. What each tile receives, and when, is
// worked out here straight from docs/exchange.md with everything known in advance; the chip, which simulates
// tile by tile with only the past known, must agree in every order and slicing.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <random>

#include "ipusim/chip/chip.hpp"
#include "same_report.hpp"
#include "scripted_tile.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::Action;
using chip_test::expect_same_report;
using chip_test::ScriptedTile;
using Kind = Action::Kind;
using Words = std::map<std::uint64_t, std::uint32_t>;

// What a tile does from one release to its next stop.
struct Segment {
  std::vector<Action> actions;  // sends and selections, by rising cycle
  std::uint64_t acknowledge_at = 0;
  std::uint32_t acknowledge = 0;  // 0: ends with sync 3, else with sync 1
  std::uint64_t length = 0;
};
struct RandomTile {
  TileId place;
  std::vector<Segment> segments;
};
struct Event {
  std::uint64_t at;
  std::uint32_t value;
  std::uint8_t directions;
};
struct Expected {
  std::vector<Words> received;
  std::vector<std::uint64_t> released;  // of every internal sync
  std::size_t wrong_direction = 0;
};

class Generator {
 public:
  Generator(std::uint64_t seed, const config::ChipConfig& system) : random_(seed), system_(system) {}

  std::vector<RandomTile> tiles(unsigned count, unsigned syncs) {
    std::vector<TileId> places = system_.places;
    std::shuffle(places.begin(), places.end(), random_);
    std::vector<RandomTile> result(count);
    for (unsigned i = 0; i < count; ++i) result[i].place = places[i];
    for (unsigned i = 0; i < count; ++i) {
      for (unsigned done = 0; done < syncs;) {
        // Tile 0 takes part in every sync itself, so that each has a zone.
        const bool absent = i != 0 && below(4) == 0;
        result[i].segments.push_back(segment(result, absent ? std::min(1 + below(3), syncs - done) : 0));
        done += std::max(1U, result[i].segments.back().acknowledge);
      }
    }
    return result;
  }

 private:
  unsigned below(unsigned n) { return std::uniform_int_distribution<unsigned>(0, n - 1)(random_); }

  Segment segment(const std::vector<RandomTile>& tiles, unsigned acknowledge) {
    Segment s;
    s.length = 20 + below(400);
    s.acknowledge = acknowledge;
    s.acknowledge_at = below(static_cast<unsigned>(s.length));
    for (std::uint64_t at = below(60); at < s.length; at += 1 + (below(3) == 0 ? below(80) : 0)) {
      if (below(3) == 0) {
        const std::uint32_t source = below(4) == 0
                                         ? system_.exchange.null_source
                                         : tiles[below(static_cast<unsigned>(tiles.size()))].place.value();
        s.actions.push_back({Kind::select, at, source});
      } else {
        s.actions.push_back({Kind::send, at, ++word_, static_cast<std::uint8_t>(1 + below(3))});
      }
    }
    return s;
  }

  std::mt19937_64 random_;
  const config::ChipConfig& system_;
  std::uint32_t word_ = 0;
};

class Oracle {
 public:
  Oracle(const std::vector<RandomTile>& tiles, const config::ChipConfig& system)
      : tiles_(tiles), system_(system), latency_(ipusim::config::make_latency_function(system.exchange)) {}

  Expected expected(unsigned syncs) {
    run_syncs(syncs);
    Expected e;
    e.released = released_;
    for (std::size_t d = 0; d < tiles_.size(); ++d) e.received.push_back(received(d, e.wrong_direction));
    return e;
  }

 private:
  // Each tile's state between syncs; its segments are laid out on the common time line as they come due.
  struct Timeline {
    std::size_t segment = 0;
    std::uint64_t base = 0;
    std::vector<std::uint64_t> part;  // cycle of its part in sync 0, 1, ...
    std::vector<Event> sends, selects;
  };

  void begin(std::size_t i) {
    Timeline& t = lines_[i];
    if (t.segment == tiles_[i].segments.size()) return;
    const Segment& s = tiles_[i].segments[t.segment];
    for (const Action& a : s.actions) {
      (a.kind == Kind::send ? t.sends : t.selects).push_back({t.base + a.after, a.value, a.directions});
    }
    if (s.acknowledge == 0) t.part.push_back(t.base + s.length);
    t.part.insert(t.part.end(), s.acknowledge, t.base + s.acknowledge_at);
  }

  void run_syncs(unsigned syncs) {
    lines_.resize(tiles_.size());
    for (std::size_t i = 0; i < tiles_.size(); ++i) begin(i);
    for (unsigned n = 0; n < syncs; ++n) {
      std::uint64_t last = 0;
      for (const Timeline& t : lines_) last = std::max(last, t.part.at(n));
      released_.push_back(last + system_.sync.at(3).latency_cycles);
      for (std::size_t i = 0; i < tiles_.size(); ++i) {
        Timeline& t = lines_[i];
        if (t.part.size() != n + 1) continue;  // acknowledged further syncs
        const Segment& s = tiles_[i].segments[t.segment];
        std::uint64_t next = released_.back();
        if (s.acknowledge != 0) next = std::max(next, t.base + s.length + system_.sync.at(1).latency_cycles);
        t.base = next;
        ++t.segment;
        begin(i);
      }
    }
  }

  Words received(std::size_t d, std::size_t& wrong_direction) const {
    Words words;
    for (std::size_t s = 0; s < tiles_.size(); ++s) {
      const TileId from = tiles_[s].place, to = tiles_[d].place;
      for (const Event& sent : lines_[s].sends) {
        const auto seen = static_cast<std::int64_t>(sent.at) + latency_->mux_time(from, to);
        std::uint32_t selected = system_.exchange.null_source;
        for (const Event& e : lines_[d].selects) {
          if (static_cast<std::int64_t>(e.at) <= seen) selected = e.value;
        }
        if (selected != from.value()) continue;
        if ((sent.directions & latency_->direction(from, to)) == 0) {
          ++wrong_direction;
        } else {
          words[static_cast<std::uint64_t>(seen) + latency_->mux_delay(to)] = sent.value;
        }
      }
    }
    return words;
  }

  const std::vector<RandomTile>& tiles_;
  const config::ChipConfig& system_;
  std::unique_ptr<ipusim::config::LatencyFunction> latency_;
  std::vector<Timeline> lines_;
  std::vector<std::uint64_t> released_;
};

// Every tile ends in a host sync, 1,000 cycles after its last release, so that all words can arrive.
std::vector<Action> script(const RandomTile& tile) {
  std::vector<Action> actions;
  for (const Segment& s : tile.segments) {
    auto part = s.actions;
    if (s.acknowledge != 0) part.push_back({Kind::acknowledge, s.acknowledge_at, s.acknowledge});
    std::stable_sort(part.begin(), part.end(),
                     [](const auto& a, const auto& b) { return a.after < b.after; });
    actions.insert(actions.end(), part.begin(), part.end());
    actions.push_back({Kind::sync, s.length, s.acknowledge != 0 ? 1U : 3U});
  }
  actions.push_back({Kind::sync, 1000, 7});
  return actions;
}

struct Outcome {
  ChipReport report;
  std::vector<Words> received;
};

Outcome run(const std::vector<RandomTile>& tiles, config::ChipConfig system,
            std::unique_ptr<Scheduler> scheduler) {
  system.places.clear();
  system.hazards.set("wrong_direction", config::HazardPolicy::warn);
  for (const RandomTile& tile : tiles) system.places.push_back(tile.place);
  std::vector<ScriptedTile*> models;
  const TileFactories factories{{"scripted", [&](const tile::TileParameters&) {
                                   auto model = std::make_unique<ScriptedTile>(script(tiles[models.size()]));
                                   models.push_back(model.get());
                                   return model;
                                 }}};
  Chip chip(system, std::vector<std::string>(tiles.size(), "scripted"), factories);
  chip.set_scheduler(std::move(scheduler));
  for (std::uint32_t i = 0; i < tiles.size(); ++i) chip.set_entry(TileIndex{i}, ByteAddr{0x4C000});
  chip.start();
  chip.run();
  Outcome outcome{chip.report(), {}};
  for (const ScriptedTile* model : models) outcome.received.push_back(model->received);
  return outcome;
}

const config::ChipConfig& mk2() {
  static const auto system =
      config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  return system;
}

class RandomChips : public ::testing::TestWithParam<unsigned> {};

TEST_P(RandomChips, ReceiveWhatTheWordRuleSaysInAnyOrder) {
  constexpr unsigned syncs = 6;
  Generator generator(GetParam(), mk2());
  const auto tiles = generator.tiles(2 + GetParam() % 9, syncs);
  const Expected expected = Oracle(tiles, mk2()).expected(syncs);
  const Outcome plain = run(tiles, mk2(), make_serial_scheduler());
  ASSERT_EQ(plain.report.state, ChipState::waits_for_host)
      << (plain.report.problems.empty() ? "" : plain.report.problems[0]);
  EXPECT_EQ(plain.received, expected.received);
  EXPECT_EQ(plain.report.hazards.size(), expected.wrong_direction);
  EXPECT_EQ(plain.report.supersteps, syncs);
  EXPECT_EQ(plain.report.cycles.total(), plain.report.end.value());
  for (const std::uint64_t slice : {1U, 7U, 200U, 100000U}) {
    const Outcome other = run(tiles, mk2(), make_shuffled_scheduler(GetParam() + slice, slice));
    EXPECT_EQ(other.received, expected.received) << "slices of " << slice;
    expect_same_report(plain.report, other.report);
  }
  for (const unsigned jobs : {2U, 3U, 8U}) {
    const Outcome other = run(tiles, mk2(), make_pool_scheduler(jobs));
    EXPECT_EQ(other.received, expected.received) << jobs << " jobs";
    expect_same_report(plain.report, other.report);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomChips, ::testing::Range(0U, 60U));

}  // namespace
