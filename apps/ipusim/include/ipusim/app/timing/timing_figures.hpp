// SPDX-License-Identifier: Apache-2.0
// What reports tell of a chip's timing beyond what was counted. docs/timing_report.md explains the figures.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "ipusim/app/timing/chip_timing.hpp"

namespace ipusim::app {

// A tile's bus takes and its port writes one 32-bit word a cycle: 1,472 tiles at 1.325 GHz are the published
// 7.8 TB/s.
inline constexpr double bus_words_per_cycle = 1;

// No tile did anything in it: reports for readers leave it out.
bool is_empty(const chip::StepTiming& step);

struct StepFigures {
  double compute_mean = 0;            // over the tiles that came to the sync
  double balance = 0;                 // of them: mean by longest; 0 where nobody computed
  double idle = 0;                    // share of the tiles' cycles in this step that they waited in the sync
  std::uint64_t exchange_cycles = 0;  // the longest exchange of any tile
  double words_per_cycle = 0;         // received, in these cycles
  double of_chip = 0;                 // by what all buses could carry
  double of_takers = 0;               // by what the buses of those that received anything could carry
};
StepFigures figures_of(const chip::StepTiming& step, std::size_t tiles);

// Steps of one title together, in the order of their first ones.
struct PhaseFigures {
  std::string title;
  std::uint64_t steps = 0;
  chip::CycleSplit path;              // of the run's critical path
  chip::TileTiming sum;               // over tiles and steps
  double compute_mean = 0;            // a tile's, in one step
  std::uint64_t compute_max = 0;      // the longest of any tile in any step
  std::uint64_t exchange_cycles = 0;  // of all steps
  double of_takers = 0;
};
std::vector<PhaseFigures> phases_of(const ChipTiming& timing);

// How often a tile was the critical one, and for how many cycles of the path; the longest first.
struct CriticalTile {
  TileIndex tile;
  std::uint64_t steps = 0;
  std::uint64_t cycles = 0;  // compute and exchange
};
std::vector<CriticalTile> critical_tiles(const chip::RunTiming& timing);

struct MnemonicCount {
  std::string mnemonic;
  isa::Lane lane = isa::Lane::main;
  std::uint64_t count = 0;
  std::array<std::uint64_t, Context::count> contexts{};
};
struct InstructionFigures {
  std::uint64_t bundles = 0;       // a lone instruction is a bundle
  std::uint64_t instructions = 0;  // both halves
  std::uint64_t main = 0;
  std::uint64_t aux = 0;
  std::uint64_t pairs = 0;                               // bundles with both halves
  std::array<std::uint64_t, Context::count> contexts{};  // bundles
  double bundles_per_cycle = 0;          // by the cycles of all tiles: 1 is every issue slot used
  std::vector<MnemonicCount> mnemonics;  // the most frequent first
};
InstructionFigures instructions_of(const chip::RunTiming& timing);

// Load balance of a whole run, as that of a step.
struct RunFigures {
  double compute_mean = 0;
  std::uint64_t compute_max = 0;
  TileIndex compute_max_tile;
  double balance = 0;
  double idle = 0;
  std::uint32_t tiles = 0;  // that came to a sync
};
RunFigures figures_of(const chip::RunTiming& timing);

}  // namespace ipusim::app
