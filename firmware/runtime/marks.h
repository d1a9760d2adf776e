// Where the cycles of a program go: a mark is the cycle it is passed, counted from MARKS_BEGIN, in the next word of `cycle_marks`.
// The host reads that buffer; firmware/programs/lib/figures.py makes a table of it. A mark takes 15 cycles or less. $m8 and $m9,
// which callees keep, belong to the marks from MARKS_BEGIN on; each mark changes $m0.
#ifndef MARKS_H
#define MARKS_H

#include "ipu_runtime.h"

// MARKS_BUFFER count: room for so many, in the present section.
.macro MARKS_BUFFER count
BUFFER cycle_marks, 4 * (\count)
.endm

// MARKS_BEGIN: cycle 0, the same on all tiles if it stands first in `main`.
.macro MARKS_BEGIN
    get $m8, $SCOUNT_L
    setzi $m9, cycle_marks
.endm

.macro MARK
    get $m0, $SCOUNT_L
    sub $m0, $m0, $m8
    st32step $m0, $mzero, $m9+=, 1
.endm

#endif
