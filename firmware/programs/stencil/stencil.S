// stencil: next = c0 * cell + c1 * (((((left + right) + y-) + y+) + z-) + z+), every operation rounded on its own. Worker vertex;
// state: field, next field, in different memory elements. A worker has its run of rows. Neighbours beyond the block are in
// faces_in; the ends of the new rows go to faces_out as well, as the next iteration's faces of x.
//
// Two cells at a time: eight operations in nine bundles, with five loads of pairs and a store beside them, and two words loaded
// that make the pair one cell to the right, which is the next pair's left one. A row issues 31 bundles and 9 per pair: the first
// two pairs and the last two are written out, as they meet the faces.
#include "ipu_runtime.h"
#include "stencil.h"

// PAIR left, right, first, second, third: $a4:5 is the result. `first` loads y- and stores the result of the pair before; `second`
// and `third` load the next pair's right in the place of left.
//   $m2:3 packed y-, result   $m4, $m5, $m6 y+, z-, z+   $m0 cells   $a6, $a7 coefficients
.macro PAIR left, right, first, second, third
    { \first                             ; f32v2add \left, \left, \right }
    { ld64step $a4:5, $mzero, $m4+=, 1   ; f32v2add \left, \left, $a4:5 }
    { ld64step $a4:5, $mzero, $m5+=, 1   ; f32v2add \left, \left, $a4:5 }
    { ld64step $a4:5, $mzero, $m6+=, 1   ; f32v2add \left, \left, $a4:5 }
    { ld64step $a4:5, $mzero, $m0+=, 1   ; f32v2add \left, \left, $a4:5 }
    { nop                                ; f32v2mul \left, $a7:B, \left }
    { nop                                ; f32v2mul $a4:5, $a6:B, $a4:5 }
    { \second                            ; f32v2add $a4:5, $a4:5, \left }
    \third
.endm
#define LOAD_Y_STORE "ldst64pace $a4:5, $a4:5, $m2:3+=, $mzero, 0"
#define LOAD_0 "ld32step $a0, $mzero, $m11+=, 1"
#define LOAD_1 "{ ld32step $a1, $mzero, $m11+=, 1 ; fnop }"
#define LOAD_2 "ld32step $a2, $mzero, $m11+=, 1"
#define LOAD_3 "{ ld32step $a3, $mzero, $m11+=, 1 ; fnop }"
    .set x_face, X_FACE                            // the preprocessor does not look into texts
#define LOAD_RIGHT_END "{ ld32 $a1, $m10, $m8, x_face ; fnop }"

// FROM_FACE pointer, face, along: the row's neighbours are in a face, `along` bytes from its beginning, instead of the field.
.macro FROM_FACE pointer, face, along
    setzi \pointer, faces_in + 4 * (\face)
    add \pointer, \pointer, \along
.endm

    .worker
    .section .text.stencil, "ax"
//   $m0 cells   $m1 next field   $m7, $m9 ROW_BYTES times y, z   $m8 four times the row   $m10 scratch   $m11 words to the right
// The row behind the worker's last, times four, is on its stack.
FUNCTION stencil
    WORKER_SHARE $m8, $m10, NY * NZ, $m0
    setzi $m0, coefficients
    ld64 $a6:7, $m0, $mzero, 0
    // The row's z and y: row / NY by subtraction, as it is done once.
    setzi $m9, 0
    mov $m7, $m8
.Lplane:
    cmpult $m0, $m7, NY
    brnz $m0, .Lplane_found
    add $m7, $m7, -NY
    add $m9, $m9, ROW_BYTES
    bri .Lplane
.Lplane_found:
    mul $m7, $m7, ROW_BYTES
    add $m10, $m8, $m10
    shl $m10, $m10, 2
    add $m0, $m12, -4
    st32 $m10, $m0, $mzero, 0
    ld32 $m0, $m13, $mzero, 0
    ld32 $m1, $m13, $mzero, 1
    mul $m10, $m8, ROW_BYTES
    add $m0, $m0, $m10
    add $m1, $m1, $m10
    shl $m8, $m8, 2

.Lrow:
    add $m10, $m0, -ROW_BYTES
    brnz $m7, .Lnot_first_y
    FROM_FACE $m10, FACE_Y, $m9
.Lnot_first_y:
    ld64step $a4:5, $mzero, $m10+=, 1
    tapack $m2:3, $m10, $mzero, $m1
    add $m4, $m0, ROW_BYTES
    cmpeq $m11, $m7, (NY - 1) * ROW_BYTES
    brz $m11, .Lnot_last_y
    FROM_FACE $m4, FACE_Y + Y_FACE, $m9
.Lnot_last_y:
    add $m5, $m0, -PLANE_BYTES
    brnz $m9, .Lnot_first_z
    FROM_FACE $m5, FACE_Z, $m7
.Lnot_first_z:
    add $m6, $m0, PLANE_BYTES
    cmpeq $m11, $m9, (NZ - 1) * ROW_BYTES
    brz $m11, .Lnot_last_z
    FROM_FACE $m6, FACE_Z + Z_FACE, $m7
.Lnot_last_z:
    setzi $m10, faces_in
    ld32 $a0, $m10, $m8, 0                         // the cell left of the row
    mov $m11, $m0
    ld32step $a1, $mzero, $m11+=, 1
    ld32step $a2, $mzero, $m11+=, 1
    ld32step $a3, $mzero, $m11+=, 1
    PAIR $a0:1, $a2:3, nop, LOAD_0, LOAD_1
    setzi $m10, faces_out
    st32 $a4, $m10, $m8, 0                         // the first cell of the next field's row
    PAIR $a2:3, $a0:1, LOAD_Y_STORE, LOAD_2, LOAD_3
    setzi $m10, faces_in
    REPEAT NX / 4 - 2, 18
    PAIR $a0:1, $a2:3, LOAD_Y_STORE, LOAD_0, LOAD_1
    PAIR $a2:3, $a0:1, LOAD_Y_STORE, LOAD_2, LOAD_3
    PAIR $a0:1, $a2:3, LOAD_Y_STORE, LOAD_0, LOAD_RIGHT_END
    PAIR $a2:3, $a0:1, LOAD_Y_STORE, nop
    st64 $a4:5, $m1, $mzero, NX / 2 - 1
    setzi $m10, faces_out
    st32 $a5, $m10, $m8, X_FACE                    // its last cell
    add $m1, $m1, ROW_BYTES
    add $m7, $m7, ROW_BYTES
    cmpeq $m10, $m7, NY * ROW_BYTES
    brz $m10, .Lsame_plane
    setzi $m7, 0
    add $m9, $m9, ROW_BYTES
.Lsame_plane:
    add $m8, $m8, 4
    add $m10, $m12, -4
    ld32 $m10, $m10, $mzero, 0
    cmpult $m10, $m8, $m10
    brnz $m10, .Lrow
    WORKER_EXIT
