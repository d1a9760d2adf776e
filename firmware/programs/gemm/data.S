// A tile's blocks. What is sent and what is received in one phase, and what one bundle of the loop touches, stands in element
// pairs of its own.
#include "ipu_runtime.h"
#include "shape.h"

    .section .region1.a_own, "aw", @nobits
    .p2align 15
BUFFER a_own, A_OWN_PANELS * A_PANEL_BYTES         // [own panel][row][16 k]
    .section .region1.a_panels, "aw", @nobits
    .p2align 15
BUFFER a_panels, STEP_PANELS * A_PANEL_BYTES       // [panel of the step][row][16 k]
    .section .region1.b_own, "aw", @nobits
    .p2align 15
BUFFER b_own, B_OWN_PANELS * B_PANEL_BYTES         // [own panel][group of 16 columns][coefficients of 16 k]
    .section .region1.b_panels, "aw", @nobits
    .p2align 15
BUFFER b_panels, B_BUFFER_BYTES                    // [panel of the step][group][coefficients]; then a piece of c to add
    .section .region1.c, "aw", @nobits
    .p2align 15
BUFFER c, C_BYTES + C_GAP_BYTES                    // [worker][gap, then group][row][16 columns]

    .section .data
    .p2align 3
    .globl place
    .type place, @object
    .size place, 12
place:                                             // this tile's column, row and layer in the grid; the host writes it
    .space 12
