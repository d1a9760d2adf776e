// cast_f32_f16: out[i] = x[i], f32 to f16, rounded as FP_CTL tells. Worker vertex. State: out (8-byte aligned), x (16-byte
// aligned, in region 1, in other memory elements than out), elements (any number). A bundle loads 4 elements, neighbouring
// words from both elements of a pair, and stores 4: the load ports are the bound.
//
// A worker with c items of 4 elements issues 28 + c bundles, or 28 + 3 c if c < 2, then 3, or if the elements are no multiple
// of 4 another 5, in the last worker 22.
#include "codelet.h"

#define NEXT_QUAD 5                                // pace selectors: both loads on by the stride, the store 8 bytes

    LANE_MASKS .Lmasks, 16, 64
    LANE_MASKS .Lquad_masks, 32, 128
    .worker
    .section .text.cast_f32_f16, "ax"
FUNCTION cast_f32_f16
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    shr $m4, $m3, 2                                // whole items
    WORKER_RUN $m5, $m8, $m4, $m0, $m6, $m7        // 10 bundles
    shl $m5, $m5, 3
    add $m9, $m1, $m5
    shl $m5, $m5, 1
    add $m5, $m2, $m5
    add $m6, $m5, 8
    tapack $m6:7, $m5, $m6, $m9
    setzi $m5, 2                                   // the stride: 16 bytes
    add $m8, $m8, -2
    brneg $m8, .Lfew
    ld2x64pace $a0:1, $a2:3, $m6:7+=, $m5, NEXT_QUAD
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $m5, NEXT_QUAD ; f32v4tof16 $a4:5, $a0:3 }
    REPEAT $m8, 1
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $m5, NEXT_QUAD ; f32v4tof16 $a4:5, $a0:3 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32v4tof16 $a4:5, $a0:3 }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
.Lrest:
    ONLY_LAST_WORKER_WITH_REST .Lexit, $m3, $m3, 4, $m0, $m0
    LOAD_QUAD_MASK $a4:5, $a6:7, .Lquad_masks, $m3, $m0, $m5
    shl $m5, $m4, 4
    ld64 $a0:1, $m2, $m5, 0
    ld64 $a2:3, $m2, $m5, 1
    and64 $a0:1, $a0:1, $a4:5
    and64 $a2:3, $a2:3, $a6:7
    f32v4tof16 $a4:5, $a0:3
    LOAD_MASK $a6:7, .Lmasks, $m3, $m0
    STORE_LANES $a4:5, $a6:7, $m1, $m4, $a0:1
.Lexit:
    WORKER_EXIT
    // No item or one.
    .p2align 3
.Lfew:
    { add $m8, $m8, 2 ; fnop }
    REPEAT $m8, 3
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $m5, NEXT_QUAD ; fnop }
    { nop ; f32v4tof16 $a4:5, $a0:3 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; fnop }
    bri .Lrest
