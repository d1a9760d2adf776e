// pack_faces: workers 2 to 5 copy the faces y-, y+, z-, z+ of the field to faces_out; those of x are there already (stencil.S).
// Worker vertex. State: field. A face is `runs` runs of 8-byte items, a plane apart in the field; a bundle loads an item and stores the one
// before, as field and faces_out are in different memory elements. 9 bundles per run and 1 per item after the first.
#include "ipu_runtime.h"
#include "stencil.h"

    .worker
    .section .text.pack_faces, "ax"
FUNCTION pack_faces
    WORKER_NUMBER $m0
    add $m0, $m0, -2
    brneg $m0, .Lexit                              // faces of x
    ld32 $m1, $m13, $mzero, 0
    shl $m0, $m0, 4
    setzi $m2, faces_of_pack
    add $m2, $m2, $m0
    ld32 $m3, $m2, $mzero, 0
    add $m1, $m1, $m3
    ld32 $m3, $m2, $mzero, 1
    ld32 $m4, $m2, $mzero, 2                       // items of a run
    ld32 $m5, $m2, $mzero, 3                       // runs - 1
    shl $m8, $m4, 3
    add $m4, $m4, -1
.Lrun:
    mov $m6, $m1
    ld64step $a0:1, $mzero, $m6+=, 1
    tapack $m6:7, $m6, $mzero, $m3
    REPEAT $m4, 1
    { ldst64pace $a0:1, $a0:1, $m6:7+=, $mzero, 0 ; fnop }
    st64pace $a0:1, $m6:7+=, $mzero, 0
    add $m3, $m3, $m8
    add $m1, $m1, PLANE_BYTES
    brnzdec $m5, .Lrun
.Lexit:
    WORKER_EXIT

    .section .rodata.pack_faces, "a"
    .p2align 2
faces_of_pack:                                     // offset in the field, address in faces_out, items of a run, runs - 1
    .word 0, faces_out + 4 * FACE_Y, NX / 2, NZ - 1
    .word PLANE_BYTES - ROW_BYTES, faces_out + 4 * (FACE_Y + Y_FACE), NX / 2, NZ - 1
    .word 0, faces_out + 4 * FACE_Z, Z_FACE / 2, 0
    .word FIELD_BYTES - PLANE_BYTES, faces_out + 4 * (FACE_Z + Z_FACE), Z_FACE / 2, 0
