// sparse_amp_f16: out += x * W in f16, W sparse in blocks of 16 x 16, on the AMP engine: the GEMM of gemm_f16.S for each block
// that is there, 4 bundles a row on each of six workers, 64 multiplications and additions a bundle.
//
// W is in compressed rows: block row b (outputs 16 b ..) has blocks start[b] .. start[b + 1] - 1 of `weights`, and block k
// takes inputs 16 * column[k] ... The supervisor walks through them; for each it loads the coefficients and runs the workers
// over all rows of x. Partial sums and results are `out`; the sums between are f16 values there. The bound is the engine;
// what a block costs beside its rows, 213 cycles, is a quarter of the time at 26 rows a worker; 24 cycles a block row.
//
// Supervisor vertex: `call $m10, sparse_amp_f16` with $m0 = state; changes $m1 to $m6. State:
//   0 weights: 512 bytes a block, 16-byte aligned, in region 1, each ordered as in gemm_f16.S
//   1 start: block rows + 1 numbers of 32 bits, the first 0, not falling
//   2 column: 32 bits a block
//   3 x: a panel for each 16 inputs: all rows' 32 bytes of these, one behind the other
//   4 out: the same for each 16 outputs; begins as what is to be added to. In region 1, in other memory elements than `x`; a
//     row past the end is read and not used
//   5 block rows (any number)
//   6 rows per worker (2 to 65537); worker n has rows n * rows ..
//   7 bytes of a panel: 6 * 32 * rows per worker, or more
//   8, 9 words that the vertex writes
// A block row without blocks keeps its `out`. FP exceptions must be off.
#include "amp.h"

    .supervisor
    .section .text.sparse_amp_f16, "ax"
FUNCTION sparse_amp_f16
    ld32 $m5, $m0, $mzero, 0
    ld32 $m3, $m0, $mzero, 5
    ld32 $m6, $m0, $mzero, 4
    ld32 $m2, $m0, $mzero, 1
    ld32 $m1, $m0, $mzero, 2
    brz $m3, .Lend
    put $CCCSLOAD, $m5
    add $m3, $m3, -1                               // block rows after this one
.Lrow:
    ld32 $m5, $m2, $mzero, 0
    ld32 $m4, $m2, $mzero, 1
    st32 $m6, $m0, $mzero, 9
    add $m2, $m2, 4
    sub $m4, $m4, $m5
    brz $m4, .Lnext
    add $m4, $m4, -1                               // blocks of this row after this one
.Lblock:
    ld32step $m5, $mzero, $m1+=, 1
    ld32 $m6, $m0, $mzero, 7
    LOAD_COEFFICIENTS 0, 16
    mul $m5, $m5, $m6
    ld32 $m6, $m0, $mzero, 3
    LOAD_COEFFICIENTS 16, 16
    add $m5, $m5, $m6
    setzi $m6, sparse_amp_f16_worker
    LOAD_COEFFICIENTS 32, 32
    st32 $m5, $m0, $mzero, 8
    runall $m6, $m0, 0
    sync IPU_SYNC_WORKERS
    brnzdec $m4, .Lblock
.Lnext:
    ld32 $m5, $m0, $mzero, 7
    ld32 $m6, $m0, $mzero, 9
    add $m6, $m6, $m5                              // the next panel of `out`
    brnzdec $m3, .Lrow
.Lend:
    br $m10

    GEMM_V4_WORKER sparse_amp_f16_worker, 8, 9, 9, 6, f16v4hihov4amp
