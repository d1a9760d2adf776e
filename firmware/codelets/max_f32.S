// max_f32: out = the largest x[i], f32; of none, -infinity. Supervisor vertex; state, needs and cost: reduce.h; x 8-byte aligned.
// 2 elements a bundle: f32v2max, the aux lane, is the bound.
#include "reduce.h"

.macro MAX_F32_START                               // 3 bundles
    ldconst $a4, 0xFF800000                        // -infinity
    mov $a5, $a4
.endm

.macro MAX_F32_RESULT                              // 1 bundle
    f32max $a0, $a4, $a5
.endm

    REDUCE max_f32, inputs=1, log2_lanes=1, log2_bytes=3, load="ld64step $a0:1, $mzero, $m6+=, 1", \
           step="f32v2max $a4:5, $a4:5, $a0:1", start=MAX_F32_START, rest=REST_OF_MAXIMUM, result=MAX_F32_RESULT, combine2=f32v2max, combine=f32max
