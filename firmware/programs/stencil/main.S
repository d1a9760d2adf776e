// 3D 7-point stencil: each tile has a block of the field and trades its faces with up to six neighbours. README.md tells more.
#include "ipu_runtime.h"
#include "marks.h"
#include "stencil.h"

// HALF_TURN state: one iteration from the first buffer of `state` to the second.
.macro HALF_TURN state
    RUN_WORKERS pack_faces, \state
    MARK
    call $m10, exchange_halo
    MARK
    RUN_WORKERS stencil, \state
    MARK
.endm

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    MARKS_BEGIN
    setzi $m7, ITERATIONS / 2 - 1
.Lturn:
    HALF_TURN forth
    HALF_TURN back
    brnzdec $m7, .Lturn
    SUPERVISOR_RETURN

    // State of pack_faces and stencil: the field as it is, where the next one goes.
    .data
    .p2align 2
forth:
    .word field, next_field
back:
    .word next_field, field

    .bss
BUFFER coefficients, 8                             // of the cell itself, of the sum of its neighbours
    MARKS_BUFFER 3 * ITERATIONS

    // What is sent and what is received must not share a memory element, nor the two fields (stencil.S).
    .section .region1.field, "aw", @nobits
    .p2align 15
BUFFER field, FIELD_BYTES                          // [z][y][x]
    .section .region1.next_field, "aw", @nobits
    .p2align 15
BUFFER next_field, FIELD_BYTES
    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER faces_out, 4 * FACE_WORDS
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER faces_in, 4 * FACE_WORDS                    // stays zero where there is no neighbour
