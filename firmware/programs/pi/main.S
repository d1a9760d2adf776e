// Pi by chance: every worker draws points of a square and counts those within the circle, tiles add up their workers' counts, tile 0
// gathers the tiles' and adds them up.
#include "ipu_runtime.h"
#include "marks.h"

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    MARKS_BEGIN
    RUN_WORKERS count_points
    MARK
    // The tile's count, also to its own place among those gathered: the exchange does not send a tile its own word.
    setzi $m6, hits
    .irp n, 0, 1, 2, 3, 4, 5
    ld32 $m\n, $m6, $mzero, \n
    .endr
    .irp n, 1, 2, 3, 4, 5
    add $m0, $m0, $m\n
    .endr
    setzi $m1, tile_hits
    st32 $m0, $m1, $mzero, 0
    setzi $m1, all_hits
    setzi $m2, __tile_index
    stm32 $m0, $m1, $m2
    MARK
    call $m10, exchange_gather
    MARK
    RUN_WORKERS add_up
    RUN_WORKERS estimate
    MARK
    SUPERVISOR_RETURN

    .worker
// shares[worker] = the sum of its words of all_hits: worker, worker + 6, ...; beyond the tiles there are zeros.
FUNCTION add_up
    WORKER_NUMBER $m0
    setzi $m1, all_hits
    shl $m2, $m0, 2
    add $m1, $m1, $m2
    setzi $m2, 0
    REPEAT (TILES + IPU_WORKERS - 1) / IPU_WORKERS, 2
    { ld32step $m3, $mzero, $m1+=, IPU_WORKERS ; fnop }
    { add $m2, $m2, $m3 ; fnop }
    setzi $m1, shares
    stm32 $m2, $m1, $m0
    WORKER_EXIT

// total = the sum of the shares, pi = 4 (total / points), each rounded to f32. Worker 0 alone.
FUNCTION estimate
    WORKER_NUMBER $m0
    brnz $m0, .Lexit
    setzi $m1, shares
    ld32 $m2, $m1, $mzero, 0
    .irp n, 1, 2, 3, 4, 5
    ld32 $m3, $m1, $mzero, \n
    add $m2, $m2, $m3
    .endr
    setzi $m1, total
    st32 $m2, $m1, $mzero, 0
    ld32 $a0, $m1, $mzero, 0
    f32fromui32 $a0, $a0
    setzi $m1, points
    ld32 $a1, $m1, $mzero, 0
    ld32 $a2, $m1, $mzero, 1
    f32div $a0, $a0, $a1
    f32mul $a0, $a0, $a2
    setzi $m1, pi
    st32 $a0, $m1, $mzero, 0
.Lexit:
    WORKER_EXIT

    .data
    .p2align 3
    .globl points
    .type points, @object
    .size points, 8
points:                                            // as f32: of all workers, and a four
    .space 8

    .bss
BUFFER hits, 4 * IPU_WORKERS                       // of each worker
BUFFER shares, 4 * IPU_WORKERS
BUFFER total, 4
BUFFER pi, 4
    MARKS_BUFFER 4

    // What is sent and what is received must not share a memory element.
    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER tile_hits, 4
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER all_hits, 4 * (TILES + IPU_WORKERS)
