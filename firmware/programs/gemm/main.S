// c = a * b: step after step the owners send their panels of a along the rows of a layer and their panels of b along its
// columns, then every tile adds the step's products to its c. At the end the layers exchange parts of c, and each adds up its own.
#include "ipu_runtime.h"
#include "marks.h"
#include "shape.h"

#define COLUMN 0                                   // words of `place`
#define ROW 1
#define LAYER 2

// EXCHANGE operand, step, shared, own_bytes: the phase of a step. If owners come in the same turn in every step, one row serves all.
.macro EXCHANGE operand, step, shared, own_bytes
    .if \shared
    setzi $m2, \operand\()_own + \step * (\own_bytes)
    setzi $m3, \operand\()_panels
    call $m10, exchange_\operand
    .else
    call $m10, exchange_\operand\step
    .endif
    MARK
.endm

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    MARKS_BEGIN
    setzi $m0, place
    setzi $m1, progress
    ld32 $m2, $m0, $mzero, COLUMN                  // a tile's first own panels are those of its numbers
    st32 $m2, $m1, $mzero, 0
    ld32 $m2, $m0, $mzero, ROW
    st32 $m2, $m1, $mzero, 2
    .irp step, STEPS
#if A_OWNERS > 1
    EXCHANGE a, \step, A_SHARED, A_STEP_BYTES
#endif
#if B_OWNERS > 1
    EXCHANGE b, \step, B_SHARED, B_STEP_BYTES
#endif
    call $m10, multiply_step
    MARK
    .endr
#if LAYERS > 1
    .irp distance, DISTANCES
    .irp piece, PIECES
    call $m10, exchange_c\distance\()_\piece
    MARK
    setzi $m2, \piece * C_PIECE_BYTES
    call $m10, add_piece
    MARK
    .endr
    .endr
#endif
    SUPERVISOR_RETURN

#if LAYERS > 1
// c += the piece that came from another layer: of this layer's part of c, $m2 bytes behind its begin.
FUNCTION add_piece
    setzi $m0, place
    ld32 $m1, $m0, $mzero, LAYER
    setzi $m3, C_PART_BYTES
    mul $m1, $m1, $m3
    setzi $m3, c
    add $m2, $m2, $m3
    add $m2, $m2, $m1
    setzi $m1, axpy_state
    st32 $m2, $m1, $mzero, 0
    setzi $m0, axpy_f16
    runall $m0, $m1, 0
    sync IPU_SYNC_WORKERS
    br $m10

    .data
    .p2align 3
axpy_state:                                        // axpy_f16.S: y, x, elements, factor
    .long 0, b_panels, C_PIECE_BYTES / 2, 0x3C00
#endif

    .bss
    MARKS_BUFFER MARKS
