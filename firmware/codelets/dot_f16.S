// dot_f16: out = the sum of x[i] * y[i], f16 to f32. An item's elements 0, 1 and 2, 3 are two products each added with one
// rounding to sums of their own, which are added at the end. Supervisor vertex; state, needs and cost: reduce.h; x and y 8-byte
// aligned, out f32. 4 elements a bundle: 16 bytes loaded, the load ports are the bound.
#include "reduce.h"

    REDUCE dot_f16, inputs=2, log2_lanes=2, log2_bytes=3, load="ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD", \
           step="f16v4cmac $a0:1, $a2:3", start=ZERO_ACCUMULATORS, rest=REST_OF_TWO, result=RESULT_OF_TWO_SUMS, combine2=f32v2add, combine=f32add
