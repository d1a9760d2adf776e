// SPDX-License-Identifier: Apache-2.0
// Runs planned phases and checks what they leave: every word where the phase says, nothing else changed, no
// hazard, nothing left over. What must arrive is worked out here from docs/program.md alone.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "planned_chip.hpp"

namespace ipusim::planner_test {

using namespace exchange_planner;

using Words = std::vector<std::uint32_t>;

inline constexpr std::uint32_t source_address = 0x60000;  // region 0, behind the code
inline constexpr std::uint32_t source_words = 0x8000;
inline constexpr std::uint32_t destination_address = 0x80000;
inline constexpr std::uint32_t destination_words = 0x4000;  // per phase
inline constexpr std::uint32_t untouched = 0xDEADBEEF;

inline std::uint32_t content(std::uint32_t tile, std::uint32_t word) { return tile << 16U | word; }

inline std::vector<TileIndex> tiles_of(const std::vector<std::uint32_t>& numbers) {
  std::vector<TileIndex> tiles;
  for (const std::uint32_t n : numbers) tiles.emplace_back(n);
  return tiles;
}
inline std::vector<TileIndex> all_of(std::size_t count) {
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
  bool fill(const AllGather& g) {
    for (const auto& tiles : g.groups.members) {
      for (std::size_t k = 0; k < tiles.size(); ++k) {
        for (const TileIndex to : tiles) {
          if (to != tiles[k]) copy(tiles[k], 0, to, g.words * k, g.words);
        }
      }
    }
    return true;
  }
  bool fill(const AllToAll& a) {
    for (const auto& tiles : a.groups.members) {
      for (std::size_t k = 0; k < tiles.size(); ++k) {
        for (std::size_t j = 0; j < tiles.size(); ++j) {
          if (j != k) copy(tiles[k], a.words * j, tiles[j], a.words * k, a.words);
        }
      }
    }
    return true;
  }
  bool fill(const Messages& list) {
    for (const Message& m : list.messages) {
      for (const TileIndex to : m.to)
        copy(m.from, m.source_offset / 4, to, m.destination_offset / 4, m.words);
    }
    return true;
  }
  template <class... Kinds>
  bool fill_any(const Pattern& pattern) {
    return ((pattern.as<Kinds>() != nullptr && fill(*pattern.as<Kinds>())) || ...);
  }
  void fill(const Pattern& pattern) {
    if (!fill_any<AllGather, AllToAll, Messages>(pattern)) FAIL() << "pattern " << pattern.name();
  }
  const Words& of(std::size_t tile) const { return memory_[tile]; }

 private:
  std::vector<Words> memory_;
};

// Runs the phases; `in` is every phase's source symbol, outK the destination symbol of phase K.
class PhaseRun {
 public:
  PhaseRun(const config::ChipConfig& system, const std::vector<Phase>& phases,
           const chip::TileFactory& make_tile = &tile::make_fast_tile)
      : run_(system, phases, symbols(phases), make_tile) {
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
  const PlannedPhase& summary(std::size_t phase) const { return run_.planned.phases.at(phase); }
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
    std::uint64_t parts = 0;
    for (const PlannedPhase& phase : run_.planned.phases) {
      sent += phase.words_sent;
      received += phase.words_received;
      parts += phase.parts;
    }
    EXPECT_EQ(report.exchange.words_sent, sent);
    EXPECT_EQ(report.exchange.words_received, received);
    EXPECT_EQ(report.exchange.words_unselected, 0U);
    EXPECT_EQ(report.supersteps, parts);
  }

  void check_memory(const Phase& phase, std::size_t number) {
    Expected expected(run_.chip.size());
    expected.fill(phase.pattern);
    for (std::uint32_t tile = 0; tile < run_.chip.size(); ++tile) {
      ASSERT_EQ(run_.read(tile, address_of(number), destination_words), expected.of(tile))
          << "phase " << phase.name << ", tile " << tile;
    }
  }

  PlannedChip run_;
};

inline std::string out(std::size_t phase) { return "out" + std::to_string(phase); }

// Messages between random tiles, with multicasts; each receiver's messages stand in its destination in an
// order that has nothing to do with time, some with gaps between.
inline Messages random_messages(std::mt19937& random, std::size_t tiles, std::size_t count,
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

inline std::vector<std::uint16_t> random_places(std::mt19937& random, std::size_t count) {
  std::vector<std::uint16_t> places(1472);
  std::iota(places.begin(), places.end(), std::uint16_t{0});
  std::shuffle(places.begin(), places.end(), random);
  places.resize(count);
  return places;
}

inline std::vector<Phase> three_phases(std::mt19937& random, std::size_t tiles, std::uint32_t words) {
  return {{"gather", {}, AllGather{all_of(tiles), words, "in", out(0)}},
          {"swap", {}, AllToAll{all_of(tiles), words, "in", out(1)}},
          {"letters", {}, random_messages(random, tiles, 6 * tiles, out(2))}};
}

}  // namespace ipusim::planner_test
