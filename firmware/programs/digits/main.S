// Classifies handwritten digits on sixteen tiles. Each tile begins with its share of the samples; every tile computes two hidden
// neurons for all samples, then all classes for its own samples. README.md tells more.
#include "digits.h"
#include "ipu_runtime.h"

// COPY_OWN_BLOCK destination, source, source_step, bytes: the exchange does not send a tile's block to itself. Copies `bytes` from
// source + index * source_step to destination + index * bytes.
.macro COPY_OWN_BLOCK destination, source, source_step, bytes
    setzi $m2, __tile_index
    setzi $m0, \destination
    mul $m3, $m2, \bytes
    add $m0, $m0, $m3
    setzi $m1, \source
    mul $m3, $m2, \source_step
    add $m1, $m1, $m3
    setzi $m2, (\bytes) / 8
    call $m10, ipu_copy64
.endm

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    COPY_OWN_BLOCK all_inputs, inputs, 0, TILE_SAMPLES * SAMPLE_BYTES
    call $m10, exchange_gather_inputs
    RUN_WORKERS layer1
    COPY_OWN_BLOCK hidden_in, hidden_out, HIDDEN_BLOCK_BYTES, HIDDEN_BLOCK_BYTES
    call $m10, exchange_swap_hidden
    RUN_WORKERS layer2
    SUPERVISOR_RETURN
