// SPDX-License-Identifier: Apache-2.0
// Maximum and minimum: of two numbers or of their magnitudes. With one NaN operand the other is taken; any
// NaN raises INV. +0 is more than -0 (O24, chosen).
#pragma once

#include "ipusim/arith/operations.hpp"

namespace ipusim::arith {

enum class Extreme : std::uint8_t { maximum, minimum };

template <class F>
constexpr typename F::Bits magnitude(typename F::Bits bits) {
  return static_cast<typename F::Bits>(bits & static_cast<typename F::Bits>(~F::sign_mask));
}

template <class F>
constexpr Result<F> select(typename F::Bits x, typename F::Bits y, Extreme extreme, Denormals denormals) {
  const Number a = unpack<F>(x, denormals);
  const Number b = unpack<F>(y, denormals);
  // Denormals that read as zero are zeros in the result too.
  const auto read = [](const Number& n, typename F::Bits bits) {
    return n.cls == NumberClass::zero ? signed_bits<F>(n.negative, 0) : bits;
  };
  const bool a_nan = a.cls == NumberClass::nan;
  const bool b_nan = b.cls == NumberClass::nan;
  if (a_nan && b_nan) return invalid_result<F>();
  if (a_nan) return {read(b, y), flag::invalid};
  if (b_nan) return {read(a, x), flag::invalid};
  const bool zeros = a.cls == NumberClass::zero && b.cls == NumberClass::zero;
  const bool first_less =
      zeros ? a.negative && !b.negative : compare<F>(x, y, Relation::less, denormals).holds;
  const bool take_second = first_less == (extreme == Extreme::maximum);
  return {take_second ? read(b, y) : read(a, x), 0};
}

}  // namespace ipusim::arith
