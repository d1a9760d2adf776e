// SPDX-License-Identifier: Apache-2.0
// Relocations of the published ELF ABI: all absolute, range-checked unsigned, little-endian.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ipusim::toolchain {

// Writes symbol value + addend into `bytes` at `offset` as relocation `type` says. memory_base: TB of the
// ABI. Returns what is wrong: unknown type, out of range, misaligned, field beyond the section; nullopt if
// nothing is.
std::optional<std::string> relocate(unsigned type, std::int64_t value, std::uint32_t memory_base,
                                    std::span<std::uint8_t> bytes, std::uint32_t offset);

}  // namespace ipusim::toolchain
