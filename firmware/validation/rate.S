// One run of a codelet (firmware/codelets) on all workers of the tile, with AMOUNT of work: CODELET is a supervisor's vertex, or
// with IS_WORKER a worker's. Its buffers are four pairs of memory elements.
#include "ipu_runtime.h"

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    setzi $m0, state
#ifdef IS_WORKER
    setzi $m1, CODELET
    runall $m1, $m0, 0
    sync IPU_SYNC_WORKERS
#else
    call $m10, CODELET
#endif
    SUPERVISOR_RETURN

    .data
    .p2align 3
state:
    .long __region1_base, __region1_base + 0x8000, __region1_base + 0x10000
#ifndef THREE_BUFFERS
    .long __region1_base + 0x18000
#endif
    .long AMOUNT
    .long 0, 0                                     // formats and scale of f8
