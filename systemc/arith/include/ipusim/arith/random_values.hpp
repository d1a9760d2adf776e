// SPDX-License-Identifier: Apache-2.0
// Random words made into numbers and masks. Generator words are 64 bits of xoroshiro128aox.
#pragma once

#include <array>

#include "ipusim/arith/number.hpp"

namespace ipusim::arith {

// (2u - (2^n - 1)) / 2^(n+1) of an n-bit u, n the width of the format: even steps in [-1/2, 1/2], never zero.
// Rounded to nearest-even whatever the rounding mode (O42, chosen).
template <class F>
constexpr typename F::Bits signed_fraction(typename F::Bits u) {
  constexpr int width = 1 + static_cast<int>(F::exponent_bits + F::fraction_bits);
  const std::int64_t numerator =
      2 * static_cast<std::int64_t>(u) - ((std::int64_t{1} << static_cast<unsigned>(width)) - 1);
  const bool negative = numerator < 0;
  const auto magnitude = static_cast<std::uint64_t>(negative ? -numerator : numerator);
  return round_pack<F>(negative, -width - 1, magnitude, false, {Rounding::nearest_even, Denormals::keep})
      .bits;
}

// An approximately normal value of mean 0 and variance near 1: the sum of twelve 5-bit fields of a word, less
// its mean 186, in units of 1/32 (O43, chosen). Exact in every format with 9 bits of precision.
template <class F>
constexpr typename F::Bits gaussian(std::uint64_t word) {
  int sum = -186;
  for (unsigned field = 0; field < 12; ++field) sum += static_cast<int>((word >> (5U * field)) & 31U);
  if (sum == 0) return 0;
  const auto magnitude = static_cast<std::uint64_t>(sum < 0 ? -sum : sum);
  return round_pack<F>(sum < 0, -5, magnitude, false, {Rounding::nearest_even, Denormals::keep}).bits;
}

// Which of four elements a mask of probability p[15:0] / 65536 keeps; p[16] keeps all. Element i is kept if
// bits [16i+15:16i] of the word are less than p (O41, chosen).
constexpr std::array<bool, 4> kept_elements(std::uint64_t word, std::uint32_t p) {
  std::array<bool, 4> kept{};
  for (unsigned i = 0; i < 4; ++i) {
    const auto drawn = static_cast<std::uint32_t>((word >> (16U * i)) & 0xFFFFU);
    kept[i] = ((p >> 16U) & 1U) != 0 || drawn < (p & 0xFFFFU);
  }
  return kept;
}

}  // namespace ipusim::arith
