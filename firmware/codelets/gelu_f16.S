// gelu_f16: out[i] = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) in f16, within 2^-10 (1 + |out|) for every finite x.
// Computed as x sigm(y (A + B y^2)), as gelu_f32, with y = x within -8 .. 8: beyond, sigm is 0 or 1, and nothing can overflow.
// Worker vertex; state, needs and cost: map1.h. Each f16v2sigm takes 2 turns, so 4 elements take 10.
#include "map1.h"

#define A_BITS 0x3E62                              // 2 sqrt(2/pi) = 1.5957691
#define B_BITS 0x2C91                              // 0.044715 A = 0.071354816

.macro GELU_F16_CONSTANTS                          // 4 bundles
    ldconst $a4, A_BITS << 16 | B_BITS
    ldconst $a5, 0x4800C800                        // -8, 8
.endm

.macro GELU_F16_MIDDLE
    { nop ; f16v4mul $a6:7, $a2:3, $a2:3 }
    { nop ; f16v4mul $a6:7, $a4:BL, $a6:7 }
    { nop ; f16v4add $a6:7, $a4:BU, $a6:7 }
    { nop ; f16v4mul $a2:3, $a2:3, $a6:7 }
    { nop ; f16v2sigm $a2, $a2 }
    { nop ; f16v2sigm $a3, $a3 }
.endm

    MAP1 gelu_f16, 2, "f16v4clamp $a2:3, $a0:1, $a5", "f16v4mul $a2:3, $a0:1, $a2:3", GELU_F16_MIDDLE, 6, GELU_F16_CONSTANTS
