// SPDX-License-Identifier: Apache-2.0
// The kinds of tile a chip can be made of: one list with the name, what it is, and how it is made.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/chip/chip.hpp"

namespace ipusim::tile_kinds {

// What some kinds of tile can use.
struct Options {
  // Where a tile that compares two models writes waves of a difference; empty: none are written.
  std::filesystem::path waves;
  // Told the name of such a file before it is written.
  std::function<void(const std::filesystem::path&)> on_waves;
  // Text of an instruction for its message.
  std::function<std::string(std::array<std::uint32_t, 2>)> disassemble;
};

struct TileKind {
  std::string_view name;  // as in `tiles.kind` of a system file and in --tile
  std::string_view help;  // what it is, in a few words
  chip::TileFactory (*make_factory)(const Options& options);
};

const std::vector<TileKind>& all();

// "fast, rtl or lockstep".
std::string names();
// "fast (instruction-level C++), ...": for the help of a program.
std::string help();
// What to tell who named a kind that there is not: "expected kind fast, rtl or lockstep, got 'rtll'; did you
// mean 'rtl'?". Empty if there is a kind of this name.
std::string complaint(std::string_view name);

// Of every kind, by its name.
chip::TileFactories make_factories(const Options& options = {});

}  // namespace ipusim::tile_kinds
