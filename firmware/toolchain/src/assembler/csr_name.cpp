// SPDX-License-Identifier: Apache-2.0
#include "csr_name.hpp"

#include <string_view>

namespace llvm::Colossus {
namespace {

using ipusim::isa::Arch;
using ipusim::isa::Csr;
using ipusim::isa::Mode;

constexpr unsigned upper_space = 0x100;  // of Csr::index
constexpr auto later_than_ipu1 =
    static_cast<std::uint8_t>(static_cast<unsigned>(Arch::ipu2) | static_cast<unsigned>(Arch::ipu21));
constexpr auto all_archs = static_cast<std::uint8_t>(later_than_ipu1 | static_cast<unsigned>(Arch::ipu1));

// CWEI_<n>_<k>, number 4n + k: k below 4, n below 16, on ipu1 below 8 (assembler_and_abi facts, 1.7).
std::optional<CsrName> find_coefficient(StringRef name) {
  constexpr unsigned words = 4;
  constexpr unsigned rows = 16;
  constexpr unsigned rows_of_ipu1 = 8;
  if (!name.consume_front("$CWEI_")) return std::nullopt;
  const auto [row_text, word_text] = name.split('_');
  unsigned row = 0;
  unsigned word = 0;
  if (row_text.getAsInteger(10, row) || word_text.getAsInteger(10, word) || row >= rows || word >= words)
    return std::nullopt;
  return CsrName{words * row + word, CsrSpace::coefficients, Mode::supervisor,
                 row < rows_of_ipu1 ? all_archs : later_than_ipu1};
}

}  // namespace

std::optional<CsrName> find_csr_name(StringRef name, Mode mode) {
  if (const auto coefficient = find_coefficient(name)) return coefficient;
  if (!name.consume_front("$")) return std::nullopt;
  const std::string_view wanted(name.data(), name.size());
  const Csr* csr = ipusim::isa::find_csr(mode, wanted);
  if (csr == nullptr)
    csr = ipusim::isa::find_csr(mode == Mode::worker ? Mode::supervisor : Mode::worker, wanted);
  if (csr == nullptr) return std::nullopt;
  return CsrName{csr->index % upper_space, csr->index < upper_space ? CsrSpace::lower : CsrSpace::upper,
                 csr->mode, csr->arch_mask};
}

}  // namespace llvm::Colossus
