// Softmax of rows that are spread over all tiles: each tile has some columns of every row. README.md tells more.
#include "ipu_runtime.h"
#include "marks.h"

// What a tile has: COLUMNS of each of ROWS rows, which are as many as there are tiles. Both come from the program file.

// OVER_TILES vertex: what each tile found for each row, in `partial`, becomes for each row what `vertex` makes of all tiles', in
// `row_values`: row k is reduced by tile k.
.macro OVER_TILES vertex
    OWN_WORD parts, partial, $m2
    call $m10, exchange_scatter
    MARK
    setzi $m0, reduction
    call $m10, \vertex
    MARK
    OWN_WORD row_values, reduced, $mzero
    call $m10, exchange_gather
    MARK
.endm

// OWN_WORD destination, source, word: the exchange does not send a tile's word to itself. Copies word `word`, $mzero or $m2, which is
// the tile's index, of source to word index of destination.
.macro OWN_WORD destination, source, word
    setzi $m2, __tile_index
    setzi $m0, \source
    ld32 $m1, $m0, $mzero, \word
    setzi $m0, \destination
    stm32 $m1, $m0, $m2
.endm

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    MARKS_BEGIN
    RUN_WORKERS row_max
    MARK
    OVER_TILES max_f32
    RUN_WORKERS row_exp
    MARK
    OVER_TILES sum_f32
    RUN_WORKERS row_scale
    MARK
    SUPERVISOR_RETURN

    .data
    .p2align 2
reduction:                                         // state of max_f32 and sum_f32: out, x, elements
    .word reduced, parts, ROWS

    .bss
    MARKS_BUFFER 9

    .section .region1.matrix, "aw", @nobits
    .p2align 15
BUFFER matrix, 4 * ROWS * COLUMNS                  // [row][own column]
    .space 8                                       // row_exp and row_scale load one pair ahead
    // What is sent and what is received must not share a memory element.
    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER partial, 4 * ROWS                           // [row]
BUFFER reduced, 4                                  // of the own row
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER parts, (4 * ROWS + 15) / 16 * 16            // [tile], of the own row; sum_f32 wants a multiple of 16 bytes
BUFFER row_values, 4 * ROWS                        // [row]
