// gemm_f32: out = in * W + partial, rows of 8 f32 values to rows of 16, W 8 x 16 f32: the AMP engine at its f32 peak, eight
// bundles a row on each of six workers, 16 multiplications and additions a bundle (both sets of units, one input).
//
// Supervisor vertex: `call $m10, gemm_f32` with $m0 = state; changes $m1, $m2. State: weights (512 bytes, 16-byte aligned, in
// region 1), in, partial, out (8-byte aligned, in three different memory elements), rows per worker (2 to 65537).
// Worker n has rows n * rows .. One row past the end of `partial` is read and not used; FP exceptions must be off.
//
// Weights are ordered as the engine takes them: 32 bits for unit u and phase p at 4 * (8 * u + p), holding W[p][o], where
// outputs 0, 1 are units 0, 1, outputs 2, 3 units 8, 9, outputs 4, 5 units 2, 3, ... Even phases move the sums of the first
// set, odd phases those of the second, so a row of partial sums and results passes in memory order.
#include "ipu_runtime.h"

#define FP_CLR_ZERO_ACCUMULATORS 8
#define FORWARD 0                                  // pace selectors: every address 8 bytes on
#define STAY_IN 1                                  // the first address on by a stride of 0, the second 8 bytes on

    .supervisor
    .section .text.gemm_f32, "ax"
FUNCTION gemm_f32
    ld32 $m1, $m0, $mzero, 0
    put $CCCSLOAD, $m1
    .set index, 0
    .rept 32
    ld128putcs index
    .set index, index + 2
    .endr
    setzi $m1, gemm_f32_worker
    runall $m1, $m0, 0
    sync IPU_SYNC_WORKERS
    br $m10

    .worker
// 37 + 8 * rows bundles.
FUNCTION gemm_f32_worker
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 1
    ld32 $m2, $m13, $mzero, 2
    ld32 $m3, $m13, $mzero, 3
    ld32 $m4, $m13, $mzero, 4
    mul $m0, $m0, $m4
    shl $m0, $m0, 5                                // 32 bytes a row of inputs
    add $m1, $m1, $m0
    shl $m0, $m0, 1                                // 64 bytes a row of sums
    add $m2, $m2, $m0
    add $m3, $m3, $m0
    tapack $m6:7, $m1, $m2, $m3
    setzi $a0, FP_CLR_ZERO_ACCUMULATORS
    uput $FP_CLR, $a0
    add $m4, $m4, -2
    // The first row's partial sums go in with inputs of zero. $a0:1 input, $a2:3 partial, $a4:5 result. Each pair of inputs
    // is loaded twice, for an even phase and for the odd one after it.
    .p2align 3
    ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN
    nop
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 0 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 1 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 2 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 3 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 4 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 5 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 6 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 7 }
    // The first row: no results yet.
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 0 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 1 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 2 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 3 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 4 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 5 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 6 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 7 }
    // A row gives the results of the row before, and a bundle stores those of the bundle before.
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 0 }
    REPEAT $m4, 8
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 1 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 2 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 3 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 4 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 5 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 6 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 7 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 0 }
    // The last row, and a row of zeros that brings its results out.
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 1 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 2 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 3 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 4 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $a1, $a2:3, 5 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 6 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a1, $azeros, 7 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 0 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 1 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 2 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 3 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 4 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 5 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 6 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 7 }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
    WORKER_EXIT
