// SPDX-License-Identifier: Apache-2.0
// What the cases of the codelets share.
#pragma once

#include <gtest/gtest.h>

#include "codelet_run.hpp"

namespace ipusim::codelet_test {

// Cases run on every kind of tile.
class Codelets : public ::testing::TestWithParam<TileKind> {};

}  // namespace ipusim::codelet_test
