// SPDX-License-Identifier: Apache-2.0
// What steers a floating-point operation and what it reports: rounding mode, denormal handling, flags.
#pragma once

#include <cstdint>

namespace ipusim::arith {

// Rounding modes; the values are the codes of FP_CTL.RND.
enum class Rounding : std::uint8_t {
  nearest_even = 0,
  plus_infinity = 1,
  minus_infinity = 2,
  zero = 3,
  nearest_away = 4
};

// The rounding mode of a three-bit code; the unassigned codes 5..7 act as nearest-even (O19, chosen).
constexpr Rounding rounding_from_code(unsigned code) {
  return code <= static_cast<unsigned>(Rounding::nearest_away) ? static_cast<Rounding>(code)
                                                               : Rounding::nearest_even;
}

// Denormals of a format: `flush` reads them as zero of their sign and gives zero in place of a result that is
// below the normal range after rounding to full precision; `keep` is IEEE 754 gradual underflow. O18, chosen:
// f32 flushes.
enum class Denormals : std::uint8_t { flush, keep };

struct Environment {
  Rounding rounding = Rounding::nearest_even;
  Denormals denormals = Denormals::flush;
};

// Exception flags; the values are the bits of FP_STS.
namespace flag {
inline constexpr std::uint8_t invalid = 1;
inline constexpr std::uint8_t divide_by_zero = 2;
inline constexpr std::uint8_t overflow = 4;
}  // namespace flag

// Whether magnitude grows by one unit in the last place: `odd` is the last kept bit, `half` the first dropped
// one, `sticky` whether any lower dropped bit is set.
constexpr bool rounds_away(Rounding mode, bool negative, bool odd, bool half, bool sticky) {
  switch (mode) {
    case Rounding::plus_infinity:
      return !negative && (half || sticky);
    case Rounding::minus_infinity:
      return negative && (half || sticky);
    case Rounding::zero:
      return false;
    case Rounding::nearest_away:
      return half;
    case Rounding::nearest_even:
      break;
  }
  return half && (sticky || odd);
}

}  // namespace ipusim::arith
