// axpy_f32: y[i] = a * x[i] + y[i] in f32, rounded once. Worker vertex; state, needs and cost: update.h, and after these a.
// 2 elements a bundle.
#include "update.h"

.macro AXPY_F32_SCALE                              // 4 bundles
    ld32 $a0, $m13, $mzero, 3
    uput $TAS, $a0
    ZERO_ACCUMULATORS
.endm

    UPDATE axpy_f32, 1, "f32v2axpy $a4:5, $a0:1, $a2:3", AXPY_F32_SCALE
