// The digits network on a batch that is spread over the tiles: every tile classifies its own samples with all of the network, whose
// weights come from tile 0 by exchange. Layers and sizes are those of the demo, with -D BATCH=samples of a tile. README.md.
#include "digits.h"
#include "ipu_runtime.h"
#include "marks.h"

#define LAYER1_BYTES (PAIRS * LAYER1_PAIR_BYTES)
#define LAYER2_BYTES (CLASSES / 2 * LAYER2_PAIR_BYTES)

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    MARKS_BEGIN
    setzi $m0, __tile_index
    brnz $m0, .Lweights
    setzi $m0, layer1_weights                      // the exchange does not send them to tile 0
    setzi $m1, weights
    setzi $m2, (LAYER1_BYTES + LAYER2_BYTES) / 8
    call $m10, ipu_copy64
.Lweights:
    MARK
    call $m10, exchange_broadcast
    MARK
    RUN_WORKERS layer1
    MARK
    RUN_WORKERS layer2
    MARK
    SUPERVISOR_RETURN

    .bss
    MARKS_BUFFER 4

    .section .region1.samples, "aw", @nobits
    .p2align 15
BUFFER inputs, TILE_SAMPLES * SAMPLE_BYTES             // [own sample][pixel]
    .set all_inputs, inputs
    .space 4                                           // layer1 loads one pixel ahead
BUFFER hidden_in, PAIRS * HIDDEN_BLOCK_BYTES           // [pair of hidden neurons][own sample][neuron of the pair]
    .set hidden_out, hidden_in
    .space HIDDEN_BLOCK_BYTES                          // layer2 loads one block ahead
BUFFER scores, TILE_SAMPLES * CLASSES * 4              // [own sample][class]
BUFFER labels, TILE_SAMPLES * 4                        // [own sample]

    // What is sent and what is received must not share a memory element.
    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER weights, LAYER1_BYTES + LAYER2_BYTES            // layer 1's and behind it layer 2's, on tile 0
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER layer1_weights, LAYER1_BYTES + LAYER2_BYTES     // the same, on all tiles
    .set layer2_weights, layer1_weights + LAYER1_BYTES
    .globl all_inputs, hidden_out, layer2_weights
