// SPDX-License-Identifier: Apache-2.0
// On a higher floor.
#include "ipusim/high/high.hpp"
