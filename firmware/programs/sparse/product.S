// multiply: y += x * w for the blocks of 16 x 16 of w that are there, on the AMP engine. The supervisor loads a block's coefficients
// and runs the workers over all rows of x. Between two blocks the engine is not drained, as in ../gemm/multiply.S: a table says for
// each block how far the pointers jump to the next one's x and y, worked out beforehand.
//
// A worker's y lies in one piece, [block row][row][16]: the next block row is 8 bytes on, the same one again 4 * rows - 1 words back.
#include "amp.h"
#include "sizes.h"

#define ROW_BYTES 32
#define BEHIND 48                                  // the results' address is six words behind the sums' when a block begins
#define SUMS_JUMP (2 << 2)                         // pace selectors: the second address by the second stride,
#define RESULTS_JUMP (3 << 4)                      // the third by the third

    .supervisor
    .section .text.multiply, "ax"
// $m0: state: blocks' coefficients, table, blocks less two, this density's y. Changes $m0 to $m4.
FUNCTION multiply
    ld32 $m1, $m0, $mzero, 0
    ld32 $m3, $m0, $mzero, 2
    ld32 $m4, $m0, $mzero, 3
    ld32 $m2, $m0, $mzero, 1
    put $CCCSLOAD, $m1
    setzi $m1, y_begin
    st32 $m4, $m1, $mzero, 0
    add $m1, $m2, 8                                // behind the table's first line, where the first block begins
    add $m3, $m3, -1                               // blocks between the first and the last, less one
    setzi $m2, first_block
    LOAD_COEFFICIENTS 0, 64
    runall $m2, $m1, 0
    sync IPU_SYNC_WORKERS
    brneg $m3, .Llast
.Lblock:
    add $m1, $m1, 8
    setzi $m2, next_block
    LOAD_COEFFICIENTS 0, 64
    runall $m2, $m1, 0
    sync IPU_SYNC_WORKERS
    brnzdec $m3, .Lblock
.Llast:
    add $m1, $m1, 8
    setzi $m2, last_block
    LOAD_COEFFICIENTS 0, 64
    runall $m2, $m1, 0
    sync IPU_SYNC_WORKERS
    br $m10

// PHASE registers, phase, selectors: loads inputs and partial sums for the next issue, stores the results of the last but one.
.macro PHASE results, phase, selectors=FORWARD
    { ld2xst64pace $a0:3, \results, $m6:7+=, $m8, \selectors ; f16v4hihov4amp \results, $a0:1, $a2:3, \phase }
.endm
.macro ROW
    PHASE $a4:5, 0
    PHASE $a6:7, 1
    PHASE $a4:5, 2
    PHASE $a6:7, 3
.endm

// BLOCK: this worker's rows with one block. State: bytes from the end of its x to the next one's, strides for the jumps to the next
// block's sums and to this block's results. 4 + 4 * rows bundles, 5 with the exit.
.macro BLOCK
    ld32 $m9, $m13, $mzero, 0
    ld32 $m8, $m13, $mzero, 1
    ROW
    PHASE $a4:5, 0
    PHASE $a6:7, 1, RESULTS_JUMP
    PHASE $a4:5, 2
    PHASE $a6:7, 3
    REPEAT WORKER_ROWS - 4, 4
    ROW
    PHASE $a4:5, 0
    PHASE $a6:7, 1
    PHASE $a4:5, 2, SUMS_JUMP
    PHASE $a6:7, 3
    PHASE $a4:5, 0
    PHASE $a6:7, 1
    PHASE $a4:5, 2
    add $m6, $m6, $m9                              // the first of the packed addresses, which fills its bits' low end
    PHASE $a6:7, 3
.endm

    .worker
    .section .text.first_block, "ax"
FUNCTION first_block
    WORKER_NUMBER $m0
    add $m4, $m13, -8
    ld32 $m1, $m4, $mzero, 0                       // x and y of the first block, from their begins
    ld32 $m2, $m4, $mzero, 1
    setzi $m3, x
    add $m1, $m1, $m3
    { mul $m3, $m0, WORKER_ROWS * ROW_BYTES ; setzi $a0, FP_CLR_ZERO_ACCUMULATORS }
    { add $m1, $m1, $m3 ; uput $FP_CLR, $a0 }
    mul $m3, $m0, Y_WORKER_BYTES
    add $m2, $m2, $m3
    setzi $m3, y_begin
    ld32 $m3, $m3, $mzero, 0
    add $m2, $m2, $m3
    add $m3, $m2, -BEHIND
    tapack $m6:7, $m1, $m2, $m3
    AMP_FIRST_SUMS f16v4hihov4amp
    BLOCK
    WORKER_EXIT

    .section .text.next_block, "ax"
FUNCTION next_block
    BLOCK
    WORKER_EXIT

    .section .text.last_block, "ax"
// And a row of zeros that brings the last results out.
FUNCTION last_block
    BLOCK
    AMP_LAST_RESULTS f16v4hihov4amp
    WORKER_EXIT

    .bss
    .p2align 3
y_begin:
    .space 8
