// SPDX-License-Identifier: Apache-2.0
// Below, but not linked.
#include "ipusim/low/low.hpp"
