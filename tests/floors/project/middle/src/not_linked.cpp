// Below, but not linked.
#include "ipusim/low/low.hpp"
