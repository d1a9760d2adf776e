// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/pci_function.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ipusim/device/bytes.hpp"

namespace ipusim::host {

using device::load_word;
using device::store_word;

namespace {

const std::string enumerate = "enumerate";

constexpr std::uint32_t nobody = 0xFFFFFFFF;  // what a read of the ids gives where no function is

std::string_view explanation(CompletionStatus status) {
  switch (status) {
    case CompletionStatus::completer_abort:
      return "the device refuses this access, or refuses it in its present state";
    case CompletionStatus::timed_out:
      return "no completion came: the device dropped the request, or its answer was lost";
    case CompletionStatus::poisoned:
      return "the data came marked as bad";
    default:
      return "the device has nothing there, its memory space is disabled, or its link is down";
  }
}

}  // namespace

// --- Requests

std::uint32_t PciFunction::config_read(std::uint32_t offset, unsigned bytes) {
  std::uint32_t value = 0;
  const CompletionStatus status = port_.config_read(offset, bytes, value, device_);
  if (status != CompletionStatus::success) {
    throw HostError(fmt::format("configuration read of {:#x}", offset), "no device answers", {}, status);
  }
  return value;
}

void PciFunction::config_write(std::uint32_t offset, unsigned bytes, std::uint32_t value) {
  const CompletionStatus status = port_.config_write(offset, bytes, value, device_);
  if (status != CompletionStatus::success) {
    throw HostError(fmt::format("configuration write of {:#x}", offset), "no device answers", {}, status);
  }
}

// Pieces end at multiples of the payload size, so that none crosses a 4 KiB boundary.
void PciFunction::write(std::uint64_t address, std::span<const std::uint8_t> data) {
  while (!data.empty()) {
    const std::uint64_t room = max_payload_bytes_ - address % max_payload_bytes_;
    const auto piece = data.first(std::min<std::uint64_t>(room, data.size()));
    port_.memory_write(address, piece);
    address += piece.size();
    data = data.subspan(piece.size());
  }
}

void PciFunction::read(const std::string& operation, std::uint64_t address, std::span<std::uint8_t> data) {
  while (!data.empty()) {
    const std::uint64_t room = max_read_request_bytes_ - address % max_read_request_bytes_;
    const auto piece = data.first(std::min<std::uint64_t>(room, data.size()));
    const CompletionStatus status = port_.memory_read(address, piece);
    if (status != CompletionStatus::success)
      fail(operation, address, status, std::string{explanation(status)});
    address += piece.size();
    data = data.subspan(piece.size());
  }
}

void PciFunction::write_word(std::uint64_t address, std::uint32_t value) {
  std::array<std::uint8_t, 4> data{};
  store_word(data, value);
  write(address, data);
}

std::uint32_t PciFunction::read_word(const std::string& operation, std::uint64_t address) {
  std::array<std::uint8_t, 4> data{};
  read(operation, address, data);
  return load_word(data);
}

// --- Errors

void PciFunction::check_posted(const std::string& operation, std::uint64_t address) {
  // A configuration read follows the writes over the link.
  const std::uint32_t errors = config_read(pcie_ + pci::pcie_device_status, 2) & pci::device_status_errors;
  if (errors == 0) return;
  const bool aborted = (config_read(pci::status, 2) & pci::status_signaled_target_abort) != 0;
  const auto status = aborted ? CompletionStatus::completer_abort : CompletionStatus::unsupported_request;
  fail(operation, address, status, std::string{explanation(status)});
}

void PciFunction::fail(const std::string& operation, std::uint64_t address, CompletionStatus status,
                       const std::string& reason) {
  clear_errors();
  throw HostError(operation, reason, address, status);
}

// As far as the device answers: what went wrong may be the link.
void PciFunction::clear_errors() {
  port_.config_write(pcie_ + pci::pcie_device_status, 2, pci::device_status_errors, device_);
  port_.config_write(pci::status, 2, pci::status_errors, device_);
}

// --- Enumeration

void PciFunction::configure(const Wanted& wanted) {
  find(wanted);
  find_capabilities();
  config_write(pci::command, 2, 0);  // nothing answers while BARs move
  size_bars(wanted);
  place_bars();
  set_request_sizes(wanted);
  clear_errors();
  config_write(pci::command, 2, pci::command_memory_space | pci::command_bus_master);
  if (msix_ != 0) set_up_interrupts();
}

void PciFunction::find(const Wanted& wanted) {
  std::uint32_t ids = nobody;
  port_.config_read(pci::id, 4, ids, device_);
  const std::uint32_t wanted_ids = wanted.vendor_id | std::uint32_t{wanted.device_id} << 16U;
  if (ids == nobody) throw HostError(enumerate, "no device on the link");
  if (ids != wanted_ids) {
    throw HostError(
        enumerate,
        fmt::format("the device on the link is {:04x}:{:04x}, and this driver is for {:04x}:{:04x}",
                    ids & 0xFFFFU, ids >> 16U, wanted.vendor_id, wanted.device_id));
  }
}

void PciFunction::find_capabilities() {
  std::uint32_t at = config_read(pci::capabilities, 1);
  // At most as many as fit: a list that runs in a circle ends too.
  for (unsigned n = 0; at != 0 && n < 48; ++n) {
    const std::uint32_t header = config_read(at, 2);
    if ((header & 0xFFU) == pci::capability_pcie) pcie_ = at;
    if ((header & 0xFFU) == pci::capability_msix) msix_ = at;
    at = header >> 8U;
  }
  if (pcie_ == 0) throw HostError(enumerate, "the device has no PCI Express capability");
}

void PciFunction::size_bars(const Wanted& wanted) {
  for (unsigned n = 0; n < pci::bar_count; ++n) {
    config_write(pci::bar(n), 4, ~0U);
    const std::uint32_t low = config_read(pci::bar(n), 4);
    if (low == 0) continue;
    Bar& bar = bars_[n];
    bar.is_64_bit = (low & pci::bar_type_mask & pci::bar_64_bit) != 0;
    std::uint64_t address_bits = low & ~pci::bar_type_mask;
    if (bar.is_64_bit && n + 1 < pci::bar_count) {
      config_write(pci::bar(n + 1), 4, ~0U);
      address_bits |= std::uint64_t{config_read(pci::bar(n + 1), 4)} << 32U;
      ++n;
    } else {
      address_bits |= std::uint64_t{~0U} << 32U;
    }
    bar.bytes = ~address_bits + 1;
  }
  for (const unsigned needed : wanted.bars) {
    if (bars_[needed].bytes == 0) throw HostError(enumerate, fmt::format("the device has no BAR {}", needed));
  }
}

// The largest first, so that each lies at a multiple of its size without gaps.
void PciFunction::place_bars() {
  std::vector<unsigned> order;
  for (unsigned n = 0; n < pci::bar_count; ++n) {
    if (bars_[n].bytes != 0) order.push_back(n);
  }
  std::ranges::stable_sort(order, std::ranges::greater{}, [&](unsigned n) { return bars_[n].bytes; });
  port_.close_windows(device_);
  for (const unsigned n : order) {
    Bar& bar = bars_[n];
    const auto at = port_.open_window(device_, bar.bytes, bar.is_64_bit);
    if (!at) {
      throw HostError(enumerate, fmt::format("no room {} 4 GiB for BAR {} of {:#x} bytes",
                                             bar.is_64_bit ? "above" : "below", n, bar.bytes));
    }
    bar.address = *at;
    config_write(pci::bar(n), 4, static_cast<std::uint32_t>(bar.address));
    if (bar.is_64_bit) config_write(pci::bar(n + 1), 4, static_cast<std::uint32_t>(bar.address >> 32U));
  }
}

void PciFunction::set_request_sizes(const Wanted& wanted) {
  const std::uint32_t capabilities = config_read(pcie_ + pci::pcie_device_capabilities, 4);
  const std::uint32_t supported = pci::size_of_code(capabilities >> pci::payload_supported_shift);
  max_payload_bytes_ = std::min(wanted.max_payload_bytes, supported);
  max_read_request_bytes_ = wanted.max_read_request_bytes;
  std::uint32_t control = config_read(pcie_ + pci::pcie_device_control, 2);
  control &= ~(pci::payload_mask | pci::read_request_mask);
  control |= pci::code_of_size(max_payload_bytes_) << pci::payload_shift;
  control |= pci::code_of_size(max_read_request_bytes_) << pci::read_request_shift;
  config_write(pcie_ + pci::pcie_device_control, 2, control);
}

void PciFunction::set_up_interrupts() {
  const std::uint32_t control = config_read(msix_ + pci::msix_control, 2);
  const std::uint32_t table = config_read(msix_ + pci::msix_table, 4);
  const std::uint32_t table_bar = table & 7U;
  const unsigned vectors = (control & pci::msix_size_mask) + 1;
  if (table_bar >= pci::bar_count || bars_[table_bar].bytes == 0) {
    throw HostError(enumerate,
                    fmt::format("the MSI-X table is behind BAR {}, which is not there", table_bar));
  }
  const auto first = port_.allocate_interrupts(device_, vectors);
  if (!first) throw HostError(enumerate, fmt::format("the host has no {} interrupts left", vectors));
  // The function stays masked until every vector has its address.
  config_write(msix_ + pci::msix_control, 2, pci::msix_enable | pci::msix_function_mask);
  const std::uint64_t base = address(table_bar, table & ~7U);
  for (unsigned v = 0; v < vectors; ++v) {
    const std::uint64_t entry = base + std::uint64_t{v} * pci::msix_entry_bytes;
    const std::uint64_t target = RootPort::interrupt_address(*first + v);
    write_word(entry, static_cast<std::uint32_t>(target));
    write_word(entry + 4, static_cast<std::uint32_t>(target >> 32U));
    write_word(entry + 8, RootPort::interrupt_data(*first + v));
    write_word(entry + 12, 0);
  }
  check_posted(enumerate, base);
  config_write(msix_ + pci::msix_control, 2, pci::msix_enable);
}

}  // namespace ipusim::host
