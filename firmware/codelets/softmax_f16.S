// softmax_f16: out = e^x / (the sum of e^x over the row), f16, of rows one behind the other. x less the row's maximum and the
// exponentials are rounded to f16, the sum and its reciprocal to f32: a result is within 2^-11 (d + D + 3) of itself and 2^-24,
// if x is d below the maximum and D is the mean of all d, weighted with the results. Worker vertex. State: out, x (8-byte aligned,
// anywhere, also the same buffer), rows (any number), columns (a multiple of 4, not 0; a row with fewer elements ends in -32768,
// whose result is 0).
//
// A worker goes over a row three times: the maximum (1 bundle for 4 elements), the exponentials and their sum (6 turns, 4 of
// them two f16v2exp), times the reciprocal of the sum (5 bundles: from f16 and back by f32). Of four elements each is summed
// with those four behind it, s0 to s3, and these as (s0 + s2) + (s1 + s3). A worker with r rows of n fours issues
// 27 + r * (17 + 10 n) + 1 bundles, in 27 + r * (19 + 12 n) + 1 turns.
#include "rows.h"

#define GREATEST f16v4max $a4:5, $a4:5, $a0:1
#define LESS_MAXIMUM f16v4add $a0:1, $a6:BL, $a0:1
#define ADD_UP f16v4acc $a2:3
#define WIDEN_LOW f16v2tof32 $a4:5, $a0
#define WIDEN_HIGH f16v2tof32 $a6:7, $a1
#define SCALE_LOW f32v2mul $a4:5, $a2:B, $a4:5
#define SCALE_HIGH f32v2mul $a6:7, $a2:B, $a6:7
#define NARROW f32v4tof16 $a4:5, $a4:7

    .worker
    .section .text.softmax_f16, "ax"
FUNCTION softmax_f16
    ROWS_START 2, 3, 1                             // 25 bundles
    brz $m6, .Lexit
    add $m6, $m6, -1
.Lrow:
    ld64 $a4:5, $m2, $mzero, 0
    mov $m5, $m2
    { ld64step $a0:1, $mzero, $m5+=, 1 ; setzi $a7, FP_CLR_ZERO_ACCUMULATORS }
    { mov $m7, $m1 ; uput $FP_CLR, $a7 }           // $m7: where exponentials go
    REPEAT $m4, 1
    { ld64step $a0:1, $mzero, $m5+=, 1 ; GREATEST }
    { ld64step $a0:1, $mzero, $m2+=, 1 ; GREATEST }
    f16v4maxc $a4, $a4:5
    f16v2maxc $a4, $a4
    { mov $m5, $m1 ; f16v2sub $a6, $azero, $a4 }
    REPEAT $m4, 4
    { nop ; LESS_MAXIMUM }
    { nop ; f16v2exp $a2, $a0 }
    { ld64step $a0:1, $mzero, $m2+=, 1 ; f16v2exp $a3, $a1 }
    { st64step $a2:3, $mzero, $m7+=, 1 ; ADD_UP }
    { nop ; LESS_MAXIMUM }
    { nop ; f16v2exp $a2, $a0 }
    { nop ; f16v2exp $a3, $a1 }
    { st64step $a2:3, $mzero, $m7+=, 1 ; ADD_UP }
    SUM_OF_FOUR                                    // 4 bundles
    { ld64step $a0:1, $mzero, $m5+=, 1 ; f32oox $a2, $a4 }
    { nop ; WIDEN_LOW }
    REPEAT $m4, 5
    { ld64step $a0:1, $mzero, $m5+=, 1 ; WIDEN_HIGH }
    { nop ; SCALE_LOW }
    { nop ; SCALE_HIGH }
    { nop ; NARROW }
    { st64step $a4:5, $mzero, $m1+=, 1 ; WIDEN_LOW }
    WIDEN_HIGH
    SCALE_LOW
    SCALE_HIGH
    NARROW
    st64step $a4:5, $mzero, $m1+=, 1
    brnzdec $m6, .Lrow
.Lexit:
    WORKER_EXIT
