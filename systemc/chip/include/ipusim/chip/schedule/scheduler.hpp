// SPDX-License-Identifier: Apache-2.0
// Which tile runs next, and on which thread. No order and no number of threads changes what a chip does: a
// tile that runs touches only what is its own, and reads only what others have published for good.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "ipusim/base/types.hpp"

namespace ipusim::chip {

class Scheduler {
 public:
  // Where a step puts tiles that can go on now; each at most once until it has been run.
  class Ready {
   public:
    virtual ~Ready() = default;
    virtual void add(std::uint32_t tile) = 0;
  };
  // Takes one tile as far as it can go for now.
  using Step = std::function<void(TileIndex, Ready&)>;

  virtual ~Scheduler() = default;

  // Steps every tile of `ready`, and every tile that steps make ready, until none is left. What a step throws
  // ends the run and is thrown here; which of several is not defined.
  virtual void run(std::span<const std::uint32_t> ready, const Step& step) = 0;

  // How far a tile that stands at `now` shall go in one step.
  virtual Cycle slice(Cycle, Cycle limit) { return limit; }
};

// One after the other, in the order in which they become ready.
std::unique_ptr<Scheduler> make_serial_scheduler();

// One after the other, in random order, in slices of 1 to `slice_cycles` cycles: to show that nothing depends
// on it.
std::unique_ptr<Scheduler> make_shuffled_scheduler(std::uint64_t seed, std::uint64_t slice_cycles);

// On `jobs` threads, the caller's among them; 1 is the serial one. Throws std::invalid_argument for 0.
std::unique_ptr<Scheduler> make_pool_scheduler(unsigned jobs);

}  // namespace ipusim::chip
