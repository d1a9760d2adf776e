// SPDX-License-Identifier: Apache-2.0
// LLVM where it gives up. Its library is built without exceptions, so nothing may be thrown through its
// frames; its own end is abort().
#pragma once

#include <functional>
#include <stdexcept>

namespace ipusim::toolchain {

// LLVM, or this target within it, called report_fatal_error(); what() is the reason.
class GivenUp : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Calls `work` on a thread of its own and waits for it. What it throws itself is thrown here. If LLVM gives
// up within it, GivenUp is; if memory is out, std::bad_alloc. The thread then stands still for ever and keeps
// what it holds: `work` must have nothing the caller goes on to change.
void run_llvm(const std::function<void()>& work);

}  // namespace ipusim::toolchain
