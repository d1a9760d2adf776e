// SPDX-License-Identifier: Apache-2.0
// Of nobody.
#include <ipusim/nobody/x.hpp>
