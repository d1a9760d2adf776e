// SPDX-License-Identifier: Apache-2.0
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "ipusim/chip/schedule/scheduler.hpp"

namespace ipusim::chip {

namespace {

// Threads that take tiles from one queue. They live as long as the scheduler and sleep between runs.
class PoolScheduler : public Scheduler, Scheduler::Ready {
 public:
  explicit PoolScheduler(unsigned jobs) {
    for (unsigned i = 1; i < jobs; ++i) threads_.emplace_back([this] { help(); });
  }
  ~PoolScheduler() override {
    {
      const std::lock_guard lock(mutex_);
      closing_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void run(std::span<const std::uint32_t> ready, const Step& step) override {
    std::unique_lock lock(mutex_);
    step_ = &step;
    queue_.assign(ready.begin(), ready.end());
    changed_.notify_all();
    while (!queue_.empty() || busy_ != 0) {
      if (queue_.empty()) {
        changed_.wait(lock);
      } else {
        step_one(lock);
      }
    }
    step_ = nullptr;
    if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  }

 private:
  void add(std::uint32_t tile) override {
    const std::lock_guard lock(mutex_);
    if (failure_) return;
    queue_.push_back(tile);
    changed_.notify_one();
  }

  void help() {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return closing_ || !queue_.empty(); });
      if (closing_) return;
      step_one(lock);
    }
  }

  // With the lock held, which it gives up for the step.
  void step_one(std::unique_lock<std::mutex>& lock) {
    const std::uint32_t tile = queue_.front();
    queue_.pop_front();
    ++busy_;
    const Step& step = *step_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      step(TileIndex{tile}, *this);
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    --busy_;
    if (failure) {
      failure_ = failure;
      queue_.clear();
    }
    if (queue_.empty() && busy_ == 0) changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::uint32_t> queue_;
  const Step* step_ = nullptr;
  unsigned busy_ = 0;  // steps under way
  bool closing_ = false;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Scheduler> make_pool_scheduler(unsigned jobs) {
  if (jobs == 0) throw std::invalid_argument("a chip needs at least one thread to run on");
  if (jobs == 1) return make_serial_scheduler();
  return std::make_unique<PoolScheduler>(jobs);
}

}  // namespace ipusim::chip
