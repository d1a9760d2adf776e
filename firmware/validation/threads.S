// Every worker context of every tile leaves its number, from 1, in a word of its own.
#include "ipu_runtime.h"

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    RUN_WORKERS report
    SUPERVISOR_RETURN

    .worker
FUNCTION report
    WORKER_NUMBER $m0
    add $m1, $m0, 1
    setzi $m2, numbers
    stm32 $m1, $m2, $m0
    WORKER_EXIT

    .bss
BUFFER numbers, 4 * IPU_WORKERS
