// SPDX-License-Identifier: Apache-2.0
// Binary floating-point formats as data. A further format is one more alias here; the operations are
// templates.
#pragma once

#include <cstdint>

namespace ipusim::arith {

// An IEEE-like format: sign, ExponentBits of biased exponent, FractionBits of fraction; the highest exponent
// code holds infinity (fraction 0) and NaNs.
template <class Word, unsigned ExponentBits, unsigned FractionBits>
struct Format {
  using Bits = Word;
  static constexpr unsigned exponent_bits = ExponentBits;
  static constexpr unsigned fraction_bits = FractionBits;
  static constexpr unsigned precision = FractionBits + 1;  // with the hidden bit
  static constexpr int bias = (1 << (ExponentBits - 1U)) - 1;
  static constexpr int max_exponent = bias;      // of the largest finite number, unbiased
  static constexpr int min_exponent = 1 - bias;  // of the smallest normal number, unbiased

  static constexpr Bits sign_mask = static_cast<Bits>(Bits{1} << (ExponentBits + FractionBits));
  static constexpr Bits fraction_mask = static_cast<Bits>((Bits{1} << FractionBits) - 1U);
  static constexpr Bits infinity = static_cast<Bits>(((Bits{1} << ExponentBits) - 1U) << FractionBits);
  static constexpr Bits max_finite = static_cast<Bits>(infinity - 1U);
  // The NaN every operation gives: positive, quiet, no payload (O23, chosen).
  static constexpr Bits quiet_nan = static_cast<Bits>(infinity | (Bits{1} << (FractionBits - 1U)));
};

using F16 = Format<std::uint16_t, 5, 10>;
using F32 = Format<std::uint32_t, 8, 23>;

}  // namespace ipusim::arith
