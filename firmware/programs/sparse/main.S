// y = x * w for weights with more and more blocks of zeros: the tiles of a grid's row make their x known to each other, then each
// multiplies it by the blocks of its columns of w, once for every density.
#include "ipu_runtime.h"
#include "marks.h"
#include "sizes.h"

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    MARKS_BEGIN
    // The tile's own piece to its place: the exchange does not send it.
    setzi $m0, place
    ld32 $m0, $m0, $mzero, 0
    setzi $m1, PIECE_BYTES
    mul $m0, $m0, $m1
    setzi $m1, x
    add $m0, $m0, $m1
    setzi $m1, piece
    setzi $m2, PIECE_BYTES / 8
    call $m10, ipu_copy64
    call $m10, exchange_gather
    MARK
    .irp density, DENSITIES
    setzi $m0, state\density
    call $m10, multiply
    MARK
    .endr
    SUPERVISOR_RETURN

    // What `multiply` takes. The blocks of all densities stand one behind the other, and so do their tables, lines of 8 bytes.
    .data
    .p2align 3
    .set blocks, 0
    .set number, 0
    .altmacro
    .macro STATE name, count
state\name:
    .long weights + 512 * blocks, tables + 8 * (blocks + number), \count - 2, y + Y_GAP_BYTES + number * Y_DENSITY_BYTES
    .endm
    .irp count, BLOCKS
    STATE %number, \count
    .set blocks, blocks + \count
    .set number, number + 1
    .endr
    .noaltmacro
    .globl place
    .type place, @object
    .size place, 4
place:                                             // this tile's number in its row of the grid; the host writes it
    .space 4

    .bss
    MARKS_BUFFER MARKS
BUFFER tables, TABLE_BYTES                         // of each density: x and y of the first block, then jumps of each: product.S

    // What one bundle of the loop touches and what is sent and received stands in element pairs of its own.
    .section .region1.piece, "aw", @nobits
    .p2align 15
BUFFER piece, PIECE_BYTES
    .section .region1.x, "aw", @nobits
    .p2align 15
BUFFER x, X_BYTES                                  // [16 inputs][row][input]
    .section .region1.y, "aw", @nobits
    .p2align 15
BUFFER y, DENSITY_COUNT * Y_DENSITY_BYTES + Y_GAP_BYTES  // [density][worker][gap, then 16 outputs][row][output]
    .section .region1.weights, "aw", @nobits
    .p2align 15
BUFFER weights, 512 * WEIGHT_BLOCKS
