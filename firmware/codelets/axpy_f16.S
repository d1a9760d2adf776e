// axpy_f16: y[i] = a * x[i] + y[i] in f16, rounded to f32 and then to f16. Worker vertex; state, needs and cost: update.h, and
// after these a, a f16 in the low half of its word. 4 elements a bundle.
#include "update.h"

.macro AXPY_F16_SCALE                              // 6 bundles
    ld32 $a0, $m13, $mzero, 3
    setzi $a1, HALF_ONE
    sort4x16lo $a0, $a0, $a1
    uput $TAS, $a0
    ZERO_ACCUMULATORS
.endm

    UPDATE axpy_f16, 2, "f16v4mix $a4:5, $a0:1, $a2:3", AXPY_F16_SCALE
