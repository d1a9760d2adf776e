// SPDX-License-Identifier: Apache-2.0
// Which messages of a phase leave as items of 64 bits.
#pragma once

#include "ipusim/exchange_planner/latency_table.hpp"
#include "ipusim/exchange_planner/phase.hpp"
#include "ipusim/exchange_planner/traffic.hpp"

namespace ipusim::exchange_planner {

// As phase.width says. A message to whole pairs and the sender's partner, who cannot hear it while it lends
// its bus, becomes two, the partner's one of words. Throws PlanError for Width::bits64 and a message that
// cannot.
Traffic widened(const Phase& phase, Traffic traffic, const LatencyTable& latency);

}  // namespace ipusim::exchange_planner
