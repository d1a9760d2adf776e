// SPDX-License-Identifier: Apache-2.0
// xoroshiro128aox as published (arXiv 2203.04058), seeded as PRNG_SEED does.
#pragma once

#include <array>
#include <cstdint>

namespace ipusim::tile::test {

class ReferenceGenerator {
 public:
  explicit ReferenceGenerator(std::uint32_t seed) {
    s0_ = seed | static_cast<std::uint64_t>(~seed) << 32U;
    const std::uint32_t low = seed << 13U | ~seed >> 19U;
    const std::uint32_t high = ~seed << 13U | seed >> 19U;
    s1_ = low | static_cast<std::uint64_t>(high) << 32U;
  }
  std::uint64_t next() {
    const std::uint64_t sx = s0_ ^ s1_;
    const std::uint64_t sa = s0_ & s1_;
    const std::uint64_t out = sx ^ (rotated(sa, 1) | rotated(sa, 2));
    s0_ = rotated(s0_, 55) ^ sx ^ (sx << 14U);
    s1_ = rotated(sx, 36);
    return out;
  }
  std::array<std::uint64_t, 2> state() const { return {s0_, s1_}; }

 private:
  static std::uint64_t rotated(std::uint64_t x, unsigned n) { return x << n | x >> (64U - n); }
  std::uint64_t s0_ = 0, s1_ = 0;
};

}  // namespace ipusim::tile::test
