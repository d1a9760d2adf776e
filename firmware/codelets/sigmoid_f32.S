// sigmoid_f32: out[i] = 1 / (1 + e^-x) in f32. Worker vertex; state, needs and cost: map1.h. Each
// f32sigm takes 5 turns, so 2 elements take 10.
#include "map1.h"

    MAP1 sigmoid_f32, 1, "f32sigm $a2, $a0", "f32sigm $a3, $a1"
