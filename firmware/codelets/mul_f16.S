// mul_f16: out[i] = x[i] * y[i] in f16. Worker vertex; state, needs and cost: map2.h. 4 elements a bundle.
#include "map2.h"

    MAP2 mul_f16, 2, "f16v4mul $a4:5, $a0:1, $a2:3"
