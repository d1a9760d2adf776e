// The parameters of dropout_f16 and dropout_f32. State, after out, x and elements: p, scale, seeds. An element is kept with
// probability p / 65536 (65536 and more: always) and multiplied by scale, else +0. Seeds: the states of six generators, four
// words each, none all zero; the same seeds give the same mask, so a backward pass applies the vertex to the gradient.
// A worker draws one word per item.
#ifndef DROPOUT_H
#define DROPOUT_H

#include "map1.h"

.macro DROPOUT_PARAMETERS                          // 13 bundles
    ld32 $a4, $m13, $mzero, 3
    ld32 $a5, $m13, $mzero, 4
    ld32 $m9, $m13, $mzero, 5
    SEED_WORKER $m9, $m0, $m10
.endm

#endif
