// SPDX-License-Identifier: Apache-2.0
// Runs of whole programs on a tile, with all they show: to be compared with one another.
#pragma once

#include "tile_bench.hpp"

namespace ipusim::tile::test {

struct WholeRun {
  std::vector<RetireRecord> retired;
  std::vector<Recorder::Received> received;
  std::vector<Hazard> hazards;
  std::vector<ScriptedPort::Sent> sent;
  std::vector<ScriptedPort::Selected> selected;
  std::vector<std::uint64_t> syncs;
  std::vector<std::uint32_t> memory;
  std::vector<std::uint32_t> registers;
  friend bool operator==(const WholeRun&, const WholeRun&) = default;
};

// Compute, barrier, exchange with sends and receives, wait for words, code that is overwritten, again and
// again. `seed` 0: one slice to each sync. Others: slices of random length, and words become known in random
// steps. `observed` false: without what only an observer sees. `look` sees the tile before every slice.
WholeRun busy_run(const TileKind& kind, bool observed, unsigned seed,
                  const std::function<void(const TileModel&)>& look = {});

struct RandomRun {
  StopReport stop;
  std::vector<std::uint32_t> state;
};

// A random program on all six workers, twice.
RandomRun random_run(const TileKind& kind, bool observed, std::uint32_t seed);

}  // namespace ipusim::tile::test
