// The tile's data. What is sent and what is received stand in memory elements of their own (32 KiB pairs in region 1), so that
// the exchange may read one and write the other in the same cycle.
#include "digits.h"
#include "ipu_runtime.h"

    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER inputs, TILE_SAMPLES * SAMPLE_BYTES             // [own sample][pixel]
BUFFER hidden_out, SAMPLES * 8                         // [sample][own neuron 0, 1]: block k is what tile k needs
BUFFER layer1_weights, LAYER1_PAIR_BYTES               // [bias, input 0, 1, ...][own neuron 0, 1]
BUFFER layer2_weights, CLASSES / 2 * LAYER2_PAIR_BYTES // [pair of classes][bias, hidden 0, 1, ...][class of the pair]
BUFFER scores, TILE_SAMPLES * CLASSES * 4              // [own sample][class]
BUFFER labels, TILE_SAMPLES * 4                        // [own sample]

    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER all_inputs, SAMPLES * SAMPLE_BYTES              // [sample][pixel]
BUFFER hidden_in, TILES * HIDDEN_BLOCK_BYTES           // [tile][own sample][that tile's neuron 0, 1]
    .space HIDDEN_BLOCK_BYTES                          // layer2 loads one block ahead
