// SPDX-License-Identifier: Apache-2.0
// Traffic that takes longer, on both sizes of chip. Mk2, Bow and C600 have the same places and latencies.
#include "traffic.hpp"

namespace ipusim::parts_test {
namespace {

using WholeChip = Traffic;

TEST_F(WholeChip, AllToAllOfAMk1) { expect_all_to_all("mk1", 1216); }
TEST_F(WholeChip, APermutationOfAMk2) { expect_permutation("mk2", 1472, 64); }
TEST_F(WholeChip, APermutationOfABow) { expect_permutation("bow", 1472, 64); }
TEST_F(WholeChip, APermutationOfAC600) { expect_permutation("c600", 1472, 64); }
TEST_F(WholeChip, AllToAllOfABow) { expect_all_to_all("bow", 1472); }

}  // namespace
}  // namespace ipusim::parts_test
