// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/debug/register_scope.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <span>

namespace ipusim::app {
namespace {

using File = tile::RegisterWrite::File;

constexpr unsigned registers_of_file = 16;
constexpr unsigned accumulators = 32;
constexpr unsigned word_bits = 32;

struct Alias {
  std::string_view name, of;
};
// The assembler's other names for registers.
constexpr std::array aliases{Alias{"bp", "m8"},
                             Alias{"fp", "m9"},
                             Alias{"lr", "m10"},
                             Alias{"sp", "m11"},
                             Alias{"mworker_base", "m12"},
                             Alias{"mvertex_base", "m13"},
                             Alias{"mzero", "m15"},
                             Alias{"azero", "a15"}};

std::optional<unsigned> number_below(std::string_view text, unsigned end) {
  unsigned value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = failure == std::errc{} && stop == text.data() + text.size();
  return is_number && value < end ? std::optional(value) : std::nullopt;
}

bool looks_like_register(std::string_view name) {
  const bool is_file = name.starts_with("m") || name.starts_with("a");
  return is_file && number_below(name.substr(1), registers_of_file).has_value();
}

}  // namespace

std::uint32_t RegisterScope::read(File file, unsigned index) const {
  if (file != File::m && context_.is_supervisor())
    throw ExpressionError("the supervisor has no $a registers and no accumulators: select a worker");
  return session_.chip().tile(tile_).read_register(context_, file, index);
}

// $m3, $a3, $m2:3, $aacc5.
std::optional<std::int64_t> RegisterScope::numbered(const std::string& name) const {
  const std::string_view text = name;
  if (text.starts_with("aacc")) {
    const auto index = number_below(text.substr(4), accumulators);
    return index ? std::optional<std::int64_t>(read(File::accumulator, *index)) : std::nullopt;
  }
  if (!text.starts_with("m") && !text.starts_with("a")) return std::nullopt;
  const File file = text.front() == 'm' ? File::m : File::a;
  const std::size_t colon = text.find(':');
  const auto low = number_below(text.substr(1, colon - 1), registers_of_file);
  if (!low) return std::nullopt;
  if (colon == std::string_view::npos) return read(file, *low);
  const auto high = number_below(text.substr(colon + 1), registers_of_file);
  if (!high || *low % 2 != 0 || *high != *low + 1) return std::nullopt;
  return static_cast<std::int64_t>(std::uint64_t{read(file, *high)} << word_bits | read(file, *low));
}

std::int64_t RegisterScope::csr(const std::string& name) const {
  const isa::Csr* csr =
      isa::find_csr(context_.is_worker() ? isa::Mode::worker : isa::Mode::supervisor, std::string_view{name});
  if (csr == nullptr || csr->access == isa::CsrAccess::write_only)
    throw ExpressionError(fmt::format("there is no register ${}", name));
  return session_.chip().tile(tile_).read_register(context_, File::csr, csr->index);
}

std::int64_t RegisterScope::read_register(const std::string& name) {
  if (name == "pc") return session_.chip().tile(tile_).pc(context_).value();
  if (name == "cycle") return static_cast<std::int64_t>(session_.cycle());
  for (const Alias& alias : aliases)
    if (alias.name == name) return *numbered(std::string{alias.of});
  if (const auto value = numbered(name)) return *value;
  return csr(name);
}

std::int64_t RegisterScope::symbol(const std::string& name) {
  if (name == "pc" || name == "cycle") return read_register(name);
  try {
    return view_.symbol(tile_, name);
  } catch (const toolchain::ToolError&) {
    if (!looks_like_register(name)) throw;
    throw ExpressionError(fmt::format("there is no symbol '{}'; the register is ${}", name, name));
  }
}

std::uint64_t RegisterScope::read_memory(std::int64_t address, unsigned bytes) {
  std::array<std::byte, sizeof(std::uint64_t)> read{};
  const auto outside = [&] {
    return ExpressionError(fmt::format("[{:#x}]: outside tile memory", static_cast<std::uint64_t>(address)));
  };
  if (address < 0 || address > std::int64_t{UINT32_MAX}) throw outside();
  try {
    session_.chip().tile(tile_).read_memory(ByteAddr{static_cast<std::uint32_t>(address)},
                                            std::span(read).first(bytes));
  } catch (const std::out_of_range&) {
    throw outside();
  }
  std::uint64_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) value |= std::to_integer<std::uint64_t>(read.at(i)) << (8U * i);
  return value;
}

}  // namespace ipusim::app
