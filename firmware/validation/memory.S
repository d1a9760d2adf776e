// How many bytes of memory a tile has: fills all 8-byte words behind the program with their own address, then counts those that
// read so. What the program itself takes is told too.
#include "ipu_runtime.h"

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    RUN_WORKERS fill
    RUN_WORKERS count
    setzi $m0, taken
    setzi $m1, program_end
    setzi $m2, __memory_base
    sub $m1, $m1, $m2
    st32 $m1, $m0, $mzero, 0
    SUPERVISOR_RETURN

// EACH_WORD: $m2 the first of this worker's words, which are six words apart, $m3 how many it has.
.macro EACH_WORD
    WORKER_NUMBER $m0
    setzi $m1, __memory_end
    setzi $m2, program_end
    shl $m3, $m0, 3
    add $m2, $m2, $m3
    sub $m3, $m1, $m2
    add $m3, $m3, 8 * IPU_WORKERS - 1
    shr $m3, $m3, 4                                // in pairs of words, so that the product fits 32 bits
    setzi $m4, 43691
    mul $m3, $m3, $m4
    shr $m3, $m3, 17                               // bytes / 48 = bytes / 16 * 43691 / 2^17
    add $m3, $m3, -1
.endm

    .worker
FUNCTION fill
    EACH_WORD
    mov $m4, $mzero
fill_next:
    st32 $m2, $m2, $mzero, 0
    st32 $m2, $m2, $mzero, 1
    add $m2, $m2, 8 * IPU_WORKERS
    brnzdec $m3, fill_next
    WORKER_EXIT

FUNCTION count
    EACH_WORD
    mov $m4, $mzero
count_next:
    ld32 $m5, $m2, $mzero, 0
    ld32 $m6, $m2, $mzero, 1
    cmpeq $m5, $m5, $m2
    cmpeq $m6, $m6, $m2
    and $m5, $m5, $m6
    add $m4, $m4, $m5
    add $m2, $m2, 8 * IPU_WORKERS
    brnzdec $m3, count_next
    shl $m4, $m4, 3
    setzi $m5, counted
    stm32 $m4, $m5, $m0
    WORKER_EXIT

    .data
    .p2align 3
    .globl taken, counted
    .size taken, 4
taken:
    .long 0
    .size counted, 4 * IPU_WORKERS
counted:
    .space 4 * IPU_WORKERS
    .section .zlast, "aw", @progbits
    .p2align 3
    .space 8
program_end:
