// Exceptions and hazards with their place in the program: instruction, source line, symbol.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/chip/chip.hpp"
#include "ipusim/cli/run/outcome.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/toolchain/disassembler.hpp"
#include "ipusim/toolchain/image.hpp"
#include "ipusim/toolchain/source_locator.hpp"

namespace ipusim::cli {

// The instruction or bundle that begins with words[0]; empty if words[0] is none.
std::string disassemble(const toolchain::Disassembler& disassembler,
                        const std::array<std::uint32_t, 2>& words, ByteAddr pc);

class FaultLocator {
 public:
  // images: by tile index. The arguments must outlive the locator.
  FaultLocator(const config::SystemConfig& system, const std::vector<toolchain::Image>& images);

  Fault describe(const chip::TileException& exception);
  // instruction: what the tile executed then, if known.
  Fault describe(const chip::TileHazard& hazard, const std::optional<tile::RetireRecord>& instruction);
  // "pc 0x4c010 (main.S:12)".
  std::string describe(TileIndex tile, ByteAddr pc);

 private:
  void add_instruction(Fault& fault, Context context, ByteAddr pc, const std::array<std::uint32_t, 2>& words);
  std::string source_of(TileIndex tile, ByteAddr pc);
  std::string symbol_of(TileIndex tile, ByteAddr address) const;

  const config::SystemConfig& system_;
  const std::vector<toolchain::Image>& images_;
  toolchain::Disassembler worker_;
  toolchain::Disassembler supervisor_;
  std::map<TileIndex, std::unique_ptr<toolchain::SourceLocator>> sources_;  // of tiles asked about so far
};

}  // namespace ipusim::cli
