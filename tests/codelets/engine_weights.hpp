// SPDX-License-Identifier: Apache-2.0
// Where the engines' coefficients stand in memory when they are loaded from unit 0 on.
#pragma once

namespace ipusim::codelet_test {

// Unit of output o, for the AMP forms that use both sets: results leave in pairs, of one set and the other.
inline unsigned unit_of(unsigned output) { return (output & 1U) + 2 * (output / 4) + (output & 2U) * 4; }

// Place of a 16 x 16 matrix' f16 weight: 64 bits for unit u and phase p at word 4 u + p, element k for input
// 4 p + k.
inline unsigned f16_weight_place(unsigned input, unsigned output) {
  return 4 * (4 * unit_of(output) + input / 4) + input % 4;
}

// The same of a 32 x 16 matrix of f8: element k for input 8 p + k.
inline unsigned f8_weight_place(unsigned input, unsigned output) {
  return 8 * (4 * unit_of(output) + input / 8) + input % 8;
}

}  // namespace ipusim::codelet_test
