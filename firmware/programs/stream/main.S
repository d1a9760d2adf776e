// STREAM on every worker of every tile: copy, scale, add, triad over arrays in the tile's own memory, ITERATIONS times.
#include "ipu_runtime.h"
#include "marks.h"

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    MARKS_BEGIN
    .rept ITERATIONS
    .irp kernel, copy, scale, add, triad
    RUN_WORKERS stream_\kernel
    MARK
    .endr
    .endr
    SUPERVISOR_RETURN

    .data
    .p2align 3
    .globl scalar
    .type scalar, @object
    .size scalar, 4
scalar:
    .space 4

    .bss
    MARKS_BUFFER 4 * ITERATIONS

    // Two accesses of one bundle must not meet in a memory element: each array begins at a pair of them.
    .irp array, a, b, c
    .section .region1.\array, "aw", @nobits
    .p2align 15
BUFFER \array, ARRAY_BYTES
    .endr
