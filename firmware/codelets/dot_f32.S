// dot_f32: out = the sum of x[i] * y[i], f32. Each product is added with one rounding, even and odd elements in sums of their
// own, which are added at the end. Supervisor vertex; state, needs and cost: reduce.h; x and y 8-byte aligned. 2 elements a
// bundle: 16 bytes loaded, the load ports are the bound.
#include "reduce.h"

    REDUCE dot_f32, inputs=2, log2_lanes=1, log2_bytes=3, load="ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD", \
           step="f32v2mac $a0:1, $a2:3", start=ZERO_ACCUMULATORS, rest=REST_OF_TWO, result=RESULT_OF_TWO_SUMS, combine2=f32v2add, combine=f32add
