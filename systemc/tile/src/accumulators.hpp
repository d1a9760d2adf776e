// SPDX-License-Identifier: Apache-2.0
// A context's accumulators: unit n has $aacc[2n], where it sums, and $aacc[2n+1], its place in the output
// chain. Units 0..7 are set 0, 8..15 set 1.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ipusim::tile {

struct Accumulators {
  static constexpr std::size_t units = 16;
  static constexpr std::size_t units_per_set = 8;
  static constexpr std::size_t count = 2 * units;

  std::array<std::uint32_t, units> sum{};
  std::array<std::uint32_t, units> chain{};

  // By the architecture's number.
  std::uint32_t at(std::size_t n) const { return n % 2 == 0 ? sum[n / 2] : chain[n / 2]; }

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [sum, chain] = self;
    archive(sum, chain);
  }
};

}  // namespace ipusim::tile
