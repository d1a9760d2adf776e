// gelu_f32: out[i] = x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) in f32, within 2^-23 (1 + |out|). As (1 + tanh u) / 2 =
// sigm(2 u), it is computed as x sigm(x (A + B x^2)), which loses nothing for negative x. x^2 beyond the range sets OFLO, and
// the result is right nevertheless. Worker vertex; state, needs and cost: map1.h. Each f32sigm takes 5 turns, so 2 elements
// take 15.
#include "map1.h"

#define A_BITS 0x3FCC422A                          // 2 sqrt(2/pi) = 1.5957691
#define B_BITS 0x3D922279                          // 0.044715 A = 0.071354816

.macro GELU_F32_CONSTANTS                          // 4 bundles
    ldconst $a4, B_BITS
    ldconst $a5, A_BITS
.endm

.macro GELU_F32_MIDDLE
    { nop ; f32v2mul $a2:3, $a4:B, $a2:3 }
    { nop ; f32v2add $a2:3, $a5:B, $a2:3 }
    { nop ; f32v2mul $a2:3, $a0:1, $a2:3 }
    { nop ; f32sigm $a2, $a2 }
    { nop ; f32sigm $a3, $a3 }
.endm

    MAP1 gelu_f32, 1, "f32v2mul $a2:3, $a0:1, $a0:1", "f32v2mul $a2:3, $a0:1, $a2:3", GELU_F32_MIDDLE, 5, GELU_F32_CONSTANTS
