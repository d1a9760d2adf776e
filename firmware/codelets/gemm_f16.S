// gemm_f16: out = in * W + partial, rows of 16 f16 values, W 16 x 16 f16, sums in f32: the AMP engine at its peak,
// four bundles a row on each of six workers, 64 multiplications and additions a bundle.
//
// Supervisor vertex: `call $m10, gemm_f16` with $m0 = state; changes $m1, $m2. State: weights (512 bytes, 16-byte aligned, in
// region 1), in, partial, out (8-byte aligned, in three different memory elements; partial and out may be one buffer in region
// 1), rows per worker (2 to 65537). Worker n has rows n * rows .. One row past the end of `partial` is read and not used; FP
// exceptions must be off. 224 + 24 * rows cycles.
//
// Weights are ordered as the engine takes them: 64 bits for unit u and phase p at 8 * (4 * u + p), holding W[4 p + k][o] for
// k = 0..3, where outputs 0, 1 are units 0, 1, outputs 2, 3 units 8, 9, outputs 4, 5 units 2, 3, ... (gemm_f16 in
// tests/codelets orders them).
#include "amp.h"

    GEMM_SUPERVISOR gemm_f16
    GEMM_V4_WORKER gemm_f16_worker, 1, 2, 3, 4, f16v4hihov4amp
