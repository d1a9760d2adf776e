// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/tile_kind_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "ipusim/app/run/fault_locator.hpp"
#include "ipusim/base/input_error.hpp"
#include "ipusim/config/tile_selection.hpp"
#include "ipusim/tile_kinds/tile_kinds.hpp"

namespace ipusim::app {

std::vector<std::string> choose_tile_kinds(const config::SystemConfig& system,
                                           const std::vector<std::string>& options) {
  std::vector<std::string> result;
  for (const config::ChipConfig& chip : system.chips) {
    if (const std::string complaint = tile_kinds::complaint(chip.tile_kind); !complaint.empty())
      throw chip.tile_kind_place.error(complaint);
    result.insert(result.end(), chip.places.size(), chip.tile_kind);
  }
  const config::TileNames names = system.tile_names();
  for (const std::string& option : options) {
    const auto equals = option.rfind('=');
    if (equals == std::string::npos) {
      throw InputError(fmt::format("--tile {}: expected SELECTION=KIND, such as 0-7=rtl", option));
    }
    const std::string kind = option.substr(equals + 1);
    if (const std::string complaint = tile_kinds::complaint(kind); !complaint.empty())
      throw InputError(fmt::format("--tile {}: {}", option, complaint));
    try {
      for (const TileIndex tile : config::parse_tile_selection(option.substr(0, equals), names)) {
        result[tile.value()] = kind;
      }
    } catch (const config::ConfigError& error) {
      throw InputError(fmt::format("--tile {}: {}", option, error.what()));
    }
  }
  return result;
}

unsigned choose_jobs(const config::SystemConfig& system, std::optional<unsigned> asked) {
  if (!asked) {
    const bool is_small = system.tile_names().size() <= small_system;
    return is_small ? 1 : std::clamp(std::thread::hardware_concurrency(), 1U, most_jobs);
  }
  if (*asked == 0 || *asked > most_jobs)
    throw InputError(fmt::format("--jobs {}: expected a number of threads from 1 to {}", *asked, most_jobs));
  return *asked;
}

chip::TileFactories make_tile_factories(isa::Arch arch, const std::filesystem::path& waves,
                                        const std::function<void(const std::filesystem::path&)>& on_waves) {
  const auto disassembler = std::make_shared<const toolchain::Disassembler>(arch);
  return tile_kinds::make_factories({.waves = waves,
                                     .on_waves = on_waves,
                                     .disassemble = [disassembler](std::array<std::uint32_t, 2> words) {
                                       return disassemble(*disassembler, words, ByteAddr{0});
                                     }});
}

}  // namespace ipusim::app
