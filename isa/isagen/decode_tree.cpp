// SPDX-License-Identifier: Apache-2.0
#include "decode_tree.hpp"

#include <algorithm>

namespace ipusim::isagen {

std::vector<DecodeBucket> make_decode_buckets(const Model& model,
                                              const std::function<bool(const InstructionSpec&)>& wanted) {
  std::vector<DecodeBucket> buckets(bucket_bits + 1);
  for (const InstructionSpec& spec : model.instructions) {
    if (!wanted(spec)) continue;
    const std::uint32_t fixed = (spec.mask >> bucket_shift) & bucket_bits;
    const std::uint32_t match = (spec.match >> bucket_shift) & bucket_bits;
    for (std::uint32_t number = 0; number <= bucket_bits; ++number)
      if (((number ^ match) & fixed) == 0) buckets[number][spec.mask].push_back(&spec);
  }
  for (DecodeBucket& bucket : buckets)
    for (auto& [mask, group] : bucket)
      std::sort(group.begin(), group.end(),
                [](const InstructionSpec* a, const InstructionSpec* b) { return a->match < b->match; });
  return buckets;
}

}  // namespace ipusim::isagen
