// Planned phases on a chip of fast tiles: every word arrives where the phase says, nothing else changes, no
// hazard, nothing is left over. What must arrive is worked out here from docs/program.md alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "planned_chip.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::exchange_planner;
using planner_test::PlannedChip;
using planner_test::system_at;
using planner_test::system_of;

using Words = std::vector<std::uint32_t>;

constexpr std::uint32_t source_address = 0x60000;  // region 0, behind the code
constexpr std::uint32_t source_words = 0x8000;
constexpr std::uint32_t destination_address = 0x80000;
constexpr std::uint32_t destination_words = 0x4000;  // per phase
constexpr std::uint32_t untouched = 0xDEADBEEF;

std::uint32_t content(std::uint32_t tile, std::uint32_t word) { return tile << 16U | word; }

std::vector<TileIndex> tiles_of(const std::vector<std::uint32_t>& numbers) {
  std::vector<TileIndex> tiles;
  for (const std::uint32_t n : numbers) tiles.emplace_back(n);
  return tiles;
}
std::vector<TileIndex> all_of(std::size_t count) {
  std::vector<TileIndex> tiles;
  for (std::uint32_t i = 0; i < count; ++i) tiles.emplace_back(i);
  return tiles;
}

// What every tile's destination of a phase must hold.
class Expected {
 public:
  explicit Expected(std::size_t tiles) : memory_(tiles, Words(destination_words, untouched)) {}
  void copy(TileIndex from, std::size_t from_word, TileIndex to, std::size_t to_word, std::size_t words) {
    for (std::size_t i = 0; i < words; ++i) {
      memory_[to.value()].at(to_word + i) = content(from.value(), static_cast<std::uint32_t>(from_word + i));
    }
  }
  void operator()(const AllGather& g) {
    for (std::size_t k = 0; k < g.tiles.size(); ++k) {
      for (const TileIndex to : g.tiles) {
        if (to != g.tiles[k]) copy(g.tiles[k], 0, to, g.words * k, g.words);
      }
    }
  }
  void operator()(const AllToAll& a) {
    for (std::size_t k = 0; k < a.tiles.size(); ++k) {
      for (std::size_t j = 0; j < a.tiles.size(); ++j) {
        if (j != k) copy(a.tiles[k], a.words * j, a.tiles[j], a.words * k, a.words);
      }
    }
  }
  void operator()(const Messages& list) {
    for (const Message& m : list.messages) {
      for (const TileIndex to : m.to)
        copy(m.from, m.source_offset / 4, to, m.destination_offset / 4, m.words);
    }
  }
  const Words& of(std::size_t tile) const { return memory_[tile]; }

 private:
  std::vector<Words> memory_;
};

// Runs the phases; `in` is every phase's source symbol, outK the destination symbol of phase K.
class PhaseRun {
 public:
  PhaseRun(const config::SystemConfig& system, const std::vector<Phase>& phases)
      : run_(system, phases, symbols(phases)) {
    Words source(source_words);
    const Words blank(destination_words, untouched);
    for (std::uint32_t tile = 0; tile < run_.chip.size(); ++tile) {
      for (std::uint32_t i = 0; i < source_words; ++i) source[i] = content(tile, i);
      run_.write(tile, source_address, source);
      for (std::uint32_t p = 0; p < phases.size(); ++p) run_.write(tile, address_of(p), blank);
    }
    run_.chip.start();
    EXPECT_EQ(run_.chip.run(Cycle{10'000'000}), chip::ChipState::waits_for_host);
    check_report();
    for (std::uint32_t p = 0; p < phases.size(); ++p) check_memory(phases[p], p);
  }
  const PhaseSummary& summary(std::size_t phase) const { return run_.planned.phases.at(phase); }
  chip::ChipReport report() const { return run_.chip.report(); }

 private:
  static std::uint32_t address_of(std::size_t phase) {
    return destination_address + 4 * destination_words * static_cast<std::uint32_t>(phase);
  }
  static std::map<std::string, std::uint32_t> symbols(const std::vector<Phase>& phases) {
    std::map<std::string, std::uint32_t> result{{"in", source_address}};
    for (std::size_t p = 0; p < phases.size(); ++p) result["out" + std::to_string(p)] = address_of(p);
    return result;
  }

  void check_report() {
    const auto report = run_.chip.report();
    EXPECT_TRUE(report.hazards.empty());
    EXPECT_TRUE(report.exceptions.empty());
    EXPECT_TRUE(report.problems.empty()) << report.problems.front();
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    for (const PhaseSummary& phase : run_.planned.phases) {
      sent += phase.words_sent;
      received += phase.words_received;
    }
    EXPECT_EQ(report.exchange.words_sent, sent);
    EXPECT_EQ(report.exchange.words_received, received);
    EXPECT_EQ(report.exchange.words_unselected, 0U);
    EXPECT_EQ(report.supersteps, run_.planned.phases.size());
  }

  void check_memory(const Phase& phase, std::size_t number) {
    Expected expected(run_.chip.size());
    std::visit(expected, phase.pattern);
    for (std::uint32_t tile = 0; tile < run_.chip.size(); ++tile) {
      ASSERT_EQ(run_.read(tile, address_of(number), destination_words), expected.of(tile))
          << "phase " << phase.name << ", tile " << tile;
    }
  }

  PlannedChip run_;
};

std::string out(std::size_t phase) { return "out" + std::to_string(phase); }

// Messages between random tiles, with multicasts; each receiver's messages stand in its destination in an
// order that has nothing to do with time, some with gaps between.
Messages random_messages(std::mt19937& random, std::size_t tiles, std::size_t count,
                         const std::string& destination) {
  std::vector<std::uint32_t> used(tiles, 0);  // words of each tile's destination
  Messages result;
  while (result.messages.size() < count) {
    Message m;
    m.from = TileIndex{static_cast<std::uint32_t>(random() % tiles)};
    m.source = "in";
    m.destination = destination;
    m.words = 1 + static_cast<std::uint32_t>(random() % (random() % 8 == 0 ? 300 : 12));
    m.source_offset = 4 * static_cast<std::uint32_t>(random() % (source_words - m.words));
    std::uint32_t place = static_cast<std::uint32_t>(random() % 3);
    for (std::size_t i = 1 + (random() % 3 == 0 ? random() % tiles : 0); i > 0; --i) {
      const TileIndex to{static_cast<std::uint32_t>(random() % tiles)};
      if (to == m.from || std::find(m.to.begin(), m.to.end(), to) != m.to.end()) continue;
      m.to.push_back(to);
      place = std::max(place, used[to.value()]);
    }
    if (m.to.empty() || place + m.words > destination_words) continue;
    m.destination_offset = 4 * place;
    for (const TileIndex to : m.to) used[to.value()] = place + m.words;
    result.messages.push_back(m);
  }
  std::shuffle(result.messages.begin(), result.messages.end(), random);
  return result;
}

std::vector<std::uint16_t> random_places(std::mt19937& random, std::size_t count) {
  std::vector<std::uint16_t> places(1472);
  std::iota(places.begin(), places.end(), std::uint16_t{0});
  std::shuffle(places.begin(), places.end(), random);
  places.resize(count);
  return places;
}

std::vector<Phase> three_phases(std::mt19937& random, std::size_t tiles, std::uint32_t words) {
  return {{"gather", "", AllGather{all_of(tiles), words, "in", out(0)}},
          {"swap", "", AllToAll{all_of(tiles), words, "in", out(1)}},
          {"letters", "", random_messages(random, tiles, 6 * tiles, out(2))}};
}

TEST(PlannedPhases, SixteenTilesOfTheSystemFile) {
  const auto system = system_of("mk2-16.yaml");
  std::mt19937 random(1);
  for (const std::uint32_t words : {1U, 2U, 3U, 40U, 700U}) {
    SCOPED_TRACE(words);
    PhaseRun(system, three_phases(random, system.places.size(), words));
  }
}

TEST(PlannedPhases, RandomPlaces) {
  for (unsigned seed = 1; seed <= 12 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const std::size_t tiles = std::array{2UL, 3UL, 7UL, 24UL, 61UL, 100UL}[seed % 6];
    const std::uint32_t words = std::array{1U, 5U, 51U, 52U, 53U, 130U}[random() % 6];
    PhaseRun(system_at(random_places(random, tiles)), three_phases(random, tiles, words));
  }
}

TEST(PlannedPhases, SomeTilesOnly) {
  const auto system = system_of("mk2-16.yaml");
  const auto tiles = tiles_of({1, 4, 5, 9, 15});
  const PhaseRun run(system, {{"gather", "", AllGather{tiles, 9, "in", out(0)}},
                              {"swap", "", AllToAll{tiles, 7, "in", out(1)}},
                              {"none", "", Messages{}}});
  EXPECT_EQ(run.summary(0).tiles, 5U);
  EXPECT_EQ(run.summary(2).tiles, 0U);
  EXPECT_EQ(run.summary(2).events, 0U);
}

TEST(PlannedPhases, OneSenderToEverybodyAndEverybodyToOne) {
  const auto system = system_of("mk2-16.yaml");
  Messages broadcast;
  Messages collect;
  auto others = all_of(16);
  others.erase(others.begin() + 3);
  broadcast.messages.push_back({TileIndex{3}, others, 5000, "in", 400, out(0), 0});
  for (const TileIndex other : others) {
    collect.messages.push_back({other, {TileIndex{3}}, 100, "in", 0, out(1), 400 * other.value()});
  }
  PhaseRun(system, {{"broadcast", "", broadcast}, {"collect", "", collect}});
}

// The events of a plan are cycles of the chip: what the tiles spend in the phase by the chip's own account.
TEST(PlannedPhases, EventsAreWhatTheChipMeasures) {
  const auto system = system_of("mk2-16.yaml");
  for (const std::uint32_t words : {1U, 40U}) {
    const PhaseRun run(system, {{"swap", "", AllToAll{all_of(16), words, "in", out(0)}}});
    std::uint64_t longest = 0;
    for (const auto& cycles : run.report().tile_cycles) longest = std::max(longest, cycles.exchange);
    EXPECT_EQ(longest, run.summary(0).events);
  }
}

TEST(PlannedPhases, WholeChip) {
  const auto system = system_of("mk2.yaml");
  const auto tiles = all_of(system.places.size());
  const PhaseRun run(system, {{"gather", "", AllGather{tiles, 4, "in", out(0)}}});
  // Words times tiles, and less than the longest path, mux and all, around it.
  EXPECT_LE(run.summary(0).events, 4U * 1472 + 280);
}

TEST(PlannedPhases, WholeChipAllToAll) {
  const auto system = system_of("mk2.yaml");
  const auto tiles = all_of(system.places.size());
  const PhaseRun run(system, {{"swap", "", AllToAll{tiles, 1, "in", out(0)}}});
  EXPECT_LE(run.summary(0).events, 1471U + 200);
}

}  // namespace
