// The three passes over the tile's part of the matrix, in place. Worker vertices without state; a worker has its run of rows.
#include "ipu_runtime.h"

#if COLUMNS % 2 || COLUMNS < 4
#error a tile has an even number of columns, at least four
#endif

// ROWS_OF_WORKER values: $m0 rows - 1, $m1 the first row's word in `values`, $m2 its columns; a worker without rows exits.
.macro ROWS_OF_WORKER values
    WORKER_SHARE $m1, $m0, ROWS, $m3
    brz $m0, .Lexit\@
    add $m0, $m0, -1
    mul $m2, $m1, 4 * COLUMNS
    setzi $m3, matrix
    add $m2, $m2, $m3
    shl $m1, $m1, 2
    setzi $m3, \values
    add $m1, $m1, $m3
    bri .Lrows\@
.Lexit\@:
    WORKER_EXIT
.Lrows\@:
.endm

    .worker
    .section .text.softmax_rows, "ax"
// partial[row] = the largest of the row. 1 bundle per pair and 7 per row.
FUNCTION row_max
    ROWS_OF_WORKER partial
.Lmax_row:
    ld64step $a2:3, $mzero, $m2+=, 1
    ld64step $a0:1, $mzero, $m2+=, 1
    REPEAT COLUMNS / 2 - 2, 1
    { ld64step $a0:1, $mzero, $m2+=, 1 ; f32v2max $a2:3, $a2:3, $a0:1 }
    f32v2max $a2:3, $a2:3, $a0:1
    f32max $a2, $a2, $a3
    st32step $a2, $mzero, $m1+=, 1
    brnzdec $m0, .Lmax_row
    WORKER_EXIT

// x = e^(x - row_values[row]), partial[row] = their sum. Even and odd columns are summed by themselves. 4 bundles and 8 turns per
// pair: an f32exp takes three.
//   $m4 the row's word in partial   $m5 where exponentials go   $a0:1 the next pair   $a4:5 sums   $a6 minus the maximum
FUNCTION row_exp
    ROWS_OF_WORKER row_values
    setzi $m3, row_values
    sub $m4, $m1, $m3
    setzi $m3, partial
    add $m4, $m4, $m3
    mov $m5, $m2
    ld64step $a0:1, $mzero, $m2+=, 1
.Lexp_row:
    ld32step $a6, $mzero, $m1+=, 1
    f32sub $a6, $azero, $a6
    mov $a4:5, $azeros
    REPEAT COLUMNS / 2, 4
    { nop                              ; f32v2add $a0:1, $a6:B, $a0:1 }
    { nop                              ; f32exp $a2, $a0 }
    { ld64step $a0:1, $mzero, $m2+=, 1 ; f32exp $a3, $a1 }
    { st64step $a2:3, $mzero, $m5+=, 1 ; f32v2add $a4:5, $a4:5, $a2:3 }
    f32add $a4, $a4, $a5
    st32step $a4, $mzero, $m4+=, 1
    brnzdec $m0, .Lexp_row
    WORKER_EXIT

// x = x * (1 / row_values[row]). 2 bundles per pair: a load and a store.
//   $m5 where results go   $a0:1 the next pair   $a6 the reciprocal
FUNCTION row_scale
    ROWS_OF_WORKER row_values
    mov $m5, $m2
    ld64step $a0:1, $mzero, $m2+=, 1
.Lscale_row:
    ld32step $a6, $mzero, $m1+=, 1
    f32oox $a6, $a6
    REPEAT COLUMNS / 2, 2
    { ld64step $a0:1, $mzero, $m2+=, 1 ; f32v2mul $a2:3, $a6:B, $a0:1 }
    { st64step $a2:3, $mzero, $m5+=, 1 ; fnop }
    brnzdec $m0, .Lscale_row
    WORKER_EXIT
