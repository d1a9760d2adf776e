// SPDX-License-Identifier: Apache-2.0
// Every pattern on any number of tiles, with what docs/program.md says a tile finds in its destination:
// worked out by the receiver, word by word, not by the messages.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/exchange_planner/phase.hpp"
#include "phase_run.hpp"

namespace ipusim::planner_test {

// A word of a tile's source: tile and number of the word.
struct Origin {
  std::uint32_t tile;
  std::uint32_t word;
};

struct PatternCase {
  std::string name;
  Pattern pattern;
  // What stands at word `word` of the destination of tile `tile`; nothing: it is not written.
  std::function<std::optional<Origin>(std::uint32_t tile, std::uint32_t word)> expected;
};

inline std::vector<TileIndex> range_of(std::uint32_t first, std::uint32_t count) {
  std::vector<TileIndex> tiles;
  for (std::uint32_t i = 0; i < count; ++i) tiles.emplace_back(first + i);
  return tiles;
}

// A grid's coordinates of a place and back, C order.
struct Grid3 {
  std::uint32_t a, b, c;
  std::uint32_t at(std::uint32_t x, std::uint32_t y, std::uint32_t z) const { return (x * b + y) * c + z; }
};

inline std::optional<Origin> none() { return std::nullopt; }

// Rooted patterns: within lines of a grid of a x c tiles.
inline std::vector<PatternCase> rooted_cases(std::uint32_t a, std::uint32_t c) {
  const auto tiles = range_of(0, a * c);
  const Groups rows = groups_of_grid(tiles, {a, c}, {1});
  const Groups columns = groups_of_grid(tiles, {a, c}, {0});
  constexpr std::uint32_t words = 5;
  const std::uint32_t root = a - 1;
  std::vector<PatternCase> cases;
  cases.push_back({"broadcast in columns", Broadcast{{columns, root, words, "in", "out0", {}}},
                   [=](std::uint32_t tile, std::uint32_t word) -> std::optional<Origin> {
                     if (tile / c == root || word >= words) return none();
                     return Origin{root * c + tile % c, word};
                   }});
  cases.push_back({"gather in rows", Gather{{rows, 1, words, "in", "out0", {}}},
                   [=](std::uint32_t tile, std::uint32_t word) -> std::optional<Origin> {
                     const std::uint32_t k = word / words;
                     if (tile % c != 1 || k >= c || k == 1) return none();
                     return Origin{tile / c * c + k, word % words};
                   }});
  cases.push_back({"scatter in columns", Scatter{{columns, 0, words, "in", "out0", {}}},
                   [=](std::uint32_t tile, std::uint32_t word) -> std::optional<Origin> {
                     if (tile / c == 0 || word >= words) return none();
                     return Origin{tile % c, words * (tile / c) + word};
                   }});
  cases.push_back({"all_gather in rows", AllGather{rows, words, "in", "out0", {}},
                   [=](std::uint32_t tile, std::uint32_t word) -> std::optional<Origin> {
                     const std::uint32_t k = word / words;
                     if (k >= c || k == tile % c) return none();
                     return Origin{tile / c * c + k, word % words};
                   }});
  cases.push_back({"all_to_all in columns", AllToAll{columns, words, "in", "out0", {}},
                   [=](std::uint32_t tile, std::uint32_t word) -> std::optional<Origin> {
                     const std::uint32_t k = word / words;
                     if (k >= a || k == tile / c) return none();
                     return Origin{k * c + tile % c, words * (tile / c) + word % words};
                   }});
  return cases;
}

inline PatternCase transpose_case(std::uint32_t rows, std::uint32_t columns) {
  constexpr std::uint32_t words = 33;
  return {"transpose", Transpose{range_of(0, rows * columns), rows, columns, words, "in", "out0", {}},
          [=](std::uint32_t tile, std::uint32_t word) -> std::optional<Origin> {
            // The tile has row tile / rows of the transposed grid, and the block of the column of that
            // number.
            const std::uint32_t from = tile % rows * columns + tile / rows;
            if (from == tile || word >= words) return none();
            return Origin{from, word};
          }};
}

// 3D: the first axis is periodic, the others open. Six faces of different sizes, one of them in pieces.
inline PatternCase halo_case(Grid3 grid) {
  Halo halo{range_of(0, grid.a * grid.b * grid.c),
            {grid.a, grid.b, grid.c},
            {true, false, false},
            {},
            "in",
            "out0",
            {}};
  halo.faces = {{{-1, 0, 0}, 7, 0, 0, 1, 0, 0},      {{1, 0, 0}, 7, 400, 40, 1, 0, 0},
                {{0, -1, 0}, 3, 800, 80, 1, 0, 0},   {{0, 1, 0}, 3, 820, 100, 1, 0, 0},
                {{0, 0, -1}, 1, 900, 120, 4, 80, 8}, {{0, 0, 1}, 2, 1300, 160, 1, 0, 0}};
  return {"halo", halo, [=](std::uint32_t tile, std::uint32_t word) -> std::optional<Origin> {
            const std::uint32_t z = tile % grid.c;
            const std::uint32_t y = tile / grid.c % grid.b;
            const std::uint32_t x = tile / grid.c / grid.b;
            // From the neighbour above on an axis comes its face below, and the other way round.
            if (word < 7 && grid.a > 1) return Origin{grid.at((x + 1) % grid.a, y, z), word};
            if (word >= 10 && word < 17 && grid.a > 1)
              return Origin{grid.at((x + grid.a - 1) % grid.a, y, z), 100 + word - 10};
            if (word >= 20 && word < 23 && y + 1 < grid.b)
              return Origin{grid.at(x, y + 1, z), 200 + word - 20};
            if (word >= 25 && word < 28 && y > 0) return Origin{grid.at(x, y - 1, z), 205 + word - 25};
            if (word >= 30 && word < 38 && word % 2 == 0 && z + 1 < grid.c)
              return Origin{grid.at(x, y, z + 1), 225 + 20 * (word - 30) / 2};
            if (word >= 40 && word < 42 && z > 0) return Origin{grid.at(x, y, z - 1), 325 + word - 40};
            return none();
          }};
}

// k goes to 7 k + 3 of n tiles, n without the factor 7.
inline PatternCase permutation_case(std::uint32_t n) {
  constexpr std::uint32_t words = 100;
  std::vector<std::uint32_t> to(n);
  std::vector<std::uint32_t> from(n);
  for (std::uint32_t k = 0; k < n; ++k) {
    to[k] = (7 * k + 3) % n;
    from[to[k]] = k;
  }
  return {"permutation", Permutation{range_of(0, n), to, words, "in", "out0", {}},
          [=](std::uint32_t tile, std::uint32_t word) -> std::optional<Origin> {
            if (word >= words || from[tile] == tile) return none();
            return Origin{from[tile], word};
          }};
}

// The first third of the tiles to the last half: 1 + (k + j) mod 3 words each, nothing if that is 3.
inline PatternCase many_to_many_case(std::uint32_t n) {
  const std::uint32_t senders = n / 3;
  const std::uint32_t receivers = n / 2;
  const auto block = [](std::uint32_t k, std::uint32_t j) { return (1 + (k + j) % 3) % 3; };
  std::vector<std::uint32_t> words;
  std::vector<std::vector<Origin>> found(receivers);  // by receiver, word
  for (std::uint32_t k = 0; k < senders; ++k) {
    std::uint32_t at = 0;
    for (std::uint32_t j = 0; j < receivers; ++j) {
      words.push_back(block(k, j));
      for (std::uint32_t i = 0; i < block(k, j); ++i) found[j].push_back({k, at++});
    }
  }
  return {"many_to_many",
          ManyToMany{range_of(0, senders), range_of(n - receivers, receivers), words, "in", "out0", {}},
          [=](std::uint32_t tile, std::uint32_t word) -> std::optional<Origin> {
            if (tile < n - receivers) return none();
            const auto& words_of_tile = found[tile - (n - receivers)];
            if (word >= words_of_tile.size()) return none();
            return words_of_tile[word];
          }};
}

// Lines: every tile to the next two at once, and one word to the tile 5 before.
inline PatternCase message_table_case(std::uint32_t n) {
  MessageTable table{{}, "in", "out0", {}};
  for (std::uint32_t k = 0; k < n; ++k) {
    for (const std::uint32_t step : {1U, 2U}) {
      // Even tiles' messages and odd ones' find places of their own.
      table.lines.push_back({TileIndex{k}, TileIndex{(k + step) % n}, 6, 4 * k, 24 * (k % 4)});
    }
    table.lines.push_back({TileIndex{k}, TileIndex{(k + n - 5) % n}, 1, 0, 100});
  }
  return {"messages", table, [=](std::uint32_t tile, std::uint32_t word) -> std::optional<Origin> {
            if (word == 25) return Origin{(tile + 5) % n, 0};
            for (const std::uint32_t step : {1U, 2U}) {
              const std::uint32_t from = (tile + n - step) % n;
              if (word / 6 == from % 4 && word < 24) return Origin{from, from + word % 6};
            }
            return none();
          }};
}

// On a x b x c tiles; a * b * c must be a multiple of 4 without the factor 7.
inline std::vector<PatternCase> all_cases(Grid3 grid) {
  const std::uint32_t n = grid.a * grid.b * grid.c;
  std::vector<PatternCase> cases = rooted_cases(grid.a * grid.b, grid.c);
  cases.push_back(transpose_case(grid.a, grid.b * grid.c));
  cases.push_back(halo_case(grid));
  cases.push_back(permutation_case(n));
  cases.push_back(many_to_many_case(n));
  cases.push_back(message_table_case(n));
  return cases;
}

// Runs the pattern on a chip and compares every word of the destinations.
inline void run_case(
    const config::ChipConfig& system, const PatternCase& test,
    const chip::TileFactory& make_tile = &tile::make_fast_tile,
    const std::function<void(Phase&)>& change = [](Phase&) {}) {
  SCOPED_TRACE(test.name);
  constexpr std::uint32_t out_words = destination_words;
  Phase phase{"go", {}, test.pattern};
  change(phase);
  PlannedChip run(system, {phase}, {{"in", source_address}, {"out0", destination_address}}, make_tile);
  Words source(source_words);
  const Words blank(out_words, untouched);
  for (std::uint32_t tile = 0; tile < run.chip.size(); ++tile) {
    for (std::uint32_t i = 0; i < source_words; ++i) source[i] = content(tile, i);
    run.write(tile, source_address, source);
    run.write(tile, destination_address, blank);
  }
  run.chip.start();
  ASSERT_EQ(run.chip.run(Cycle{10'000'000}), chip::ChipState::waits_for_host);
  const auto report = run.chip.report();
  ASSERT_TRUE(report.hazards.empty());
  ASSERT_TRUE(report.exceptions.empty());
  EXPECT_EQ(report.supersteps, run.planned.phases[0].parts);
  EXPECT_EQ(report.exchange.words_received, run.planned.phases[0].words_received);
  EXPECT_GE(run.planned.phases[0].events, run.planned.phases[0].lower_bound);
  for (std::uint32_t tile = 0; tile < run.chip.size(); ++tile) {
    const Words got = run.read(tile, destination_address, out_words);
    for (std::uint32_t word = 0; word < out_words; ++word) {
      const auto origin = test.expected(tile, word);
      ASSERT_EQ(got[word], origin ? content(origin->tile, origin->word) : untouched)
          << "tile " << tile << ", word " << word;
    }
  }
}

}  // namespace ipusim::planner_test
