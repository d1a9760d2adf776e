// transpose_f16: out[c][r] = in[r][c], elements of 16 bits. Worker vertex; state and needs: transpose.h; rows a multiple of 4.
// Blocks of four rows and two columns, 6 bundles: four loads of 4 bytes and two stores of 8, the memory port is the bound. (With
// blocks of 4 x 4, four loads of 8 bytes, there are inputs or parts of results in all eight A registers when the last row has
// come, and none for the first result it completes.) A strip of R rows takes 6 + 6 R / 4 bundles.
#include "transpose.h"

#define FIRST_LOW sort4x16lo $a0, $a4, $a5
#define SECOND_LOW sort4x16hi $a2, $a4, $a5
#define FIRST_HIGH sort4x16lo $a1, $a6, $a7
#define SECOND_HIGH sort4x16hi $a3, $a6, $a7

.macro TRANSPOSE_F16_STRIP
    ld32step $a4, $mzero, $m10+=, $m5
    ld32step $a5, $mzero, $m10+=, $m5
    { ld32step $a6, $mzero, $m10+=, $m5 ; FIRST_LOW }
    { ld32step $a7, $mzero, $m10+=, $m5 ; SECOND_LOW }
    REPEAT $m3, 6
    { ld32step $a4, $mzero, $m10+=, $m5 ; FIRST_HIGH }
    { ld32step $a5, $mzero, $m10+=, $m5 ; SECOND_HIGH }
    { st64step $a0:1, $mzero, $m6+=, 1 ; fnop }
    { st64step $a2:3, $mzero, $m8+=, 1 ; FIRST_LOW }
    { ld32step $a6, $mzero, $m10+=, $m5 ; SECOND_LOW }
    { ld32step $a7, $mzero, $m10+=, $m5 ; fnop }
    { add $m2, $m2, 4 ; FIRST_HIGH }
    { st64step $a0:1, $mzero, $m6+=, 1 ; SECOND_HIGH }
    { st64step $a2:3, $mzero, $m8+=, 1 ; fnop }
.endm

    TRANSPOSE transpose_f16, 1, TRANSPOSE_F16_STRIP
