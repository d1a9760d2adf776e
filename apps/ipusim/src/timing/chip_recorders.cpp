// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/timing/chip_recorders.hpp"

namespace ipusim::app {

void ChipRecorders::begin(ChipIndex chip, chip::ChipModel& model) {
  auto& recorder = recorders_.at(chip.value());
  recorder = std::make_unique<chip::TimingRecorder>(plan_.chips.at(chip.value()));
  recorder->begin(model);
}

std::vector<ChipTiming> ChipRecorders::finish(host::Machine& machine, const config::TileNames& names,
                                              const TileImages& images) {
  std::vector<ChipTiming> all;
  for (std::uint32_t c = 0; c < recorders_.size(); ++c) {
    const ChipIndex chip{c};
    if (recorders_[c] == nullptr) continue;
    all.push_back(
        name_timing(chip, recorders_[c]->finish(machine.chip(chip)), plan_.chips[c].traced, names, images));
  }
  return all;
}

}  // namespace ipusim::app
