// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <iomanip>

#include "mpfr_oracle.hpp"

namespace ipusim::arith::test {
namespace {

Result<F32> compute(Operation operation, std::uint32_t x, std::uint32_t y, Environment env) {
  switch (operation) {
    case Operation::add:
      return add<F32>(x, y, env);
    case Operation::subtract:
      return subtract<F32>(x, y, env);
    case Operation::multiply:
      break;
  }
  return multiply<F32>(x, y, env);
}

using Case = std::tuple<Operation, Rounding, Denormals>;

class F32Arithmetic : public ::testing::TestWithParam<Case> {
 protected:
  // True if the results agree; reports the first few that do not.
  bool check(std::uint32_t x, std::uint32_t y) {
    const auto [operation, rounding, denormals] = GetParam();
    const Environment env{rounding, denormals};
    const Result<F32> got = compute(operation, x, y, env);
    const Result<F32> want = oracle_.expected(operation, x, y, env);
    if (got == want) {
      return true;
    }
    ADD_FAILURE() << std::hex << "x=0x" << x << " y=0x" << y << " got 0x" << got.bits << " flags "
                  << int{got.flags} << " want 0x" << want.bits << " flags " << int{want.flags};
    return ++failures_ < 5;
  }

 private:
  MpfrOracle oracle_;
  int failures_ = 0;
};

TEST_P(F32Arithmetic, AllPairsOfSpecials) {
  const auto values = special_values();
  for (const std::uint32_t x : values) {
    for (const std::uint32_t y : values) {
      if (!check(x, y)) {
        return;
      }
    }
  }
}

TEST_P(F32Arithmetic, RandomPairs) {
  OperandGenerator generator(20240611);
  for (int i = 0; i < IPUSIM_ARITH_SAMPLES; ++i) {
    const auto [x, y] = generator.next();
    if (!check(x, y)) {
      return;
    }
  }
}

std::string case_name(const ::testing::TestParamInfo<Case>& info) {
  static const char* const operations[] = {"Add", "Subtract", "Multiply"};
  static const char* const roundings[] = {"Even", "Up", "Down", "Zero", "Away"};
  const auto [operation, rounding, denormals] = info.param;
  return std::string(operations[static_cast<int>(operation)]) + roundings[static_cast<int>(rounding)] +
         (denormals == Denormals::flush ? "Flush" : "Keep");
}

INSTANTIATE_TEST_SUITE_P(
    Operations, F32Arithmetic,
    ::testing::Combine(::testing::Values(Operation::add, Operation::subtract, Operation::multiply),
                       ::testing::Values(Rounding::nearest_even, Rounding::plus_infinity,
                                         Rounding::minus_infinity, Rounding::zero, Rounding::nearest_away),
                       ::testing::Values(Denormals::flush, Denormals::keep)),
    case_name);

}  // namespace
}  // namespace ipusim::arith::test
