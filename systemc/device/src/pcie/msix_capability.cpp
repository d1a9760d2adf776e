// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/msix_capability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <stdexcept>

#include "ipusim/device/pcie/config_map.hpp"

namespace ipusim::device {

namespace {

constexpr unsigned two_words = 8;
constexpr unsigned vectors_per_word = 32;

// One entry of the table.
constexpr std::uint32_t address_low = 0x0;
constexpr std::uint32_t address_high = 0x4;
constexpr std::uint32_t data = 0x8;
constexpr std::uint32_t control = 0xC;
constexpr std::array table_rows{
    RegisterRow{"Message Address", address_low, Access::read_write, 0, "[31:2]: messages are aligned words",
                4, ~3U},
    RegisterRow{"Message Upper Address", address_high, Access::read_write, 0, "[63:32]"},
    RegisterRow{"Message Data", data, Access::read_write, 0, "what is written there"},
    RegisterRow{"Vector Control", control, Access::read_write, pci::msix_vector_masked,
                "[0] mask, set after reset", 4, pci::msix_vector_masked},
};
constexpr std::array pending_rows{
    RegisterRow{"Pending Bits", 0, Access::writes_ignored, 0, "one bit a vector, the lowest first"},
};

unsigned checked(unsigned vectors) {
  if (vectors == 0 || vectors > pci::msix_size_mask + 1U) {
    throw std::invalid_argument(
        fmt::format("MSI-X vectors: {} is not in 1..{}", vectors, pci::msix_size_mask + 1U));
  }
  return vectors;
}

std::vector<RegisterRow> rows_for(const MsixDescription& description) {
  return {
      {"Message Control", pci::msix_control, Access::read_write, description.vectors - 1,
       "[10:0] vectors - 1, [14] function mask, [15] enable", 2, pci::msix_function_mask | pci::msix_enable},
      {"Table", pci::msix_table, Access::writes_ignored, description.table_bar,
       "[2:0] BAR, [31:3] offset in it"},
      {"Pending Bit Array", pci::msix_pba, Access::writes_ignored, description.pending_bar, "likewise"}};
}

std::uint32_t entry(unsigned vector) { return pci::msix_entry_bytes * vector; }

}  // namespace

std::span<const RegisterRow> msix_table_rows() { return table_rows; }
std::span<const RegisterRow> msix_pending_rows() { return pending_rows; }

MsixCapability::MsixCapability(const MsixDescription& description)
    : Capability("MSI-X capability", pci::capability_msix, pci::msix_capability_bytes, rows_for(description)),
      vectors_(checked(description.vectors)),
      table_(std::uint64_t{pci::msix_entry_bytes} * vectors_, two_words),
      pending_(std::uint64_t{two_words} * ((vectors_ + 63) / 64), two_words),
      pending_words_(pending_.bytes() / 4, 0) {
  table_.add({"MSI-X table", 0, table_rows, vectors_, pci::msix_entry_bytes});
  pending_.add(
      {"pending bits", 0, pending_rows, static_cast<std::uint32_t>(pending_words_.size()), 4},
      {{.offset = 0, .read = [this](std::uint32_t i) { return RegisterRead::of(pending_words_[i]); }}});
}

bool MsixCapability::enabled() const { return (kept(pci::msix_control) & pci::msix_enable) != 0; }
bool MsixCapability::masked() const { return (kept(pci::msix_control) & pci::msix_function_mask) != 0; }

void MsixCapability::raise(unsigned vector) {
  if (vector >= vectors_) throw std::out_of_range("MSI-X vector");
  pending_words_[vector / vectors_per_word] |= 1U << (vector % vectors_per_word);
}

void MsixCapability::reset() {
  table_.reset();
  std::ranges::fill(pending_words_, 0);
}

std::optional<MsixCapability::Message> MsixCapability::take() {
  for (unsigned w = 0; w < pending_words_.size(); ++w) {
    for (std::uint32_t left = pending_words_[w]; left != 0; left &= left - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(left));
      const std::uint32_t at = entry(w * vectors_per_word + bit);
      if ((table_.kept(at + control) & pci::msix_vector_masked) != 0) continue;
      pending_words_[w] &= ~(1U << bit);
      return Message{std::uint64_t{table_.kept(at + address_high)} << 32U | table_.kept(at + address_low),
                     table_.kept(at + data)};
    }
  }
  return std::nullopt;
}

}  // namespace ipusim::device
