// SPDX-License-Identifier: Apache-2.0
// The part of a run that is one chip's: what is loaded to it, how it ended, what the host read from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ipusim/app/run/fault_locator.hpp"
#include "ipusim/app/run/outcome.hpp"
#include "ipusim/chip/chip_model.hpp"
#include "ipusim/config/tile_names.hpp"
#include "ipusim/host/driver.hpp"

namespace ipusim::app {

struct RunInput;

class ChipRun {
 public:
  // The input must outlive this.
  ChipRun(const RunInput& input, ChipIndex chip);

  // Whether the program has an image for a tile of the chip. One that is not used is left in reset.
  bool is_used() const;

  // --- in the thread of the chip's host, if it is used
  // Images, entries, what the program loads, and the syncs that the host grants. Throws HostError.
  void load(host::IpuDriver& driver) const;
  // The chip rests: reads what the chip's tiles have of the outputs. What cannot be read is kept as such.
  void read_back(host::IpuDriver& driver, chip::control::ChipStatus status);

  // --- after the run
  // Adds the chip's outcome and problems.
  void judge_end(const chip::ChipModel& chip, RunOutcome& outcome) const;
  // Adds what the chip's tiles have of an entry of `read`. False, and a problem, if it could not be read.
  bool add_output(std::size_t entry, Output& output, std::vector<std::string>& problems) const;
  // Adds cycles, exceptions and problems, and completes the chip's outcome. Returns the tiles, by index in
  // the system, whose two models differ.
  std::vector<TileIndex> report(const chip::ChipModel& chip, FaultLocator& locator,
                                RunOutcome& outcome) const;

 private:
  struct Part {
    std::vector<std::vector<std::uint8_t>> areas;  // of the chip's tiles, in tile order
    std::optional<std::string> failure;
  };
  bool is_own(TileIndex tile) const { return names_.ref(tile).chip == chip_; }
  TileId place_of(TileIndex tile) const;
  std::string told(const std::string& problem) const;
  std::vector<TileIndex> troubled(const chip::ChipReport& report, const std::string& state) const;

  const RunInput& input_;
  ChipIndex chip_;
  config::TileNames names_;
  std::optional<chip::control::ChipStatus> status_;
  std::vector<Part> parts_;  // by entry of `read`
};

}  // namespace ipusim::app
