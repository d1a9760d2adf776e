// SPDX-License-Identifier: Apache-2.0
// Expected results of division, roots and transcendental functions: the value truncated to 64 bits by MPFR,
// with whether anything was cut off, then rounded by hand. Specials and flags are those of
// docs/arithmetic.md.
#pragma once

#include <mpfr.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <vector>

#include "ipusim/arith/functions.hpp"

namespace ipusim::arith::test {

enum class Unary { exp, exp2, ln, log2, tanh, sigm, square_root, reciprocal, reciprocal_square_root };
const char* name(Unary function);
// GoogleTest shows a parameter by it.
inline void PrintTo(Unary function, std::ostream* os) { *os << name(function); }

// significand / 2^64 * 2^exponent, the highest bit set; `inexact`: the value is a little larger in magnitude.
struct Truncated {
  bool negative = false;
  mpfr_exp_t exponent = 0;
  std::uint64_t significand = 0;
  bool inexact = false;
};

// A special result, the same for both formats: infinities of f16 have still to overflow.
struct Special {
  enum class Kind { nan, zero, infinite } kind;
  bool negative;
  std::uint8_t flags;
};

struct Expected {
  std::optional<Special> special;
  Truncated value;
};

// The format's rounding of a finite value: f32 with flushed, f16 with gradual underflow.
Result<F32> rounded_f32(const Expected& expected, Rounding rounding);
Result<F16> rounded_f16(const Expected& expected, HalfRules rules);
// The magnitude that an f16 keeps under stochastic rounding, in units of 2^-16 of its last place, truncated.
std::uint64_t stochastic_units(const Truncated& value);

class FunctionOracle {
 public:
  FunctionOracle();
  ~FunctionOracle();
  FunctionOracle(const FunctionOracle&) = delete;
  FunctionOracle& operator=(const FunctionOracle&) = delete;

  // Operands are exact values in double.
  Expected of(Unary function, double x);
  Expected quotient(double x, double y);
  // |value / exact - 1| of the last finite value asked for.
  double relative_error(const Number& value);

 private:
  Truncated truncated(int ternary);
  int logistic();
  mpfr_t x_;
  mpfr_t y_;
  mpfr_t wide_;
  mpfr_t result_;
};

}  // namespace ipusim::arith::test
