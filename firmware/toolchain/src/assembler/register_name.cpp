// SPDX-License-Identifier: Apache-2.0
#include "register_name.hpp"

#include <array>

#include "../target/target_info.hpp"

namespace llvm::Colossus {
namespace {

struct SpecialName {
  StringRef name;
  unsigned reg;
};
constexpr std::array<SpecialName, 10> special_names{{{"$bp", M8},
                                                     {"$fp", M9},
                                                     {"$lr", M10},
                                                     {"$sp", M11},
                                                     {"$mworker_base", M12},
                                                     {"$mvertex_base", M13},
                                                     {"$mzero", M15},
                                                     {"$azero", A15},
                                                     {"$azeros", AP7},
                                                     {"$azeroes", AP7}}};

// $<prefix><number>: number below `count`, without leading zeros.
std::optional<unsigned> numbered(StringRef name, StringRef prefix, unsigned count) {
  unsigned number = 0;
  if (!name.consume_front(prefix) || name.empty() || name.getAsInteger(10, number)) return std::nullopt;
  if (number >= count || (name.size() > 1 && name.front() == '0')) return std::nullopt;
  return number;
}

constexpr unsigned files_registers = 16;

}  // namespace

unsigned find_register(StringRef name) {
  if (const auto m = numbered(name, "$m", files_registers)) return M0 + *m;
  if (const auto a = numbered(name, "$a", files_registers)) return A0 + *a;
  // Pairs above the existing ones, and quads, are names of the zero group.
  if (const auto pair = numbered(name, "$ap", files_registers)) return AP0 + std::min(*pair, 7U);
  if (const auto quad = numbered(name, "$aq", files_registers)) return AQ0 + std::min(*quad, 3U);
  for (const SpecialName& special : special_names)
    if (special.name == name) return special.reg;
  return 0;
}

std::optional<unsigned> find_group(unsigned low_register, unsigned high, bool rounded) {
  const bool is_m = low_register >= M0 && low_register < M0 + files_registers;
  const bool is_a = low_register >= A0 && low_register < A0 + files_registers;
  if (!is_m && !is_a) return std::nullopt;
  const unsigned low = low_register - (is_m ? M0 : A0);
  const unsigned size = high - low + 1;
  if (high < low || high >= files_registers || (size != 2 && (size != 4 || is_m))) return std::nullopt;
  if (low % size != 0 && !rounded) return std::nullopt;
  if (is_m) return MP0 + low / 2;
  return size == 2 ? AP0 + low / 2 : AQ0 + low / 4;
}

}  // namespace llvm::Colossus
