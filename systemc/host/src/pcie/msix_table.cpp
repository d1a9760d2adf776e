#include "ipusim/host/pcie/msix_table.hpp"

#include <bit>
#include <stdexcept>

#include "../bytes.hpp"
#include "ipusim/host/pcie/config_map.hpp"

namespace ipusim::host {

namespace {

constexpr std::size_t words_per_entry = pci::msix_entry_bytes / 4;
enum EntryWord : std::size_t { address_low, address_high, data, control };
constexpr unsigned vectors_per_word = 32;

bool fits(std::uint64_t offset, std::size_t bytes, std::uint64_t end) {
  return (bytes == 4 || bytes == 8) && offset % bytes == 0 && offset + bytes <= end;
}

bool read_words(const std::vector<std::uint32_t>& words, std::uint64_t offset, std::span<std::uint8_t> out) {
  if (!fits(offset, out.size(), 4 * words.size())) return false;
  for (std::size_t i = 0; i < out.size() / 4; ++i) store_word(out.subspan(4 * i), words[offset / 4 + i]);
  return true;
}

}  // namespace

MsixTable::MsixTable(unsigned vectors)
    : table_(words_per_entry * vectors, 0), pending_(2 * ((vectors + 63) / 64), 0) {
  for (std::size_t v = 0; v < vectors; ++v) table_[words_per_entry * v + control] = pci::msix_vector_masked;
}

void MsixTable::raise(unsigned vector) {
  if (vector >= table_.size() / words_per_entry) throw std::out_of_range("MSI-X vector");
  pending_[vector / vectors_per_word] |= 1U << (vector % vectors_per_word);
}

std::optional<MsixTable::Message> MsixTable::take() {
  for (std::size_t w = 0; w < pending_.size(); ++w) {
    for (std::uint32_t left = pending_[w]; left != 0; left &= left - 1) {
      const auto bit = static_cast<unsigned>(std::countr_zero(left));
      const std::uint32_t* entry = &table_[words_per_entry * (w * vectors_per_word + bit)];
      if ((entry[control] & pci::msix_vector_masked) != 0) continue;
      pending_[w] &= ~(1U << bit);
      return Message{std::uint64_t{entry[address_high]} << 32U | entry[address_low], entry[data]};
    }
  }
  return std::nullopt;
}

bool MsixTable::read_table(std::uint64_t offset, std::span<std::uint8_t> out) const {
  return read_words(table_, offset, out);
}

bool MsixTable::write_table(std::uint64_t offset, std::span<const std::uint8_t> in) {
  if (!fits(offset, in.size(), table_bytes())) return false;
  for (std::size_t i = 0; i < in.size() / 4; ++i) {
    const std::size_t at = offset / 4 + i;
    std::uint32_t value = load_word(in.subspan(4 * i));
    if (at % words_per_entry == address_low) value &= ~3U;  // messages are aligned words
    if (at % words_per_entry == control) value &= pci::msix_vector_masked;
    table_[at] = value;
  }
  return true;
}

bool MsixTable::read_pending(std::uint64_t offset, std::span<std::uint8_t> out) const {
  return read_words(pending_, offset, out);
}

bool MsixTable::write_pending(std::uint64_t offset, std::span<const std::uint8_t> in) const {
  return fits(offset, in.size(), pending_bytes());
}

}  // namespace ipusim::host
