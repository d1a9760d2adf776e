// SPDX-License-Identifier: Apache-2.0
// How a planned phase is written down.
#pragma once

#include <cstdint>

namespace ipusim::exchange_planner {

enum class RowStyle : std::uint8_t {
  // Everything as early as it goes; the first receive pointer is put before the sync.
  compact,
  // As the vendor's published point-to-point rows: no selection before a fixed event, all pointers in the
  // row, a lone message's source kept selected until its pointer is set.
  published,
};

}  // namespace ipusim::exchange_planner
