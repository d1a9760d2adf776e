// SPDX-License-Identifier: Apache-2.0
// f8 to and from f16, and classes of f8: ipu21.
#include "half_results.hpp"
#include "quarter_control.hpp"

namespace ipusim::tile {
namespace {

using isa::Opcode;
using U = std::uint32_t;

// The lowest bytes of op1 to f16.
template <unsigned registers>
constexpr auto to_halves = [](auto& k, const Op& o) {
  HalfResults rounding{k};
  if (rounding.refused()) return;
  const QuarterControl control(k);
  const U bytes = k.a(o.operand[1]);
  const auto half = [&](unsigned i) {
    return taken(k, arith::quarter_to_half(byte_of(bytes, i), control.of_registers, control.scale,
                                           rounding.rules(), rounding.random(i)));
  };
  std::array<U, registers> result;
  for (unsigned i = 0; i < registers; ++i) {
    const std::uint16_t low = half(2 * i);
    result[i] = halves(low, half(2 * i + 1));
  }
  for (unsigned i = 0; i < registers; ++i) k.write_a(o.operand[0] + i, result[i]);
};

// Two f16 of each of `sources` registers to bytes, the first lowest; bytes without one are 0 (chosen).
template <unsigned sources>
constexpr auto to_quarters = [](auto& k, const Op& o) {
  HalfResults rounding{k};
  if (rounding.refused()) return;
  const QuarterControl control(k);
  std::array<U, 2> result{};
  for (unsigned i = 0; i < 2 * sources; ++i) {
    const std::uint16_t half = half_of(k.a(o.operand[1] + i / 2), i % 2);
    const arith::QuarterResult quarter = arith::half_to_quarter(half, control.of_registers, control.scale,
                                                                rounding.rules(), rounding.random_byte(i));
    k.raise_flags(quarter.flags);
    result[i / 4] |= static_cast<U>(quarter.bits) << (8 * (i % 4));
  }
  k.write_a(o.operand[0], result[0]);
  if constexpr (sources > 2) k.write_a(o.operand[0] + 1, result[1]);
};

constexpr auto classes = [](auto& k, const Op& o) {
  const QuarterControl control(k);
  const U bytes = k.a(o.operand[1]);
  U codes = 0;
  for (unsigned i = 0; i < 4; ++i)
    codes |= static_cast<U>(arith::classify_quarter(byte_of(bytes, i), control.of_registers)) << (8 * i);
  k.write_a(o.operand[0], codes);
};

}  // namespace

void add_quarter_handlers(HandlerTable& t) {
  t.add(Opcode::f8v2tof16_aaan, to_halves<1>);
  t.add(Opcode::f8v4tof16_aaan, to_halves<2>);
  t.add(Opcode::f16v2tof8_aaan, to_quarters<1>);
  t.add(Opcode::f16v8tof8_aaan, to_quarters<4>);
  t.add(Opcode::f8v4class_aaan, classes);
}

}  // namespace ipusim::tile
