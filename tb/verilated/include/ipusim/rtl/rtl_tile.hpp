// SPDX-License-Identifier: Apache-2.0
// The tile in SystemVerilog (rtl/tile), Verilated, as a TileModel.
#pragma once

#include <filesystem>
#include <memory>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::rtl {

// Waves of the cycles begin .. end-1 go to an FST file. Nothing is written outside the window.
struct WaveWindow {
  std::filesystem::path file;
  Cycle begin{0};
  Cycle end = Cycle::never();
};

// Throws std::runtime_error if the wave file cannot be written.
std::unique_ptr<tile::TileModel> make_rtl_tile(const tile::TileParameters& parameters);
std::unique_ptr<tile::TileModel> make_rtl_tile(const tile::TileParameters& parameters,
                                               const WaveWindow& waves);

}  // namespace ipusim::rtl
