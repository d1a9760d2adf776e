// SPDX-License-Identifier: Apache-2.0
// Exponentials, logarithms, tanh and the logistic function of f32 and f16: piecewise polynomials in fixed
// point (docs/arithmetic.md, "Division, roots, transcendentals"). Infinite operands are values here, of f16
// too.
#pragma once

#include "ipusim/arith/narrow.hpp"
#include "ipusim/arith/number.hpp"

namespace ipusim::arith {

enum class Function : std::uint8_t { exp, exp2, ln, log2, tanh, sigm };

// What a function gives before rounding, and the flags its operand raises. Of a finite value that is not
// exact the significand is odd, so that rounding finds it between numbers; |error| < 2^-37 of the value.
struct FunctionValue {
  Number value;
  std::uint8_t flags = 0;
};
FunctionValue function_value(Function function, const Number& x);

// The function of an f32. f32 denormals are flushed.
Result<F32> evaluate(Function function, std::uint32_t x, Rounding rounding);

// The function of an f16, rounded once; `random` as in round_half. A result that is infinite overflows.
Result<F16> evaluate_half(Function function, std::uint16_t x, HalfRules rules,
                          std::optional<std::uint16_t> random);

}  // namespace ipusim::arith
