// sum_f32: out = the sum of x[i], f32. A worker has four sums s, of every fourth element, and at the end (s0 + s2) + (s1 + s3).
// Supervisor vertex; state, needs and cost: reduce.h; x 16-byte aligned in region 1. 4 elements a bundle: 16 bytes loaded, the
// load port is the bound.
#include "reduce.h"

.macro SUM_F32_RESULT                              // 4 bundles
    f32v2gina $a0:1, $azeros, 0
    f32v2gina $a2:3, $azeros, 0
    f32v2add $a0:1, $a0:1, $a2:3
    f32add $a0, $a0, $a1
.endm

    REDUCE sum_f32, inputs=1, log2_lanes=2, log2_bytes=4, load="ld128step $a0:3, $mzero, $m6+=, 1", \
           step="f32v4acc $a0:3", start=ZERO_ACCUMULATORS, rest=REST_OF_QUAD, result=SUM_F32_RESULT, combine2=f32v2add, combine=f32add
