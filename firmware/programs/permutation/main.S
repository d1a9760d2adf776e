// Every word of every tile goes to another tile, in one phase. README.md tells more.
#include "ipu_runtime.h"
#include "marks.h"

    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    MARKS_BEGIN
    call $m10, exchange_go
    MARK
    SUPERVISOR_RETURN

    .bss
    MARKS_BUFFER 1

    // What is sent and what is received must not share a memory element. WORDS comes from the program file.
    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER outgoing, 4 * WORDS
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER incoming, 4 * WORDS
