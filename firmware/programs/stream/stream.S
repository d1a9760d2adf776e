// The four kernels of STREAM in f32 over this tile's arrays, each worker a run of its own: in a bundle of their loops all that the
// memory ports of a worker move, two loads and a store of 8 bytes, or one load and a store where the kernel has one input.
#include "amp.h"

#define WORKER_BYTES (WORKER_ITEMS * 8)

// ADDRESSES first, second, out: of this worker, in $m1, $m2, $m3. 9 bundles.
.macro ADDRESSES first, second, out
    WORKER_NUMBER $m0
    mul $m0, $m0, WORKER_BYTES
    setzi $m1, \first
    setzi $m2, \second
    setzi $m3, \out
    add $m1, $m1, $m0
    add $m2, $m2, $m0
    add $m3, $m3, $m0
.endm

    .worker
    .section .text.stream_copy, "ax"
// c = a. A bundle loads an item and stores the one before.
FUNCTION stream_copy
    ADDRESSES a, a, c
    ld64step $a0:1, $mzero, $m1+=, 1
    tapack $m6:7, $m1, $m2, $m3
    REPEAT WORKER_ITEMS - 1, 1
    { ldst64pace $a0:1, $a0:1, $m6:7+=, $mzero, FORWARD ; fnop }
    st64pace $a0:1, $m6:7+=, $mzero, FORWARD
    WORKER_EXIT

    .section .text.stream_scale, "ax"
// b = s * c. A bundle loads an item, multiplies the one before and stores the one before that.
FUNCTION stream_scale
    ADDRESSES c, c, b
    setzi $m4, scalar
    ld32 $a2, $m4, $mzero, 0
    ld32 $a3, $m4, $mzero, 0
    ld64step $a0:1, $mzero, $m1+=, 1
    { ld64step $a0:1, $mzero, $m1+=, 1 ; f32v2mul $a4:5, $a0:1, $a2:3 }
    tapack $m6:7, $m1, $m2, $m3
    REPEAT WORKER_ITEMS - 2, 1
    { ldst64pace $a0:1, $a4:5, $m6:7+=, $mzero, FORWARD ; f32v2mul $a4:5, $a0:1, $a2:3 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32v2mul $a4:5, $a0:1, $a2:3 }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
    WORKER_EXIT

    .section .text.stream_add, "ax"
// c = a + b.
FUNCTION stream_add
    ADDRESSES a, b, c
    tapack $m6:7, $m1, $m2, $m3
    ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32v2add $a4:5, $a0:1, $a2:3 }
    REPEAT WORKER_ITEMS - 2, 1
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32v2add $a4:5, $a0:1, $a2:3 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32v2add $a4:5, $a0:1, $a2:3 }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
    WORKER_EXIT

    .section .text.stream_triad, "ax"
// a = b + s * c, rounded once. `f32v2axpy` gives what it computed the time before, so results leave a bundle later.
FUNCTION stream_triad
    ADDRESSES c, b, a
    tapack $m6:7, $m1, $m2, $m3
    setzi $m4, scalar
    ld32 $a0, $m4, $mzero, 0
    uput $TAS, $a0
    ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32v2axpy $a4:5, $a0:1, $a2:3 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32v2axpy $a4:5, $a0:1, $a2:3 }
    REPEAT WORKER_ITEMS - 3, 1
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32v2axpy $a4:5, $a0:1, $a2:3 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32v2axpy $a4:5, $a0:1, $a2:3 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32v2axpy $a4:5, $a0:1, $a2:3 }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
    WORKER_EXIT
