// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/debug/interrupt.hpp"

namespace ipusim::app {
namespace {

volatile std::sig_atomic_t interrupted = 0;

extern "C" void note_interrupt(int) { interrupted = 1; }

}  // namespace

InterruptGuard::InterruptGuard() {
  forget();
  struct sigaction action {};
  action.sa_handler = note_interrupt;
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, &before_);
}

InterruptGuard::~InterruptGuard() { ::sigaction(SIGINT, &before_, nullptr); }

bool InterruptGuard::was_interrupted() { return interrupted != 0; }

void InterruptGuard::forget() { interrupted = 0; }

}  // namespace ipusim::app
