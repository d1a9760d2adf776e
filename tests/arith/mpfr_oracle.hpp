// SPDX-License-Identifier: Apache-2.0
// Expected results of f32 operations, worked out with MPFR: exactly, then rounded by bracketing.
#pragma once

#include <mpfr.h>

#include <cstdint>
#include <vector>

#include "ipusim/arith/operations.hpp"

namespace ipusim::arith::test {

enum class Operation { add, subtract, multiply };

// One thread's MPFR scratch numbers.
class MpfrOracle {
 public:
  MpfrOracle();
  ~MpfrOracle();
  MpfrOracle(const MpfrOracle&) = delete;
  MpfrOracle& operator=(const MpfrOracle&) = delete;

  Result<F32> expected(Operation operation, std::uint32_t x, std::uint32_t y, Environment env);

 private:
  Result<F32> round_exact(Environment env);

  mpfr_t a_;
  mpfr_t b_;
  mpfr_t exact_;
  mpfr_t rounded_;
};

// Every kind of operand: zeros, denormals, borders of the normal range, powers of two, infinities, NaNs.
std::vector<std::uint32_t> special_values();

// Uniform bit patterns mixed with operands close to each other or to the borders of the format, where
// cancellation, overflow and underflow happen.
class OperandGenerator {
 public:
  explicit OperandGenerator(std::uint64_t seed) : state_(seed) {}
  struct Pair {
    std::uint32_t x;
    std::uint32_t y;
  };
  Pair next();

 private:
  std::uint64_t random();
  std::uint64_t state_;
};

}  // namespace ipusim::arith::test
