// SPDX-License-Identifier: Apache-2.0
// arith::dot_of_row compiled for the widest vectors of the host.
#pragma once

#include <array>
#include <cstdint>

#include "ipusim/arith/unit_row.hpp"

namespace ipusim::tile {

using DotOfRow = bool (*)(const std::uint32_t* addend, const arith::UnitRow& row,
                          const std::array<float, 4>& x, std::uint32_t* result);
extern const DotOfRow dot_of_row;

}  // namespace ipusim::tile
