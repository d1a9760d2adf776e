// exp_f32: out[i] = e^x in f32. Worker vertex; state, needs and cost: map1.h. Each f32exp takes 3 turns, so 2 elements
// take 6.
#include "map1.h"

    MAP1 exp_f32, 1, "f32exp $a2, $a0", "f32exp $a3, $a1"
