// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <bit>

#include "mpfr_oracle.hpp"

namespace ipusim::arith::test {
namespace {

class F32Compare : public ::testing::TestWithParam<std::tuple<Relation, Denormals>> {
 protected:
  F32Compare() { mpfr_inits2(24, a_, b_, static_cast<mpfr_ptr>(nullptr)); }
  ~F32Compare() override { mpfr_clears(a_, b_, static_cast<mpfr_ptr>(nullptr)); }

  Comparison expected(std::uint32_t x, std::uint32_t y) {
    const auto [relation, denormals] = GetParam();
    const auto read = [flush = denormals == Denormals::flush](std::uint32_t v) {
      return std::bit_cast<float>(flush && (v & 0x7F800000U) == 0 ? v & 0x80000000U : v);
    };
    mpfr_set_flt(a_, read(x), MPFR_RNDN);
    mpfr_set_flt(b_, read(y), MPFR_RNDN);
    if (mpfr_unordered_p(a_, b_) != 0) {
      return {relation == Relation::not_equal, flag::invalid};
    }
    switch (relation) {
      case Relation::equal:
        return {mpfr_equal_p(a_, b_) != 0, 0};
      case Relation::not_equal:
        return {mpfr_lessgreater_p(a_, b_) != 0, 0};
      case Relation::less:
        return {mpfr_less_p(a_, b_) != 0, 0};
      case Relation::less_equal:
        return {mpfr_lessequal_p(a_, b_) != 0, 0};
      case Relation::greater:
        return {mpfr_greater_p(a_, b_) != 0, 0};
      case Relation::greater_equal:
        break;
    }
    return {mpfr_greaterequal_p(a_, b_) != 0, 0};
  }

  bool check(std::uint32_t x, std::uint32_t y) {
    const auto [relation, denormals] = GetParam();
    const bool same = compare<F32>(x, y, relation, denormals) == expected(x, y);
    EXPECT_TRUE(same) << std::hex << "x=0x" << x << " y=0x" << y;
    return same;
  }

 private:
  mpfr_t a_;
  mpfr_t b_;
};

TEST_P(F32Compare, AllPairsOfSpecials) {
  const auto values = special_values();
  for (const std::uint32_t x : values) {
    for (const std::uint32_t y : values) {
      ASSERT_TRUE(check(x, y));
    }
  }
}

TEST_P(F32Compare, RandomPairs) {
  OperandGenerator generator(77);
  for (int i = 0; i < IPUSIM_ARITH_SAMPLES; ++i) {
    const auto [x, y] = generator.next();
    ASSERT_TRUE(check(x, (i & 7) == 0 ? x : y));
  }
}

INSTANTIATE_TEST_SUITE_P(Relations, F32Compare,
                         ::testing::Combine(::testing::Values(Relation::equal, Relation::not_equal,
                                                              Relation::less, Relation::less_equal,
                                                              Relation::greater, Relation::greater_equal),
                                            ::testing::Values(Denormals::flush, Denormals::keep)));

}  // namespace
}  // namespace ipusim::arith::test
