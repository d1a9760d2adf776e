// SPDX-License-Identifier: Apache-2.0
// Eight units of the AMP or SLIC engine at once on the host's FPU: each adds the product of four inputs with
// its four coefficients. Exactness is proved sum by sum; what cannot be proved is left to dot_f16().
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "ipusim/arith/format.hpp"

namespace ipusim::arith {

inline constexpr std::size_t units_per_row = 8;

// The value of an f16 as an f32; infinities and NaNs give a NaN.
inline float widened_f16(std::uint16_t bits) {
  if ((bits & F16::infinity) == F16::infinity) return std::bit_cast<float>(F32::quiet_nan);
  // The fields at their f32 places, off by the difference of the biases; the product is exact.
  const auto moved =
      static_cast<std::uint32_t>(bits & 0x7FFFU) << 13U | static_cast<std::uint32_t>(bits & 0x8000U) << 16U;
  return std::bit_cast<float>(moved) * 0x1p112F;
}

// Coefficients of eight units, input by input.
using UnitRow = std::array<std::array<float, units_per_row>, 4>;

// result[m] = addend[m] + sum of x[k] * row[k][m], as dot_f16() defines it. False, and the result is
// worthless, if a result is not finite or a sum did not fit a double. Products of two f16 are exact in f32;
// the error term of each addition (Knuth's two-sum) tells whether it was exact. `result` must not overlap.
[[gnu::always_inline]] inline bool dot_of_row(const std::uint32_t* __restrict addend, const UnitRow& row,
                                              const std::array<float, 4>& x,
                                              std::uint32_t* __restrict result) {
  std::uint64_t inexact = 0;
  std::uint32_t special = 0;
  const auto error = [](double a, double b, double sum) {
    const double t = sum - a;
    return std::bit_cast<std::uint64_t>((a - (sum - t)) + (b - t)) & 0x7FFFFFFFFFFFFFFFU;
  };
  for (std::size_t m = 0; m < units_per_row; ++m) {
    const double p0 = static_cast<double>(x[0] * row[0][m]);
    const double p1 = static_cast<double>(x[1] * row[1][m]);
    const double p2 = static_cast<double>(x[2] * row[2][m]);
    const double p3 = static_cast<double>(x[3] * row[3][m]);
    const std::uint32_t bits = addend[m];
    const std::uint32_t flushed = (bits & F32::infinity) == 0 ? bits & F32::sign_mask : bits;
    const double a = static_cast<double>(std::bit_cast<float>(flushed));
    const double p01 = p0 + p1;
    const double p23 = p2 + p3;
    const double products = p01 + p23;
    const double sum = products + a;
    inexact |= error(p0, p1, p01) | error(p2, p3, p23) | error(p01, p23, products) | error(products, a, sum);
    const auto rounded = std::bit_cast<std::uint32_t>(static_cast<float>(sum));
    special |= (rounded & F32::infinity) == F32::infinity ? 1U : 0U;
    result[m] = rounded;
  }
  return inexact == 0 && special == 0;
}

}  // namespace ipusim::arith
