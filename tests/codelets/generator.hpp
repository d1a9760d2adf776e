// SPDX-License-Identifier: Apache-2.0
// The generator of a worker, written from its publication (Knowles, arXiv 2203.04058: xoroshiro128aox with
// the constants 55, 14, 36), and the states that tests give six of them.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <random>
#include <vector>

#include "worker_runs.hpp"

namespace ipusim::codelet_test {

class Generator {
 public:
  // Four words: low and high half of the first and of the second half of the state.
  explicit Generator(const std::uint32_t* words)
      : s0_(words[0] | std::uint64_t{words[1]} << 32), s1_(words[2] | std::uint64_t{words[3]} << 32) {}

  std::uint64_t next() {
    const std::uint64_t sx = s0_ ^ s1_, sa = s0_ & s1_;
    const std::uint64_t word = sx ^ (std::rotl(sa, 1) | std::rotl(sa, 2));
    s0_ = std::rotl(s0_, 55) ^ sx ^ (sx << 14);
    s1_ = std::rotl(sx, 36);
    return word;
  }
  std::uint64_t next_but(unsigned words) {
    while (words-- > 0) next();
    return next();
  }

 private:
  std::uint64_t s0_, s1_;
};

inline std::uint32_t bits16(std::uint64_t word, unsigned lane) {
  return static_cast<std::uint32_t>(word >> 16 * lane) & 0xFFFF;
}

inline std::vector<std::uint32_t> generator_states(unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::uint32_t> words(std::size_t{4} * workers);
  for (std::uint32_t& word : words) word = static_cast<std::uint32_t>(random());
  return words;
}

}  // namespace ipusim::codelet_test
