// layer_norm_f32: out = (x - mean) / sqrt(variance + epsilon) * scale + shift, f32, of rows one behind the other, with the mean
// and the variance of the row. Worker vertex. State: out, x (8-byte aligned, anywhere, also the same buffer), scale, shift (a
// row each, 8-byte aligned), rows (any number), columns (even, not 0), 1 / columns and epsilon (f32).
//
// A worker goes over a row three times: the sum (1 bundle for 2 elements), the squares of the differences from the mean, which
// keep their digits however large the mean is (2 bundles: two operations), the results (4 bundles, a memory access and an
// operation in each). Even and odd elements are summed by themselves, squares added with one rounding; the results are
// rstd * ((x - mean) * scale) + shift, the last product added with one rounding. A worker with r rows of n pairs issues
// 29 + r * (17 + 7 n) + 1 bundles, in as many turns and 4 more for each row, as f32oorx takes 5.
#include "rows.h"

#define ADD_UP f32v2add $a4:5, $a4:5, $a0:1
#define ADD_SQUARE f32v2mac $a2:3, $a2:3
#define LESS_MEAN f32v2add $a0:1, $a6:B, $a0:1
#define TIMES_SCALE f32v2mul $a0:1, $a0:1, $a2:3
#define PUT_IN f32v2axpy $a4:5, $a0:1, $a2:3
#define GET_RESULT f32v2gina $a4:5, $azeros, 0

    .worker
    .section .text.layer_norm_f32, "ax"
FUNCTION layer_norm_f32
    ROWS_START 4, 5, 2                             // 25 bundles
    ld32 $m7, $m13, $mzero, 2
    ld32 $m8, $m13, $mzero, 3
    brz $m6, .Lexit
    add $m6, $m6, -1
.Lrow:
    { mov $m9, $m2 ; mov $a4:5, $azeros }
    { ld64step $a0:1, $mzero, $m9+=, 1 ; setzi $a7, FP_CLR_ZERO_ACCUMULATORS }
    REPEAT $m4, 1
    { ld64step $a0:1, $mzero, $m9+=, 1 ; ADD_UP }
    { mov $m9, $m2 ; ADD_UP }
    { ld32 $a6, $m13, $mzero, 6 ; f32add $a4, $a4, $a5 }
    { ld64step $a0:1, $mzero, $m9+=, 1 ; f32mul $a4, $a4, $a6 }
    { nop ; f32sub $a6, $azero, $a4 }
    { nop ; f32v2add $a2:3, $a6:B, $a0:1 }
    { nop ; uput $FP_CLR, $a7 }
    REPEAT $m4, 2
    { ld64step $a0:1, $mzero, $m9+=, 1 ; ADD_SQUARE }
    { nop ; f32v2add $a2:3, $a6:B, $a0:1 }
    { ld32 $a4, $m13, $mzero, 6 ; ADD_SQUARE }
    f32v2gina $a0:1, $azeros, 0
    f32add $a0, $a0, $a1
    { ld32 $a5, $m13, $mzero, 7 ; f32mul $a0, $a0, $a4 }
    { mov $m9, $m7 ; f32add $a0, $a0, $a5 }
    { mov $m10, $m8 ; f32oorx $a7, $a0 }
    { ld64step $a0:1, $mzero, $m2+=, 1 ; uput $TAS, $a7 }
    { ld64step $a2:3, $mzero, $m9+=, 1 ; LESS_MEAN }
    { ld64step $a2:3, $mzero, $m10+=, 1 ; TIMES_SCALE }
    REPEAT $m4, 4
    { ld64step $a0:1, $mzero, $m2+=, 1 ; PUT_IN }
    { ld64step $a2:3, $mzero, $m9+=, 1 ; GET_RESULT }
    { st64step $a4:5, $mzero, $m1+=, 1 ; LESS_MEAN }
    { ld64step $a2:3, $mzero, $m10+=, 1 ; TIMES_SCALE }
    PUT_IN
    GET_RESULT
    st64step $a4:5, $mzero, $m1+=, 1
    brnzdec $m6, .Lrow
.Lexit:
    WORKER_EXIT
