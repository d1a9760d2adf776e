// SPDX-License-Identifier: Apache-2.0
// Whether the parts of a program fit each other and a system's tiles: for programs that no file was read for.
#pragma once

#include "ipusim/config/tile_names.hpp"
#include "ipusim/program/program.hpp"

namespace ipusim::program {

// Throws ConfigError, with a place if the part has one: no image, tiles that are not ascending or that the
// system does not have, a tile with two images, loads and reads of tiles without an image, names of outputs
// given twice or not at all. What load_program() returns has none of this.
void require_consistent(const Program& program, const config::TileNames& names);

}  // namespace ipusim::program
