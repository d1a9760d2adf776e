// SPDX-License-Identifier: Apache-2.0
// Records the timing of all chips of a machine.
#pragma once

#include <memory>
#include <vector>

#include "ipusim/app/build/transfers.hpp"
#include "ipusim/app/timing/chip_timing.hpp"
#include "ipusim/app/timing/timing_plan.hpp"
#include "ipusim/chip/timing/timing_recorder.hpp"
#include "ipusim/host/machine.hpp"

namespace ipusim::app {

class ChipRecorders {
 public:
  explicit ChipRecorders(const TimingPlan& plan) : plan_(plan), recorders_(plan.chips.size()) {}

  // From here on; the chip is loaded and will be started, or goes on. Chips of other hosts may do so
  // meanwhile.
  void begin(ChipIndex chip, chip::ChipModel& model);
  // The machine has run. Of the chips that began.
  std::vector<ChipTiming> finish(host::Machine& machine, const config::TileNames& names,
                                 const TileImages& images);

 private:
  const TimingPlan& plan_;
  std::vector<std::unique_ptr<chip::TimingRecorder>> recorders_;  // by chip index
};

}  // namespace ipusim::app
