// SPDX-License-Identifier: Apache-2.0
// A chip of tiles of one kind, each with a program built from instruction words.
#pragma once

#include <filesystem>
#include <span>

#include "ipusim/chip/chip.hpp"
#include "ipusim/chip/edge/host_marks.hpp"
#include "ipusim/tile/fast_tile.hpp"
#include "program.hpp"

namespace ipusim::chip_test {

using chip::Chip;
using chip::TileFactories;
using tile_test::Program;

class FastChip {
 public:
  explicit FastChip(const std::vector<std::pair<std::uint16_t, Program>>& tiles,
                    const config::HazardConfig& hazards = {}, const std::string& kind = "fast",
                    const TileFactories& factories = {{"fast", &tile::make_fast_tile}}) {
    auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
    system.hazards = hazards;
    system.places.clear();
    for (const auto& [place, program] : tiles) system.places.push_back(TileId{place});
    chip = std::make_unique<Chip>(system, std::vector<std::string>(tiles.size(), kind), factories);
    for (std::uint32_t i = 0; i < tiles.size(); ++i) {
      const Program& program = tiles[i].second;
      chip->tile(TileIndex{i})
          .write_memory(ByteAddr{program.base()}, std::as_bytes(std::span{program.code()}));
      chip->set_entry(TileIndex{i}, ByteAddr{program.base()});
    }
    marks = std::make_unique<chip::HostMarks>(system.sync);
    chip->attach(*marks);
    chip->start();
  }
  std::uint32_t m(std::uint32_t tile, unsigned n) {
    return chip->tile(TileIndex{tile}).read_register(Context::supervisor(), tile::RegisterWrite::File::m, n);
  }
  std::unique_ptr<chip::HostMarks> marks;
  std::unique_ptr<Chip> chip;
};

}  // namespace ipusim::chip_test
