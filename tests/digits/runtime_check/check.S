// What the runtime promises, written to memory where program.yaml compares it.
#include "ipu_runtime.h"

#define COPY_ROOM 192                      // bytes for each copy: up to 24 items

// Copies `items` of `source` to the place number `place` of `copies`.
.macro COPY place, items
    setzi $m0, copies + (\place) * COPY_ROOM
    setzi $m1, source
    setzi $m2, \items
    call $m10, ipu_copy64
.endm

// A codelet that writes its share of `total` items, first and count, to place `place` of `shares`.
.macro SHARE_CODELET name, place, total
FUNCTION \name
    WORKER_SHARE $m1, $m2, \total, $m3
    WORKER_NUMBER $m0
    shl $m0, $m0, 3
    setzi $m4, shares + (\place) * 8 * IPU_WORKERS
    add $m4, $m4, $m0
    st32 $m1, $m4, $mzero, 0
    st32 $m2, $m4, $mzero, 1
    WORKER_EXIT
.endm

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    COPY 0, 0
    COPY 1, 1
    COPY 2, 5
    COPY 3, 6
    COPY 4, 13
    RUN_WORKERS share0
    RUN_WORKERS share4
    RUN_WORKERS share6
    RUN_WORKERS share320
    RUN_WORKERS bases, states, 4
    RUN_WORKERS repeats
    setzi $m0, 7
    call $m10, kept
    SUPERVISOR_RETURN

// A function that calls another returns to where it was called from.
FUNCTION kept
    SUPERVISOR_ENTER
    call $m10, leaf
    SUPERVISOR_RETURN
FUNCTION leaf
    setzi $m1, returned
    st32 $m0, $m1, $mzero, 0
    br $m10

    .worker
SHARE_CODELET share0, 0, 0
SHARE_CODELET share4, 1, 4
SHARE_CODELET share6, 2, 6
SHARE_CODELET share320, 3, 320

// Into the worker's own state: where its stack begins and where its state is, from the first of each.
FUNCTION bases
    setzi $m0, ipu_worker_stacks
    sub $m0, $m12, $m0
    st32 $m0, $m13, $mzero, 0
    setzi $m0, states
    sub $m0, $m13, $m0
    st32 $m0, $m13, $mzero, 1
    WORKER_EXIT

// REPEAT behind any alignment, with a constant and with a register; count 0 skips the body.
FUNCTION repeats
    WORKER_NUMBER $m0
    setzi $m1, 0
    REPEAT 5, 1
    { add $m1, $m1, 1 ; fnop }
    nop
    REPEAT $m0, 2
    { add $m1, $m1, 100 ; fnop }
    { add $m1, $m1, 100 ; fnop }
    setzi $m2, repeated
    stm32 $m1, $m2, $m0
    WORKER_EXIT

    .bss
BUFFER source, COPY_ROOM
BUFFER copies, 5 * COPY_ROOM
BUFFER shares, 4 * 8 * IPU_WORKERS
BUFFER states, 16 * IPU_WORKERS
BUFFER repeated, 4 * IPU_WORKERS
BUFFER returned, 4
