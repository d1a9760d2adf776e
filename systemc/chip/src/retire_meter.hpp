// SPDX-License-Identifier: Apache-2.0
// Counts the activity of a tile that does not count by itself, by its retire records.
#pragma once

#include <array>

#include "ipusim/tile/activity.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::chip {

class RetireMeter {
 public:
  explicit RetireMeter(tile::Activity& activity) : activity_(activity) {}
  // The tile stands, possibly elsewhere than where its last record left it.
  void restart(const tile::TileModel& model);
  void add(const tile::RetireRecord& record);

 private:
  tile::Activity& activity_;
  std::array<bool, Context::workers> active_{};
};

}  // namespace ipusim::chip
