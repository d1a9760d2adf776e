// conv3x3_slic_f16: out += in convolved with a 3 x 3 kernel, 4 channels to 4 channels, f16, on the SLIC engine: three bundles
// a pixel on each of six workers, 48 multiplications and additions a bundle.
//
// The engine's window does a row of the kernel: units 4, 5 (and 12, 13) take a partial sum and the pixel under the kernel's
// first column, units 2, 3 go on with the next pixel and the second column, units 0, 1 with the third; the sum leaves with
// the issue after. A worker goes over its pixels once for each row of the kernel, each time with that row's column of
// coefficients and the input a row further; the sums between are f16 values in `out`. Mode 1x3 leaves a quarter of the units
// idle: the bound is 48 of the engine's 64 multiplications a bundle; the loop also uses all of a bundle's memory ports.
//
// Supervisor vertex: `call $m10, conv3x3_slic_f16` with $m0 = state; changes $m1, $m2. State:
//   0 weights: 384 bytes, 16-byte aligned, in region 1
//   1 in: rows of width + 1 pixels (8 bytes: 4 channels), the image with a border of zeros: height + 2 rows that begin with
//     a pixel of zeros, which ends the row before as well; so a pixel of zeros more at the end
//   2 out: height rows of width + 1 pixels, of which the last is not a result; begins as what is to be added to (zeros, a
//     bias, sums over other input channels). In region 1, in other memory elements than `in`
//   3 pixels per worker (3 to 65538): a sixth of height * (width + 1), rounded up
//   4 bytes of a row: 8 * (width + 1)
// Worker n has the pixels n * pixels .. of `out`: 6 * pixels are written, some past the last row, and two more are read and not
// used; of `in`, two rows and two pixels more than are written. FP exceptions must be off. 276 + 18 * pixels cycles.
//
// Weights: for output channels 0, 1 and then 2, 3; for the kernel's last column, middle and first; for each of the two output
// channels: 32 bytes, the kernel's three rows of four input channels and 8 bytes that are not used.
#include "amp.h"

#define SLIC_1X3 4                                 // flags: mode 1x3, plus the column of coefficients

    .supervisor
    .section .text.conv3x3_slic_f16, "ax"
FUNCTION conv3x3_slic_f16
    ld32 $m1, $m0, $mzero, 0
    setzi $m2, conv3x3_slic_f16_worker
    put $CCCSLOAD, $m1
    LOAD_COEFFICIENTS 0, 24                        // units 0 to 5
    LOAD_COEFFICIENTS 32, 24                       // units 8 to 13
    runall $m2, $m0, 0
    sync IPU_SYNC_WORKERS
    br $m10

// KERNEL_ROW row: all of the worker's pixels, from $m1 and in place at $m2; $m1 goes on to the next row. $m5 is the pixels
// less three. 8 + pixels bundles.
.macro KERNEL_ROW row
    tapack $m6:7, $m1, $m2, $m2
    add $m1, $m1, $m4
    // $a0:1 input, $a2:3 partial sum, $a4:5 result. The first three issues give nothing of this row.
    ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD
    .rept 4
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; f16v4hihov4slic $a4:5, $a0:1, $a2:3, SLIC_1X3 + \row }
    .endr
    // A bundle stores the result of the one before, five pixels behind the partial sum that it loads: an odd number, so the
    // two are in different memory elements.
    REPEAT $m5, 1
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; f16v4hihov4slic $a4:5, $a0:1, $a2:3, SLIC_1X3 + \row }
    // The last pixel under the window, and one of zeros that brings the last result out.
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f16v4hihov4slic $a4:5, $a0:1, $azeros, SLIC_1X3 + \row }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; f16v4hihov4slic $a4:5, $azeros, $azeros, SLIC_1X3 + \row }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
.endm

    .worker
// 36 + 3 * pixels bundles.
FUNCTION conv3x3_slic_f16_worker
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 1
    ld32 $m2, $m13, $mzero, 2
    ld32 $m3, $m13, $mzero, 3
    ld32 $m4, $m13, $mzero, 4
    mul $m0, $m0, $m3
    shl $m0, $m0, 3                                // 8 bytes a pixel
    add $m1, $m1, $m0
    add $m2, $m2, $m0
    add $m5, $m3, -3
    KERNEL_ROW 0
    KERNEL_ROW 1
    KERNEL_ROW 2
    WORKER_EXIT
