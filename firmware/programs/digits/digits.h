// Sizes of the digits programs, for all their sources; program.yaml states the same words and counts. batch.py has its own.
#ifndef DIGITS_H
#define DIGITS_H

#ifndef BATCH
#define TILES 16
#define SAMPLES 320                                // held-out digits
#define TILE_SAMPLES 20                            // of them, a tile's own
#define PAIRS 1                                    // of hidden neurons that layer 1 computes on a tile
#else
#define TILE_SAMPLES BATCH                         // a tile has all there is for its own samples
#define SAMPLES TILE_SAMPLES
#define PAIRS (HIDDEN / 2)
#endif
#define INPUTS 64                                  // pixels
#define HIDDEN 32                                  // hidden neurons, two per tile
#define CLASSES 10

#define SAMPLE_BYTES (4 * INPUTS)
#define LAYER1_PAIR_BYTES (8 * (1 + INPUTS))       // biases and weights of a pair of hidden neurons
#define LAYER2_PAIR_BYTES (8 * (1 + HIDDEN))       // of a pair of classes
#define HIDDEN_BLOCK_BYTES (8 * TILE_SAMPLES)      // the two hidden values of one tile for the samples of another

#endif
