// SPDX-License-Identifier: Apache-2.0
#include "relocation.hpp"

#include <fmt/format.h>

#include "../target/relocation_table.hpp"

namespace ipusim::toolchain {

std::optional<std::string> relocate(unsigned type, std::int64_t value, std::uint32_t memory_base,
                                    std::span<std::uint8_t> bytes, std::uint32_t offset) {
  const llvm::Colossus::RelocRule* rule = llvm::Colossus::find_reloc(type);
  if (rule == nullptr) return fmt::format("relocation type {} is unknown", type);
  if (rule->bytes == 0) return std::nullopt;
  const std::string name = rule->name.str();
  if (offset > bytes.size() || bytes.size() - offset < rule->bytes)
    return fmt::format("{} reaches beyond the end of the section", name);
  if (rule->from_base) value -= memory_base;
  if ((value & ((std::int64_t{1} << rule->shift) - 1)) != 0)
    return fmt::format("{}: value {:#x} is not a multiple of {}", name, value, 1U << rule->shift);
  std::uint64_t stored = static_cast<std::uint64_t>(value) >> rule->shift;
  // Data words of the machine's own width wrap, as differences of addresses do.
  const bool wraps = rule->bits == 32 && value >= INT32_MIN && value < 0;
  if (rule->bits < 64 && !wraps && (value < 0 || (stored >> rule->bits) != 0))
    return fmt::format("{}: value {:#x} does not fit into {} bits{}", name, value, rule->bits,
                       rule->shift == 0 ? "" : fmt::format(" after the shift by {}", rule->shift));
  std::uint64_t field = rule->bits == 64 ? ~0ULL : (1ULL << rule->bits) - 1;
  if (rule->split) {
    stored = (stored & 0xFFFU) | (stored & 0xF000U) << 4U;
    field = 0xF0FFFU;
  }
  for (unsigned i = 0; i < rule->bytes; ++i) {
    const auto mask = static_cast<std::uint8_t>(field >> (8 * i));
    std::uint8_t& target = bytes[offset + i];
    target =
        static_cast<std::uint8_t>((target & ~mask) | (static_cast<std::uint8_t>(stored >> (8 * i)) & mask));
  }
  return std::nullopt;
}

}  // namespace ipusim::toolchain
