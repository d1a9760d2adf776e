// SPDX-License-Identifier: Apache-2.0
#include "ipusim/middle/middle.hpp"
