// ipu_copy64: copies inside the tile with all six workers.
#include "ipu_runtime.h"

    .supervisor
    .text
// $m0 destination, $m1 source, both 8-byte aligned; $m2 number of 8-byte items, at most 98304. Changes $m0, $m1, $m3.
FUNCTION ipu_copy64
    setzi $m3, copy_state
    st32 $m0, $m3, $mzero, 0
    st32 $m1, $m3, $mzero, 1
    st32 $m2, $m3, $mzero, 2
    RUN_WORKERS copy64_worker, copy_state
    br $m10

    .worker
// State: destination, source, items. Worker n copies items n, n + 6, n + 12, ...
FUNCTION copy64_worker
    WORKER_NUMBER $m0
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    // (items + 5 - n) / 6, where x / 6 = x * 43691 >> 18 as long as the product fits 32 bits.
    sub $m3, $m3, $m0
    add $m3, $m3, IPU_WORKERS - 1
    setzi $m4, 43691
    mul $m3, $m3, $m4
    shr $m3, $m3, 18
    shl $m0, $m0, 3
    add $m1, $m1, $m0
    add $m2, $m2, $m0
    REPEAT $m3, 2
    { ld64step $a0:1, $mzero, $m2+=, IPU_WORKERS ; fnop }
    { st64step $a0:1, $mzero, $m1+=, IPU_WORKERS ; fnop }
    WORKER_EXIT

    .bss
    .p2align 2
copy_state:
    .space 12
