// softmax_f32: out = e^x / (the sum of e^x over the row), f32, of rows one behind the other. The row's maximum is subtracted
// first, so nothing overflows: a result is within 2^-24 (d + D + n + 5) of itself if x is d below the maximum, nothing more than
// D, in n pairs. Worker vertex. State: out, x (8-byte aligned, anywhere, also the same buffer), rows (any number), columns (even,
// not 0; a row with an element less ends in -infinity, whose result is 0). Each row holds a finite value.
//
// A worker goes over a row three times: the maximum (1 bundle for 2 elements), the exponentials and their sum (8 turns, 6 of
// them two f32exp: the bound), times the reciprocal of the sum (2 bundles: a load and a store). Even and odd elements are
// summed by themselves. A worker with r rows of n pairs issues 27 + r * (13 + 7 n) + 1 bundles, in 27 + r * (15 + 11 n) + 1
// turns.
#include "rows.h"

#define GREATEST f32v2max $a4:5, $a4:5, $a0:1
#define LESS_MAXIMUM f32v2add $a0:1, $a6:B, $a0:1
#define ADD_UP f32v2add $a4:5, $a4:5, $a2:3
#define SCALE f32v2mul $a2:3, $a6:B, $a0:1

    .worker
    .section .text.softmax_f32, "ax"
FUNCTION softmax_f32
    ROWS_START 2, 3, 2                             // 25 bundles
    brz $m6, .Lexit
    add $m6, $m6, -1
.Lrow:
    ld64 $a4:5, $m2, $mzero, 0
    mov $m5, $m2
    ld64step $a0:1, $mzero, $m5+=, 1
    mov $m7, $m1                                   // where exponentials go
    REPEAT $m4, 1
    { ld64step $a0:1, $mzero, $m5+=, 1 ; GREATEST }
    { ld64step $a0:1, $mzero, $m2+=, 1 ; GREATEST }
    f32max $a6, $a4, $a5
    f32sub $a6, $azero, $a6
    { mov $m5, $m1 ; mov $a4:5, $azeros }
    REPEAT $m4, 4
    { nop ; LESS_MAXIMUM }
    { nop ; f32exp $a2, $a0 }
    { ld64step $a0:1, $mzero, $m2+=, 1 ; f32exp $a3, $a1 }
    { st64step $a2:3, $mzero, $m7+=, 1 ; ADD_UP }
    { nop ; LESS_MAXIMUM }
    { nop ; f32exp $a2, $a0 }
    { nop ; f32exp $a3, $a1 }
    { st64step $a2:3, $mzero, $m7+=, 1 ; ADD_UP }
    { nop ; f32add $a4, $a4, $a5 }
    { ld64step $a0:1, $mzero, $m5+=, 1 ; f32oox $a6, $a4 }
    REPEAT $m4, 2
    { ld64step $a0:1, $mzero, $m5+=, 1 ; SCALE }
    { st64step $a2:3, $mzero, $m1+=, 1 ; fnop }
    { nop ; SCALE }
    st64step $a2:3, $mzero, $m1+=, 1
    brnzdec $m6, .Lrow
.Lexit:
    WORKER_EXIT
