// gather: out[i] = table[index[i]], rows of any number of 8-byte words (of elements of any kind). Worker vertex. State: out,
// table (8-byte aligned, in different memory elements; in region 1: pairs of elements), index (32 bits each), rows of out (any
// number), words per row (1 to 65536).
//
// A bundle loads a word and stores the one before: the load port and the store port are the bound of long rows, the eight
// bundles that find a row that of short ones. A worker with r rows of w words issues 26 + r * (8 + w) bundles and 1.
#include "codelet.h"

    .worker
    .section .text.gather, "ax"
FUNCTION gather
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    ld32 $m4, $m13, $mzero, 3
    ld32 $m5, $m13, $mzero, 4
    WORKER_RUN $m6, $m7, $m4, $m0, $m8, $m9        // 10 bundles
    shl $m8, $m6, 2
    add $m3, $m3, $m8
    shl $m8, $m5, 3                                // bytes of a row
    mul $m6, $m6, $m8
    add $m1, $m1, $m6
    add $m5, $m5, -1
    .p2align 3                                     // 1 bundle
    brz $m7, .Lexit
    add $m7, $m7, -1
.Lrow:
    ld32step $m10, $mzero, $m3+=, 1
    mul $m10, $m10, $m8
    add $m10, $m10, $m2
    ld64step $a0:1, $mzero, $m10+=, 1
    tapack $m10:11, $m10, $mzero, $m1
    add $m1, $m1, $m8
    REPEAT $m5, 1
    { ldst64pace $a0:1, $a0:1, $m10:11+=, $mzero, FORWARD ; fnop }
    st64pace $a0:1, $m10:11+=, $mzero, FORWARD
    brnzdec $m7, .Lrow
.Lexit:
    WORKER_EXIT
