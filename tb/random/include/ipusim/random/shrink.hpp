// SPDX-License-Identifier: Apache-2.0
// From a scenario on which the models differ to a small one on which they still do.
#pragma once

#include <cstdint>
#include <functional>

#include "ipusim/random/scenario.hpp"

namespace ipusim::random {

// Whether the models differ on it in the way that is looked for.
using Differs = std::function<bool(const Scenario&)>;

struct ShrinkResult {
  Scenario scenario;
  std::uint64_t runs = 0;
};

// Takes out tiles, programs, parts, halves of bundles, words from outside and data, and makes operands
// simple, as long as `differs` holds; stops after max_runs. `scenario` itself must differ.
ShrinkResult shrink(Scenario scenario, const Differs& differs, std::uint64_t max_runs = 4000);

}  // namespace ipusim::random
