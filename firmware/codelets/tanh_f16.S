// tanh_f16: out[i] = tanh(x) in f16. Worker vertex; state, needs and cost: map1.h. Each f16v2tanh takes 1 turn, so 4 elements
// take 2.
#include "map1.h"

    MAP1 tanh_f16, 2, "f16v2tanh $a2, $a0", "f16v2tanh $a3, $a1"
