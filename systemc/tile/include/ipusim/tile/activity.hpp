// SPDX-License-Identifier: Apache-2.0
// What a tile does, counted while it runs: what issues, by instruction and context, and when its workers ran.
// Retire records tell the same and more, but cost more than the run itself.
//
// One writer, the thread that runs the tile; read while the tile stands still.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::tile {

// From a worker's first issue to its exit.
struct WorkerRun {
  unsigned worker = 0;
  ByteAddr entry;
  Cycle first;  // in which its first bundle issued
  Cycle last;   // in which its exit issued; of one that still runs: Cycle::never()
  friend bool operator==(const WorkerRun&, const WorkerRun&) = default;
};

class Activity {
 public:
  // A row per opcode, a column per context. Row `invalid`: bundles without a second half.
  static constexpr std::size_t columns = 8;
  static_assert(Context::count <= columns);

  Activity() : issues_(columns * (isa::all_instructions().size() + 1)) {}
  // Runs of workers are kept from now on: those that overlap the cycles from `from` to before `to`.
  void keep_runs(Cycle from, Cycle to) { kept_ = {from, to}; }

  // --- the tile
  // A bundle, or a lone instruction with `aux` invalid, was retired.
  void issued(Context who, isa::Opcode main, isa::Opcode aux) {
    count(who, main, aux);
    bundles_[who.index()] += 1;
  }
  // The same in two parts, for loops that know how many bundles they executed.
  void count(Context who, isa::Opcode main, isa::Opcode aux) {
    issues_[columns * static_cast<std::size_t>(main) + who.index()] += 1;
    issues_[columns * static_cast<std::size_t>(aux) + who.index()] += 1;
  }
  void count_bundles(Context who, std::uint64_t bundles) { bundles_[who.index()] += bundles; }
  void launched(unsigned worker, ByteAddr entry, Cycle first) {
    open_[worker] = Run{entry, first};
    const auto known = std::ranges::find(entries_, entry, &Entry::pc);
    if (known == entries_.end()) {
      entries_.push_back({entry, first, first});
    } else {
      known->last = first;
    }
  }
  void exited(unsigned worker, Cycle at) {
    if (const auto run = std::exchange(open_[worker], std::nullopt))
      keep({worker, run->entry, run->first, at});
  }
  // The tile was reset, or loaded from a state: workers that run now were launched before it counted.
  void forget_open_runs() { open_ = {}; }

  // --- who reads
  std::uint64_t issues(isa::Opcode opcode, Context who) const {
    return issues_[columns * static_cast<std::size_t>(opcode) + who.index()];
  }
  // Bundles and lone instructions, by context.
  const std::array<std::uint64_t, Context::count>& bundles() const { return bundles_; }
  // Where workers began that issued their first bundle before `until`, since it was asked last; each once, in
  // the order of their first cycles.
  std::vector<ByteAddr> take_entries(Cycle until) {
    std::vector<Entry> taken, left;
    for (const Entry& entry : entries_) {
      if (entry.first < until) taken.push_back(entry);
      if (entry.last >= until) left.push_back({entry.pc, std::max(entry.first, until), entry.last});
    }
    entries_ = std::move(left);
    std::ranges::stable_sort(taken, {}, &Entry::first);
    std::vector<ByteAddr> pcs;
    pcs.reserve(taken.size());
    for (const Entry& entry : taken) pcs.push_back(entry.pc);
    return pcs;
  }
  // Those of keep_runs() that began before `until`, by (first, worker).
  std::vector<WorkerRun> runs(Cycle until) const {
    std::vector<WorkerRun> all = runs_;
    for (unsigned worker = 0; worker < Context::workers; ++worker) {
      const auto& run = open_[worker];
      if (run && run->first < until && overlaps(run->first, Cycle::never()))
        all.push_back({worker, run->entry, run->first, Cycle::never()});
    }
    std::ranges::sort(all, {}, [](const WorkerRun& run) { return std::pair{run.first, run.worker}; });
    return all;
  }

 private:
  struct Run {
    ByteAddr entry;
    Cycle first;
  };
  struct Entry {
    ByteAddr pc;
    Cycle first;
    Cycle last;
  };
  bool overlaps(Cycle first, Cycle last) const {
    return kept_ && first < kept_->second && last >= kept_->first;
  }
  void keep(const WorkerRun& run) {
    if (overlaps(run.first, run.last)) runs_.push_back(run);
  }

  std::vector<std::uint64_t> issues_;
  std::array<std::uint64_t, Context::count> bundles_{};
  std::array<std::optional<Run>, Context::workers> open_;
  std::vector<Entry> entries_;  // few: a program has few vertices
  std::optional<std::pair<Cycle, Cycle>> kept_;
  std::vector<WorkerRun> runs_;
};

}  // namespace ipusim::tile
