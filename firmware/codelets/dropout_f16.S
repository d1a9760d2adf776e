// dropout_f16: out[i] = x[i] * scale or 0, in f16; scale is a f16 in the low half of its word, the n-th element of an item is kept
// if bits 16 n.. of the item's random word are below p. Worker vertex; parameters: dropout.h; the rest of the state, needs and
// cost: map1.h. 2 bundles for 4 elements.
#include "dropout.h"

    MAP1 dropout_f16, 2, "f16v4rmask $a2:3, $a0:1, $a4", "f16v4mul $a2:3, $a5:BL, $a2:3", NOTHING, 0, DROPOUT_PARAMETERS
