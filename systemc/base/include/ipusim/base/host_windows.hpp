// SPDX-License-Identifier: Apache-2.0
// How large the windows are through which a host sees any IPU, and how many interrupts it has. The part
// file's reader checks BARs and vectors against these; what stands in the windows is the chip's
// (control_map.hpp).
#pragma once

#include <cstdint>

#include "ipusim/isa/isa.hpp"

namespace ipusim::host_windows {

inline constexpr std::uint32_t control_bytes = 0x80000;  // control registers [HW]
// A tile's memory: place << tile_window_bits | tile byte address.
inline constexpr std::uint64_t tile_bytes = std::uint64_t{1} << isa::tile_window_bits;
inline constexpr unsigned interrupt_vectors = 6;  // numbers 0..5: control::vector

}  // namespace ipusim::host_windows
