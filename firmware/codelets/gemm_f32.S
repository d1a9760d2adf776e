// gemm_f32: out = in * W + partial, rows of 8 f32 values to rows of 16, W 8 x 16 f32: the AMP engine at its f32 peak, eight
// bundles a row on each of six workers, 16 multiplications and additions a bundle (both sets of units, one input).
//
// Supervisor vertex: `call $m10, gemm_f32` with $m0 = state; changes $m1, $m2. State: weights (512 bytes, 16-byte aligned, in
// region 1), in, partial, out (8-byte aligned, in three different memory elements; partial and out may be one buffer in region
// 1), rows per worker (2 to 65537). Worker n has rows n * rows .. One row past the end of `partial` is read and not used; FP
// exceptions must be off. 284 + 48 * rows cycles.
//
// Weights are ordered as the engine takes them: 32 bits for unit u and phase p at 4 * (8 * u + p), holding W[p][o], where
// outputs 0, 1 are units 0, 1, outputs 2, 3 units 8, 9, outputs 4, 5 units 2, 3, ... Even phases move the sums of the first
// set, odd phases those of the second, so a row of partial sums and results passes in memory order.
#include "amp.h"

    GEMM_SUPERVISOR gemm_f32
    .worker
// 36 + 8 * rows bundles.
FUNCTION gemm_f32_worker
    GEMM_START 1, 2, 3, 4, 1
    // The first row's partial sums go in with inputs of zero. $a0:1 input, $a2:3 partial, $a4:5 and $a6:7 results of even
    // and of odd phases. Each pair of inputs is loaded twice, for an even phase and for the odd one after it.
    ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN
    nop                                            // aligns the bundles
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 0 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $azero, $a2:3, 1 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 2 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $azero, $a2:3, 3 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 4 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $azero, $a2:3, 5 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a4:5, $azero, $a2:3, 6 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $azero, $a2:3, 7 }
    // The first row: no results yet.
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 0 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 1 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 2 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 3 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 4 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 5 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 6 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 7 }
    // A row gives the results of the row before, and a bundle stores those of the last but one, 19 words after the partial
    // sums that it began with: an odd number, so that both may be in one buffer.
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 0 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 1 }
    REPEAT $m4, 8
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 2 }
    { ld2xst64pace $a0:3, $a6:7, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 3 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 4 }
    { ld2xst64pace $a0:3, $a6:7, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 5 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 6 }
    { ld2xst64pace $a0:3, $a6:7, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 7 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 0 }
    { ld2xst64pace $a0:3, $a6:7, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 1 }
    // The last row, and a row of zeros that brings its results out.
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 2 }
    { ld2xst64pace $a0:3, $a6:7, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 3 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 4 }
    { ld2xst64pace $a0:3, $a6:7, $m6:7+=, $mzero, STAY_IN ; f32sisov2amp $a6:7, $a1, $a2:3, 5 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $a0, $a2:3, 6 }
    { st64pace $a6:7, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a6:7, $a1, $azeros, 7 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 0 }
    { st64pace $a6:7, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a6:7, $azero, $azeros, 1 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 2 }
    { st64pace $a6:7, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a6:7, $azero, $azeros, 3 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 4 }
    { st64pace $a6:7, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a6:7, $azero, $azeros, 5 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a4:5, $azero, $azeros, 6 }
    { st64pace $a6:7, $m6:7+=, $mzero, FORWARD ; f32sisov2amp $a6:7, $azero, $azeros, 7 }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
    st64pace $a6:7, $m6:7+=, $mzero, FORWARD
    WORKER_EXIT
