// Layer 1: this tile's hidden neurons, PAIRS pairs of them, for SAMPLES samples, shared out among the workers by samples.
#include "digits.h"
#include "ipu_runtime.h"

#if SAMPLES < IPU_WORKERS
#error every worker must have a sample
#endif

    .worker
    .text
// Per sample: both sums begin as the biases; for pixel 0, 1, ...: sum = sum + pixel * weight; hidden = max(sum, 0).
// One f32v2 instruction serves both neurons. The weight pair and the pixel of the next step are loaded while this one is computed.
//   $m0 samples left - 1   $m1 pixels   $m2 hidden values   $m3 weights
// Of several pairs, all samples of one before the next:
//   $m4 its weights   $m5 samples   $m6 the first's pixels   $m7 the first's hidden values   $m8 pairs left - 1
//   $a0:1 sums   $a2:3 weights   $a4 pixel   $a6:7 products
FUNCTION layer1
    WORKER_SHARE $m1, $m0, SAMPLES, $m3
    shl $m2, $m1, 3
    mul $m1, $m1, SAMPLE_BYTES
    setzi $m3, hidden_out
    add $m2, $m2, $m3
    setzi $m3, all_inputs
    add $m1, $m1, $m3
#if PAIRS > 1
    setzi $m4, layer1_weights
    mov $m5, $m0
    mov $m6, $m1
    mov $m7, $m2
    setzi $m8, PAIRS - 1
layer1_pair:
    mov $m0, $m5
    mov $m1, $m6
    mov $m2, $m7
#endif
    ld32step $a4, $mzero, $m1+=, 1
    add $m0, $m0, -1
layer1_sample:
#if PAIRS > 1
    mov $m3, $m4
#else
    setzi $m3, layer1_weights
#endif
    ld64step $a0:1, $mzero, $m3+=, 1                                           // biases
    ld64step $a2:3, $mzero, $m3+=, 1
    REPEAT INPUTS, 2
    { ld64step $a2:3, $mzero, $m3+=, 1 ; f32v2mul $a6:7, $a4:B, $a2:3 }
    { ld32step $a4, $mzero, $m1+=, 1   ; f32v2add $a0:1, $a0:1, $a6:7 }
    // $a4 now holds the first pixel of the next sample; the last weight pair loaded is not used.
    f32v2cmpgt $a6:7, $a0:1, $azeros
    and64 $a0:1, $a0:1, $a6:7                                                  // 0 where not greater than 0
    st64step $a0:1, $mzero, $m2+=, 1
    brnzdec $m0, layer1_sample
#if PAIRS > 1
    add $m7, $m7, 8 * SAMPLES
    add $m4, $m4, LAYER1_PAIR_BYTES
    brnzdec $m8, layer1_pair
#endif
    WORKER_EXIT
