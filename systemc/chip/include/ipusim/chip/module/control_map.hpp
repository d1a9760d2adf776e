// SPDX-License-Identifier: Apache-2.0
// The chip's control registers as software on the other side of PCIe sees them: byte offsets in the
// configuration BAR, 32-bit accesses only. The chip model and the host driver both use this file, and the
// tables of docs/pcie.md and docs/debug.md are made of its rows (target register_tables).
//
// Offsets and fields outside the model block: [HW] through ipu-stack, names [MK1] (docs/provenance.md).
// Everything in the model block is ours [chosen]: the silicon reports these things by other means.
#pragma once

#include <array>
#include <cstdint>

#include "ipusim/base/host_windows.hpp"
#include "ipusim/base/types.hpp"
#include "ipusim/device/registers/register_map.hpp"
#include "ipusim/isa/sync_zones.hpp"

namespace ipusim::chip::control {

using device::Access;
using device::RegisterGroup;
using device::RegisterRow;

inline constexpr std::uint32_t size_bytes = host_windows::control_bytes;

// --- Host sync marks.
inline constexpr std::uint32_t gs1_mark = 0x302C;
inline constexpr std::uint32_t gs2_mark = 0x3030;
inline constexpr std::uint32_t mark_mask = 0xFFFF;
inline constexpr std::array mark_rows{
    RegisterRow{
        "GS1_MARK", gs1_mark, Access::read_write, 0,
        "[15:0] syncs 5 and 13 still granted; 0: all happened. A write grants that many, and is refused "
        "while the mark is not used up"},
    RegisterRow{"GS2_MARK", gs2_mark, Access::read_write, 0, "likewise, syncs 7 and 15"},
};
inline constexpr RegisterGroup marks{"sync marks", 0, mark_rows};

// --- Tile debug windows: one per physical place. While the chip runs a window answers if its tile has
// stopped with an exception; of the others only DBG_RBRK does (docs/debug.md).
inline constexpr std::uint32_t tdi_base = 0x30000;
inline constexpr std::uint32_t tdi_stride = 0x40;
// Masks of contexts: bit 0 the supervisor, bits 1..6 workers 0..5. Writes of bits without a meaning here are
// refused.
inline constexpr std::uint32_t contexts_mask = 0x7F;
inline constexpr std::uint32_t rbrk_in_exchange = 1U << 30U;
inline constexpr std::uint32_t tdi_not_quiescent = 1U << 0U;
inline constexpr std::uint32_t tdi_invalid = 1U << 1U;
// Number of the word in a window.
enum class Tdi : std::uint32_t {
  ctxt_sts = 0,
  dbg_rbrk = 1,
  dbg_iexec = 3,
  dbg_iowner = 4,
  dbg_ecsr = 5,
  dbg_eclr = 6,
  dbg_data = 7,
  tdi_sts = 8,
  tdi_clr = 9,
  incoming_dcount = 10,
  exchange_ctl = 11,
  tdi_ctl = 12
};
constexpr std::uint32_t tdi_offset(Tdi which) { return 4 * static_cast<std::uint32_t>(which); }
inline constexpr std::array tdi_rows{
    RegisterRow{"CTXT_STS", tdi_offset(Tdi::ctxt_sts), Access::read_only, 0,
                "the CSR: two bits per context, ERERR, EERR, MERR"},
    RegisterRow{"DBG_RBRK", tdi_offset(Tdi::dbg_rbrk), Access::read_write, 0,
                "EN [6:0]: contexts that stop with type 1 (rbrk) where they would issue next; ATOV [30]: the "
                "supervisor also at a send or delay instruction. VM_EN [31]: unknown, refused"},
    RegisterRow{
        "DBG_IEXEC", tdi_offset(Tdi::dbg_iexec), Access::write_only, 0,
        "executes an instruction in the context of DBG_IOWNER, at once: loads, stores, arithmetic, `get`, "
        "`put`, branches (they move the saved PC). Before the start a `bri` of the supervisor sets its "
        "start address"},
    RegisterRow{"DBG_IOWNER", tdi_offset(Tdi::dbg_iowner), Access::read_write, 0,
                "context, supervisor 0, worker n n + 1"},
    RegisterRow{"DBG_ECSR", tdi_offset(Tdi::dbg_ecsr), Access::read_write, 0, "the CSR: BOS [5]"},
    RegisterRow{
        "DBG_ECLR", tdi_offset(Tdi::dbg_eclr), Access::write_only, 0,
        "[6:0] contexts: their exceptions are cleared, with bit 0 ERERR, EERR and MERR too. If the tile has "
        "stopped with one of them it goes on"},
    RegisterRow{"DBG_DATA", tdi_offset(Tdi::dbg_data), Access::read_write, 0, "the CSR: the mailbox"},
    RegisterRow{
        "TDI_STS", tdi_offset(Tdi::tdi_sts), Access::read_only, 0,
        "CNQ [0]: the context of DBG_IOWNER is active, and takes no instruction; INV [1]: an instruction was "
        "not executed, because its context is active, it cannot be injected, or it would except. DBLE [2], "
        "BUSY [3]: 0, an injection is over at once"},
    RegisterRow{"TDI_CLR", tdi_offset(Tdi::tdi_clr), Access::write_only, 0, "bit 1 clears INV"},
    RegisterRow{"INCOMING_DCOUNT", tdi_offset(Tdi::incoming_dcount), Access::read_only, 0, "the CSR"},
    RegisterRow{"EXCHANGE_CTL", tdi_offset(Tdi::exchange_ctl), Access::read_only, 0, "the CSR"},
    RegisterRow{"TDI_CTL", tdi_offset(Tdi::tdi_ctl), Access::read_write, 0,
                "SEPEX [0], DISRC [1]: unknown; reads 0, a write of a 1 is refused"},
};

// --- Model block.
inline constexpr std::uint32_t model_base = 0x70000;
inline constexpr std::uint32_t chip_status = model_base + 0x00;
inline constexpr std::uint32_t go = model_base + 0x04;
inline constexpr std::uint32_t tile_count = model_base + 0x08;
inline constexpr std::uint32_t cycle_low = model_base + 0x0C;
inline constexpr std::uint32_t cycle_high = model_base + 0x10;
inline constexpr std::uint32_t exception_count = model_base + 0x14;
inline constexpr std::uint32_t exception_place = model_base + 0x18;
inline constexpr std::uint32_t place_table = model_base + 0x1000;
inline constexpr std::array model_rows{
    RegisterRow{"CHIP_STATUS", chip_status, Access::read_only, 0,
                "0 reset, 1 running, 2 waits for host, 3 stopped, 4 finished, 5 deadlock, 6 cycle limit"},
    RegisterRow{"GO", go, Access::write_only, 0,
                "1 starts every tile that has a start address; once after reset"},
    RegisterRow{"TILE_COUNT", tile_count, Access::read_only, 0, "tiles of the system"},
    RegisterRow{"CYCLE_LOW", cycle_low, Access::read_only, 0,
                "now, in tile clock cycles; reading it latches the upper half"},
    RegisterRow{"CYCLE_HIGH", cycle_high, Access::read_only, 0, "the upper half, as latched"},
    RegisterRow{"EXCEPTION_COUNT", exception_count, Access::read_only, 0,
                "tiles that have stopped with an exception"},
    RegisterRow{"EXCEPTION_PLACE", exception_place, Access::read_only, 0,
                "physical place of the first of them, by cycle; ~0: none"},
};
inline constexpr RegisterGroup model{"model", 0, model_rows};
inline constexpr std::array place_rows{
    RegisterRow{"PLACE", 0, Access::read_only, 0,
                "physical place of the tile with this index, below TILE_COUNT"},
};
inline constexpr RegisterGroup places{"places", place_table, place_rows, (size_bytes - place_table) / 4, 4};

// The windows lie between marks and model block; there is one wherever there can be a place.
inline constexpr RegisterGroup windows{"debug windows", tdi_base, tdi_rows,
                                       (model_base - tdi_base) / tdi_stride, tdi_stride};
constexpr std::uint32_t tdi(TileId place, Tdi which) {
  return windows.address(tdi_offset(which), place.value());
}

enum class ChipStatus : std::uint32_t {
  reset = 0,  // not started
  running = 1,
  waits_for_host = 2,  // every tile has arrived at a host sync, and its mark is used up
  stopped = 3,  // an exception, a misused sync, a lockstep difference, or a hazard that is an error; after an
                // exception that was cleared it runs on
  finished = 4,  // nothing is left to run: no tile waits for anything
  deadlock = 5,  // tiles wait for things that cannot happen
  cycle_limit = 6
};

// --- Tile memory: byte addresses in the memory BAR.
constexpr std::uint64_t memory_address(TileId place, std::uint32_t byte) {
  return std::uint64_t{place.value()} << isa::tile_window_bits | byte;
}

// --- Interrupts: MSI-X vector numbers. [MK1] names two vectors per zone without their meaning; the split is
// [chosen].
namespace vector {
inline constexpr unsigned exception = 0;  // the chip stopped: see chip_status
inline constexpr unsigned count = host_windows::interrupt_vectors;
}  // namespace vector

// --- Sync zones that the host takes part in.
struct HostZone {
  unsigned zone;       // isa::sync_zone
  std::uint32_t mark;  // its register
  unsigned happened;   // vector: a granted sync happened
  unsigned waits;      // vector: every tile waits for the mark
};
inline constexpr std::array host_zones{
    HostZone{isa::sync_zone::gs1_host, gs1_mark, 2, 3},
    HostZone{isa::sync_zone::gs2_host, gs2_mark, 4, 5},
};
static_assert(host_zones.back().waits + 1 == vector::count);
// nullptr: the host takes no part in it.
constexpr const HostZone* find_host_zone(unsigned zone) {
  for (const HostZone& row : host_zones) {
    if (row.zone == zone) return &row;
  }
  return nullptr;
}

}  // namespace ipusim::chip::control
