// SPDX-License-Identifier: Apache-2.0
#include "debugger.hpp"

#include <stdexcept>

#include "faults.hpp"
#include "ipusim/isa/csr.hpp"

namespace ipusim::random {
namespace {

constexpr unsigned most_revivals = 8;

}  // namespace

Debugger::Debugger(std::uint64_t seed, const Scenario& scenario)
    : choice_(seed),
      scenario_(scenario),
      exchange_errors_(choice_.one_in(2) ? static_cast<std::uint8_t>(choice_.bits() & 0x0FU)
                                         : std::uint8_t{0}) {}

void Debugger::prepare(tile::TileModel& tile) {
  if (choice_.one_in(2)) ask_for_break(tile, Cycle{20}, 2000);
  if (choice_.one_in(3)) mark_row(tile);
}

void Debugger::ask_for_break(tile::TileModel& tile, Cycle earliest, std::uint32_t within) {
  const tile::RemoteBreak request{contexts(), choice_.one_in(2)};
  tile.debug().set_remote_break(request, earliest + choice_.pick(within));
}

// Somewhere in the first kilobyte of a piece of code or data.
void Debugger::mark_row(tile::TileModel& tile) {
  const TileSetup& setup = scenario_.tiles.front();
  const auto pieces = static_cast<std::uint32_t>(setup.code.size() + setup.data.size());
  const std::uint32_t piece = choice_.pick(pieces);
  const ByteAddr base =
      piece < setup.code.size() ? setup.code[piece].base() : setup.data[piece - setup.code.size()].at;
  tile.debug().set_memory_error(base + choice_.pick(0x400));
}

// An instruction with random operands; now and then any word at all.
std::uint32_t Debugger::word() {
  for (;;) {
    std::uint32_t word = choice_.bits();
    if (!choice_.one_in(8)) {
      const isa::Instruction& instruction = choice_.of(isa::all_instructions());
      word = instruction.match | (word & ~instruction.mask);
      if (!choice_.one_in(16)) word &= ~coissue_bit;
    }
    if (executed_alike(word)) return word;
  }
}

void Debugger::look_in(tile::TileModel& tile) {
  for (std::uint32_t n = choice_.pick(12); n != 0; --n) {
    tile.debug().inject(Context::from_index(choice_.pick(Context::count)), word());
  }
  if (choice_.one_in(3)) {
    tile.debug().write_debug_csr(isa::csr::dbg_data, choice_.bits());
  }
}

bool Debugger::revive(tile::TileModel& tile, const tile::ExceptionReport& exception) {
  if (++revivals_ > most_revivals || choice_.one_in(16)) return false;
  look_in(tile);
  const Cycle at = exception.cycle + tile::min_resume_delay + choice_.pick(choice_.one_in(8) ? 5000 : 40);
  if (choice_.one_in(3)) {
    ask_for_break(tile, at, 300);
  } else {
    tile.debug().set_remote_break({}, Cycle{0});
  }
  if (choice_.one_in(2)) tile.debug().set_memory_error(std::nullopt);
  // Past what excepted, else it would most of the time except again.
  if (!choice_.one_in(4)) {
    const isa::Instruction& branch = isa::instruction(isa::Opcode::bri_mmmn_zi);
    const std::uint32_t target = (exception.pc.value() + 4 + 4 * choice_.pick(4)) / 4;
    tile.debug().inject(exception.context, branch.match | (target & ~branch.mask));
  }
  try {
    return tile.debug().clear_exceptions(choice_.one_in(16) ? contexts() : tile::ContextMask{0x7F}, at);
  } catch (const std::logic_error&) {
    return false;  // inside an exchange instruction
  }
}

}  // namespace ipusim::random
