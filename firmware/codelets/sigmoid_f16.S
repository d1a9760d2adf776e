// sigmoid_f16: out[i] = 1 / (1 + e^-x) in f16. Worker vertex; state, needs and cost: map1.h. Each
// f16v2sigm takes 2 turns, so 4 elements take 4.
#include "map1.h"

    MAP1 sigmoid_f16, 2, "f16v2sigm $a2, $a0", "f16v2sigm $a3, $a1"
