// MAP1: out[i] = f(x[i]) where f takes two operations or more per 8 bytes, so that loads and stores go beside them: the aux
// lane is the bound.
//
// State: out, x (8-byte aligned, anywhere, also the same buffer), elements (any number), then parameters of the vertex.
//
// A worker with c items of 8 bytes issues 19 bundles and those of `setup` (a nop makes them even), 1, then if c > 0 another
// 4 + c * (2 + middle_bundles), then 3, or if the elements are no multiple of an item 5, in the last worker 18 + middle_bundles.
// So many turns too, if every instruction takes one.
#ifndef MAP1_H
#define MAP1_H

#include "codelet.h"

.macro NOTHING
.endm

// MAP1 name, log2_lanes, first, last, middle, middle_bundles, setup: f from $a0:1 to $a2:3 for 2^log2_lanes lanes is the aux
// instruction `first`, the bundles of the macro `middle`, which leave the main lane alone, and the aux instruction `last`,
// after which $a0:1 is not needed. $a4.. may hold constants, which the macro `setup` loads; it may change $m9.., $a0..$a3, and
// finds the worker's number in $m0.
.macro MAP1 name, log2_lanes, first, last, middle=NOTHING, middle_bundles=0, setup=NOTHING
    LANE_MASKS .L\name\()_masks, 64 >> (\log2_lanes), 64
    .worker
    .section .text.\name, "ax"
FUNCTION \name
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    shr $m4, $m3, \log2_lanes                      // whole items
    WORKER_RUN $m5, $m6, $m4, $m0, $m7, $m8        // 10 bundles
    shl $m5, $m5, 3
    add $m7, $m2, $m5
    add $m8, $m1, $m5
    \setup
    .p2align 3
    brz $m6, .L\name\()_rest
    add $m6, $m6, -1
    // The loop begins with an item's last operation, beside which the next is loaded, in whose first the result is stored.
    { ld64step $a0:1, $mzero, $m7+=, 1 ; fnop }
    { nop ; \first }
    \middle
    REPEAT $m6, 2 + (\middle_bundles)
    { ld64step $a0:1, $mzero, $m7+=, 1 ; \last }
    { st64step $a2:3, $mzero, $m8+=, 1 ; \first }
    \middle
    { nop ; \last }
    { st64step $a2:3, $mzero, $m8+=, 1 ; fnop }
.L\name\()_rest:
    ONLY_LAST_WORKER_WITH_REST .L\name\()_exit, $m3, $m3, 1 << (\log2_lanes), $m0, $m0
    LOAD_MASK $a2:3, .L\name\()_masks, $m3, $m0
    ld64 $a0:1, $m2, $mzero, $m4
    and64 $a0:1, $a0:1, $a2:3
    { nop ; \first }
    \middle
    { nop ; \last }
    LOAD_MASK $a4:5, .L\name\()_masks, $m3, $m0
    STORE_LANES $a2:3, $a4:5, $m1, $m4, $a0:1
.L\name\()_exit:
    WORKER_EXIT
.endm

#endif
