// add_f32: z[i] = x[i] + y[i].
// Worker vertex. State: z, x, y (8-byte aligned, in memory elements of their own if no bundle is to conflict), pairs per
// worker (1 to 65535). Worker n adds pairs n, n + 6, ... 14 + 3 * pairs bundles.
#include "ipu_runtime.h"

    .worker
    .section .text.add_f32, "ax"
FUNCTION add_f32
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    ld32 $m4, $m13, $mzero, 3
    shl $m0, $m0, 3
    add $m1, $m1, $m0
    add $m2, $m2, $m0
    add $m3, $m3, $m0
    add $m4, $m4, -1
    // The loop stores what the pass before has added.
    ld64step $a0:1, $mzero, $m2+=, IPU_WORKERS
    { ld64step $a2:3, $mzero, $m3+=, IPU_WORKERS ; fnop }
    REPEAT $m4, 3
    { ld64step $a0:1, $mzero, $m2+=, IPU_WORKERS ; f32v2add $a4:5, $a0:1, $a2:3 }
    { ld64step $a2:3, $mzero, $m3+=, IPU_WORKERS ; fnop }
    { st64step $a4:5, $mzero, $m1+=, IPU_WORKERS ; fnop }
    f32v2add $a4:5, $a0:1, $a2:3
    st64step $a4:5, $mzero, $m1+=, IPU_WORKERS
    WORKER_EXIT
