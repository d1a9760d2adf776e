// sgd_f16: w[i] = w[i] - rate * g[i], all f16; the sum is rounded to f32, then stochastically to f16, so that updates below half
// of w's last place are right in the mean. Worker vertex; state, needs and cost: update.h with y = w and x = g, and after
// these rate (a f16 in the low half of its word, the upper half zero) and seeds: the states of six generators, four words
// each, none all zero. A worker's item i takes word i + 1 of its generator, or if it has less than three items word 2 i + 1; a
// last item that is not full takes the word after the next. 4 elements a bundle.
#include "update.h"

.macro SGD_F16_RATE                                // 22 bundles
    ld32 $a0, $m13, $mzero, 3
    f16v2sub $a0, $azero, $a0
    setzi $a1, HALF_ONE
    sort4x16lo $a0, $a0, $a1
    uput $TAS, $a0
    ZERO_ACCUMULATORS
    ld32 $m9, $m13, $mzero, 4
    SEED_WORKER $m9, $m0, $m10
    ROUND_STOCHASTICALLY
.endm

    UPDATE sgd_f16, 2, "f16v4mix $a4:5, $a0:1, $a2:3", SGD_F16_RATE
