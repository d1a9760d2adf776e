// SPDX-License-Identifier: Apache-2.0
// timing.txt: the same as timing.json for a reader, without what is told tile by tile.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "ipusim/app/report/timing_files.hpp"
#include "ipusim/app/timing/timing_figures.hpp"

namespace ipusim::app {
namespace {

constexpr std::size_t most_steps = 200, most_critical_tiles = 10, most_mnemonics = 40;

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }
std::string percent(std::uint64_t part, std::uint64_t whole) {
  return percent(whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole));
}

std::string left_out(std::size_t all, std::size_t shown) {
  return all <= shown ? "" : fmt::format("... {} more: see {}\n", all - shown, TimingJsonFile::file_name);
}

std::string head(const ChipTiming& timing, const RunReport& report) {
  const chip::RunTiming& run = timing.run;
  const config::ChipConfig& chip = report.system.chips.at(timing.chip.value());
  const RunFigures figures = figures_of(run);
  const std::uint64_t total = run.path.total();
  std::string text = fmt::format("{}: {} tiles, {} of them in the program; {} cycles, {:.3f} us at {} MHz\n",
                                 isa::arch_info(chip.arch).name, run.tiles.size(), figures.tiles, total,
                                 1e6 * static_cast<double>(total) / static_cast<double>(chip.clock_hz),
                                 static_cast<double>(chip.clock_hz) / 1e6);
  if (run.begin != run.start)
    text += fmt::format("resumed: what was before cycle {} is not told\n", run.begin - run.start);
  text += fmt::format("critical path: compute {} ({}), sync {} ({}), exchange {} ({})\n", run.path.compute,
                      percent(run.path.compute, total), run.path.sync, percent(run.path.sync, total),
                      run.path.exchange, percent(run.path.exchange, total));
  text += fmt::format(
      "compute of a tile: mean {:.0f}, most {} (tile {}), balance {}; tiles wait in syncs for {}\n",
      figures.compute_mean, figures.compute_max, figures.compute_max_tile.value(), percent(figures.balance),
      percent(figures.idle));
  return text;
}

std::string phases(const ChipTiming& timing) {
  std::string text =
      "\nphases: cycles are those of the critical path; balance: mean by longest compute of the tiles "
      "that came; use: words\nreceived by what the buses of the tiles that received any could carry\n";
  text += fmt::format("{:>7} {:>10} {:>7} {:>10} {:>9} {:>9} {:>12} {:>7}  {}\n", "steps", "cycles", "share",
                      "compute", "sync", "exchange", "words", "use", "name");
  for (const PhaseFigures& p : phases_of(timing)) {
    text += fmt::format("{:>7} {:>10} {:>7} {:>10} {:>9} {:>9} {:>12} {:>7}  {}\n", p.steps, p.path.total(),
                        percent(p.path.total(), timing.run.path.total()), p.path.compute, p.path.sync,
                        p.path.exchange, p.sum.received, p.sum.received == 0 ? "-" : percent(p.of_takers),
                        p.title);
  }
  return text;
}

// What names a step beyond its title.
std::string details(const StepName& name) {
  std::string text = name.title;
  if (!name.caller.empty()) text += " <- " + name.caller;
  if (!name.vertices.empty()) text += fmt::format(" after {}", fmt::join(name.vertices, ", "));
  return text;
}

std::string steps(const ChipTiming& timing) {
  const chip::RunTiming& run = timing.run;
  std::string text =
      "\nsteps, in order; their tiles and cycles are the critical chain of the run: this tile came last to "
      "the sync after it\ncomputed so long; the exchange behind the sync is that of the next step's tile\n";
  text += fmt::format("{:>5} {:>10} {:>10} {:>6} {:>9} {:>9} {:>7} {:>8} {:>9} {:>7} {:>7}  {}\n", "step",
                      "begin", "release", "tile", "compute", "sync", "exchange", "balance", "words/c", "chip",
                      "takers", "name");
  std::size_t shown = 0, all = 0;
  for (std::size_t s = 0; s < run.steps.size(); ++s) {
    const chip::StepTiming& step = run.steps[s];
    if (is_empty(step) || ++all > most_steps) continue;
    ++shown;
    const StepFigures f = figures_of(step, run.tiles.size());
    const bool exchanges = step.sum.received != 0;
    text += fmt::format("{:>5} {:>10} {:>10} {:>6} {:>9} {:>9} {:>7} {:>8} {:>9} {:>7} {:>7}  {}\n", s,
                        step.begin - run.start, step.release - run.start, step.critical.value(),
                        step.path.compute, step.path.sync, step.path.exchange, percent(f.balance),
                        exchanges ? fmt::format("{:.2f}", f.words_per_cycle) : "-",
                        exchanges ? percent(f.of_chip) : "-", exchanges ? percent(f.of_takers) : "-",
                        details(timing.names[s]));
  }
  return text + left_out(all, shown);
}

std::string critical(const ChipTiming& timing) {
  const auto tiles = critical_tiles(timing.run);
  std::string text = "\ntiles on the critical chain: steps and cycles of exchange and compute\n";
  for (std::size_t i = 0; i < std::min(tiles.size(), most_critical_tiles); ++i)
    text += fmt::format("{:>7} {:>7} {:>10}\n", tiles[i].tile.value(), tiles[i].steps, tiles[i].cycles);
  return text + left_out(tiles.size(), most_critical_tiles);
}

std::string instructions(const ChipTiming& timing) {
  const InstructionFigures f = instructions_of(timing.run);
  std::string text = fmt::format(
      "\ninstructions of all tiles: {} in {} bundles ({} with two halves), main lane {}, aux lane {}\n"
      "issue slots used: {} ({:.3f} bundles a cycle and tile)\n",
      f.instructions, f.bundles, f.pairs, f.main, f.aux, percent(f.bundles_per_cycle), f.bundles_per_cycle);
  for (unsigned i = 0; i < Context::count; ++i) {
    text += fmt::format("{}{}: {}", i == 0 ? "bundles by context: " : ", ", Context::from_index(i).name(),
                        f.contexts[i]);
  }
  text += fmt::format("\n{:>14} {:>7} {:>5}  {}\n", "count", "share", "lane", "mnemonic");
  for (std::size_t i = 0; i < std::min(f.mnemonics.size(), most_mnemonics); ++i) {
    const MnemonicCount& row = f.mnemonics[i];
    text += fmt::format("{:>14} {:>7} {:>5}  {}\n", row.count, percent(row.count, f.instructions),
                        row.lane == isa::Lane::main ? "main" : "aux", row.mnemonic);
  }
  return text + left_out(f.mnemonics.size(), most_mnemonics);
}

}  // namespace

std::string TimingTextFile::text(const RunReport& report) const {
  std::string text = fmt::format("{} on {}: where the time went (docs/timing_report.md); run {}\n",
                                 report.program.name, report.system.name, report.outcome.state);
  for (const ChipTiming& chip : report.outcome.timing) {
    text += "\n";
    if (report.system.chips.size() > 1) text += report.system.tile_names().chip(chip.chip).name + "\n";
    text += head(chip, report) + phases(chip) + steps(chip) + critical(chip) + instructions(chip);
  }
  return text;
}

}  // namespace ipusim::app
