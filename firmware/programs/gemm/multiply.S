// multiply_step: c += a * b for the panels of one step, on the AMP engine. Of a panel (16 of the inner dimension) the six
// workers take a run of rows each and go through the groups of 16 columns; for every group the supervisor loads 512 bytes of
// coefficients. Between two groups the engine is not drained: the last row's results leave, and the partial sums of the next
// group's first row enter, while rows are computed, across the workers' exit and launch. So a launch costs two bundles, and no
// pipeline is filled but at the start of a panel.
//
// This leans on registers and accumulators staying as they are from a worker's exit to its next launch.
#include "amp.h"
#include "shape.h"

#define ROW_BYTES 32
#define BEHIND 48                                  // the results' address is six words behind the sums' when a panel begins
#define BACK 1                                     // pace selector: the first address by the first stride, the others 8 bytes on

// --- supervisor

// NEXT_PANEL pointer, buffer, bytes, next_own, own, owners: the address of panel $m9, in the buffer or among the own. $m0 scratch.
.macro NEXT_PANEL pointer, buffer, bytes, next_own, own, owners
    cmpeq $m0, $m9, \next_own
    add \pointer, \buffer, 0
    brz $m0, 1f
    add \pointer, \own, 0
    add \next_own, \next_own, \owners
    setzi $m0, \bytes
    add \own, \own, $m0
1:
    setzi $m0, \bytes
    add \buffer, \buffer, $m0
.endm

// GROUP worker: the next 16 columns.
.macro GROUP worker
    setzi $m2, \worker
    LOAD_COEFFICIENTS 0, 64
    runall $m2, $m1, 0
    sync IPU_SYNC_WORKERS
.endm

    .supervisor
    .section .text.multiply_step, "ax"
// The panels of the next step. `progress` says which; the host's zeros and main.S begin it. Changes $m0 to $m7.
FUNCTION multiply_step
    add $m11, $m11, -16
    .irp n, 8, 9, 10
    st32 $m\n, $m11, $mzero, \n - 8
    .endr
    setzi $m0, progress
    .irp n, 5, 6, 7, 8, 9
    ld32 $m\n, $m0, $mzero, \n - 5
    .endr
    setzi $m3, a_panels
    setzi $m4, b_panels
    setzi $m10, STEP_PANELS - 1
.Lpanel:
    NEXT_PANEL $m2, $m3, A_PANEL_BYTES, $m5, $m6, A_OWNERS
    setzi $m1, panel
    st32 $m2, $m1, $mzero, 0
    NEXT_PANEL $m2, $m4, B_PANEL_BYTES, $m7, $m8, B_OWNERS
    put $CCCSLOAD, $m2
    add $m9, $m9, 1
    GROUP first_group
#if GROUPS > 2
    setzi $m0, (GROUPS - 2) / UNROLLED - 1
.Lgroup:
    .rept UNROLLED
    GROUP next_group
    .endr
    brnzdec $m0, .Lgroup
#endif
    GROUP last_group
    brnzdec $m10, .Lpanel
    setzi $m0, progress
    .irp n, 5, 6, 7, 8, 9
    st32 $m\n, $m0, $mzero, \n - 5
    .endr
    .irp n, 8, 9, 10
    ld32 $m\n, $m11, $mzero, \n - 8
    .endr
    add $m11, $m11, 16
    br $m10

    .data
    .p2align 3
    .globl progress
progress:                                          // number of the next own panel of a, its address, the same of b, next panel
    .long 0, a_own, 0, b_own, 0

// --- workers

// PHASE registers, phase, selectors: loads inputs and partial sums for the next issue, stores the results of the last but one.
.macro PHASE results, phase, selectors=FORWARD
    { ld2xst64pace $a0:3, \results, $m6:7+=, $m8, \selectors ; f16v4hihov4amp \results, $a0:1, $a2:3, \phase }
.endm

// ROWS: this worker's rows of a group. Goes back to the first row of a, on in c. 1 + 4 * rows bundles.
.macro ROWS
    REPEAT WORKER_ROWS - 1, 4
    PHASE $a4:5, 0
    PHASE $a6:7, 1
    PHASE $a4:5, 2
    PHASE $a6:7, 3
    PHASE $a4:5, 0
    PHASE $a6:7, 1
    PHASE $a4:5, 2, BACK
    PHASE $a6:7, 3
.endm

    .worker
    .section .text.first_group, "ax"
// State: address of the panel of a. Accumulators become zero; the first row's partial sums go in with inputs of zero.
FUNCTION first_group
    WORKER_NUMBER $m0
    { ld32 $m1, $m13, $mzero, 0 ; setzi $a0, FP_CLR_ZERO_ACCUMULATORS }
    { mul $m2, $m0, WORKER_ROWS * ROW_BYTES ; uput $FP_CLR, $a0 }
    add $m1, $m1, $m2
    mul $m2, $m0, C_WORKER_BYTES
    setzi $m3, c + C_GAP_BYTES
    add $m2, $m2, $m3
    add $m3, $m2, -BEHIND
    tapack $m6:7, $m1, $m2, $m3
    setzi $m8, (1 - 4 * WORKER_ROWS) & 0x3ff
    AMP_FIRST_SUMS f16v4hihov4amp
    ROWS
    WORKER_EXIT

    .section .text.next_group, "ax"
FUNCTION next_group
    ROWS
    WORKER_EXIT

    .section .text.last_group, "ax"
// And a row of zeros that brings the last results out.
FUNCTION last_group
    ROWS
    AMP_LAST_RESULTS f16v4hihov4amp
    WORKER_EXIT

    .bss
    .p2align 3
panel:
    .space 8
