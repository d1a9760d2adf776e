// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "ipusim/chip/schedule/scheduler.hpp"

namespace ipusim::chip {

namespace {

class ShuffledScheduler : public Scheduler, Scheduler::Ready {
 public:
  ShuffledScheduler(std::uint64_t seed, std::uint64_t slice_cycles)
      : random_(seed), slice_cycles_(std::max<std::uint64_t>(slice_cycles, 1)) {}

  void run(std::span<const std::uint32_t> ready, const Step& step) override {
    ready_.assign(ready.begin(), ready.end());
    while (!ready_.empty()) {
      std::swap(ready_[random_() % ready_.size()], ready_.back());
      const std::uint32_t tile = ready_.back();
      ready_.pop_back();
      step(TileIndex{tile}, *this);
    }
  }

  Cycle slice(Cycle now, Cycle limit) override {
    return std::min(limit, now + 1 + random_() % slice_cycles_);
  }

 private:
  void add(std::uint32_t tile) override { ready_.push_back(tile); }

  std::mt19937_64 random_;
  std::uint64_t slice_cycles_;
  std::vector<std::uint32_t> ready_;
};

}  // namespace

std::unique_ptr<Scheduler> make_shuffled_scheduler(std::uint64_t seed, std::uint64_t slice_cycles) {
  return std::make_unique<ShuffledScheduler>(seed, slice_cycles);
}

}  // namespace ipusim::chip
