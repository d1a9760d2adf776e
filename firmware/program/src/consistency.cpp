// SPDX-License-Identifier: Apache-2.0
#include "ipusim/program/consistency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace ipusim::program {
namespace {

void require_tiles(const config::SourcePlace& where, const config::TileSelection& tiles,
                   const config::TileNames& names) {
  if (tiles.empty()) throw where.error("expected at least one tile");
  if (!std::is_sorted(tiles.begin(), tiles.end()) ||
      std::adjacent_find(tiles.begin(), tiles.end()) != tiles.end())
    throw where.error("expected tiles in ascending order, each once");
  if (tiles.back().value() >= names.size()) {
    throw where.error(fmt::format("there is no tile {}: the system has tiles 0 to {}", tiles.back().value(),
                                  names.size() - 1));
  }
}

// Of an entry of `load` or `read`.
template <class Spec>
void require_images(const Spec& spec, const Program& program, const config::TileNames& names) {
  require_tiles(spec.where, spec.tiles, names);
  for (const TileIndex tile : spec.tiles) {
    if (program.has_image(tile)) continue;
    throw spec.where.error(
        fmt::format("tile {} has no image, so it has no symbol '{}'", names.name(tile), spec.symbol));
  }
}

const std::string* output_of(const ExpectationSpec& expectation) {
  if (const auto* equals = std::get_if<EqualsSpec>(&expectation.check)) return &equals->output;
  if (const auto* matches = std::get_if<MatchesSpec>(&expectation.check)) return &matches->output;
  return nullptr;
}

}  // namespace

void require_consistent(const Program& program, const config::TileNames& names) {
  if (program.images.empty()) throw config::ConfigError("the program has no images");
  std::set<TileIndex> taken;
  for (const ImageSpec& image : program.images) {
    require_tiles(image.where, image.tiles, names);
    for (const TileIndex tile : image.tiles) {
      if (!taken.insert(tile).second)
        throw image.where.error(fmt::format("tile {} has an earlier image already", names.name(tile)));
    }
  }
  for (const LoadSpec& load : program.loads) require_images(load, program, names);
  std::set<std::string> outputs;
  for (const ReadSpec& read : program.reads) {
    require_images(read, program, names);
    if (!outputs.insert(read.name).second)
      throw read.where.error(fmt::format("'{}' is the name of an earlier output already", read.name));
  }
  for (const ExpectationSpec& expectation : program.expectations) {
    const std::string* output = output_of(expectation);
    if (output != nullptr && !outputs.contains(*output)) {
      throw expectation.where.error(
          fmt::format("expectation '{}': there is no output '{}'", expectation.name, *output));
    }
  }
}

}  // namespace ipusim::program
