// count_points: hits[worker] = how many of 2 * PAIRS points of a square with side 1 are within 1/2 of its middle. The coordinates are
// words of the worker's generator, 32 bits each. Ten bundles for two points: all are operations, the generator is one of them.
#include "codelet.h"

#define QUARTER 0x3E800                            // 0.25, and 1 below, as f32 without the last 12 bits
#define ONE 0x3F800

// AUX operation: a bundle of a repeat.
.macro AUX operation:vararg
    { nop ; \operation }
.endm

    .worker
    .section .text.count_points, "ax"
FUNCTION count_points
    WORKER_NUMBER $m0
    setzi $m1, seeds
    SEED_WORKER $m1, $m0, $m2
    setzi $m3, hits
    or $a4, $azero, QUARTER << 12
    or $a6, $azero, ONE << 12
    or $a7, $azero, ONE << 12
    setzi $a0, FP_CLR_ZERO_ACCUMULATORS
    uput $FP_CLR, $a0
    REPEAT PAIRS, 10
    AUX urand64 $a0:1                              // x of both points
    AUX urand64 $a2:3                              // y
    AUX f32v2sufromui $a0:1, $a0:1
    AUX f32v2sufromui $a2:3, $a2:3
    AUX f32v2mul $a0:1, $a0:1, $a0:1
    AUX f32v2mul $a2:3, $a2:3, $a2:3
    AUX f32v2add $a0:1, $a0:1, $a2:3
    AUX f32v2cmpge $a0:1, $a4:B, $a0:1
    AUX and64 $a0:1, $a0:1, $a6:7
    AUX f32v2mac $a0:1, $a6:7                      // exact below 2^24
    f32v2axpy $a6:7, $azeros, $azeros              // gives the accumulators
    f32add $a6, $a6, $a7
    f32toui32 $a6, $a6
    st32 $a6, $m3, $mzero, $m0
    WORKER_EXIT

    .section .data
    .p2align 3
    .globl seeds
    .type seeds, @object
    .size seeds, 4 * 4 * IPU_WORKERS
seeds:                                             // of the workers' generators: codelet.h
    .space 4 * 4 * IPU_WORKERS
