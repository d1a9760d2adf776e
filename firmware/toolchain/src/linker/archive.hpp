// SPDX-License-Identifier: Apache-2.0
// Which members of archives a link needs.
#pragma once

#include <vector>

#include "input_object.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace ipusim::toolchain {

// In the order in which they are found to define something that is undefined: in the objects, then in the
// members taken. A weak reference takes nothing.
std::vector<const Object*> needed_members(const std::vector<InputObject>& objects, const LinkOptions& options,
                                          const std::vector<Archive>& archives);

}  // namespace ipusim::toolchain
