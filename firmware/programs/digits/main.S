// Classifies handwritten digits on sixteen tiles. Each tile begins with its share of the samples; every tile computes two hidden
// neurons for all samples, then all classes for its own samples. README.md tells more.
#include "digits.h"
#include "ipu_runtime.h"

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
