// ROWS_START: what vertices begin with that take rows one behind the other, each worker its run of them.
#ifndef ROWS_H
#define ROWS_H

#include "codelet.h"

// ROWS_START rows, columns, log2_bytes: the state begins with out, x; `rows`, `columns` are its words with these
// numbers, elements have 2^log2_bytes bytes and rows a whole number of 8-byte words, not 0: other columns stop at a trap. Gives the
// addresses of this worker's rows in $m1, $m2, their number in $m6 and in $m4 the words of a row after the first; changes
// $m0..$m8. 25 bundles.
.macro ROWS_START rows, columns, log2_bytes
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, \rows
    ld32 $m4, $m13, $mzero, \columns
    and $m7, $m4, (8 >> (\log2_bytes)) - 1
    brnz $m7, .Lrefused\@
    brnz $m4, .Lwhole_words\@
.Lrefused\@:
    trap 0
.Lwhole_words\@:
    WORKER_RUN $m5, $m6, $m3, $m0, $m7, $m8        // 10 bundles
    shl $m4, $m4, \log2_bytes
    mul $m5, $m5, $m4
    add $m1, $m1, $m5
    add $m2, $m2, $m5
    shr $m4, $m4, 3
    add $m4, $m4, -1
.endm

// SUM_OF_FOUR: the first four accumulators together, to $a4; the next four take their places. Changes $a4..$a7. 4 bundles.
.macro SUM_OF_FOUR
    f32v2gina $a4:5, $azeros, 0
    f32v2gina $a6:7, $azeros, 0
    f32v2add $a4:5, $a4:5, $a6:7
    f32add $a4, $a4, $a5
.endm

#endif
