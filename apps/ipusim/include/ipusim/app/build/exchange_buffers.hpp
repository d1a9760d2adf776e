// SPDX-License-Identifier: Apache-2.0
// Whether the symbols of an image have room for what exchange phases read and write there.
#pragma once

#include <string>
#include <vector>

#include "ipusim/config/tile_names.hpp"
#include "ipusim/exchange_planner/buffer_use.hpp"
#include "ipusim/toolchain/image.hpp"

namespace ipusim::app {

class ExchangeBuffers {
 public:
  // Tiles are told by `names`, which must outlive this.
  ExchangeBuffers(const std::vector<exchange_planner::Phase>& phases, const config::TileNames& names);

  // Whether an image whose objects define these global symbols has those that the tile's phases name. Throws
  // InputError naming file, line, key, phase, symbol and the nearest of the known ones.
  void require_symbols(TileIndex tile, const std::vector<std::string>& known) const;
  // Throws InputError naming file, line, key, phase and symbol: more bytes than the symbol has (if its size
  // is known) or than the tile's memory has behind it. Throws ToolError if there is no such symbol.
  void check(TileIndex tile, const toolchain::Image& image) const;

 private:
  struct Use {
    std::string phase;
    exchange_planner::BufferUse buffer;
    std::string place() const;  // before a message
  };
  const config::TileNames& names_;
  std::vector<std::vector<Use>> uses_;  // by tile index
};

}  // namespace ipusim::app
