// SPDX-License-Identifier: Apache-2.0
// Into another folder.
#include "../../low/include/ipusim/low/low.hpp"
