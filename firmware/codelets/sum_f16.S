// sum_f16: out = the sum of x[i], f16 to f32. A worker has eight f32 sums s, of every eighth element, and at the end
// ((s0 + s2) + (s4 + s6)) + ((s1 + s3) + (s5 + s7)). Supervisor vertex; state, needs and cost: reduce.h; x 16-byte aligned in
// region 1, out f32. 8 elements a bundle: 16 bytes loaded, the load port is the bound.
#include "reduce.h"

.macro SUM_F16_RESULT                              // 8 bundles
    f32v2gina $a0:1, $azeros, 0
    f32v2gina $a2:3, $azeros, 0
    f32v2gina $a4:5, $azeros, 0
    f32v2gina $a6:7, $azeros, 0
    f32v2add $a0:1, $a0:1, $a2:3
    f32v2add $a4:5, $a4:5, $a6:7
    f32v2add $a0:1, $a0:1, $a4:5
    f32add $a0, $a0, $a1
.endm

    REDUCE sum_f16, inputs=1, log2_lanes=3, log2_bytes=4, load="ld128step $a0:3, $mzero, $m6+=, 1", \
           step="f16v8acc $a0:3", start=ZERO_ACCUMULATORS, rest=REST_OF_QUAD, result=SUM_F16_RESULT, combine2=f32v2add, combine=f32add
