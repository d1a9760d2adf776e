// SPDX-License-Identifier: Apache-2.0
// Where the contexts of tiles stand when a run came to no end, many that stand alike as one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ipusim/app/run/fault_locator.hpp"
#include "ipusim/app/run/outcome.hpp"
#include "ipusim/chip/chip_report.hpp"
#include "ipusim/config/tile_names.hpp"

namespace ipusim::app {

class StandingReport {
 public:
  // The locator must outlive this.
  explicit StandingReport(FaultLocator& locator) : locator_(locator) {}

  // A tile at rest: its supervisor, and every worker that is active. Tiles in rising order.
  void add(TileIndex tile, const chip::TileStanding& standing, const tile::TileModel& model);
  // The fewest contexts first: what stands apart is what holds the others up.
  std::vector<StandingGroup> take();

 private:
  StandingGroup& group_of(StandingGroup like);
  void add_supervisor(TileIndex tile, const chip::TileStanding& standing, const tile::TileModel& model);
  void add_worker(TileIndex tile, Context worker, const tile::TileModel& model);

  FaultLocator& locator_;
  std::vector<StandingGroup> groups_;
  std::map<std::string, std::size_t> number_;  // by all that makes contexts alike
};

// "1204 tiles (0-1203): the supervisor waits in sync 3 since cycle 812 at pc ...": one line.
std::string to_string(const StandingGroup& group, const config::TileNames& names);

}  // namespace ipusim::app
