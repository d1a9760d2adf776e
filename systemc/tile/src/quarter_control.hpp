// SPDX-License-Identifier: Apache-2.0
// How a worker of ipu21 reads f8 (FP_NFMT, FP_SCL; docs/arithmetic.md, "f8").
#pragma once

#include <array>
#include <cstdint>

#include "ipusim/arith/quarter.hpp"
#include "ipusim/isa/csr.hpp"

namespace ipusim::tile {

struct QuarterControl {
  arith::QuarterFormat of_coefficients, of_registers;
  int scale;  // exponent of the power of two

  template <class K>
  explicit QuarterControl(const K& k) {
    const std::uint32_t formats = k.upper_csr(isa::csr::fp_nfmt);
    of_coefficients = static_cast<arith::QuarterFormat>(isa::csr_field::fp_nfmt_cwei_fmt.get(formats));
    of_registers = static_cast<arith::QuarterFormat>(isa::csr_field::fp_nfmt_arf_fmt.get(formats));
    constexpr isa::CsrField field = isa::csr_field::fp_scl_scale;
    const auto value = static_cast<int>(field.get(k.upper_csr(isa::csr::fp_scl)));
    scale = value < 1 << (field.width - 1U) ? value : value - (1 << field.width);
  }
};

constexpr std::uint8_t byte_of(std::uint32_t word, unsigned index) {
  return static_cast<std::uint8_t>(word >> (8U * index));
}
constexpr std::array<std::uint8_t, 8> bytes_of(std::uint32_t low, std::uint32_t high) {
  std::array<std::uint8_t, 8> bytes{};
  for (unsigned i = 0; i < 8; ++i) bytes[i] = byte_of(i < 4 ? low : high, i % 4);
  return bytes;
}

}  // namespace ipusim::tile
