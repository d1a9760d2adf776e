// SPDX-License-Identifier: Apache-2.0
// What a tile executed in given cycles: hazards happen beside the program, and name no instruction
// themselves.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::app {

// Observes one tile.
class InstructionWitness : public tile::TileObserver {
 public:
  explicit InstructionWitness(const std::vector<Cycle>& cycles);

  // The bundle that issued in `cycle`, one of those given; if there was none, the supervisor's last before:
  // the one whose sends and delays were under way. Nothing if there was none either.
  std::optional<tile::RetireRecord> seen(Cycle cycle) const;

  void on_retire(const tile::RetireRecord& record) override;
  void on_receive(Cycle, const tile::MemoryWrite&) override {}
  void on_hazard(const tile::Hazard&) override {}

 private:
  std::map<Cycle, std::optional<tile::RetireRecord>> seen_;
  std::map<Cycle, std::optional<tile::RetireRecord>>::iterator next_;  // the first cycle not passed yet
  std::optional<tile::RetireRecord> supervisor_;                       // its last record
};

}  // namespace ipusim::app
