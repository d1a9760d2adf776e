// SPDX-License-Identifier: Apache-2.0
#include <deque>

#include "ipusim/chip/schedule/scheduler.hpp"

namespace ipusim::chip {

namespace {

class SerialScheduler : public Scheduler, Scheduler::Ready {
 public:
  void run(std::span<const std::uint32_t> ready, const Step& step) override {
    queue_.assign(ready.begin(), ready.end());
    while (!queue_.empty()) {
      const std::uint32_t tile = queue_.front();
      queue_.pop_front();
      step(TileIndex{tile}, *this);
    }
  }

 private:
  void add(std::uint32_t tile) override { queue_.push_back(tile); }

  std::deque<std::uint32_t> queue_;
};

}  // namespace

std::unique_ptr<Scheduler> make_serial_scheduler() { return std::make_unique<SerialScheduler>(); }

}  // namespace ipusim::chip
