// dot_f16: sums x[i] * y[i] of f16 values in f32: loads at the machine's peak, 16 bytes a bundle.
// Worker vertex. State: sums (f32, one per worker), x, y (8-byte aligned, in different memory elements), quads (4 elements)
// per worker (1 to 65536). Worker n sums quads n, n + 6, ... FP exceptions must be off, or as the sums deserve.
// 22 + quads bundles. Even and odd elements are summed apart, each pair of products exactly and rounded once with its sum.
#include "codelet.h"

#define STRIDED_LOADS 0x5                          // pace selectors: both addresses on by the first stride

    .worker
    .section .text.dot_f16, "ax"
FUNCTION dot_f16
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    ld32 $m4, $m13, $mzero, 3
    shl $m5, $m0, 3
    add $m2, $m2, $m5
    add $m3, $m3, $m5
    tapack $m6:7, $m2, $m3, $mzero
    setzi $m5, IPU_WORKERS                         // the first stride, in 8 bytes
    add $m4, $m4, -1
    setzi $a0, FP_CLR_ZERO_ACCUMULATORS
    uput $FP_CLR, $a0
    nop                                            // aligns the repeat
    ld2x64pace $a0:1, $a2:3, $m6:7+=, $m5, STRIDED_LOADS
    REPEAT $m4, 1
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $m5, STRIDED_LOADS ; f16v4cmac $a0:1, $a2:3 }
    f16v4cmac $a0:1, $a2:3
    f32v2gina $a0:1, $azeros, 0                    // the two sums
    f32add $a0, $a0, $a1
    shl $m0, $m0, 2
    st32 $a0, $m1, $m0, 0
    WORKER_EXIT
