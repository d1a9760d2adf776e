#include "ipusim/middle/middle.hpp"
