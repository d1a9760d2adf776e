// What the codelets of this folder share: a worker's run of items whose number is only known when it runs, and the lanes of
// a last item that is not full. An item is what one pass of an inner loop takes, usually 8 bytes.
#ifndef CODELET_H
#define CODELET_H

#include "ipu_runtime.h"

#define FP_CLR_ZERO_ACCUMULATORS 8
#define FP_CTL_ESR 0x80000
#define HALF_ONE 0x3C00                            // 1.0 as f16

.set FORWARD, 0                                    // pace selectors: every address 8 bytes on

// WORKER_RUN first, count, items, worker, t0, t1: divides `items` (at most 98303, more than memory holds) among the workers in
// six runs without gaps, of which the first items % 6 are one longer. Run `worker` is `count` items from item `first`. All are
// registers, t0 and t1 scratch. 10 bundles.
.macro WORKER_RUN first, count, items, worker, t0, t1
    setzi \count, 43691                            // items / 6 = items * 43691 / 2^18, exact up to 98303
    mul \count, \items, \count
    shr \count, \count, 18
    mul \t0, \count, IPU_WORKERS
    sub \t0, \items, \t0                           // so many runs are one longer
    mul \first, \worker, \count
    cmpult \t1, \worker, \t0
    add \count, \count, \t1
    min \t1, \worker, \t0
    add \first, \first, \t1
.endm

// LANE_MASKS table, lane_bits, item_bits: masks that keep the first 1, 2, .. lanes of an item, item_bits each.
.macro LANE_MASKS table, lane_bits, item_bits
    .section .rodata.\table, "a"
    .p2align 3
\table:
    .set kept, \lane_bits
    .rept (\item_bits) / (\lane_bits) - 1
    .if kept < 64
    .quad (1 << kept) - 1
    .else
    .quad -1
    .endif
    .if (\item_bits) == 128
    .if kept > 64
    .quad (1 << (kept - 64)) - 1
    .else
    .quad 0
    .endif
    .endif
    .set kept, kept + (\lane_bits)
    .endr
.endm

// ONLY_LAST_WORKER_WITH_REST otherwise, rest, count, lanes, worker, t: goes to `otherwise` unless this is the last worker and
// `count` is no multiple of `lanes`; else `rest` is the lanes that remain. `t` is scratch and may be `worker`. 2 bundles if
// there is no rest, else 4.
.macro ONLY_LAST_WORKER_WITH_REST otherwise, rest, count, lanes, worker, t
    and \rest, \count, (\lanes) - 1
    brz \rest, \otherwise
    cmpeq \t, \worker, IPU_WORKERS - 1
    brz \t, \otherwise
.endm

// LOAD_MASK mask, table, lanes, t: the mask (an A pair) for `lanes` lanes of an item of 8 bytes. 2 bundles.
.macro LOAD_MASK mask, table, lanes, t
    setzi \t, \table - 8
    ld64 \mask, \t, $mzero, \lanes
.endm

// LOAD_QUAD_MASK low, high, table, lanes, t, u: the same for an item of 16 bytes: masks of its halves. 4 bundles.
.macro LOAD_QUAD_MASK low, high, table, lanes, t, u
    setzi \t, \table - 16
    shl \u, \lanes, 4
    ld64 \low, \t, \u, 0
    ld64 \high, \t, \u, 1
.endm

// STORE_LANES value, mask, out, item, t: writes the masked lanes of item `item` at `out` and keeps the others. `value`, `mask`
// and `t` are A pairs; changes value and t. 5 bundles.
.macro STORE_LANES value, mask, out, item, t
    ld64 \t, \out, $mzero, \item
    andc64 \t, \t, \mask
    and64 \value, \value, \mask
    or64 \value, \value, \t
    st64 \value, \out, $mzero, \item
.endm

// ZERO_ACCUMULATORS: all of this worker. 2 bundles.
.macro ZERO_ACCUMULATORS
    setzi $a0, FP_CLR_ZERO_ACCUMULATORS
    uput $FP_CLR, $a0
.endm

// SEED_WORKER seeds, worker, t: this worker's generator takes its four words, PRNG_0_0, _0_1, _1_0, _1_1, of the six times four
// at `seeds`. All are registers; changes seeds and $a0. 10 bundles.
.macro SEED_WORKER seeds, worker, t
    shl \t, \worker, 4
    add \seeds, \seeds, \t
    ld32 $a0, \seeds, $mzero, 0
    uput $PRNG_0_0, $a0
    ld32 $a0, \seeds, $mzero, 1
    uput $PRNG_0_1, $a0
    ld32 $a0, \seeds, $mzero, 2
    uput $PRNG_1_0, $a0
    ld32 $a0, \seeds, $mzero, 3
    uput $PRNG_1_1, $a0
.endm

// ROUND_STOCHASTICALLY: f16 results are rounded stochastically until the worker exits. 4 bundles.
.macro ROUND_STOCHASTICALLY
    uget $a0, $FP_CTL
    setzi $a1, FP_CTL_ESR
    or $a0, $a0, $a1
    uput $FP_CTL, $a0
.endm

#endif
