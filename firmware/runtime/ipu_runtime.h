// Macros every program of a tile may use: constants, functions, launching workers, dividing work among them.
// Included through the C preprocessor; README.md tells how a program is put together.
#ifndef IPU_RUNTIME_H
#define IPU_RUNTIME_H

#define IPU_WORKERS 6                  // worker contexts of a tile

// Zones of `sync`.
#define IPU_SYNC_WORKERS 2             // all workers of this tile have exited
#define IPU_SYNC_TILES 3               // all tiles of the chip
#define IPU_SYNC_HOST 7                // all tiles of the chip and the host

// The exchange source that never sends anything: exchange.null_source of configs/parts/ipu2.yaml.
#define IPU_NULL_SOURCE 0x640

// Stack sizes in bytes, multiples of 8; -D changes them.
#ifndef IPU_WORKER_STACK
#define IPU_WORKER_STACK 256
#endif
#ifndef IPU_SUPERVISOR_STACK
#define IPU_SUPERVISOR_STACK 256
#endif

// --- definitions

// FUNCTION name: a global function begins here.
.macro FUNCTION name
    .p2align 3
    .globl \name
    .type \name, @function
\name:
.endm

// BUFFER name, bytes: a global array of zeros, 8-byte aligned.
.macro BUFFER name, bytes
    .p2align 3
    .globl \name
    .type \name, @object
    .size \name, \bytes
\name:
    .space \bytes
.endm

// --- supervisor

// SUPERVISOR_ENTER .. SUPERVISOR_RETURN: first and last line of a supervisor function that calls others.
// Functions are called with `call $m10, name`. $m0..$m6 are scratch, a callee keeps $m7..$m9.
.macro SUPERVISOR_ENTER
    add $m11, $m11, -8
    st32 $m10, $m11, $mzero, 0
.endm
.macro SUPERVISOR_RETURN
    ld32 $m10, $m11, $mzero, 0
    add $m11, $m11, 8
    br $m10
.endm

// RUN_WORKERS entry [, state [, stride]]: all six workers run the codelet `entry` to its exit. Worker n finds
// state + 4 * stride * n in $m13; without a state the codelet may not use $m13. Changes $m0 and $m1.
.macro RUN_WORKERS entry, state=__memory_base, stride=0
    setzi $m0, \entry
    setzi $m1, \state
    runall $m0, $m1, \stride
    sync IPU_SYNC_WORKERS
.endm

// COPY_OWN_BLOCK destination, source, source_step, bytes: the exchange does not send a tile's block to itself. Copies `bytes`, a
// multiple of 8, from source + index * source_step to destination + index * bytes, by ipu_copy64 of copy.S. Changes $m0..$m3, $m10.
.macro COPY_OWN_BLOCK destination, source, source_step, bytes
    setzi $m2, __tile_index
    setzi $m0, \destination
    mul $m3, $m2, \bytes
    add $m0, $m0, $m3
    setzi $m1, \source
    mul $m3, $m2, \source_step
    add $m1, $m1, $m3
    setzi $m2, (\bytes) / 8
    call $m10, ipu_copy64
.endm

// --- workers

// WORKER_NUMBER reg: this worker's number, 0..5.
.macro WORKER_NUMBER reg
    get \reg, $WSR
    and \reg, \reg, 7
.endm

// WORKER_SHARE first, count, total, scratch: divides items 0..total-1 (total a constant) into six runs whose lengths
// differ by one at most; this worker's run is `count` items (maybe 0) from item `first`.
.macro WORKER_SHARE first, count, total, scratch
    WORKER_NUMBER \first
    min \scratch, \first, (\total) % IPU_WORKERS           // workers before this one with an item more
    cmpult \count, \first, (\total) % IPU_WORKERS          // and whether this one has it
    mul \first, \first, (\total) / IPU_WORKERS
    add \count, \count, (\total) / IPU_WORKERS
    add \first, \first, \scratch
.endm

// REPEAT count, bundles: the next `bundles` bundles run `count` times (a constant or an M register) with no loop cost.
// Puts itself where the body is aligned; only bundles without control instructions may follow.
.macro REPEAT count, bundles
    .p2align 3
    { rpt \count, (\bundles) - 1 ; fnop }
.endm

// WORKER_EXIT: the end of a codelet.
.macro WORKER_EXIT
    exitz $mzero
.endm

#endif
