// SPDX-License-Identifier: Apache-2.0
#include "ipusim/chip/module/debug_windows.hpp"

#include <stdexcept>
#include <utility>

#include "ipusim/isa/csr.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::chip {

using control::ChipStatus;
using control::Tdi;
using device::AccessResult;
using device::Behaviour;
using device::RegisterRead;

namespace {

// Of TileModel::context_status().
constexpr unsigned inactive = 0;
constexpr unsigned active = 1;

std::uint32_t read_csr(const tile::TileModel& tile, unsigned number) {
  return tile.read_register(Context::supervisor(), tile::RegisterWrite::File::csr, number);
}

}  // namespace

DebugWindows::DebugWindows(ChipModel& chip, std::function<void()> resumed)
    : chip_(chip), resumed_(std::move(resumed)), windows_(chip.size()) {}

// The chip is simulated ahead of its host: what a tile that goes on looks like now cannot be told.
AccessResult DebugWindows::answers(TileId place, std::uint32_t offset, const Moment& moment) const {
  const auto tile = chip_.tile_at(place);
  if (!tile) return AccessResult::nothing_there;
  if (moment.status != ChipStatus::running || offset == control::tdi_offset(Tdi::dbg_rbrk)) {
    return AccessResult::done;
  }
  const auto& exception = chip_.exception(*tile);
  return exception && exception->cycle <= moment.under_way ? AccessResult::done : AccessResult::refused;
}

void DebugWindows::add_to(device::RegisterBlock& registers, std::function<Moment()> now) {
  const auto tile_of = [this](std::uint32_t place) {
    return *chip_.tile_at(TileId{static_cast<std::uint16_t>(place)});
  };
  const auto reads = [tile_of](Tdi which, std::function<std::uint32_t(TileIndex)> value) {
    Behaviour behaviour{.offset = control::tdi_offset(which)};
    behaviour.read = [tile_of, value = std::move(value)](std::uint32_t place) {
      return RegisterRead::of(value(tile_of(place)));
    };
    return behaviour;
  };
  const auto writes = [tile_of](Behaviour behaviour, std::function<bool(TileIndex, std::uint32_t)> action) {
    behaviour.write = [tile_of, action = std::move(action)](std::uint32_t place, std::uint32_t value) {
      return action(tile_of(place), value) ? AccessResult::done : AccessResult::refused;
    };
    return behaviour;
  };
  const auto takes = [&](Tdi which, std::function<bool(TileIndex, std::uint32_t)> action) {
    return writes({.offset = control::tdi_offset(which)}, std::move(action));
  };
  const auto csr = [&](Tdi which, unsigned number) {
    return reads(
        which, [this, number](TileIndex tile) { return read_csr(std::as_const(chip_).tile(tile), number); });
  };
  const auto debug_csr = [&](Tdi which, unsigned number) {
    return writes(csr(which, number), [this, number](TileIndex tile, std::uint32_t value) {
      chip_.tile(tile).debug().write_debug_csr(number, value);
      return true;
    });
  };
  registers.add(
      control::windows,
      {csr(Tdi::ctxt_sts, isa::csr::ctxt_sts),
       writes(reads(Tdi::dbg_rbrk, [this](TileIndex tile) { return window(tile).remote_break; }),
              [this, now](TileIndex tile, std::uint32_t v) { return request_break(tile, now().next, v); }),
       takes(Tdi::dbg_iexec,
             [this, now](TileIndex tile, std::uint32_t v) { return inject(tile, now().status, v); }),
       writes(reads(Tdi::dbg_iowner, [this](TileIndex tile) { return window(tile).owner; }),
              [this](TileIndex tile, std::uint32_t v) { return choose_owner(tile, v); }),
       debug_csr(Tdi::dbg_ecsr, isa::csr::dbg_ecsr),
       takes(Tdi::dbg_eclr,
             [this, now](TileIndex tile, std::uint32_t v) { return clear_exceptions(tile, now().next, v); }),
       debug_csr(Tdi::dbg_data, isa::csr::dbg_data),
       reads(Tdi::tdi_sts, [this](TileIndex tile) { return status(tile); }),
       takes(Tdi::tdi_clr, [this](TileIndex tile, std::uint32_t v) { return clear_status(tile, v); }),
       csr(Tdi::incoming_dcount, isa::csr::incoming_dcount), csr(Tdi::exchange_ctl, isa::csr::exchange_ctl),
       writes(reads(Tdi::tdi_ctl, [](TileIndex) { return 0U; }),
              [](TileIndex, std::uint32_t v) { return v == 0; })},
      [this, now](std::uint32_t place, std::uint32_t offset) {
        return answers(TileId{static_cast<std::uint16_t>(place)}, offset, now());
      });
}

bool DebugWindows::clear_status(TileIndex tile, std::uint32_t value) {
  if ((value & control::tdi_invalid) != 0) window(tile).invalid = false;
  return true;
}

std::uint32_t DebugWindows::status(TileIndex tile) const {
  const Window& here = window(tile);
  const auto& model = std::as_const(chip_).tile(tile);
  std::uint32_t value = here.invalid ? control::tdi_invalid : 0;
  if (model.context_status(Context::from_index(here.owner)) == active) value |= control::tdi_not_quiescent;
  return value;
}

bool DebugWindows::request_break(TileIndex tile, Cycle at, std::uint32_t value) {
  if ((value & ~(control::contexts_mask | control::rbrk_in_exchange)) != 0) return false;
  window(tile).remote_break = value;
  chip_.tile(tile).debug().set_remote_break({static_cast<tile::ContextMask>(value & control::contexts_mask),
                                             (value & control::rbrk_in_exchange) != 0},
                                            at);
  return true;
}

bool DebugWindows::choose_owner(TileIndex tile, std::uint32_t value) {
  if (value >= Context::count) return false;
  window(tile).owner = value;
  return true;
}

bool DebugWindows::inject(TileIndex tile, ChipStatus chip, std::uint32_t word) {
  Window& here = window(tile);
  const Context owner = Context::from_index(here.owner);
  const isa::Opcode opcode = isa::decode(word, isa::Mode::supervisor);
  const bool of_start_address = owner.is_supervisor() && opcode == isa::Opcode::bri_mmmn_zi &&
                                chip_.tile(tile).context_status(owner) == inactive;
  bool done = false;
  if (of_start_address) {
    // A tile that was not started with the chip never is.
    done = chip == ChipStatus::reset;
    if (done) chip_.set_entry(tile, ByteAddr{isa::instruction(opcode).operands[0].value(word)});
  } else {
    done = chip_.tile(tile).debug().inject(owner, word) == tile::Injection::done;
  }
  if (!done) here.invalid = true;
  return done;
}

bool DebugWindows::clear_exceptions(TileIndex tile, Cycle at, std::uint32_t contexts) {
  if ((contexts & ~control::contexts_mask) != 0) return false;
  try {
    if (chip_.clear_exceptions(tile, static_cast<tile::ContextMask>(contexts), at)) resumed_();
  } catch (const std::logic_error&) {
    return false;
  }
  return true;
}

}  // namespace ipusim::chip
