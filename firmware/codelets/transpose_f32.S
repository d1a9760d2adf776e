// transpose_f32: out[c][r] = in[r][c], elements of 32 bits. Worker vertex; state and needs: transpose.h; rows even. Blocks of two
// rows and two columns, 4 bundles: two loads and two stores of 8 bytes, the memory port is the bound. A strip of R rows takes
// 7 + 4 R / 2 bundles.
#include "transpose.h"

#define FIRST sort4x32lo $a0:1, $a4:5, $a6:7
#define SECOND sort4x32hi $a2:3, $a4:5, $a6:7

.macro TRANSPOSE_F32_STRIP
    ld64step $a4:5, $mzero, $m10+=, $m5
    ld64step $a6:7, $mzero, $m10+=, $m5
    { add $m2, $m2, 8 ; FIRST }
    REPEAT $m3, 4
    { ld64step $a4:5, $mzero, $m10+=, $m5 ; SECOND }
    { ld64step $a6:7, $mzero, $m10+=, $m5 ; fnop }
    { st64step $a0:1, $mzero, $m6+=, 1 ; fnop }
    { st64step $a2:3, $mzero, $m8+=, 1 ; FIRST }
    { nop ; SECOND }
    { st64step $a0:1, $mzero, $m6+=, 1 ; fnop }
    { st64step $a2:3, $mzero, $m8+=, 1 ; fnop }
.endm

    TRANSPOSE transpose_f32, 2, TRANSPOSE_F32_STRIP
