// On a higher floor.
#include "ipusim/high/high.hpp"
