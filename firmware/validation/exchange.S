// One planned phase: every tile sends WORDS words to another.
#include "ipu_runtime.h"

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    call $m10, exchange_go
    SUPERVISOR_RETURN

    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER outgoing, 4 * WORDS
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER incoming, 4 * WORDS
