// mul_f32: out[i] = x[i] * y[i] in f32. Worker vertex; state, needs and cost: map2.h. 2 elements a bundle.
#include "map2.h"

    MAP2 mul_f32, 1, "f32v2mul $a4:5, $a0:1, $a2:3"
