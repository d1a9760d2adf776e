// conv3x3_amp_f16: out += in convolved with a 3 x 3 kernel, 16 channels to 16 channels, f16, on the AMP engine: 36 bundles a
// pixel on each of six workers, 64 multiplications and additions a bundle, the engine's peak.
//
// The engine holds the 16 x 16 coefficients of one place of the kernel, so the image goes through nine times: the supervisor
// loads the coefficients of a place and runs the workers of a GEMM over all pixels, whose inputs are the image moved by that
// place, and whose partial sums and results are `out`; the sums between are f16 values there. The bound is the engine; what a
// place costs beside its pixels, 208 cycles, counts for small images: an eighth of the time at 61 pixels a worker.
//
// Supervisor vertex: `call $m10, conv3x3_amp_f16` with $m0 = state; changes $m1 to $m6. State:
//   0 weights: 9 * 512 bytes, 16-byte aligned, in region 1, row by row of the kernel, each ordered as in gemm_f16.S
//   1 in: rows of width + 1 pixels (32 bytes: 16 channels), the image with a border of zeros: height + 2 rows that begin
//     with a pixel of zeros, which ends the row before as well; so a pixel of zeros more at the end
//   2 out: height rows of width + 1 pixels, of which the last is not a result; begins as what is to be added to (zeros, a
//     bias, sums over other input channels). In region 1, in other memory elements than `in`
//   3 pixels per worker (2 to 65537): a sixth of height * (width + 1), rounded up
//   4 bytes of a row: 32 * (width + 1)
//   5 a word that the vertex writes
// Worker n has the pixels n * pixels .. of `out`: 6 * pixels are written, some past the last row, and one more is read and not
// used; of `in`, two rows and two pixels more than are written. FP exceptions must be off. 1901 + 216 * pixels cycles.
#include "amp.h"

#define PIXEL_BYTES 32

    .supervisor
    .section .text.conv3x3_amp_f16, "ax"
FUNCTION conv3x3_amp_f16
    ld32 $m1, $m0, $mzero, 0
    ld32 $m2, $m0, $mzero, 1
    ld32 $m3, $m0, $mzero, 4
    setzi $m4, 2                                   // rows of the kernel after this one
    setzi $m6, conv3x3_amp_f16_worker
    put $CCCSLOAD, $m1
    add $m3, $m3, -3 * PIXEL_BYTES                 // from the end of a row's three pixels to the next row's
.Lrow:
    setzi $m5, 2                                   // places in this row after this one
.Lplace:
    LOAD_COEFFICIENTS 0, 64
    st32 $m2, $m0, $mzero, 5
    add $m2, $m2, PIXEL_BYTES
    runall $m6, $m0, 0
    sync IPU_SYNC_WORKERS
    brnzdec $m5, .Lplace
    add $m2, $m2, $m3
    brnzdec $m4, .Lrow
    br $m10

    GEMM_V4_WORKER conv3x3_amp_f16_worker, 5, 2, 2, 3, f16v4hihov4amp
