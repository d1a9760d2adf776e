// SPDX-License-Identifier: Apache-2.0
#include "ipusim/tile_kinds/tile_kinds.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "ipusim/config/nearest_name.hpp"
#include "ipusim/lockstep/lockstep_tile.hpp"
#include "ipusim/rtl/rtl_tile.hpp"
#include "ipusim/tile/fast_tile.hpp"

namespace ipusim::tile_kinds {
namespace {

using tile::TileParameters;

chip::TileFactory make_fast(const Options&) { return &tile::make_fast_tile; }

chip::TileFactory make_rtl(const Options&) {
  return [](const TileParameters& parameters) { return rtl::make_rtl_tile(parameters); };
}

chip::TileFactory make_lockstep(const Options& options) {
  lockstep::LockstepOptions lockstep;
  lockstep.wave_directory = options.waves;
  lockstep.wave_candidate = [on_waves = options.on_waves](const TileParameters& parameters,
                                                          const rtl::WaveWindow& window) {
    if (on_waves) on_waves(window.file);
    return rtl::make_rtl_tile(parameters, window);
  };
  lockstep.disassemble = options.disassemble;
  return [lockstep](const TileParameters& parameters) {
    return lockstep::make_lockstep_tile(parameters, lockstep);
  };
}

std::vector<std::string> name_list() {
  std::vector<std::string> names;
  for (const TileKind& kind : all()) names.emplace_back(kind.name);
  return names;
}

}  // namespace

const std::vector<TileKind>& all() {
  static const std::vector<TileKind> kinds{
      {"fast", "instruction-level C++", &make_fast},
      {"rtl", "Verilated SystemVerilog", &make_rtl},
      {"lockstep", "both, compared at every retired bundle", &make_lockstep},
  };
  return kinds;
}

std::string names() {
  const std::vector<std::string> list = name_list();
  return fmt::format("{} or {}", fmt::join(list.begin(), list.end() - 1, ", "), list.back());
}

std::string help() {
  std::vector<std::string> texts;
  for (const TileKind& kind : all()) texts.push_back(fmt::format("{} ({})", kind.name, kind.help));
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string complaint(std::string_view name) {
  const std::vector<std::string> list = name_list();
  if (std::find(list.begin(), list.end(), name) != list.end()) return {};
  const auto nearest = config::nearest_name(name, list);
  return fmt::format("expected kind {}, got '{}'{}", names(), name,
                     nearest ? fmt::format("; did you mean '{}'?", *nearest) : std::string{});
}

chip::TileFactories make_factories(const Options& options) {
  chip::TileFactories factories;
  for (const TileKind& kind : all()) factories.emplace(kind.name, kind.make_factory(options));
  return factories;
}

}  // namespace ipusim::tile_kinds
