// SPDX-License-Identifier: Apache-2.0
// Two models of one tile run side by side on the same inputs; everything they report and, where they stop,
// everything they hold is compared.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "ipusim/rtl/rtl_tile.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::lockstep {

using TileFactory = std::function<std::unique_ptr<tile::TileModel>(const tile::TileParameters&)>;
using WaveTileFactory =
    std::function<std::unique_ptr<tile::TileModel>(const tile::TileParameters&, const rtl::WaveWindow&)>;

struct LockstepOptions {
  TileFactory reference;  // empty: the fast tile. It alone talks to the exchange; its reports are passed on
  TileFactory candidate;  // empty: the RTL tile
  // Writes the waves of a difference: run again with the recorded inputs, in a window around it. Empty: the
  // RTL tile. No waves are written, and no inputs recorded, if wave_directory is empty.
  WaveTileFactory wave_candidate;
  std::filesystem::path wave_directory;
  std::uint64_t wave_cycles_before = 200;
  std::uint64_t wave_cycles_after = 50;
  // Inputs are recorded from a state of the tile on that lies at least so many bytes of them back: waves
  // begin no earlier, however long the window.
  std::size_t input_log_bytes = std::size_t{4} << 20U;
  // Text of an instruction for the message, if there is a disassembler.
  std::function<std::string(std::array<std::uint32_t, 2>)> disassemble;
};

// advance() answers StopReason::mismatch at the first difference, with its cycle, and a message that shows
// both sides and names the wave file (lockstep-tile<ID>-cycle<CYCLE>.fst). The tile runs no further then.
// Compared: every retire record, receive, send, mux selection, pre-acknowledgement, hazard and exception with
// its cycle; at every sync, exception and idle stop also all registers, CSRs, PCs and the memory.
std::unique_ptr<tile::TileModel> make_lockstep_tile(const tile::TileParameters& parameters,
                                                    LockstepOptions options = {});

}  // namespace ipusim::lockstep
