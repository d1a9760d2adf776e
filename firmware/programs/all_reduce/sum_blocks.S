// sum_blocks: sum = ((blocks[0] + blocks[1]) + blocks[2]) + ..., element by element in the order of the tiles. Worker vertex.
// A worker takes pairs of elements, of each all blocks one after the other: 1 bundle per block and pair.
#include "ipu_runtime.h"

#if BLOCK % 2 || TILES < 2
#error a block is a number of pairs, and one tile alone has nothing to sum up
#endif

    .worker
    .section .text.sum_blocks, "ax"
//   $m0 first pair in blocks   $m1 pairs left - 1   $m2 the next block's pair   $m3 where the sum goes   $m4 pairs of a block
FUNCTION sum_blocks
    WORKER_SHARE $m0, $m1, BLOCK / 2, $m4
    add $m1, $m1, -1
    brneg $m1, .Lexit
    shl $m0, $m0, 3
    setzi $m3, sum
    add $m3, $m3, $m0
    setzi $m4, blocks
    add $m0, $m0, $m4
    setzi $m4, BLOCK / 2
.Lpair:
    mov $m2, $m0
    ld64step $a0:1, $mzero, $m2+=, $m4
    ld64step $a2:3, $mzero, $m2+=, $m4
    REPEAT TILES - 2, 1
    { ld64step $a2:3, $mzero, $m2+=, $m4 ; f32v2add $a0:1, $a0:1, $a2:3 }
    f32v2add $a0:1, $a0:1, $a2:3
    st64step $a0:1, $mzero, $m3+=, 1
    add $m0, $m0, 8
    brnzdec $m1, .Lpair
.Lexit:
    WORKER_EXIT
