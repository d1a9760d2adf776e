// SPDX-License-Identifier: Apache-2.0
// How instructions are found by their word, in C++ and in SystemVerilog: bits 30..24 choose a bucket; a
// bucket has a few groups of instructions with equal masks; within a group the masked word decides.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "model.hpp"

namespace ipusim::isagen {

inline constexpr unsigned bucket_shift = 24;
inline constexpr std::uint32_t bucket_bits = 0x7F;

using DecodeGroup = std::vector<const InstructionSpec*>;    // by rising match
using DecodeBucket = std::map<std::uint32_t, DecodeGroup>;  // by mask

// One bucket per value of the bucket bits, of the instructions that `wanted` accepts. The pointers refer to
// the model. An instruction with operand bits among the bucket bits stands in several buckets.
std::vector<DecodeBucket> make_decode_buckets(const Model& model,
                                              const std::function<bool(const InstructionSpec&)>& wanted);

}  // namespace ipusim::isagen
