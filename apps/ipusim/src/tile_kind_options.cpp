#include "ipusim/app/tile_kind_options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ipusim/app/input_error.hpp"
#include "ipusim/config/tile_selection.hpp"

namespace ipusim::app {
namespace {

constexpr std::array<std::string_view, 3> kinds{"fast", "rtl", "lockstep"};

}  // namespace

std::vector<std::string> choose_tile_kinds(const std::string& default_kind,
                                           const std::vector<std::string>& options, std::size_t tile_count) {
  std::vector<std::string> result(tile_count, default_kind);
  for (const std::string& option : options) {
    const auto equals = option.rfind('=');
    if (equals == std::string::npos) {
      throw InputError(fmt::format("--tile {}: expected SELECTION=KIND, such as 0-7=rtl", option));
    }
    const std::string kind = option.substr(equals + 1);
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) {
      throw InputError(fmt::format("--tile {}: expected kind fast, rtl or lockstep, got '{}'", option, kind));
    }
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

}  // namespace ipusim::app
