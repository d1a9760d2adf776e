// COUNT syncs of zone ZONE, one behind the other.
#include "ipu_runtime.h"

    .supervisor
    .text
FUNCTION main
    .rept COUNT
    sync ZONE
    .endr
    br $m10
