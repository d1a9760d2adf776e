// SPDX-License-Identifier: Apache-2.0
#include "ipusim/isa/explanation.hpp"

#include <algorithm>

namespace ipusim::isa {

const Explanation* find_explanation(std::string_view mnemonic) {
  for (const Explanation& entry : all_explanations())
    if (std::find(entry.mnemonics.begin(), entry.mnemonics.end(), mnemonic) != entry.mnemonics.end())
      return &entry;
  return nullptr;
}

}  // namespace ipusim::isa
