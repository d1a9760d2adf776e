// tanh_f32: out[i] = tanh(x) in f32. Worker vertex; state, needs and cost: map1.h. Each f32tanh takes 5 turns, so 2 elements
// take 10.
#include "map1.h"

    MAP1 tanh_f32, 1, "f32tanh $a2, $a0", "f32tanh $a3, $a1"
