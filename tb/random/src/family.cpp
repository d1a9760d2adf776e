// SPDX-License-Identifier: Apache-2.0
#include "ipusim/random/family.hpp"

#include <charconv>
#include <stdexcept>
#include <string>

namespace ipusim::random {
namespace {

constexpr std::array<std::string_view, family_count> names = {
    "integer",    "bits",     "memory", "pace",    "f32", "f16",        "f8",
    "accumulate", "function", "random", "control", "csr", "supervisor", "exchange"};

bool contains_any(std::string_view text, std::initializer_list<std::string_view> pieces) {
  for (const std::string_view piece : pieces) {
    if (text.find(piece) != std::string_view::npos) return true;
  }
  return false;
}

Family aux_family(std::string_view m) {
  if (contains_any(m, {"rand", "rmask"})) return Family::random;
  if (contains_any(m, {"amp", "slic", "acc", "mac", "aop", "gina", "axpy", "mix"})) return Family::accumulate;
  if (contains_any(m, {"exp", "ln", "log2", "sigm", "tanh", "sqrt", "oox", "oorx", "div"})) {
    return Family::function;
  }
  if (m.starts_with("f8") || m.ends_with("tof8")) return Family::f8;  // shuf8x8lo is none
  if (m.starts_with("f16")) return Family::f16;
  if (m.starts_with("f32")) return Family::f32;
  return Family::bits;
}

}  // namespace

std::string_view name(Family family) { return names[static_cast<std::size_t>(family)]; }

Family family_of(const isa::Instruction& i) {
  const std::string_view m = i.mnemonic;
  if (m == "get" || m == "put" || m == "uget" || m == "uput") return Family::csr;
  if (i.timed) return Family::exchange;
  if (i.system || i.mode == isa::Mode::supervisor) return Family::supervisor;
  if (i.control) return Family::control;
  if (contains_any(m, {"pace", "ldd16", "ld64a32", "ldb16b16"})) return Family::pace;
  if (i.load || i.store) return Family::memory;
  if (m == "tapack") return Family::pace;
  return i.lane == isa::Lane::main ? Family::integer : aux_family(m);
}

bool usable(const isa::Instruction& i, isa::Arch arch) {
  return i.fast && i.rtl && (i.arch_mask & static_cast<unsigned>(arch)) != 0;
}
bool usable(const isa::Csr& csr, isa::Arch arch) {
  return csr.fast && csr.rtl && (csr.arch_mask & static_cast<unsigned>(arch)) != 0;
}

Weights::Weights() : of{} {
  of.fill(10);
  (*this)[Family::f32] = 15;
  (*this)[Family::f16] = 15;
  (*this)[Family::accumulate] = 15;
  (*this)[Family::csr] = 3;
  (*this)[Family::pace] = 6;
  (*this)[Family::supervisor] = 3;
}

Weights parse_weights(std::string_view text) {
  Weights weights;
  while (!text.empty()) {
    const std::string_view item = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), item.size() + 1));
    const std::size_t equals = item.find('=');
    const std::string_view left = item.substr(0, equals);
    std::size_t family = 0;
    while (family < family_count && names[family] != left) ++family;
    if (family == family_count) throw std::invalid_argument("no family '" + std::string(left) + "'");
    const std::string_view right = equals == std::string_view::npos ? "" : item.substr(equals + 1);
    unsigned value = 0;
    const auto [end, error] = std::from_chars(right.data(), right.data() + right.size(), value);
    if (right.empty() || error != std::errc{} || end != right.data() + right.size() || value > 1000) {
      throw std::invalid_argument("weight of " + std::string(left) + ": '" + std::string(right) +
                                  "' is not a number from 0 to 1000");
    }
    weights.of[family] = value;
  }
  return weights;
}

}  // namespace ipusim::random
