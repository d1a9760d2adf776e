// Into another folder.
#include "../../low/include/ipusim/low/low.hpp"
