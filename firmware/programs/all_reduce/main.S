// All-reduce: every tile has a vector of f32, in the end every tile has the sum of all. README.md tells more.
#include "ipu_runtime.h"
#include "marks.h"

#define BLOCK_BYTES (4 * BLOCK)                    // what a tile sums up of the vector; BLOCK, TILES come from the program file

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    MARKS_BEGIN
    COPY_OWN_BLOCK blocks, vector, BLOCK_BYTES, BLOCK_BYTES
    MARK
    call $m10, exchange_scatter
    MARK
    RUN_WORKERS sum_blocks
    COPY_OWN_BLOCK vector, sum, 0, BLOCK_BYTES
    MARK
    call $m10, exchange_gather
    MARK
    SUPERVISOR_RETURN

    .bss
    MARKS_BUFFER 4

    // Each phase sends from one memory element and receives in another: vector to blocks, sum to vector.
    .section .region1.vector, "aw", @nobits
    .p2align 15
BUFFER vector, TILES * BLOCK_BYTES                 // block k is summed up by tile k
    .section .region1.blocks, "aw", @nobits
    .p2align 15
BUFFER blocks, TILES * BLOCK_BYTES                 // this tile's block of every tile's vector
    .section .region1.sum, "aw", @nobits
    .p2align 15
BUFFER sum, BLOCK_BYTES
