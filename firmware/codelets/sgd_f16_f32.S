// sgd_f16_f32: w[i] = w[i] - rate * g[i], w f16, g and rate f32: the product is rounded to f32, the sum too, and then
// stochastically to f16. Worker vertex. State: w (8-byte aligned), g (16-byte aligned), elements (any number), rate, seeds: the
// states of six generators, four words each, none all zero. A worker's item i takes word i + 1 of its generator; a last item
// that is not full takes the word after the next.
// 4 bundles for 4 elements: both lanes do something in every one of them (three loads and a store; four operations).
//
// A worker with c items of 4 elements issues 43 bundles, and if c > 0 another 6 + 4 c, then 3, or if the elements are no multiple
// of 4 another 5, in the last worker 28.
#include "codelet.h"

    LANE_MASKS .Lmasks, 16, 64
    LANE_MASKS .Lquad_masks, 32, 128
    .worker
    .section .text.sgd_f16_f32, "ax"

// w in $a0:1, -rate * g in $a4:7: gives the item before in $a0:1 (E rounded), E = w (TAS holds 1 and 0), then E += $a4:7.
#define PUT_W_GET_RESULT f16v4mix $a0:1, $a0:1, $a0:1
#define ADD_STEP f32v4acc $a4:7
#define SCALE_LOW f32v2mul $a4:5, $a2:B, $a4:5
#define SCALE_HIGH f32v2mul $a6:7, $a2:B, $a6:7

FUNCTION sgd_f16_f32
    WORKER_NUMBER $m0                              // 2 bundles
    ld32 $m1, $m13, $mzero, 0
    ld32 $m2, $m13, $mzero, 1
    ld32 $m3, $m13, $mzero, 2
    shr $m4, $m3, 2                                // whole items
    WORKER_RUN $m5, $m8, $m4, $m0, $m6, $m7        // 10 bundles
    shl $m5, $m5, 3
    add $m6, $m1, $m5
    mov $m7, $m6                                   // loads and stores of w
    shl $m5, $m5, 1
    add $m5, $m2, $m5
    setzi $a0, HALF_ONE
    uput $TAS, $a0
    ZERO_ACCUMULATORS                              // 2 bundles
    ld32 $m9, $m13, $mzero, 4
    SEED_WORKER $m9, $m0, $m10                     // 10 bundles
    ROUND_STOCHASTICALLY                           // 4 bundles
    ld32 $a2, $m13, $mzero, 3
    f32sub $a2, $azero, $a2
    brz $m8, .Lrest
    add $m8, $m8, -1
    ld64step $a0:1, $mzero, $m6+=, 1
    ld64step $a4:5, $mzero, $m5+=, 1
    { ld64step $a6:7, $mzero, $m5+=, 1 ; PUT_W_GET_RESULT }
    { nop ; SCALE_LOW }
    REPEAT $m8, 4
    { ld64step $a0:1, $mzero, $m6+=, 1 ; SCALE_HIGH }
    { ld64step $a4:5, $mzero, $m5+=, 1 ; ADD_STEP }
    { ld64step $a6:7, $mzero, $m5+=, 1 ; PUT_W_GET_RESULT }
    { st64step $a0:1, $mzero, $m7+=, 1 ; SCALE_LOW }
    SCALE_HIGH
    ADD_STEP
    PUT_W_GET_RESULT
    st64step $a0:1, $mzero, $m7+=, 1
.Lrest:
    ONLY_LAST_WORKER_WITH_REST .Lexit, $m3, $m3, 4, $m0, $m0
    LOAD_QUAD_MASK $a4:5, $a6:7, .Lquad_masks, $m3, $m0, $m5
    shl $m5, $m4, 4
    ld64 $a0:1, $m2, $m5, 0
    and64 $a4:5, $a0:1, $a4:5
    ld64 $a0:1, $m2, $m5, 1
    and64 $a6:7, $a0:1, $a6:7
    SCALE_LOW
    SCALE_HIGH
    LOAD_MASK $a2:3, .Lmasks, $m3, $m0
    ld64 $a0:1, $m1, $mzero, $m4
    and64 $a0:1, $a0:1, $a2:3
    PUT_W_GET_RESULT
    ADD_STEP
    PUT_W_GET_RESULT
    STORE_LANES $a0:1, $a2:3, $m1, $m4, $a4:5
.Lexit:
    WORKER_EXIT
