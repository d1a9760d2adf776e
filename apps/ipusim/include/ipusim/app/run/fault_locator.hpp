// SPDX-License-Identifier: Apache-2.0
// Exceptions and hazards with their place in the program: instruction, source line, symbol.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/app/build/transfers.hpp"
#include "ipusim/app/run/outcome.hpp"
#include "ipusim/app/run/source_text.hpp"
#include "ipusim/chip/chip.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/toolchain/disassembler.hpp"
#include "ipusim/toolchain/image.hpp"
#include "ipusim/toolchain/source_locator.hpp"
#include "ipusim/toolchain/symbol_locator.hpp"

namespace ipusim::app {

// The instruction or bundle that begins with words[0]; ".long 0x..." if words[0] is none.
std::string disassemble(const toolchain::Disassembler& disassembler,
                        const std::array<std::uint32_t, 2>& words, ByteAddr pc);

class FaultLocator {
 public:
  // images: by tile index. source_folder: see SourceText. The references must outlive the locator.
  FaultLocator(const config::SystemConfig& system, const TileImages& images,
               std::filesystem::path source_folder = {});

  // Of what a chip reports, whose tiles have their numbers in it.
  Fault describe(ChipIndex chip, const chip::TileException& exception);
  // instruction: what the tile executed then, if known.
  Fault describe(ChipIndex chip, const chip::TileHazard& hazard,
                 const std::optional<tile::RetireRecord>& instruction);
  // The instruction at `pc` of a tile at rest.
  CodePlace locate(TileIndex tile, Context context, const tile::TileModel& model, ByteAddr pc);
  // Whether the instruction at `pc` waits for the tile's own workers.
  bool is_worker_sync(const tile::TileModel& model, ByteAddr pc) const;
  // Names and lines of the tile's image are made anew when they are needed again: they take memory.
  void forget(TileIndex tile) { names_.erase(tile); }

 private:
  CodePlace place_of(TileIndex tile, Context context, ByteAddr pc, const std::array<std::uint32_t, 2>& words);
  std::string symbol_of(TileIndex tile, ByteAddr address);
  bool is_in_memory(ByteAddr address) const;

  // Names and lines of a tile's image, made when they are asked for.
  struct Names {
    explicit Names(const toolchain::Image& image) : symbols(image), sources(image) {}
    toolchain::SymbolLocator symbols;
    toolchain::SourceLocator sources;
  };
  const Names& names_of(TileIndex tile);

  Fault begin_fault(ChipIndex chip, TileIndex tile) const;

  const config::SystemConfig& system_;
  config::TileNames tile_names_;
  const TileImages& images_;
  SourceText text_;
  toolchain::Disassembler worker_;
  toolchain::Disassembler supervisor_;
  std::map<TileIndex, std::unique_ptr<Names>> names_;
};

}  // namespace ipusim::app
