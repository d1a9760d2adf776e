// SPDX-License-Identifier: Apache-2.0
// Which kind each tile is: the system file's, changed by options --tile SEL=KIND. And how they are made, on
// how many threads.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/chip/chip.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::app {

// The kind of each tile of the system, by tile index: its chip's, changed by options "SEL=KIND" in their
// order, the last one wins. Throws ConfigError for a kind in the system file that there is not, InputError
// naming the option.
std::vector<std::string> choose_tile_kinds(const config::SystemConfig& system,
                                           const std::vector<std::string>& options);

// On how many threads tiles run: what was asked for, else as many as the machine has processors if the system
// has more than small_system tiles, and one if not. Throws InputError for 0 or more than most_jobs.
inline constexpr std::size_t small_system = 64;
inline constexpr unsigned most_jobs = 256;
unsigned choose_jobs(const config::SystemConfig& system, std::optional<unsigned> asked);

// Of all kinds. A tile that compares two models writes waves of a difference to a file in `waves`, whose name
// it tells before.
chip::TileFactories make_tile_factories(
    isa::Arch arch, const std::filesystem::path& waves,
    const std::function<void(const std::filesystem::path&)>& on_waves = {});

}  // namespace ipusim::app
