// The chip's control registers as software on the other side of PCIe sees them: byte offsets in the
// configuration BAR, 32-bit accesses only. The chip model and the host driver both use this file.
//
// Offsets and fields outside the model block: [HW] through ipu-stack, names [MK1] (docs/provenance.md).
// Everything in the model block is ours [chosen]: the silicon reports these things by other means.
#pragma once

#include <cstdint>

#include "ipusim/base/types.hpp"

namespace ipusim::chip::control {

inline constexpr std::uint32_t size_bytes = 0x80000;

// --- Host sync marks. [15:0] = syncs of the zone (GS1: sync 5/13, GS2: sync 7/15) still granted.
// Write: grants that many; refused while the mark is not used up. Read: what is left now; 0 = all happened.
inline constexpr std::uint32_t gs1_mark = 0x302C;
inline constexpr std::uint32_t gs2_mark = 0x3030;
inline constexpr std::uint32_t mark_mask = 0xFFFF;

// --- Tile debug windows: one per physical place. Refused while the chip runs.
inline constexpr std::uint32_t tdi_base = 0x30000;
inline constexpr std::uint32_t tdi_stride = 0x40;
enum class Tdi : std::uint32_t {
  ctxt_sts = 0,         // RO: 2 bits per context from bit 0 (supervisor, worker 0..5): 0 inactive, 1 active,
                        //     2 excepted by a break, 3 excepted otherwise
  dbg_iexec = 3,        // WO: executes this instruction in the context of dbg_iowner. Modelled: `bri`, which
                        //     sets the supervisor's start address, while the tile has not been started
  dbg_iowner = 4,       // RW: context of dbg_iexec; modelled: 0, the supervisor
  dbg_data = 7,         // RO: CSR DBG_DATA
  tdi_sts = 8,          // RO: bit 0 context not quiescent, bit 1 the last injection was refused
  tdi_clr = 9,          // WO: bit 1 clears bit 1 of tdi_sts
  incoming_dcount = 10  // RO: CSR INCOMING_DCOUNT
};
inline constexpr std::uint32_t tdi_not_quiescent = 1U << 0U;
inline constexpr std::uint32_t tdi_invalid = 1U << 1U;
constexpr std::uint32_t tdi(TileId place, Tdi which) {
  return tdi_base + tdi_stride * place.value() + 4 * static_cast<std::uint32_t>(which);
}

// --- Model block.
inline constexpr std::uint32_t model_base = 0x70000;
inline constexpr std::uint32_t chip_status = model_base + 0x00;  // RO: ChipStatus
inline constexpr std::uint32_t go = model_base + 0x04;           // WO: 1 starts every tile that has a start
                                                                 //     address; once after reset
inline constexpr std::uint32_t tile_count = model_base + 0x08;   // RO
inline constexpr std::uint32_t cycle_low = model_base + 0x0C;    // RO: now, in tile clock cycles; reading it
inline constexpr std::uint32_t cycle_high = model_base + 0x10;   //     latches the upper half
inline constexpr std::uint32_t exception_count = model_base + 0x14;  // RO: tiles that excepted so far
inline constexpr std::uint32_t exception_place =
    model_base + 0x18;  // RO: the first of them, by cycle; ~0: none
// RO, tile_count words: physical place of tile index 0, 1, ...
inline constexpr std::uint32_t place_table = model_base + 0x1000;

enum class ChipStatus : std::uint32_t {
  reset = 0,  // not started
  running = 1,
  waits_for_host = 2,  // every tile has arrived at a host sync, and its mark is used up
  stopped = 3,         // an exception, a misused sync, a lockstep difference, or a hazard that is an error
  finished = 4,        // nothing is left to run: no tile waits for anything
  deadlock = 5,        // tiles wait for things that cannot happen
  cycle_limit = 6
};

// --- Interrupts: MSI-X vector numbers. [MK1] names two vectors per zone without their meaning; the split is
// [chosen].
namespace vector {
inline constexpr unsigned exception = 0;     // the chip stopped: see chip_status
inline constexpr unsigned gs1_happened = 2;  // a granted GS1 sync happened
inline constexpr unsigned gs1_waits = 3;     // every tile waits in GS1 for the host's mark
inline constexpr unsigned gs2_happened = 4;
inline constexpr unsigned gs2_waits = 5;
}  // namespace vector

}  // namespace ipusim::chip::control
