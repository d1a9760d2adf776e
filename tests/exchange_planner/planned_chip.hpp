// SPDX-License-Identifier: Apache-2.0
// A chip that runs planned phases, one after another, on known memory.
#pragma once

#include <filesystem>
#include <map>
#include <span>

#include "ipusim/chip/chip.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/plan_text.hpp"
#include "ipusim/exchange_planner/planner.hpp"
#include "ipusim/tile/fast_tile.hpp"
#include "program.hpp"
#include "text_encoder.hpp"

namespace ipusim::planner_test {

inline config::ChipConfig system_of(const std::string& name) {
  return config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs" / name);
}
inline config::ChipConfig system_at(const std::vector<std::uint16_t>& places) {
  config::ChipConfig system = system_of("mk2.yaml");
  system.places.clear();
  for (const std::uint16_t place : places) system.places.push_back(TileId{place});
  return system;
}

class PlannedChip {
 public:
  static constexpr std::uint32_t code = 0x4C000;
  static constexpr std::uint32_t functions = code + 0x400;  // after the main program

  // What a caller gives to a phase with bases of its caller.
  struct Bases {
    std::uint32_t outgoing, incoming;
  };

  // Every tile calls the phases in their order, then waits in host sync 7.
  PlannedChip(const config::ChipConfig& system, const std::vector<exchange_planner::Phase>& phases,
              const std::map<std::string, std::uint32_t>& symbols, const chip::TileFactory& make_tile,
              const std::map<std::string, Bases>& bases = {})
      : planned(exchange_planner::plan(system, phases)),
        chip(system, std::vector<std::string>(system.places.size(), "tile"), {{"tile", make_tile}}) {
    for (std::uint32_t tile = 0; tile < chip.size(); ++tile) {
      TextEncoder encoder(symbols, functions);
      encoder.encode(assembly_of(planned, TileIndex{tile}));
      tile_test::Program main(code);
      for (const auto& phase : phases) {
        if (const auto given = bases.find(phase.name); given != bases.end()) {
          main.op("setzi_mmmn_zi", {2, given->second.outgoing});
          main.op("setzi_mmmn_zi", {3, given->second.incoming});
        }
        const std::uint32_t target = encoder.address_of("exchange_" + phase.name);
        main.op("call_mmmn_zi", {10, target / 4});
      }
      main.op("sync", {7});
      write(tile, code, main.code());
      write(tile, functions, encoder.words());
      chip.set_entry(TileIndex{tile}, ByteAddr{code});
    }
  }

  void write(std::uint32_t tile, std::uint32_t address, const std::vector<std::uint32_t>& words) {
    chip.tile(TileIndex{tile}).write_memory(ByteAddr{address}, std::as_bytes(std::span{words}));
  }
  std::vector<std::uint32_t> read(std::uint32_t tile, std::uint32_t address, std::size_t words) const {
    std::vector<std::uint32_t> result(words);
    chip.tile(TileIndex{tile}).read_memory(ByteAddr{address}, std::as_writable_bytes(std::span{result}));
    return result;
  }

  exchange_planner::Plan planned;
  chip::Chip chip;
};

}  // namespace ipusim::planner_test
