// What the codelets on the AMP and SLIC engines share: loading coefficients, and the rows of the f16 AMP.
#ifndef AMP_H
#define AMP_H

#include "codelet.h"

#define STAY_IN 1                                  // pace selectors: the first address on by a stride of 0, the second 8 bytes on

// --- supervisor

// LOAD_COEFFICIENTS first, words: the next `words` (even) 64-bit words at $CCCSLOAD become coefficients `first`, ...
// A cycle for two words.
.macro LOAD_COEFFICIENTS first, words
    .set index, \first
    .rept (\words) / 2
    ld128putcs index
    .set index, index + 2
    .endr
.endm

// GEMM_SUPERVISOR name [, coefficients]: loads so many coefficients, all 64 or the 32 of the first set, from the state's first
// word and runs name_worker. 50 cycles to the launch, or 34.
.macro GEMM_SUPERVISOR name, coefficients=64
    .supervisor
    .section .text.\name, "ax"
FUNCTION \name
    ld32 $m1, $m0, $mzero, 0
    setzi $m2, \name\()_worker
    put $CCCSLOAD, $m1
    GEMM_LAUNCH \coefficients
.endm

// GEMM_LAUNCH [coefficients]: the rest of a GEMM's supervisor, with $CCCSLOAD put and the worker's address in $m2.
.macro GEMM_LAUNCH coefficients=64
    LOAD_COEFFICIENTS 0, \coefficients
    runall $m2, $m0, 0
    sync IPU_SYNC_WORKERS
    br $m10
.endm

// --- workers

// GEMM_START in, partial, out, rows, wider: a worker's start. The first four are words of the state: addresses of rows of 32
// bytes and of rows of 32 << `wider` bytes, and the rows per worker. Afterwards the addresses of this worker's rows are in
// $m6:7, the rows less two in $m4, and the accumulators are zero. 13 bundles, or 14 if `wider` is not 0.
.macro GEMM_START in, partial, out, rows, wider
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, \in
    ld32 $m2, $m13, $mzero, \partial
    ld32 $m3, $m13, $mzero, \out
    ld32 $m4, $m13, $mzero, \rows
    { mul $m0, $m0, $m4 ; setzi $a0, FP_CLR_ZERO_ACCUMULATORS }
    { shl $m0, $m0, 5 ; uput $FP_CLR, $a0 }
    add $m1, $m1, $m0
    .if \wider
    shl $m0, $m0, \wider
    .endif
    add $m2, $m2, $m0
    add $m3, $m3, $m0
    tapack $m6:7, $m1, $m2, $m3
    add $m4, $m4, -2
.endm

// AMP_FIRST_SUMS amp: the partial sums that the first row goes on from enter the engine.
.macro AMP_FIRST_SUMS amp
    ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; \amp $a4:5, $azeros, $a2:3, 0 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; \amp $a6:7, $azeros, $a2:3, 1 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, STAY_IN ; \amp $a4:5, $azeros, $a2:3, 2 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; \amp $a6:7, $azeros, $a2:3, 3 }
.endm

// AMP_LAST_RESULTS amp: a row of zeros brings the last results out.
.macro AMP_LAST_RESULTS amp
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; \amp $a4:5, $azeros, $azeros, 0 }
    { st64pace $a6:7, $m6:7+=, $mzero, FORWARD ; \amp $a6:7, $azeros, $azeros, 1 }
    { st64pace $a4:5, $m6:7+=, $mzero, FORWARD ; \amp $a4:5, $azeros, $azeros, 2 }
    { st64pace $a6:7, $m6:7+=, $mzero, FORWARD ; \amp $a6:7, $azeros, $azeros, 3 }
    st64pace $a4:5, $m6:7+=, $mzero, FORWARD
    st64pace $a6:7, $m6:7+=, $mzero, FORWARD
.endm

// GEMM_V4_WORKER name, in, partial, out, rows, amp: the worker of a product of rows of 32 bytes (16 f16 or 32 f8) with the
// coefficients of 16 outputs, by an AMP instruction with f16 partial sums and results of both sets; the words of the state as
// for GEMM_START. 26 + 4 * rows bundles (2 to 65537 rows).
//
// A bundle loads a word of inputs and one of partial sums for the next, and stores the results of the last but one: a result
// goes to memory 11 words after the partial sum that it began with was read, an odd number, so that both may be in one buffer.
.macro GEMM_V4_WORKER name, in, partial, out, rows, amp
    .worker
FUNCTION \name
    GEMM_START \in, \partial, \out, \rows, 0
    // The first row's partial sums go in with inputs of zero. $a0:1 input, $a2:3 partial, $a4:5 and $a6:7 results of even
    // and of odd phases.
    AMP_FIRST_SUMS \amp
    // The first row: no results yet.
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; \amp $a4:5, $a0:1, $a2:3, 0 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; \amp $a6:7, $a0:1, $a2:3, 1 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; \amp $a4:5, $a0:1, $a2:3, 2 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; \amp $a6:7, $a0:1, $a2:3, 3 }
    // A row gives the results of the row before.
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; \amp $a4:5, $a0:1, $a2:3, 0 }
    { ld2x64pace $a0:1, $a2:3, $m6:7+=, $mzero, FORWARD ; \amp $a6:7, $a0:1, $a2:3, 1 }
    REPEAT $m4, 4
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; \amp $a4:5, $a0:1, $a2:3, 2 }
    { ld2xst64pace $a0:3, $a6:7, $m6:7+=, $mzero, FORWARD ; \amp $a6:7, $a0:1, $a2:3, 3 }
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; \amp $a4:5, $a0:1, $a2:3, 0 }
    { ld2xst64pace $a0:3, $a6:7, $m6:7+=, $mzero, FORWARD ; \amp $a6:7, $a0:1, $a2:3, 1 }
    // The last row, and a row of zeros that brings its results out.
    { ld2xst64pace $a0:3, $a4:5, $m6:7+=, $mzero, FORWARD ; \amp $a4:5, $a0:1, $a2:3, 2 }
    { st64pace $a6:7, $m6:7+=, $mzero, FORWARD ; \amp $a6:7, $a0:1, $azeros, 3 }
    AMP_LAST_RESULTS \amp
    WORKER_EXIT
.endm

#endif
