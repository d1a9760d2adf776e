// SPDX-License-Identifier: Apache-2.0
// Runs a scenario on both tile models in lockstep.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ipusim/random/scenario.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::random {

struct Difference {
  std::uint64_t cycle = 0;
  std::string message;  // both sides
  // What sort of thing differs, e.g. "retires/excepts": another sort is another fault.
  std::string sort;
};

struct Outcome {
  std::optional<Difference> difference;
  std::vector<tile::ExceptionReport> exceptions;  // of the tiles that ended so
};

// Sees what the tiles do; `tile` counts from 0.
class Witness {
 public:
  virtual ~Witness() = default;
  virtual void on_retire(std::size_t tile, const tile::RetireRecord& record) = 0;
  virtual void on_receive(std::size_t tile, Cycle at, const tile::MemoryWrite& write) = 0;
  virtual void on_hazard(std::size_t tile, const tile::Hazard& hazard) = 0;
};

struct RunOptions {
  Witness* witness = nullptr;
  std::filesystem::path wave_directory;  // see lockstep::LockstepOptions
  bool reload = false;                   // at random times a tile is saved, made anew and loaded
};

// Every tile is a lockstep pair. Between tiles words take a time that depends on both places; a sync of the
// chip ends when every tile that still runs has come to one.
Outcome run(const Scenario& scenario, const RunOptions& options = {});

}  // namespace ipusim::random
