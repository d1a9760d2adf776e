// Layer 2: the scores of all classes for this tile's own samples, and the class with the highest score.
#include "digits.h"
#include "ipu_runtime.h"

#if TILE_SAMPLES < IPU_WORKERS
#error every worker must have a sample
#endif

    .worker
    .text
// Per sample and pair of classes: both sums begin as the biases; for hidden neuron 0, 1, ...: sum = sum + hidden * weight. The hidden
// values of a sample lie in pairs, one pair in the block of each tile.
//   $m0 samples left - 1   $m1 the sample's first hidden pair   $m2 scores   $m3 weights   $m4 hidden pairs
//   $m5 pairs of classes left - 1   $m6 labels
//   $a0:1 sums   $a2:3 weights   $a4:5 hidden pair   $a6:7 products
FUNCTION layer2
    WORKER_SHARE $m1, $m0, TILE_SAMPLES, $m3
    shl $m6, $m1, 2
    setzi $m3, labels
    add $m6, $m6, $m3
    mul $m2, $m1, 4 * CLASSES
    setzi $m3, scores
    add $m2, $m2, $m3
    shl $m1, $m1, 3
    setzi $m3, hidden_in
    add $m1, $m1, $m3
    add $m0, $m0, -1
layer2_sample:
    setzi $m3, layer2_weights
    setzi $m5, CLASSES / 2 - 1
    ld64step $a2:3, $mzero, $m3+=, 1                                           // biases of the first pair
    .p2align 3
layer2_classes:
    mov $m4, $m1
    ld64step $a4:5, $mzero, $m4+=, TILE_SAMPLES
    { ld64step $a2:3, $mzero, $m3+=, 1 ; mov $a0:1, $a2:3 }                    // begin with the biases
    REPEAT HIDDEN / 2, 4
    { ld64step $a2:3, $mzero, $m3+=, 1 ; f32v2mul $a6:7, $a4:B, $a2:3 }
    { nop                              ; f32v2add $a0:1, $a0:1, $a6:7 }
    { ld64step $a2:3, $mzero, $m3+=, 1 ; f32v2mul $a6:7, $a5:B, $a2:3 }
    { ld64step $a4:5, $mzero, $m4+=, TILE_SAMPLES ; f32v2add $a0:1, $a0:1, $a6:7 }
    // $a2:3 now holds the biases of the next pair.
    st64step $a0:1, $mzero, $m2+=, 1
    brnzdec $m5, layer2_classes

    // The lowest class with the highest score.
    //   $m3 best class   $m4 its rival   $m5 scratch   $m7 scores   $a0 best score   $a1 the rival's   $a2 all ones if the rival wins
    add $m7, $m2, -4 * CLASSES
    ld32step $a0, $mzero, $m7+=, 1
    setzi $m3, 0
    setzi $m4, 0
    .p2align 3
layer2_rival:
    { ld32step $a1, $mzero, $m7+=, 1   ; fnop }
    { add $m4, $m4, 1                  ; f32cmpgt $a2, $a1, $a0 }
    { atom $m5, $a2                    ; and $a1, $a1, $a2 }
    { movnz $m3, $m5, $m4              ; andc $a0, $a0, $a2 }
    { cmpslt $m5, $m4, CLASSES - 1     ; or $a0, $a0, $a1 }
    brnz $m5, layer2_rival

    st32step $m3, $mzero, $m6+=, 1
    add $m1, $m1, 8
    brnzdec $m0, layer2_sample
    WORKER_EXIT
