// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/config_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "ipusim/device/pcie/link_rate.hpp"

namespace ipusim::device {

namespace {

constexpr std::uint32_t first_capability = 0x40;  // where type 0 headers end
constexpr std::uint32_t capability_alignment = 16;
constexpr std::uint64_t largest_32_bit_bar = std::uint64_t{1} << 31U;

constexpr std::array<std::string_view, pci::bar_count> bar_names{"Base Address 0", "Base Address 1",
                                                                 "Base Address 2", "Base Address 3",
                                                                 "Base Address 4", "Base Address 5"};

// An MSI-X BAR holds at least what the structure needs.
std::uint64_t bar_bytes_for(std::uint64_t bytes) {
  return std::max(std::uint64_t{pci::smallest_bar_bytes}, std::bit_ceil(bytes));
}

// Where the capability behind this one stands.
std::uint32_t next_place(const Capability& last) {
  return (last.offset() + last.bytes() + capability_alignment - 1) & ~(capability_alignment - 1);
}

std::vector<RegisterRow> rows_of_header(const FunctionDescription& d) {
  constexpr auto fixed = Access::writes_ignored;
  return {
      {"Vendor ID", pci::vendor_id, fixed, d.vendor_id, "", 2},
      {"Device ID", pci::device_id, fixed, d.device_id, "", 2},
      {"Command", pci::command, Access::read_write, 0,
       "[1] memory space, [2] bus master, [6] parity errors in Status [8], [8] non-fatal and fatal errors "
       "send "
       "messages; [10] INTx disable is kept without effect",
       2,
       pci::command_memory_space | pci::command_bus_master | pci::command_parity_response |
           pci::command_serr | pci::command_interrupt_disable},
      {"Status", pci::status, Access::read_write, pci::status_capabilities,
       "[4] capability list; cleared by 1: [8] poisoned data came back, [11] signaled target abort, [12] "
       "received "
       "target abort, [13] received master abort, [14] signaled system error, [15] poisoned packet",
       2, 0, pci::status_errors},
      {"Revision ID", pci::revision, fixed, 0, "", 1},
      {"Class Code", pci::class_code, fixed, d.class_code, "class, subclass, interface", 3},
      {"Subsystem Vendor ID", pci::subsystem_vendor_id, fixed, d.vendor_id, "= Vendor ID [chosen]", 2},
      {"Subsystem ID", pci::subsystem_id, fixed, d.device_id, "= Device ID [chosen]", 2},
      {"Capabilities Pointer", pci::capabilities, fixed, first_capability, "offset of the first one", 1},
      {"Interrupt Line", pci::interrupt_line, Access::read_write, 0, "kept; there is no INTx pin", 1, 0xFF}};
}

}  // namespace

ConfigSpace::ConfigSpace(const FunctionDescription& description)
    : pcie_(description.max_payload_bytes, description.link) {
  if (description.msix) msix_ = std::make_unique<MsixCapability>(*description.msix);
  put_header(description);
  add(pcie_);
  if (msix_) add(*msix_);
  add(power_);
  add(aer_);
  if (has_equalization(description.link.generation)) {
    secondary_ = std::make_unique<SecondaryCapability>(description.link);
    add(*secondary_);
  }
  refresh();
}

void ConfigSpace::put_header(const FunctionDescription& description) {
  header_ = rows_of_header(description);
  for (const BarDescription& bar : description.bars) put_bar(bar);
  if (msix_) {
    put_bar(
        {description.msix->table_bar, bar_bytes_for(msix_->table().bytes()), false, false, "MSI-X table"});
    put_bar({description.msix->pending_bar, bar_bytes_for(msix_->pending().bytes()), false, false,
             "MSI-X pending bits"});
  }
  std::ranges::sort(header_, {}, &RegisterRow::offset);
  registers_.add({"type 0 header", 0, header_});
}

void ConfigSpace::put_bar(const BarDescription& bar) {
  if (bar.number + (bar.is_64_bit ? 1 : 0) >= pci::bar_count) {
    throw std::invalid_argument(
        fmt::format("BAR {}: there are {}, and one of 64 bits takes two", bar.number, pci::bar_count));
  }
  if (!std::has_single_bit(bar.bytes) || bar.bytes < pci::smallest_bar_bytes ||
      (!bar.is_64_bit && bar.bytes > largest_32_bit_bar)) {
    throw std::invalid_argument(fmt::format(
        "BAR {} of {:#x} bytes: a BAR is a power of two from {:#x} on, and at most {:#x} with 32 bits",
        bar.number, bar.bytes, pci::smallest_bar_bytes, largest_32_bit_bar));
  }
  const auto put_word = [&](unsigned n, std::uint32_t reset, std::uint32_t writable,
                            std::string_view meaning) {
    const auto taken = [&](const RegisterRow& row) { return row.offset == pci::bar(n); };
    if (std::ranges::any_of(header_, taken)) {
      throw std::invalid_argument(fmt::format("BAR {} is described twice", n));
    }
    header_.push_back({bar_names[n], pci::bar(n), Access::read_write, reset, meaning, 4, writable});
  };
  bars_[bar.number] = {bar.bytes, bar.is_64_bit};
  const std::uint64_t address_bits = ~(bar.bytes - 1);
  put_word(bar.number, (bar.is_64_bit ? pci::bar_64_bit : 0) | (bar.prefetchable ? pci::bar_prefetchable : 0),
           static_cast<std::uint32_t>(address_bits), bar.meaning);
  if (bar.is_64_bit) {
    put_word(bar.number + 1, 0, static_cast<std::uint32_t>(address_bits >> 32U),
             "upper half of the one before");
  }
}

void ConfigSpace::add_at(Capability& capability, std::uint32_t offset, std::uint32_t end) {
  if (offset + capability.bytes() > end) {
    throw std::logic_error(fmt::format("no room in configuration space for the {}", capability.name()));
  }
  capability.place(registers_, offset);
}

void ConfigSpace::add(Capability& capability) {
  const Capability* last = capabilities_.empty() ? nullptr : capabilities_.back();
  const std::uint32_t at = last == nullptr ? first_capability : next_place(*last);
  add_at(capability, at, pci::extended_capabilities);
  registers_.keep(last == nullptr ? pci::capabilities : last->offset() + pci::capability_next, at);
  capabilities_.push_back(&capability);
}

void ConfigSpace::add(ExtendedCapability& capability) {
  const ExtendedCapability* last = extended_.empty() ? nullptr : extended_.back();
  const std::uint32_t at = last == nullptr ? pci::extended_capabilities : next_place(*last);
  add_at(capability, at, pci::config_bytes);
  if (last != nullptr) {
    registers_.keep(last->offset() + pci::extended_version_next,
                    last->version_ | at << pci::extended_next_shift);
  }
  extended_.push_back(&capability);
}

std::uint32_t ConfigSpace::read(std::uint32_t offset) const { return registers_.read_word(offset); }

void ConfigSpace::write(std::uint32_t offset, std::uint32_t value, std::uint32_t mask) {
  registers_.write_word(offset, value, mask);
  refresh();
}

void ConfigSpace::refresh() {
  const std::uint32_t command = registers_.kept(pci::command);
  now_ = {awake() && (command & pci::command_memory_space) != 0,
          awake() && (command & pci::command_bus_master) != 0, pcie_.max_payload_bytes(),
          pcie_.max_read_request_bytes(), pcie_.completion_timeout_ns()};
}

std::uint64_t ConfigSpace::base(unsigned n) const {
  std::uint64_t address = registers_.kept(pci::bar(n)) & ~pci::bar_type_mask;
  if (bars_[n].is_64_bit) address |= std::uint64_t{registers_.kept(pci::bar(n + 1))} << 32U;
  return address;
}

std::optional<ConfigSpace::Target> ConfigSpace::decode(std::uint64_t address) const {
  for (unsigned n = 0; n < pci::bar_count; ++n) {
    if (bars_[n].bytes != 0 && (address & ~(bars_[n].bytes - 1)) == base(n)) {
      return Target{n, address & (bars_[n].bytes - 1)};
    }
  }
  return std::nullopt;
}

void ConfigSpace::reset() {
  registers_.reset();
  if (msix_) msix_->reset();
  refresh();
}

}  // namespace ipusim::device
