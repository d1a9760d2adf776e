// SPDX-License-Identifier: Apache-2.0
// Executes words from outside in a context that stands still (docs/timing.md, 8).
#pragma once

#include "code_cache.hpp"
#include "tile_core.hpp"

namespace ipusim::tile {

class Injector {
 public:
  Injector(TileCore& core, CodeCache& code) : core_(core), code_(code) {}
  Injection inject(Context who, std::uint32_t word, Cycle now);

 private:
  void commit(ContextState& context, Machine& k);

  TileCore& core_;
  CodeCache& code_;
};

}  // namespace ipusim::tile
