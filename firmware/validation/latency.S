// How long words take, from the event of a send to that of the receive pointer which catches them, as the published tables count.
//
// In phase k tile n listens to tile n + FIRST + k. Every tile sends the words 0, 1, 2, ... of its ramp, one per event from event 0
// of its row on. At event POINTER the receive pointer goes to the phase's word of `results`, and an event later away again: the
// word that is written there is word i, which left at event i. So POINTER - i is the time from send to pointer.
#include "ipu_runtime.h"

#define POINTER 170                                // later than the longest time, and less than the ramp's words with the shortest
#define RAMP 256
#define JUNK 0x2000                                // where all other words go: bytes from the phase's result

    .supervisor
    .text
FUNCTION main
    setzi $m7, sources
    setzi $m8, results
    setzi $m9, PHASES - 1
    setzi $m0, ramp
    put $OUTGOING_BASE, $m0
    setzi $m3, JUNK
next_phase:
    ld32step $m1, $mzero, $m7+=, 1                 // the source's place
    put $INCOMING_BASE, $m8
    put $INCOMING_DELTA, $m3
    put $INCOMING_MUX, $m1
    sync IPU_SYNC_TILES
    send 63, 0, 3
    sendoff POINTER - 65, 0, 3
    sendpic 0, 2, 0
    sendpic 20, 2, JUNK / 4
    delay 249                                      // until the last word has come
    add $m8, $m8, 4
    brnzdec $m9, next_phase
    setzi $m1, IPU_NULL_SOURCE
    put $INCOMING_MUX, $m1
    br $m10

    .section .region1.send, "aw", @progbits
    .p2align 15
ramp:
    .set word, 0
    .rept RAMP
    .long word
    .set word, word + 1
    .endr
BUFFER sources, 4 * PHASES
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER results, 4 * PHASES
    .space JUNK + 4 * 512
