// SPDX-License-Identifier: Apache-2.0
// Sums of products with one rounding: the reference of every accumulating operation. Integers only.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "ipusim/arith/number.hpp"

namespace ipusim::arith {

// The exact product of two numbers, as a term of a sum. 0 x Inf is a NaN.
constexpr Number product(const Number& a, const Number& b) {
  const bool negative = a.negative != b.negative;
  const auto either = [&](NumberClass cls) { return a.cls == cls || b.cls == cls; };
  if (either(NumberClass::nan)) return {NumberClass::nan, negative, 0, 0};
  if (either(NumberClass::infinite)) {
    return {either(NumberClass::zero) ? NumberClass::nan : NumberClass::infinite, negative, 0, 0};
  }
  if (either(NumberClass::zero)) return {NumberClass::zero, negative, 0, 0};
  return {NumberClass::finite, negative, a.exponent + b.exponent, a.significand * b.significand};
}

// The exact sum of any number of terms, rounded once. Wide enough for products of two f32 with their
// denormals.
class ExactSum {
 public:
  constexpr void add(const Number& term) {
    all_negative_zero_ = all_negative_zero_ && term.cls == NumberClass::zero && term.negative;
    all_positive_zero_ = all_positive_zero_ && term.cls == NumberClass::zero && !term.negative;
    switch (term.cls) {
      case NumberClass::zero:
        break;
      case NumberClass::nan:
        nan_ = true;
        break;
      case NumberClass::infinite:
        (term.negative ? negative_infinity_ : positive_infinity_) = true;
        break;
      case NumberClass::finite:
        add_finite(term);
        break;
    }
  }

  // An exact zero is negative if every term is -0, or towards -Inf if not every term is +0.
  template <class F>
  constexpr Result<F> round(Environment env) const {
    if (nan_ || (positive_infinity_ && negative_infinity_)) return invalid_result<F>();
    if (positive_infinity_ || negative_infinity_) {
      return {signed_bits<F>(negative_infinity_, F::infinity), 0};
    }
    const bool negative = limbs_.back() >> 63U != 0;
    const Limbs magnitude = negative ? negated() : limbs_;
    std::size_t top = limb_count - 1;
    while (top > 0 && magnitude[top] == 0) --top;
    if (magnitude[top] == 0) {
      const bool minus =
          all_negative_zero_ || (env.rounding == Rounding::minus_infinity && !all_positive_zero_);
      return {signed_bits<F>(minus, 0), 0};
    }
    // The leading 64 bits, the rest as sticky.
    const auto shift = static_cast<unsigned>(std::countl_zero(magnitude[top]));
    std::uint64_t leading = magnitude[top] << shift;
    bool sticky = false;
    if (top > 0) {
      if (shift != 0) leading |= magnitude[top - 1] >> (64U - shift);
      sticky = magnitude[top - 1] << shift != 0;
      for (std::size_t i = 0; i + 1 < top; ++i) sticky = sticky || magnitude[i] != 0;
    }
    const int exponent = lowest_exponent + static_cast<int>(64 * top) - static_cast<int>(shift);
    return round_pack<F>(negative, exponent, leading, sticky, env);
  }

 private:
  // Two's complement fixed point; bit 0 weighs as much as the last bit of the smallest product of two f32.
  static constexpr int lowest_exponent = -298;
  static constexpr std::size_t limb_count = 10;
  using Limbs = std::array<std::uint64_t, limb_count>;

  constexpr void add_finite(const Number& term) {
    const auto position = static_cast<unsigned>(term.exponent - lowest_exponent);
    const unsigned shift = position % 64;
    Limbs addend{};
    addend[position / 64] = term.significand << shift;
    if (shift != 0) addend[position / 64 + 1] = term.significand >> (64U - shift);
    std::uint64_t carry = term.negative ? 1 : 0;  // subtraction adds the complement
    for (std::size_t i = 0; i < limb_count; ++i) {
      const std::uint64_t a = term.negative ? ~addend[i] : addend[i];
      const std::uint64_t partial = limbs_[i] + a;
      const std::uint64_t sum = partial + carry;
      carry = (partial < a ? 1U : 0U) | (sum < partial ? 1U : 0U);
      limbs_[i] = sum;
    }
  }
  constexpr Limbs negated() const {
    Limbs out{};
    std::uint64_t carry = 1;
    for (std::size_t i = 0; i < limb_count; ++i) {
      out[i] = ~limbs_[i] + carry;
      carry = carry != 0 && out[i] == 0 ? 1 : 0;
    }
    return out;
  }

  Limbs limbs_{};
  bool nan_ = false;
  bool positive_infinity_ = false;
  bool negative_infinity_ = false;
  bool all_negative_zero_ = true;
  bool all_positive_zero_ = true;
};

}  // namespace ipusim::arith
