// SPDX-License-Identifier: Apache-2.0
#include "ipusim/random/family.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace ipusim::random {
namespace {

Family family_of_id(std::string_view id) {
  for (const isa::Instruction& i : isa::all_instructions()) {
    if (i.id == id) return family_of(i);
  }
  throw std::invalid_argument(std::string{id});
}

TEST(Family, OfInstructions) {
  EXPECT_EQ(family_of_id("add_mmmn"), Family::integer);
  EXPECT_EQ(family_of_id("or64_aaan"), Family::bits);
  EXPECT_EQ(family_of_id("ld128_mman_zi"), Family::memory);
  EXPECT_EQ(family_of_id("ld2x64pace_mmbn_ef"), Family::pace);
  EXPECT_EQ(family_of_id("tapack_mmmn"), Family::pace);
  EXPECT_EQ(family_of_id("f32v2mul_aaat"), Family::f32);
  EXPECT_EQ(family_of_id("f16v4add_aaal"), Family::f16);
  EXPECT_EQ(family_of_id("f16v8tof8_aaan"), Family::f8);
  EXPECT_EQ(family_of_id("f8v4class_aaan"), Family::f8);
  EXPECT_EQ(family_of_id("shuf8x8lo_aaan"), Family::bits);
  EXPECT_EQ(family_of_id("f8v8hihov4amp_aaan_ef"), Family::accumulate);
  EXPECT_EQ(family_of_id("f32sisoamp_aaan_ef"), Family::accumulate);
  EXPECT_EQ(family_of_id("f16v2tanh_aaan"), Family::function);
  EXPECT_EQ(family_of_id("f16v4rmask_aaan"), Family::random);
  EXPECT_EQ(family_of_id("brnzdec_mmmn_zi"), Family::control);
  EXPECT_EQ(family_of_id("uput_aaan_zi"), Family::csr);
  EXPECT_EQ(family_of_id("ld64putcs_mmmn_zi"), Family::supervisor);
  EXPECT_EQ(family_of_id("sendpicp"), Family::exchange);
}

TEST(Weights, ChangeOnlyWhatIsNamed) {
  const Weights plain;
  const Weights changed = parse_weights("f16=40,memory=0");
  EXPECT_EQ(changed[Family::f16], 40U);
  EXPECT_EQ(changed[Family::memory], 0U);
  EXPECT_EQ(changed[Family::f32], plain[Family::f32]);
  EXPECT_EQ(parse_weights("").of, plain.of);
}

TEST(Weights, NonsenseIsRefused) {
  for (const std::string_view text : {"f64=1", "f32", "f32=", "f32=x", "f32=1001", "f32=-1", "f32=1x", ","}) {
    EXPECT_THROW(parse_weights(text), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace ipusim::random
