// The entry of every program: brings the tile into a known state, meets the host, calls main, meets the host again.
#include "ipu_runtime.h"

    .supervisor
    .text
FUNCTION _start
    setzi $m11, ipu_supervisor_stack + IPU_SUPERVISOR_STACK
    // Stacks grow down from what is put here. Six registers, so that no put waits for its value.
    .irp n, 0, 1, 2, 3, 4, 5
    setzi $m\n, ipu_worker_stacks + (\n + 1) * IPU_WORKER_STACK
    .endr
    .irp n, 0, 1, 2, 3, 4, 5
    put $WORKER\n\()_BASE, $m\n
    .endr
    put $FP_ICTL, $mzero                   // round to nearest even, no floating-point exceptions

    // Nothing is received or sent but in a planned phase, which sets pointers and counts itself.
    setzi $m0, IPU_NULL_SOURCE
    put $INCOMING_MUX, $m0
    put $INCOMING_FORMAT, $mzero
    put $INCOMING_DCOUNT, $mzero
    put $OUTGOING_BASE, $mzero
    put $OUTGOING_DELTA, $mzero
    put $EXCHANGE_CTL, $mzero

    sync IPU_SYNC_HOST                     // entry: the host has loaded everything
    call $m10, main
    sync IPU_SYNC_HOST                     // completion: the host may read
done:
    sync IPU_SYNC_HOST                     // waits for a grant that does not come
    bri done

    .bss
BUFFER ipu_worker_stacks, IPU_WORKERS * IPU_WORKER_STACK
BUFFER ipu_supervisor_stack, IPU_SUPERVISOR_STACK
