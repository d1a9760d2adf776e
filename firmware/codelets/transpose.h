// TRANSPOSE: out[c][r] = in[r][c]. A worker takes strips of two columns, each of them two rows of `out`: the elements of a strip
// come from every row, a step of columns apart, and leave in memory order, 8 bytes of either row of `out` at a time.
//
// State: out, in (8-byte aligned, anywhere, but not the same buffer), rows (a multiple of what 8 bytes hold, not 0), columns
// (even). A worker with s strips issues 30 + s * strip + 1 bundles, `strip` as its file states.
#ifndef TRANSPOSE_H
#define TRANSPOSE_H

#include "codelet.h"

// TRANSPOSE name, log2_bytes, strip: elements of 2^log2_bytes bytes. The macro `strip` takes a strip by $m10, which steps by $m5
// of its loads, to $m6 and $m8, in as many passes as 8 bytes of a row of `out`, of which $m3 is one less; it moves $m2 to the
// next strip, and begins and ends 8-byte aligned.
.macro TRANSPOSE name, log2_bytes, strip
    .worker
    .section .text.\name, "ax"
FUNCTION \name
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    ld32 $m5, $m13, $mzero, 3
    shr $m5, $m5, 1                                // strips, and a row of `in` in steps of a strip's width
    WORKER_RUN $m6, $m7, $m5, $m0, $m8, $m9        // 10 bundles
    shl $m8, $m6, (\log2_bytes) + 1
    add $m2, $m2, $m8
    shl $m9, $m3, \log2_bytes                      // bytes of a row of `out`
    mul $m6, $m6, $m9
    shl $m6, $m6, 1
    add $m6, $m1, $m6
    add $m8, $m6, $m9
    mov $m10, $m2
    shr $m3, $m3, 3 - (\log2_bytes)
    add $m3, $m3, -1
    .p2align 3                                     // 1 bundle
    brz $m7, .L\name\()_exit
    add $m7, $m7, -1
.L\name\()_strip:
    \strip
    mov $m6, $m8                                   // the strip's second row of `out` ends where the next one begins
    add $m8, $m8, $m9
    mov $m10, $m2
    brnzdec $m7, .L\name\()_strip
.L\name\()_exit:
    WORKER_EXIT
.endm

#endif
