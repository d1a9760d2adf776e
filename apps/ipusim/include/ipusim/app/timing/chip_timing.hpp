// SPDX-License-Identifier: Apache-2.0
// The timing of a chip's run with the program's names in it.
#pragma once

#include <string>
#include <vector>

#include "ipusim/app/build/transfers.hpp"
#include "ipusim/chip/timing/run_timing.hpp"
#include "ipusim/config/tile_names.hpp"

namespace ipusim::app {

// Of a step; symbols of the critical tile's image. Empty where there is none.
struct StepName {
  std::string title;                  // how reports call the step; never empty
  std::string function;               // that holds the sync: a planned phase's "exchange_go"
  std::string caller;                 // where it was called from, "main+0x10"
  std::vector<std::string> vertices;  // that workers ran before the sync
};

struct ChipTiming {
  ChipIndex chip;
  chip::RunTiming run;
  std::vector<StepName> names;                      // by step
  std::vector<TileIndex> traced;                    // as asked for, by number in the chip
  std::vector<std::vector<std::string>> run_names;  // of run.worker_runs: the vertices
};

// images: of the system, by tile index.
ChipTiming name_timing(ChipIndex chip, chip::RunTiming timing, std::vector<TileIndex> traced,
                       const config::TileNames& names, const TileImages& images);

}  // namespace ipusim::app
