// The kinds of tile a chip can be made of.
#pragma once

#include <filesystem>

#include "ipusim/chip/chip.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::cli {

// "fast", "rtl" and "lockstep". A lockstep tile that finds a difference writes waves of it to `waves`.
chip::TileFactories make_tile_factories(isa::Arch arch, const std::filesystem::path& waves);

}  // namespace ipusim::cli
