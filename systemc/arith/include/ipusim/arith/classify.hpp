// SPDX-License-Identifier: Apache-2.0
// Class codes of numbers (O25: codes 0..2 and that of -0 are public, the others chosen).
#pragma once

#include "ipusim/arith/number.hpp"

namespace ipusim::arith {

enum class ClassCode : std::uint8_t {
  unclassified = 0,
  signalling_nan = 1,
  quiet_nan = 2,
  minus_infinity = 3,
  plus_infinity = 4,
  minus_zero = 5,
  plus_zero = 6,
  minus_denormal = 7,
  plus_denormal = 8,
  minus_normal = 9,
  plus_normal = 10
};

// Looks at the bits: denormals are denormals, whether or not arithmetic reads them as zero. No flags.
template <class F>
constexpr ClassCode classify(typename F::Bits bits) {
  const Number n = unpack<F>(bits, Denormals::keep);
  const auto of_sign = [&](ClassCode minus, ClassCode plus) { return n.negative ? minus : plus; };
  switch (n.cls) {
    case NumberClass::nan: {
      const auto quiet = static_cast<typename F::Bits>(F::quiet_nan & F::fraction_mask);
      return (bits & quiet) != 0 ? ClassCode::quiet_nan : ClassCode::signalling_nan;
    }
    case NumberClass::infinite:
      return of_sign(ClassCode::minus_infinity, ClassCode::plus_infinity);
    case NumberClass::zero:
      return of_sign(ClassCode::minus_zero, ClassCode::plus_zero);
    case NumberClass::finite:
      break;
  }
  const bool normal = n.significand >> F::fraction_bits != 0;
  return normal ? of_sign(ClassCode::minus_normal, ClassCode::plus_normal)
                : of_sign(ClassCode::minus_denormal, ClassCode::plus_denormal);
}

}  // namespace ipusim::arith
