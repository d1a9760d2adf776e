// SPDX-License-Identifier: Apache-2.0
// Work on many things at once.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace ipusim {

// Calls work(i) for all i below `count` on as many threads as the host has processors, in no order, and
// returns when all have been done. If some throw, those that were not begun are left out, and what the one of
// the lowest number threw is thrown: the same on every host.
inline void for_each_index(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stopped{false};
  std::mutex mutex;
  std::size_t failed = count;
  std::exception_ptr failure;
  const auto run = [&] {
    // Numbers are taken in order: whatever fails, all below it have been begun.
    while (!stopped) {
      const std::size_t index = next++;
      if (index >= count) return;
      try {
        work(index);
      } catch (...) {
        const std::lock_guard lock(mutex);
        stopped = true;
        if (index >= failed) continue;
        failed = index;
        failure = std::current_exception();
      }
    }
  };
  const std::size_t threads = std::min<std::size_t>(count, std::max(1U, std::thread::hardware_concurrency()));
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < threads; ++i) others.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace ipusim
