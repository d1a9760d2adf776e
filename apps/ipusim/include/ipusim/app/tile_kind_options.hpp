// Which kind each tile is: the system file's, changed by options --tile SEL=KIND. And how they are made.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ipusim/chip/chip.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::app {

// The kind of each tile of the system, by tile index: the system's, changed by options "SEL=KIND" in their
// order, the last one wins. Throws ConfigError for a kind in the system file that there is not, InputError
// naming the option.
std::vector<std::string> choose_tile_kinds(const config::ChipConfig& system,
                                           const std::vector<std::string>& options);

// Of all kinds. A tile that compares two models writes waves of a difference to a file in `waves`, whose name
// it tells before.
chip::TileFactories make_tile_factories(
    isa::Arch arch, const std::filesystem::path& waves,
    const std::function<void(const std::filesystem::path&)>& on_waves = {});

}  // namespace ipusim::app
