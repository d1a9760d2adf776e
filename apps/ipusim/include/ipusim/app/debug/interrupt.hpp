// SPDX-License-Identifier: Apache-2.0
// Ctrl-C as a wish to stop what runs, instead of the end of the program.
#pragma once

#include <csignal>

namespace ipusim::app {

// While one lives, SIGINT is noted and does nothing else. There is one at a time.
class InterruptGuard {
 public:
  InterruptGuard();
  ~InterruptGuard();
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

  // Whether there was one since the last forget().
  static bool was_interrupted();
  static void forget();

 private:
  struct sigaction before_ {};
};

}  // namespace ipusim::app
