// Names and lines of a program's images: symbols, source places, disassembly.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ipusim/chip/chip.hpp"
#include "ipusim/toolchain/disassembler.hpp"
#include "ipusim/toolchain/image.hpp"
#include "ipusim/toolchain/source_locator.hpp"

namespace ipusim::cli {

class ProgramView {
 public:
  // images: by tile index; must outlive the view.
  ProgramView(const std::vector<toolchain::Image>& images, isa::Arch arch);

  // A symbol of the tile's image, 0x1234, 1234, symbol+0x10, or file:line. Throws InputError if it is none of
  // these.
  ByteAddr parse_address(TileIndex tile, const std::string& text);
  // "symbol+0x10", or the number if no symbol lies at or below it.
  std::string name_of(TileIndex tile, ByteAddr address) const;
  std::optional<toolchain::SourceLocation> source_of(TileIndex tile, ByteAddr address);
  // One instruction or bundle of what stands in the tile's memory.
  toolchain::Disassembly disassemble(const chip::Chip& chip, TileIndex tile, Context context,
                                     ByteAddr address) const;

 private:
  toolchain::SourceLocator& locator(TileIndex tile);
  std::optional<ByteAddr> find_line(TileIndex tile, const std::string& file, unsigned line);

  const std::vector<toolchain::Image>& images_;
  toolchain::Disassembler worker_, supervisor_;
  std::map<TileIndex, std::unique_ptr<toolchain::SourceLocator>> locators_;
};

}  // namespace ipusim::cli
