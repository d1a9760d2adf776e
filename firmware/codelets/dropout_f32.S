// dropout_f32: out[i] = x[i] * scale or 0, in f32; the n-th element of an item is kept if bits 16 n.. of the item's random word
// are below p. Worker vertex; parameters: dropout.h; the rest of the state, needs and cost: map1.h. 2 bundles for 2 elements.
#include "dropout.h"

    MAP1 dropout_f32, 1, "f32v2rmask $a2:3, $a0:1, $a4", "f32v2mul $a2:3, $a5:B, $a2:3", NOTHING, 0, DROPOUT_PARAMETERS
