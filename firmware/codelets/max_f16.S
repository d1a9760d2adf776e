// max_f16: out = the largest x[i], f16 to f32; of none, -infinity. Supervisor vertex; state, needs and cost: reduce.h; x 8-byte
// aligned, out f32. 4 elements a bundle: f16v4max, the aux lane, is the bound.
#include "reduce.h"

.macro MAX_F16_START                               // 3 bundles
    ldconst $a4, 0xFC00FC00                        // -infinity, twice
    mov $a5, $a4
.endm

.macro MAX_F16_RESULT                              // 3 bundles
    f16v4maxc $a4, $a4:5
    f16v2maxc $a4, $a4
    f16tof32 $a0, $a4
.endm

    REDUCE max_f16, inputs=1, log2_lanes=2, log2_bytes=3, load="ld64step $a0:1, $mzero, $m6+=, 1", \
           step="f16v4max $a4:5, $a4:5, $a0:1", start=MAX_F16_START, rest=REST_OF_MAXIMUM, result=MAX_F16_RESULT, combine2=f32v2max, combine=f32max
