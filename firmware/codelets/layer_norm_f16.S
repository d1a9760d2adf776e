// layer_norm_f16: layer_norm_f32 with x, scale, shift and out in f16, a multiple of 4 columns; 1 / columns and epsilon are f32. Sums
// and differences from the mean are f32, of four elements each summed with those four behind it, s0 to s3, and these as
// (s0 + s2) + (s1 + s3). (x - mean) * rstd is rounded to f32 and to f16, its product with scale and that plus shift to f16 each.
//
// The operations are the bound: 1 for 4 elements in the sum, 5 in the squares, 9 in the results, so it takes no less time than
// in f32, but half the memory. A worker with r rows of n fours issues 31 + r * (20 + 15 n) + 1 bundles, in as many turns and
// 4 more for each row, as f32oorx takes 5.
#include "rows.h"

#define ADD_UP f16v4acc $a0:1
#define ADD_SQUARES f32v4sqacc $a4:7
#define WIDEN_LOW f16v2tof32 $a4:5, $a0
#define WIDEN_HIGH f16v2tof32 $a6:7, $a1
#define LESS_MEAN_LOW f32v2add $a4:5, $a2:B, $a4:5
#define LESS_MEAN_HIGH f32v2add $a6:7, $a2:B, $a6:7
#define TIMES_RSTD_LOW f32v2mul $a4:5, $a3:B, $a4:5
#define TIMES_RSTD_HIGH f32v2mul $a6:7, $a3:B, $a6:7
#define NARROW f32v4tof16 $a4:5, $a4:7
#define TIMES_SCALE f16v4mul $a4:5, $a4:5, $a6:7
#define PLUS_SHIFT f16v4add $a4:5, $a4:5, $a6:7

    .worker
    .section .text.layer_norm_f16, "ax"
FUNCTION layer_norm_f16
    ROWS_START 4, 5, 1                             // 25 bundles
    ld32 $m7, $m13, $mzero, 2
    ld32 $m8, $m13, $mzero, 3
    ZERO_ACCUMULATORS                              // 2 bundles; each SUM_OF_FOUR leaves zeros too
    brz $m6, .Lexit
    add $m6, $m6, -1
.Lrow:
    mov $m9, $m2
    ld64step $a0:1, $mzero, $m9+=, 1
    REPEAT $m4, 1
    { ld64step $a0:1, $mzero, $m9+=, 1 ; ADD_UP }
    { ld32 $a2, $m13, $mzero, 6 ; ADD_UP }
    SUM_OF_FOUR                                    // 4 bundles
    { mov $m9, $m2 ; f32mul $a2, $a4, $a2 }
    { ld64step $a0:1, $mzero, $m9+=, 1 ; f32sub $a2, $azero, $a2 }
    { nop ; WIDEN_LOW }
    REPEAT $m4, 5
    { ld64step $a0:1, $mzero, $m9+=, 1 ; WIDEN_HIGH }
    { nop ; LESS_MEAN_LOW }
    { nop ; LESS_MEAN_HIGH }
    { nop ; ADD_SQUARES }
    { nop ; WIDEN_LOW }
    WIDEN_HIGH
    LESS_MEAN_LOW
    { ld32 $a3, $m13, $mzero, 6 ; LESS_MEAN_HIGH }
    { mov $m10, $m8 ; ADD_SQUARES }
    SUM_OF_FOUR                                    // 4 bundles
    { ld32 $a5, $m13, $mzero, 7 ; f32mul $a4, $a4, $a3 }
    { mov $m9, $m7 ; f32add $a4, $a4, $a5 }
    { ld64step $a0:1, $mzero, $m2+=, 1 ; f32oorx $a3, $a4 }
    { nop ; WIDEN_LOW }
    REPEAT $m4, 9
    { ld64step $a0:1, $mzero, $m2+=, 1 ; WIDEN_HIGH }
    { nop ; LESS_MEAN_LOW }
    { nop ; LESS_MEAN_HIGH }
    { nop ; TIMES_RSTD_LOW }
    { nop ; TIMES_RSTD_HIGH }
    { ld64step $a6:7, $mzero, $m9+=, 1 ; NARROW }
    { ld64step $a6:7, $mzero, $m10+=, 1 ; TIMES_SCALE }
    { nop ; PLUS_SHIFT }
    { st64step $a4:5, $mzero, $m1+=, 1 ; WIDEN_LOW }
    { nop ; WIDEN_HIGH }
    LESS_MEAN_LOW
    LESS_MEAN_HIGH
    TIMES_RSTD_LOW
    TIMES_RSTD_HIGH
    { ld64step $a6:7, $mzero, $m9+=, 1 ; NARROW }
    { ld64step $a6:7, $mzero, $m10+=, 1 ; TIMES_SCALE }
    PLUS_SHIFT
    st64step $a4:5, $mzero, $m1+=, 1
    brnzdec $m6, .Lrow
.Lexit:
    WORKER_EXIT
