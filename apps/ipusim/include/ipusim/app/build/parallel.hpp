// SPDX-License-Identifier: Apache-2.0
// Work on many things at once.
#pragma once

#include <cstddef>
#include <functional>

namespace ipusim::app {

// Calls work(i) for all i below `count` on as many threads as the host has processors, in no order, and
// returns when all have been done. If some throw, those that were not begun are left out, and what the one of
// the lowest number threw is thrown: the same on every host.
void for_each_index(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace ipusim::app
