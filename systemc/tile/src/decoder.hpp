// SPDX-License-Identifier: Apache-2.0
// Instruction words -> the compact form the loop executes, with every check that needs no state.
#pragma once

#include <array>
#include <cstdint>

#include "execution.hpp"

namespace ipusim::tile {

// How DirectMachine may execute a bundle.
enum class DirectForm : std::uint8_t { none, main, aux, pair };

struct Bundle {
  Op main;  // or the lone instruction, whatever its lane
  Op aux;   // handler is null if there is none
  std::uint8_t bytes = 4;
  std::array<std::uint32_t, 2> words{};
  // A fault of the words alone: raised whatever the state. Before it only the PC checks.
  Fault illegal;
  bool allowed_in_repeat = false;  // and lies as a body must
  DirectForm direct = DirectForm::none;
  bool modelled = true;  // else raised after the repeat check
  // For the supervisor's waits:
  std::uint16_t m_read = 0;     // bit n: reads $mn
  std::uint16_t m_written = 0;  // bit n: has $mn as destination
  bool is_run = false;
  bool timed_exchange = false;
};

// Whether a word at `pc` is the first one of a bundle whose second one lies in the next row of memory.
bool straddles_rows(std::uint32_t first, std::uint32_t pc, bool worker);

// Decodes the bundle at `pc` (4-aligned, in region 0) as a context of this kind sees it. `second` is the word
// at pc + 4, or nothing if that is outside region 0; looked at only if first and pc want it.
Bundle decode_bundle(std::uint32_t first, std::optional<std::uint32_t> second, std::uint32_t pc, bool worker,
                     isa::Arch arch);

}  // namespace ipusim::tile
