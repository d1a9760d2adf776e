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

// --- Tile debug windows: one per physical place. While the chip runs a window answers if its tile has
// stopped with an exception; of the others only DBG_RBRK does (docs/debug.md).
inline constexpr std::uint32_t tdi_base = 0x30000;
inline constexpr std::uint32_t tdi_stride = 0x40;
// Masks of contexts: bit 0 the supervisor, bits 1..6 workers 0..5. Writes of bits without a meaning here are
// refused.
inline constexpr std::uint32_t contexts_mask = 0x7F;
enum class Tdi : std::uint32_t {
  ctxt_sts = 0,   // RO: CSR CTXT_STS
  dbg_rbrk = 1,   // RW: EN [6:0] contexts that shall stop, ATOV [30] also at an instruction of the exchange
  dbg_iexec = 3,  // WO: executes this instruction in the context of dbg_iowner, if that is not active. Before
                  //     the start a `bri` of the supervisor sets its start address
  dbg_iowner = 4,  // RW: context of dbg_iexec, 0..6
  dbg_ecsr = 5,    // RW: CSR DBG_ECSR
  dbg_eclr = 6,    // WO: clears the exceptions of these contexts; the tile goes on if it had stopped with one
  dbg_data = 7,    // RW: CSR DBG_DATA
  tdi_sts = 8,     // RO: CNQ [0] the context of dbg_iowner is active, INV [1] an injection was not executed;
                   //     DBLE [2] and BUSY [3] are 0: an injection is over at once
  tdi_clr = 9,     // WO: a 1 clears INV
  incoming_dcount = 10,  // RO: CSR INCOMING_DCOUNT
  exchange_ctl = 11,     // RO: CSR EXCHANGE_CTL
  tdi_ctl = 12           // SEPEX [0], DISRC [1]: unknown; reads 0, a write of a 1 is refused
};
inline constexpr std::uint32_t rbrk_in_exchange = 1U << 30U;
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
inline constexpr std::uint32_t exception_count =
    model_base + 0x14;  // RO: tiles that have stopped with an exception
inline constexpr std::uint32_t exception_place =
    model_base + 0x18;  // RO: the first of them, by cycle; ~0: none
// RO, tile_count words: physical place of tile index 0, 1, ...
inline constexpr std::uint32_t place_table = model_base + 0x1000;

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
