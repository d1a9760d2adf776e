// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "ipusim/isa/isa.hpp"
#include "tables.hpp"

namespace ipusim::isa {

const ArchInfo& arch_info(Arch arch) {
  return *std::find_if(tables::architectures.begin(), tables::architectures.end(),
                       [&](const ArchInfo& info) { return info.arch == arch; });
}

std::optional<Arch> parse_arch(std::string_view name) {
  const auto info = std::find_if(tables::architectures.begin(), tables::architectures.end(),
                                 [&](const ArchInfo& i) { return i.name == name; });
  if (info == tables::architectures.end()) return std::nullopt;
  return info->arch;
}

}  // namespace ipusim::isa
