#include "relocation.hpp"

#include <fmt/format.h>

#include <array>

#include "../target/target_info.hpp"

namespace ipusim::toolchain {
namespace {

namespace Reloc = llvm::Colossus::Reloc;

struct Rule {
  unsigned type;
  unsigned bytes;      // of the place it changes
  unsigned bits;       // of the stored value
  unsigned shift;      // value >> shift is stored
  bool from_base;      // the memory base is subtracted first
  bool must_align;     // the bits shifted out must be 0
  bool split = false;  // RUN: [11:0] -> [11:0], [15:12] -> [19:16]
};
constexpr std::array<Rule, 13> rules{{{Reloc::abs8, 1, 8, 0, false, false},
                                      {Reloc::abs16, 2, 16, 0, false, false},
                                      {Reloc::abs20, 4, 20, 0, false, false},
                                      {Reloc::abs32, 4, 32, 0, false, false},
                                      {Reloc::abs64, 8, 64, 0, false, false},
                                      {Reloc::relative16_s2, 2, 16, 2, true, true},
                                      {Reloc::abs18_s2, 4, 18, 2, false, true},
                                      {Reloc::abs19_s2, 4, 19, 2, false, true},
                                      {Reloc::run, 4, 16, 2, true, true, true},
                                      {Reloc::abs16_s3, 2, 16, 3, false, true},
                                      {Reloc::abs16_s4, 2, 16, 4, false, true},
                                      {Reloc::abs16_s5, 2, 16, 5, false, true},
                                      {Reloc::abs21, 4, 21, 0, false, false}}};

const Rule* find_rule(unsigned type) {
  for (const Rule& rule : rules)
    if (rule.type == type) return &rule;
  return nullptr;
}

}  // namespace

std::optional<std::string> relocate(unsigned type, std::int64_t value, std::uint32_t memory_base,
                                    std::span<std::uint8_t> bytes, std::uint32_t offset) {
  if (type == Reloc::none) return std::nullopt;
  const Rule* rule = find_rule(type);
  if (rule == nullptr) return fmt::format("relocation type {} is unknown", type);
  const std::string name = llvm::Colossus::reloc_name(type).str();
  if (offset > bytes.size() || bytes.size() - offset < rule->bytes)
    return fmt::format("{} reaches beyond the end of the section", name);
  if (rule->from_base) value -= memory_base;
  if (rule->must_align && (value & ((std::int64_t{1} << rule->shift) - 1)) != 0)
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
