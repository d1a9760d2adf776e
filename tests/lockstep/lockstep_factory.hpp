// SPDX-License-Identifier: Apache-2.0
// Lockstep tiles with every option at its default, for suites that take a plain factory.
#pragma once

#include "ipusim/lockstep/lockstep_tile.hpp"

namespace ipusim::lockstep {

inline std::unique_ptr<tile::TileModel> make_plain_lockstep_tile(const tile::TileParameters& parameters) {
  return make_lockstep_tile(parameters);
}

}  // namespace ipusim::lockstep
