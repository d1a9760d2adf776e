// SPDX-License-Identifier: Apache-2.0
// A sanitizer build only: the address sanitizer is to know which stack a thread is on.
#pragma once

#ifdef __SANITIZE_ADDRESS__

#include <pthread.h>

#include <sanitizer/common_interface_defs.h>
#include <cstddef>
#include <stdexcept>

namespace ipusim::host {

// Tells the sanitizer of the calling thread's own stack when the scope ends. SystemC tells it of every change
// of stacks, but its last word is a stack that is no longer in use; whatever is thrown later would raise
// false alarms.
class SanitizerStackScope {
 public:
  SanitizerStackScope() {
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) throw std::runtime_error("no stack is known");
    pthread_attr_getstack(&attributes, &bottom_, &size_);
    pthread_attr_destroy(&attributes);
  }
  ~SanitizerStackScope() {
    void* fake_stack = nullptr;
    __sanitizer_start_switch_fiber(&fake_stack, bottom_, size_);
    __sanitizer_finish_switch_fiber(fake_stack, nullptr, nullptr);
  }
  SanitizerStackScope(const SanitizerStackScope&) = delete;
  SanitizerStackScope& operator=(const SanitizerStackScope&) = delete;

 private:
  void* bottom_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace ipusim::host

#else

namespace ipusim::host {

struct SanitizerStackScope {};

}  // namespace ipusim::host

#endif
