// MAP2: out[i] = op(x[i], y[i]), 8 bytes of each per bundle. Two loads and a store in every bundle of the loop: the memory
// ports are the bound.
//
// State: out, x, y (8-byte aligned), elements (any number). The buffers lie in different memory elements (in region 1: pairs of
// elements), as the loop touches all three in one bundle; else the tile stops with an element conflict. Only `elements`
// elements are used and written. To add in place: update.h.
//
// A worker with c items of 8 bytes issues 28 + c bundles, or 28 + 3 c if c < 2, and 2 more; if the elements are no multiple of
// an item, 4 more, the last worker 16.
#ifndef MAP2_H
#define MAP2_H

#include "codelet.h"

// MAP2 name, log2_lanes, op: op is an aux instruction from $a0:1 and $a2:3 to $a4:5 that works on 2^log2_lanes lanes.
.macro MAP2 name, log2_lanes, op
    LANE_MASKS .L\name\()_masks, 64 >> (\log2_lanes), 64
    .worker
    .section .text.\name, "ax"
FUNCTION \name
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    ld32 $m4, $m13, $mzero, 3
    shr $m5, $m4, \log2_lanes                      // whole items
    WORKER_RUN $m8, $m9, $m5, $m0, $m10, $m11      // 10 bundles
    shl $m8, $m8, 3
    add $m6, $m2, $m8
    add $m7, $m3, $m8
    add $m8, $m1, $m8
    tapack $m6:7, $m6, $m7, $m8
    add $m9, $m9, -2
    brneg $m9, .L\name\()_few
    // A bundle loads an item, works on the one before, and stores the one before that.
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; fnop }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; \op }
    REPEAT $m9, 1
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; \op }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; \op }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
.L\name\()_rest:
    ONLY_LAST_WORKER_WITH_REST .L\name\()_exit, $m4, $m4, 1 << (\log2_lanes), $m0, $m0
    LOAD_MASK $a6:7, .L\name\()_masks, $m4, $m0
    ld64 $a0:1, $m2, $mzero, $m5
    ld64 $a2:3, $m3, $mzero, $m5
    and64 $a0:1, $a0:1, $a6:7
    and64 $a2:3, $a2:3, $a6:7
    \op
    STORE_LANES $a4:5, $a6:7, $m1, $m5, $a0:1
.L\name\()_exit:
    WORKER_EXIT
    // No item or one.
    .p2align 3
.L\name\()_few:
    { add $m9, $m9, 2 ; fnop }
    REPEAT $m9, 3
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; fnop }
    { nop ; \op }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; fnop }
    bri .L\name\()_rest
.endm

#endif
