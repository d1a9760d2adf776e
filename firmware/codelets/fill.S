// fill: writes one 64-bit pattern over a buffer.
// Worker vertex. State: destination (8-byte aligned), low word, high word, 64-bit items per worker (at most 65535).
// Worker n fills items n, n + 6, n + 12, ... 10 + items bundles.
#include "ipu_runtime.h"

    .worker
    .section .text.fill, "ax"
FUNCTION fill
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $a0, $m13, $mzero, 1
    ld32 $a1, $m13, $mzero, 2
    ld32 $m2, $m13, $mzero, 3
    shl $m0, $m0, 3
    add $m1, $m1, $m0
    REPEAT $m2, 1
    { st64step $a0:1, $mzero, $m1+=, IPU_WORKERS ; fnop }
    WORKER_EXIT
