// gemm_f32_8: out = in * W + partial, rows of 8 f32 values to rows of 8, W 8 x 8 f32: one set of the AMP engine's units at its
// f32 peak, eight bundles a row on each of six workers, 8 multiplications and additions a bundle. That is the peak of a Mk1,
// which has this set only; gemm_f32 uses both.
//
// Supervisor vertex: `call $m10, gemm_f32_8` with $m0 = state; changes $m1, $m2. State: weights (256 bytes, 16-byte aligned, in
// region 1), in, partial, out (8-byte aligned, in three different memory elements; partial and out may be one buffer in region
// 1), rows per worker (2 to 65536, on a Mk1 to 4096). Worker n has rows n * rows .. One row past the end of `partial` and one
// pair of values past that of `in` are read and not used; FP exceptions must be off. 256 + 48 * rows cycles.
//
// Weights are ordered as the engine takes them: 32 bits for unit u, which is output u, and phase p at 4 * (8 * u + p), holding
// W[p][u].
#include "amp.h"

    GEMM_SUPERVISOR gemm_f32_8, 32
    .worker
// 34 + 8 * rows bundles.
FUNCTION gemm_f32_8_worker
    GEMM_START 1, 2, 3, 4, 0
    add $m4, $m4, 1                                // rows less one
    // $a0:1 a pair of inputs, $a2:3 partial sums, $a4:5 results; odd phases move no sums. A pair of bundles works on a pair of
    // inputs and loads the next. The first row's partial sums go in with inputs of zero.
    ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN
    .irp phase, 0, 2, 4
    f32sisoamp $a4:5, $azero, $a2:3, \phase
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; f32sisoamp $a6:7, $azero, $azeros, \phase + 1 }
    .endr
    f32sisoamp $a4:5, $azero, $a2:3, 6
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisoamp $a6:7, $azero, $azeros, 7 }
    // The first row: no results yet.
    .irp phase, 0, 2, 4, 6
    f32sisoamp $a4:5, $a0, $a2:3, \phase
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f32sisoamp $a6:7, $a1, $azeros, \phase + 1 }
    .endr
    // A row gives the results of the row before: they go to memory 9 words after the partial sums that are loaded then, an odd
    // number, so that both may be in one buffer.
    REPEAT $m4, 8
    .irp phase, 0, 2, 4, 6
    { nop ; f32sisoamp $a4:5, $a0, $a2:3, \phase }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisoamp $a6:7, $a1, $azeros, \phase + 1 }
    .endr
    // A row of zeros brings the last results out.
    .irp phase, 0, 2, 4, 6
    f32sisoamp $a4:5, $azero, $azeros, \phase
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f32sisoamp $a6:7, $azero, $azeros, \phase + 1 }
    .endr
    WORKER_EXIT
