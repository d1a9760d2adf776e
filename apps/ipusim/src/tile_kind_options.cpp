#include "ipusim/app/tile_kind_options.hpp"

#include <fmt/format.h>

#include <memory>

#include "ipusim/app/run/fault_locator.hpp"
#include "ipusim/base/input_error.hpp"
#include "ipusim/config/tile_selection.hpp"
#include "ipusim/tile_kinds/tile_kinds.hpp"

namespace ipusim::app {

std::vector<std::string> choose_tile_kinds(const config::ChipConfig& system,
                                           const std::vector<std::string>& options) {
  if (const std::string complaint = tile_kinds::complaint(system.tile_kind); !complaint.empty())
    throw system.tile_kind_place.error(complaint);
  const std::size_t tile_count = system.places.size();
  std::vector<std::string> result(tile_count, system.tile_kind);
  for (const std::string& option : options) {
    const auto equals = option.rfind('=');
    if (equals == std::string::npos) {
      throw InputError(fmt::format("--tile {}: expected SELECTION=KIND, such as 0-7=rtl", option));
    }
    const std::string kind = option.substr(equals + 1);
    if (const std::string complaint = tile_kinds::complaint(kind); !complaint.empty())
      throw InputError(fmt::format("--tile {}: {}", option, complaint));
    try {
      for (const TileIndex tile : config::parse_tile_selection(option.substr(0, equals), tile_count)) {
        result[tile.value()] = kind;
      }
    } catch (const config::ConfigError& error) {
      throw InputError(fmt::format("--tile {}: {}", option, error.what()));
    }
  }
  return result;
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
