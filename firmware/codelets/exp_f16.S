// exp_f16: out[i] = e^x in f16. Worker vertex; state, needs and cost: map1.h. Each f16v2exp takes 2 turns, so 4 elements
// take 4.
#include "map1.h"

    MAP1 exp_f16, 2, "f16v2exp $a2, $a0", "f16v2exp $a3, $a1"
