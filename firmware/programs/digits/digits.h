// Sizes of the digits program, for all its sources; program.yaml states the same words and counts.
#ifndef DIGITS_H
#define DIGITS_H

#define TILES 16
#define SAMPLES 320                                // held-out digits
#define TILE_SAMPLES 20                            // of them, a tile's own
#define INPUTS 64                                  // pixels
#define HIDDEN 32                                  // hidden neurons, two per tile
#define CLASSES 10

#define SAMPLE_BYTES (4 * INPUTS)
#define HIDDEN_BLOCK_BYTES (8 * TILE_SAMPLES)      // the two hidden values of one tile for the samples of another

#endif
