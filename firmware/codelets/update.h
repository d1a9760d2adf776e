// UPDATE: y[i] = a * x[i] + b * y[i] in place through the accumulators, 8 bytes of each per bundle. Two loads and a store in
// every bundle of the loop: the memory ports are the bound. As the store is three items behind the load, an odd number, they
// meet in different elements of an interleaved pair of region 1.
//
// State: y (8-byte aligned, in region 1), x (8-byte aligned, in other memory elements than y; in region 1: another pair),
// elements (any number), then parameters of the vertex. Only `elements` elements are used and changed.
//
// A worker with c items of 8 bytes issues 20 bundles and those of `setup` (a nop makes them even), then 6 + c, or 5 + 4 c if
// c < 3, then 3, or if the elements are no multiple of an item 5, in the last worker 18.
#ifndef UPDATE_H
#define UPDATE_H

#include "codelet.h"

// UPDATE name, log2_lanes, op, setup: op is an aux instruction from x in $a0:1 and y in $a2:3 to $a4:5 that gives what it was
// given the time before. The macro `setup` puts TAS and zeroes the accumulators; it may change $m9.. and the A
// registers, and finds the worker's number in $m0.
.macro UPDATE name, log2_lanes, op, setup
    LANE_MASKS .L\name\()_masks, 64 >> (\log2_lanes), 64
    .worker
    .section .text.\name, "ax"
FUNCTION \name
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    shr $m4, $m3, \log2_lanes                      // whole items
    WORKER_RUN $m5, $m8, $m4, $m0, $m9, $m10       // 10 bundles
    shl $m5, $m5, 3
    add $m9, $m2, $m5
    add $m5, $m1, $m5
    tapack $m6:7, $m9, $m5, $m5
    \setup
    .p2align 3
    add $m8, $m8, -3
    brneg $m8, .L\name\()_few
    // A bundle loads an item, puts the one before in, gets the one before that and stores the one before that.
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; fnop }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; \op }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; \op }
    REPEAT $m8, 1
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; \op }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; \op }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; \op }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
.L\name\()_rest:
    ONLY_LAST_WORKER_WITH_REST .L\name\()_exit, $m3, $m3, 1 << (\log2_lanes), $m0, $m0
    LOAD_MASK $a6:7, .L\name\()_masks, $m3, $m0
    ld64 $a0:1, $m2, $mzero, $m4
    ld64 $a2:3, $m1, $mzero, $m4
    and64 $a0:1, $a0:1, $a6:7
    and64 $a2:3, $a2:3, $a6:7
    \op
    \op
    STORE_LANES $a4:5, $a6:7, $m1, $m4, $a0:1
.L\name\()_exit:
    WORKER_EXIT
    // Less than three items.
    .p2align 3
.L\name\()_few:
    { add $m8, $m8, 3 ; fnop }
    REPEAT $m8, 4
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; fnop }
    { nop ; \op }
    { nop ; \op }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; fnop }
    bri .L\name\()_rest
.endm

#endif
