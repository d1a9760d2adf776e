// SPDX-License-Identifier: Apache-2.0
// Where the bits of an operand stand in the instruction words.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model.hpp"

namespace ipusim::isagen {

inline constexpr std::size_t word_bits = 32;
inline constexpr char coissue_letter = 'z';

// Operand number of a pattern letter: a = 0, b = 1, ...
std::optional<std::size_t> operand_index(char letter);
char operand_letter(std::size_t index);

struct LayoutResult {
  std::vector<isa::BitSlice> slices;
  unsigned width = 0;  // bits of the value, left-out low zero bits included
  std::string error;   // empty if the layout is good
};

// Slices of the operand `letter`. An empty `layout` means most significant first from left to right;
// otherwise it lists the value bits of each run of letters, "hi:lo,hi:lo,...". `register_span` (1, 2, 4; 0
// for values) tells how many low bits may be left out because they are always zero.
LayoutResult read_layout(const std::vector<std::string>& patterns, char letter, const std::string& layout,
                         unsigned register_span);

}  // namespace ipusim::isagen
