// SPDX-License-Identifier: Apache-2.0
#include "llvm_session.hpp"

#include <unistd.h>

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <thread>

#include "llvm/Support/ErrorHandling.h"

namespace ipusim::toolchain {
namespace {

enum class End { none, done, given_up, out_of_memory };

// Shared by the thread and the one that waits for it.
struct Session {
  std::mutex mutex;
  std::condition_variable changed;
  End end = End::none;
  std::string reason;
  std::exception_ptr failure;  // thrown by the work itself

  void finish(End how) {
    {
      const std::scoped_lock lock(mutex);
      end = how;
    }
    changed.notify_one();
  }
};

thread_local Session* session = nullptr;  // of the thread that works

// The frames below are LLVM's: they can neither be returned to nor unwound.
[[noreturn]] void stand_still(End how) {
  session->finish(how);
  for (;;) ::pause();
}

void install_handlers() {
  [[maybe_unused]] static const bool installed = [] {
    llvm::install_fatal_error_handler([](void*, const char* reason, bool) {
      if (session == nullptr) return;  // LLVM goes on to its own end
      session->reason = reason;
      stand_still(End::given_up);
    });
    llvm::install_bad_alloc_error_handler([](void*, const char*, bool) {
      if (session != nullptr) stand_still(End::out_of_memory);
    });
    std::set_new_handler([] {
      if (session != nullptr) stand_still(End::out_of_memory);
      throw std::bad_alloc();
    });
    return true;
  }();
}

}  // namespace

void run_llvm(const std::function<void()>& work) {
  install_handlers();
  const auto shared = std::make_shared<Session>();
  std::thread thread([shared, work] {
    session = shared.get();
    try {
      work();
    } catch (...) {
      shared->failure = std::current_exception();
    }
    session = nullptr;
    shared->finish(End::done);
  });
  {
    std::unique_lock lock(shared->mutex);
    shared->changed.wait(lock, [&] { return shared->end != End::none; });
  }
  if (shared->end == End::done) {
    thread.join();
    if (shared->failure) std::rethrow_exception(shared->failure);
    return;
  }
  thread.detach();
  if (shared->end == End::out_of_memory) throw std::bad_alloc();
  throw GivenUp(shared->reason);
}

}  // namespace ipusim::toolchain
