// The kinds of tile a chip can be made of.
#pragma once

#include <filesystem>
#include <functional>

#include "ipusim/chip/chip.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::app {

// "fast", "rtl" and "lockstep". A lockstep tile that finds a difference writes waves of it to a file in
// `waves`, whose name it tells before.
chip::TileFactories make_tile_factories(
    isa::Arch arch, const std::filesystem::path& waves,
    const std::function<void(const std::filesystem::path&)>& on_waves = {});

}  // namespace ipusim::app
