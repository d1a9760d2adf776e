// SPDX-License-Identifier: Apache-2.0
#include "elf_reading.hpp"

#include <array>

#include "target/target_info.hpp"

namespace ipusim::toolchain {
namespace {

constexpr std::array<isa::Arch, 3> architectures{isa::Arch::ipu1, isa::Arch::ipu2, isa::Arch::ipu21};
constexpr std::uint32_t arch_flags_mask = 0xFF;

std::string type_name(unsigned type) {
  switch (type) {
    case llvm::ELF::ET_REL:
      return "a relocatable object";
    case llvm::ELF::ET_EXEC:
      return "an executable";
    case llvm::ELF::ET_DYN:
      return "a shared object";
    case llvm::ELF::ET_CORE:
      return "a core file";
    default:
      return fmt::format("an ELF file of type {}", type);
  }
}

}  // namespace

Elf open_elf(std::span<const std::uint8_t> bytes, const std::string& name, unsigned type) {
  const llvm::StringRef text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.startswith(llvm::StringRef("\x7f"
                                       "ELF",
                                       4)))
    throw ToolError(fmt::format("{}: not an ELF file", name));
  if (bytes.size() < llvm::ELF::EI_NIDENT) throw ToolError(fmt::format("{}: truncated ELF header", name));
  if (bytes[llvm::ELF::EI_CLASS] != llvm::ELF::ELFCLASS32 ||
      bytes[llvm::ELF::EI_DATA] != llvm::ELF::ELFDATA2LSB)
    throw ToolError(fmt::format("{}: not a 32-bit little-endian ELF file", name));
  Elf elf = value_of(Elf::create(text), name);
  const auto& header = elf.getHeader();
  if (header.e_machine != llvm::Colossus::elf_machine)
    throw ToolError(fmt::format("{}: made for ELF machine {}, not for the IPU ({})", name,
                                static_cast<unsigned>(header.e_machine), llvm::Colossus::elf_machine));
  if (header.e_type != type)
    throw ToolError(fmt::format("{}: is {}, expected {}", name, type_name(header.e_type), type_name(type)));
  const auto known = [&](isa::Arch arch) {
    return isa::arch_info(arch).elf_flags == (header.e_flags & arch_flags_mask);
  };
  if (std::none_of(architectures.begin(), architectures.end(), known))
    throw ToolError(fmt::format("{}: unknown architecture in the ELF flags ({:#x})", name,
                                static_cast<unsigned>(header.e_flags)));
  return elf;
}

isa::Arch arch_of(const Elf& elf) {
  for (const isa::Arch arch : architectures)
    if (isa::arch_info(arch).elf_flags == (elf.getHeader().e_flags & arch_flags_mask)) return arch;
  return isa::Arch::ipu2;  // open_elf lets nothing else through
}

}  // namespace ipusim::toolchain
