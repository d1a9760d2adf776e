// SPDX-License-Identifier: Apache-2.0
// Names, lines and source text of a program's images; disassembly of what stands in memory.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/app/build/transfers.hpp"
#include "ipusim/app/run/source_text.hpp"
#include "ipusim/chip/chip_model.hpp"
#include "ipusim/toolchain/disassembler.hpp"
#include "ipusim/toolchain/image.hpp"
#include "ipusim/toolchain/source_locator.hpp"
#include "ipusim/toolchain/symbol_locator.hpp"

namespace ipusim::app {

class ProgramView {
 public:
  // images: by tile index; must outlive the view. sources: see SourceText.
  ProgramView(const TileImages& images, isa::Arch arch, const std::filesystem::path& sources);

  // The value of a symbol of the tile's image, global or local. Throws InputError if there is none, or if it
  // is a local one of several files.
  std::uint32_t symbol(TileIndex tile, const std::string& name);
  // All of them, sorted.
  std::vector<std::string> symbol_names(TileIndex tile) const;
  // The lowest address of the first line at or after `line` that has code. file: the end of a path. Throws
  // InputError if there is none.
  ByteAddr line(TileIndex tile, const std::string& file, unsigned line);
  // "symbol+0x10": see SymbolLocator.
  std::optional<std::string> symbol_at(TileIndex tile, ByteAddr address) const;
  // The same, or the number if there is none.
  std::string name_of(TileIndex tile, ByteAddr address) const;
  // The number, and the same behind it if there is one.
  std::string place(TileIndex tile, ByteAddr address) const;
  std::optional<toolchain::SourceLocation> source_of(TileIndex tile, ByteAddr address);
  SourceText& text() { return text_; }
  // One instruction or bundle of what stands in the tile's memory. Throws std::out_of_range outside it.
  toolchain::Disassembly disassemble(const chip::ChipModel& chip, TileIndex tile, Context context,
                                     ByteAddr address) const;

 private:
  toolchain::SourceLocator& locator(TileIndex tile);

  const TileImages& images_;
  toolchain::Disassembler worker_, supervisor_;
  std::map<TileIndex, std::unique_ptr<toolchain::SourceLocator>> locators_;
  mutable std::map<TileIndex, toolchain::SymbolLocator> symbols_;  // of tiles asked about so far
  SourceText text_;
};

}  // namespace ipusim::app
