// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/timing/timing_figures.hpp"

#include <algorithm>
#include <map>

namespace ipusim::app {
namespace {

double ratio(double part, double whole) { return whole == 0 ? 0 : part / whole; }
double ratio(std::uint64_t part, std::uint64_t whole) {
  return ratio(static_cast<double>(part), static_cast<double>(whole));
}

double idle_share(const chip::TileTiming& timing) {
  return ratio(timing.sync, timing.compute + timing.sync + timing.exchange);
}

}  // namespace

bool is_empty(const chip::StepTiming& step) {
  return step.path.total() == 0 && step.max.exchange == 0 && step.max.compute == 0;
}

StepFigures figures_of(const chip::StepTiming& step, std::size_t tiles) {
  StepFigures figures;
  figures.compute_mean = ratio(step.sum.compute, step.arrived);
  figures.balance = ratio(figures.compute_mean, static_cast<double>(step.max.compute));
  figures.idle = idle_share(step.sum);
  figures.exchange_cycles = step.max.exchange;
  figures.words_per_cycle = ratio(step.sum.received, step.max.exchange);
  figures.of_chip = ratio(figures.words_per_cycle, bus_words_per_cycle * static_cast<double>(tiles));
  figures.of_takers = ratio(figures.words_per_cycle, bus_words_per_cycle * static_cast<double>(step.takers));
  return figures;
}

std::vector<PhaseFigures> phases_of(const ChipTiming& timing) {
  std::vector<PhaseFigures> phases;
  std::map<std::string, std::size_t> number;
  std::vector<std::uint64_t> arrived;
  std::vector<double> capacity;  // of the takers' buses
  for (std::size_t s = 0; s < timing.run.steps.size(); ++s) {
    const chip::StepTiming& step = timing.run.steps[s];
    if (is_empty(step)) continue;
    const auto [known, is_new] = number.try_emplace(timing.names[s].title, phases.size());
    if (is_new) {
      phases.emplace_back().title = timing.names[s].title;
      arrived.push_back(0);
      capacity.push_back(0);
    }
    PhaseFigures& phase = phases[known->second];
    ++phase.steps;
    phase.path = phase.path + step.path;
    for (const chip::TimingQuantity& q : chip::timing_quantities) phase.sum.*q.value += step.sum.*q.value;
    phase.compute_max = std::max(phase.compute_max, step.max.compute);
    phase.exchange_cycles += step.max.exchange;
    arrived[known->second] += step.arrived;
    capacity[known->second] +=
        bus_words_per_cycle * static_cast<double>(step.takers) * static_cast<double>(step.max.exchange);
  }
  for (std::size_t p = 0; p < phases.size(); ++p) {
    phases[p].compute_mean = ratio(phases[p].sum.compute, arrived[p]);
    phases[p].of_takers = ratio(static_cast<double>(phases[p].sum.received), capacity[p]);
  }
  return phases;
}

std::vector<CriticalTile> critical_tiles(const chip::RunTiming& timing) {
  std::map<TileIndex, CriticalTile> found;
  for (std::size_t s = 1; s < timing.steps.size(); ++s) {
    const chip::StepTiming& step = timing.steps[s];
    CriticalTile& tile = found[step.critical];
    tile.tile = step.critical;
    ++tile.steps;
    tile.cycles += timing.steps[s - 1].path.exchange + step.path.compute;
  }
  std::vector<CriticalTile> tiles;
  for (const auto& [index, tile] : found) tiles.push_back(tile);
  std::ranges::stable_sort(tiles, std::ranges::greater{}, &CriticalTile::cycles);
  return tiles;
}

InstructionFigures instructions_of(const chip::RunTiming& timing) {
  InstructionFigures figures;
  std::map<std::pair<std::string_view, isa::Lane>, MnemonicCount> rows;
  for (const isa::Instruction& info : isa::all_instructions()) {
    const auto& counts = timing.issues.at(static_cast<std::size_t>(info.opcode));
    for (unsigned context = 0; context < Context::count; ++context) {
      const std::uint64_t count = counts[context];
      if (count == 0) continue;
      MnemonicCount& row = rows[{info.mnemonic, info.lane}];
      row.mnemonic = info.mnemonic;
      row.lane = info.lane;
      row.count += count;
      row.contexts[context] += count;
      figures.instructions += count;
      (info.lane == isa::Lane::main ? figures.main : figures.aux) += count;
    }
  }
  for (const auto& tile : timing.bundles) {
    for (unsigned context = 0; context < Context::count; ++context) {
      figures.contexts[context] += tile[context];
      figures.bundles += tile[context];
    }
  }
  figures.pairs = figures.instructions - figures.bundles;
  std::uint64_t cycles = 0;
  for (const chip::TileTiming& tile : timing.tiles) cycles += tile.compute + tile.sync + tile.exchange;
  figures.bundles_per_cycle = ratio(figures.bundles, cycles);
  for (auto& [key, row] : rows) figures.mnemonics.push_back(std::move(row));
  std::ranges::stable_sort(figures.mnemonics, std::ranges::greater{}, &MnemonicCount::count);
  return figures;
}

RunFigures figures_of(const chip::RunTiming& timing) {
  RunFigures figures;
  chip::TileTiming sum;
  for (std::uint32_t i = 0; i < timing.tiles.size(); ++i) {
    const chip::TileTiming& tile = timing.tiles[i];
    for (const chip::TimingQuantity& q : chip::timing_quantities) sum.*q.value += tile.*q.value;
    if (tile.compute <= figures.compute_max) continue;
    figures.compute_max = tile.compute;
    figures.compute_max_tile = TileIndex{i};
  }
  figures.tiles = timing.steps.back().arrived;
  figures.compute_mean = ratio(sum.compute, figures.tiles);
  figures.balance = ratio(figures.compute_mean, static_cast<double>(figures.compute_max));
  figures.idle = idle_share(sum);
  return figures;
}

}  // namespace ipusim::app
