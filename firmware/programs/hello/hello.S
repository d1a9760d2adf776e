// The smallest program with everything in it: tile 0 sends six numbers to tile 1, and the six workers of tile 1 work on one each.
#include "ipu_runtime.h"

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    call $m10, exchange_greet
    RUN_WORKERS multiply
    SUPERVISOR_RETURN

    .worker
// answer[n] = received[n] * (n + 1) on worker n. Tile 0 runs it too, on the zeros it has not received.
FUNCTION multiply
    WORKER_NUMBER $m0
    setzi $m1, received
    ld32 $m2, $m1, $mzero, $m0
    add $m3, $m0, 1
    mul $m2, $m2, $m3
    setzi $m1, answer
    stm32 $m2, $m1, $m0
    WORKER_EXIT

    // What is sent and what is received must not share a memory element, nor may code lie there.
    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER greeting, 4 * IPU_WORKERS
BUFFER answer, 4 * IPU_WORKERS
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER received, 4 * IPU_WORKERS
