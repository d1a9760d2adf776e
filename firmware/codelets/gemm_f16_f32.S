// gemm_f16_f32: out = in * W + partial, rows of 16 f16 values to rows of 8 f32, W 16 x 8 f16, sums in f32: one set of the AMP
// engine's units at its peak, four bundles a row on each of six workers, 32 multiplications and additions a bundle. That is
// the peak of a Mk1, which has this set only.
//
// Supervisor vertex: `call $m10, gemm_f16_f32` with $m0 = state; changes $m1, $m2. State: weights (256 bytes, 16-byte aligned,
// in region 1), in, partial, out (8-byte aligned, in three different memory elements; partial and out may be one buffer in
// region 1), rows per worker (2 to 65537, on a Mk1 to 4097). Worker n has rows n * rows .. One row past the end of `partial` is
// read and not used; FP exceptions must be off. 208 + 24 * rows cycles.
//
// Weights are ordered as the engine takes them: 64 bits for unit u, which is output u, and phase p at 8 * (4 * u + p), holding
// W[4 p + k][u] for k = 0..3.
#include "amp.h"

    GEMM_SUPERVISOR gemm_f16_f32, 32
    GEMM_V4_WORKER gemm_f16_f32_worker, 1, 2, 3, 4, f16v4sisoamp
