// SPDX-License-Identifier: Apache-2.0
#include "relocation_table.hpp"

#include <algorithm>
#include <array>

namespace llvm::Colossus {
namespace {

constexpr std::array<RelocRule, 14> rules{
    {{Reloc::none, "R_COLOSSUS_NONE", 0, 0, 0, false, false},
     {Reloc::abs8, "R_COLOSSUS_8", 1, 8, 0, false, false},
     {Reloc::abs16, "R_COLOSSUS_16", 2, 16, 0, false, false},
     {Reloc::abs20, "R_COLOSSUS_20", 4, 20, 0, false, false},
     {Reloc::abs32, "R_COLOSSUS_32", 4, 32, 0, false, false},
     {Reloc::abs64, "R_COLOSSUS_64", 8, 64, 0, false, false},
     {Reloc::relative16_s2, "R_COLOSSUS_RELATIVE_16_S2", 2, 16, 2, true, false},
     {Reloc::abs18_s2, "R_COLOSSUS_18_S2", 4, 18, 2, false, false},
     {Reloc::abs19_s2, "R_COLOSSUS_19_S2", 4, 19, 2, false, false},
     {Reloc::run, "R_COLOSSUS_RUN", 4, 16, 2, true, true},
     {Reloc::abs16_s3, "R_COLOSSUS_16_S3", 2, 16, 3, false, false},
     {Reloc::abs16_s4, "R_COLOSSUS_16_S4", 2, 16, 4, false, false},
     {Reloc::abs16_s5, "R_COLOSSUS_16_S5", 2, 16, 5, false, false},
     {Reloc::abs21, "R_COLOSSUS_21", 4, 21, 0, false, false}}};

template <typename Match>
const RelocRule* find(Match match) {
  const auto* found = std::find_if(rules.begin(), rules.end(), match);
  return found == rules.end() ? nullptr : found;
}

}  // namespace

const RelocRule* find_reloc(unsigned type) {
  return find([type](const RelocRule& rule) { return rule.type == type; });
}

const RelocRule* find_reloc(StringRef name) {
  return find([name](const RelocRule& rule) { return rule.name == name; });
}

}  // namespace llvm::Colossus
