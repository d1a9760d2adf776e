// What the codelets of this folder share: a worker's run of items whose number is only known when it runs, and the lanes of
// a last item that is not full. An item is what one pass of an inner loop takes, usually 8 bytes.
#ifndef CODELET_H
#define CODELET_H

#include "ipu_runtime.h"

#define FP_CLR_ZERO_ACCUMULATORS 8
#define FORWARD 0                                  // pace selectors: every address 8 bytes on
#define HALF_ONE 0x3C00                            // 1.0 as f16

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

// ONLY_LAST_WORKER_WITH_REST exit, rest, count, lanes, worker: goes to `exit` unless this is the last worker and `count` is no
// multiple of `lanes`; else `rest` is the lanes that remain. Changes `worker`. 2 bundles if there is no rest, else 4.
.macro ONLY_LAST_WORKER_WITH_REST exit, rest, count, lanes, worker
    and \rest, \count, (\lanes) - 1
    brz \rest, \exit
    cmpeq \worker, \worker, IPU_WORKERS - 1
    brz \worker, \exit
.endm

// LOAD_MASK mask, table, lanes, t: the mask (an A pair) for `lanes` lanes of an item of 8 bytes. 2 bundles.
.macro LOAD_MASK mask, table, lanes, t
    setzi \t, \table - 8
    ld64 \mask, \t, $mzero, \lanes
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

#endif
