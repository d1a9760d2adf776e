// cast_f16_f32: out[i] = x[i], f16 to f32, exact. Worker vertex. State: out, x (8-byte aligned, in different memory elements; in
// region 1: pairs of elements), elements (any number). 2 bundles for 4 elements, which are two stores of 8 bytes: the store
// port is the bound.
//
// A worker with c items of 4 elements issues 21 bundles, and if c > 0 another 5 + 2 c, then 3, or if the elements are no multiple
// of 4 another 5, in the last worker 16, 19 or 20 for 1, 2 or 3 elements that remain.
#include "codelet.h"

    LANE_MASKS .Lmasks, 16, 64
    .worker
    .section .text.cast_f16_f32, "ax"
FUNCTION cast_f16_f32
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    shr $m4, $m3, 2                                // whole items
    WORKER_RUN $m5, $m8, $m4, $m0, $m6, $m7        // 10 bundles
    shl $m5, $m5, 3
    add $m6, $m2, $m5
    shl $m5, $m5, 1
    add $m5, $m1, $m5
    brz $m8, .Lrest
    add $m8, $m8, -1
    ld64step $a0:1, $mzero, $m6+=, 1
    tapack $m6:7, $m6, $mzero, $m5
    // $a0:1 input; its halves go to $a2:3 and $a4:5, each stored while the other is made.
    { nop ; f16v2tof32 $a2:3, $a0 }
    REPEAT $m8, 2
    { ldst64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f16v2tof32 $a4:5, $a1 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f16v2tof32 $a2:3, $a0 }
    { st64pace $a2:3, $m6:7+=, $mzero, FORWARD ; f16v2tof32 $a4:5, $a1 }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
.Lrest:
    ONLY_LAST_WORKER_WITH_REST .Lexit, $m3, $m3, 4, $m0, $m0
    LOAD_MASK $a6:7, .Lmasks, $m3, $m0
    ld64 $a0:1, $m2, $mzero, $m4
    and64 $a0:1, $a0:1, $a6:7
    f16v2tof32 $a2:3, $a0
    f16v2tof32 $a4:5, $a1
    shl $m4, $m4, 4
    add $m1, $m1, $m4
    st32 $a2, $m1, $mzero, 0
    add $m3, $m3, -1
    brz $m3, .Lexit
    st32 $a3, $m1, $mzero, 1
    add $m3, $m3, -1
    brz $m3, .Lexit
    st32 $a4, $m1, $mzero, 2
.Lexit:
    WORKER_EXIT
