// How a worker of ipu21 reads f8 (FP_NFMT, FP_SCL; docs/arithmetic.md, "f8").
#pragma once

#include <array>
#include <cstdint>

#include "csr_numbers.hpp"
#include "ipusim/arith/quarter.hpp"

namespace ipusim::tile {

struct QuarterControl {
  arith::QuarterFormat of_coefficients, of_registers;
  int scale;  // exponent of the power of two

  template <class K>
  explicit QuarterControl(const K& k) {
    const std::uint32_t formats = k.upper_csr(csr().fp_nfmt);
    of_coefficients = static_cast<arith::QuarterFormat>(formats & 1U);
    of_registers = static_cast<arith::QuarterFormat>((formats >> 1U) & 1U);
    const auto field = static_cast<int>(k.upper_csr(csr().fp_scl) & 63U);
    scale = field < 32 ? field : field - 64;
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
