// SPDX-License-Identifier: Apache-2.0
#include "section_limit.hpp"

#include <fmt/format.h>

#include "llvm/BinaryFormat/ELF.h"

namespace llvm::Colossus {
namespace {

constexpr std::uint64_t unloaded_limit = std::uint64_t{256} << 20U;

bool is_loaded(const MCSectionELF& section) { return (section.getFlags() & ELF::SHF_ALLOC) != 0; }

}  // namespace

std::uint64_t section_limit(const MCSectionELF& section, ipusim::isa::Arch arch) {
  const auto& info = ipusim::isa::arch_info(arch);
  return is_loaded(section) ? info.memory_end - info.memory_base : unloaded_limit;
}

std::string section_overflow(const MCSectionELF& section, ipusim::isa::Arch arch) {
  const std::string name = section.getName().str();
  const std::uint64_t limit = section_limit(section, arch);
  if (!is_loaded(section)) return fmt::format("section {} grows beyond {} bytes", name, limit);
  return fmt::format("section {} grows beyond the {} bytes of a tile's memory ({})", name, limit,
                     ipusim::isa::arch_info(arch).name);
}

}  // namespace llvm::Colossus
