// SPDX-License-Identifier: Apache-2.0
#include "unit_rows.hpp"

namespace ipusim::tile {
namespace {

bool plain(const std::uint32_t* addend, const arith::UnitRow& row, const std::array<float, 4>& x,
           std::uint32_t* result) {
  return arith::dot_of_row(addend, row, x, result);
}

#if defined(__x86_64__)
// Without fused multiply-add, which the function must not be given.
[[gnu::target("avx2")]] bool wide(const std::uint32_t* addend, const arith::UnitRow& row,
                                  const std::array<float, 4>& x, std::uint32_t* result) {
  return arith::dot_of_row(addend, row, x, result);
}
DotOfRow choose() { return __builtin_cpu_supports("avx2") != 0 ? wide : plain; }
#else
DotOfRow choose() { return plain; }
#endif

}  // namespace

const DotOfRow dot_of_row = choose();

}  // namespace ipusim::tile
