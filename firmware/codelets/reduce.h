// REDUCE: one f32 from all elements of one or two buffers. Each worker takes its run of items in order of memory and leaves a
// partial result; then one worker combines these, with the vertex's own operation for +: ((p0 + p2) + p4) + ((p1 + p3) + p5).
// A bundle loads an item and takes in the one before.
//
// Supervisor vertex: `call $m10, NAME` with $m0 = state; changes $m1, $m2. State: out, x, then y if there are two inputs, elements
// (any number). Two inputs lie in different memory elements (in region 1: pairs of elements).
//
// A worker with c items issues 15 bundles, 2 per input and those of `start` (a nop makes them even), then if c > 0 another 4 + c,
// 1 if not, then 5 and those of `result`, or if the elements are no multiple of an item 7, in the last worker also those of `rest`.
// The combining worker issues 10.
#ifndef REDUCE_H
#define REDUCE_H

#include "codelet.h"

// --- parts that several vertices have

// REST_OF_TWO masks, step: the lanes that remain of two inputs, others zero. 7 bundles.
.macro REST_OF_TWO masks, step
    LOAD_MASK $a6:7, \masks, $m4, $m6
    ld64 $a0:1, $m2, $mzero, $m5
    ld64 $a2:3, $m3, $mzero, $m5
    and64 $a0:1, $a0:1, $a6:7
    and64 $a2:3, $a2:3, $a6:7
    \step
.endm

// REST_OF_QUAD masks, step: the lanes that remain of items of 16 bytes, others zero. 10 bundles.
.macro REST_OF_QUAD masks, step
    LOAD_QUAD_MASK $a4:5, $a6:7, \masks, $m4, $m6, $m7
    shl $m6, $m5, 4
    ld64 $a0:1, $m2, $m6, 0
    ld64 $a2:3, $m2, $m6, 1
    and64 $a0:1, $a0:1, $a4:5
    and64 $a2:3, $a2:3, $a6:7
    \step
.endm

// REST_OF_MAXIMUM masks, step: the lanes that remain; others are those of the maximum so far, in $a4:5. 7 bundles.
.macro REST_OF_MAXIMUM masks, step
    LOAD_MASK $a6:7, \masks, $m4, $m6
    ld64 $a0:1, $m2, $mzero, $m5
    and64 $a0:1, $a0:1, $a6:7
    andc64 $a2:3, $a4:5, $a6:7
    or64 $a0:1, $a0:1, $a2:3
    \step
.endm

// RESULT_OF_TWO_SUMS: the first two accumulators together. 2 bundles.
.macro RESULT_OF_TWO_SUMS
    f32v2gina $a0:1, $azeros, 0
    f32add $a0, $a0, $a1
.endm

// --- the vertex

// REDUCE name, inputs, log2_lanes, log2_bytes, load, step, start, rest, result, combine2, combine: an item is 2^log2_lanes lanes
// in 2^log2_bytes bytes. The instruction `load` loads the next item, by $m6 and $m7, `step` takes it in. Macros: `start` makes
// the result that of no elements; `rest` takes in, with step, the $m4 lanes that remain of item $m5 at $m2, $m3, and may change
// $m4 and $m6..; `result` puts the f32 in $a0. combine2 and combine are the mnemonics of the operation for a pair and one.
.macro REDUCE name, inputs, log2_lanes, log2_bytes, load, step, start, rest, result, combine2, combine
    LANE_MASKS .L\name\()_masks, (8 << (\log2_bytes)) >> (\log2_lanes), 8 << (\log2_bytes)
    .section .bss.\name, "aw", @nobits
    .p2align 3
.L\name\()_partials:
    .space 4 * IPU_WORKERS

    .supervisor
    .section .text.\name, "ax"
FUNCTION \name
    setzi $m1, .L\name\()_worker
    runall $m1, $m0, 0
    setzi $m1, __memory_base
    sub $m2, $m0, $m1                              // `run` takes the state's place in memory
    setzi $m1, .L\name\()_combine
    sync IPU_SYNC_WORKERS
    run $m1, $m2, 0
    sync IPU_SYNC_WORKERS
    br $m10

    .worker
    .p2align 3
.L\name\()_worker:
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m2, $m13, $mzero, 1
    .if \inputs == 2
    ld32 $m3, $m13, $mzero, 2
    .endif
    ld32 $m4, $m13, $mzero, \inputs + 1
    shr $m5, $m4, \log2_lanes                      // whole items
    WORKER_RUN $m8, $m9, $m5, $m0, $m10, $m11      // 10 bundles
    shl $m8, $m8, \log2_bytes
    add $m6, $m2, $m8
    .if \inputs == 2
    add $m7, $m3, $m8
    .endif
    \start
    .p2align 3
    brz $m9, .L\name\()_rest
    add $m9, $m9, -1
    { \load ; fnop }
    REPEAT $m9, 1
    { \load ; \step }
    \step
.L\name\()_rest:
    ONLY_LAST_WORKER_WITH_REST .L\name\()_partial, $m4, $m4, 1 << (\log2_lanes), $m0, $m1
    \rest .L\name\()_masks, "\step"
.L\name\()_partial:
    \result
    setzi $m1, .L\name\()_partials
    st32 $a0, $m1, $mzero, $m0
    WORKER_EXIT

    .p2align 3
.L\name\()_combine:
    setzi $m0, .L\name\()_partials
    ld64 $a0:1, $m0, $mzero, 0
    ld64 $a2:3, $m0, $mzero, 1
    ld64 $a4:5, $m0, $mzero, 2
    \combine2 $a0:1, $a0:1, $a2:3
    \combine2 $a0:1, $a0:1, $a4:5
    \combine $a0, $a0, $a1
    ld32 $m1, $m13, $mzero, 0
    st32 $a0, $m1, $mzero, 0
    WORKER_EXIT
.endm

#endif
