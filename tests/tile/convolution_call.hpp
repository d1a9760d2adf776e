// SPDX-License-Identifier: Apache-2.0
// A call of the open library's convolution with a 1x1 kernel (f16, 16 channels in and out), as far as its
// time goes: what users of it measured on a Mk2 tells how long a `put` holds the supervisor (docs/timing.md,
// 1).
//
// The supervisor sets up addresses and counters (40 cycles), puts the coefficients' address, loads 32 times
// two of them behind `sync 2`, and launches the workers. Behind the launch stand the ends of four loops, each
// passed once, with a second `put` of the address and a second `sync 2` among them. Of N places every worker
// does N / 6, the first N mod 6 workers one more. Register numbers and addresses are this test's.
#pragma once

#include <array>
#include <cstdint>

#include "assembler.hpp"
#include "ipusim/base/types.hpp"

namespace ipusim::tile::test {

// Bundles of each worker, `exit` included.
using WorkerTurns = std::array<unsigned, Context::workers>;

class ConvolutionCall {
 public:
  // Words that the call's loads find, and one count per worker, from `data` on.
  struct Word {
    ByteAddr at;
    std::uint32_t value;
  };

  // places >= 12: the library's worker has another course for fewer than two places.
  explicit ConvolutionCall(unsigned places);

  // From `code` on: the call, behind it `sync 3`.
  const Program& supervisor() const { return supervisor_; }
  // From `worker_code` on.
  const Program& worker() const { return worker_; }
  const std::vector<Word>& words() const { return words_; }

  // From the call's issue in cycle `start` to the issue of what follows its return, counted from
  // docs/timing.md with its numbers, but a `put` that holds the supervisor for `hold` cycles.
  std::uint64_t cycles(std::uint64_t start, unsigned hold) const;

 private:
  void set_up();
  void launch();
  void go_back();

  WorkerTurns turns_;
  Program supervisor_;
  Program worker_;
  std::vector<Word> words_;
};

}  // namespace ipusim::tile::test
