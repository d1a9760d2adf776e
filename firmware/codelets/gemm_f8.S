// gemm_f8: out = 2^scale * in * W + partial, rows of 32 f8 values to rows of 16 f16, W 32 x 16 f8, sums in f32: the AMP engine
// of an ipu21 at its peak, four bundles a row on each of six workers, 128 multiplications and additions a bundle.
//
// Supervisor vertex: `call $m10, gemm_f8` with $m0 = state; changes $m1 to $m4, $FP_INFMT, $FP_ISCL. State: weights (512
// bytes, 16-byte aligned, in region 1), in, partial, out (8-byte aligned, in three different memory elements; partial and out may
// be one buffer in region 1), rows per worker (2 to 65537), formats (bit 0 of the weights, bit 1 of in: 0 is F152, 1 F143),
// scale (-32 to 31). Worker n has rows n * rows .. One row past the end of `partial` is read and not used; FP exceptions must be
// off. 236 + 24 * rows cycles.
//
// Weights are ordered as gemm_f16's: the 64 bits for unit u and phase p hold W[8 p + k][o] for k = 0..7.
#include "amp.h"

    .supervisor
    .section .text.gemm_f8, "ax"
FUNCTION gemm_f8
    ld32 $m1, $m0, $mzero, 0
    ld32 $m3, $m0, $mzero, 5
    ld32 $m4, $m0, $mzero, 6
    setzi $m2, gemm_f8_worker
    put $CCCSLOAD, $m1
    put $FP_INFMT, $m3
    put $FP_ISCL, $m4
    GEMM_LAUNCH

    GEMM_V4_WORKER gemm_f8_worker, 1, 2, 3, 4, f8v8hihov4amp
