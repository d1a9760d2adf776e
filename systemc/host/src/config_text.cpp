// SPDX-License-Identifier: Apache-2.0
// Configuration space as text.
#include <fmt/format.h>

#include <array>
#include <iterator>

#include "ipusim/device/pcie/link_rate.hpp"
#include "ipusim/device/pcie/packet.hpp"
#include "ipusim/host/bus_scan.hpp"

namespace ipusim::host {

namespace pci = device::pci;
namespace aer = pci::aer;

namespace {

constexpr std::uint32_t bytes_per_line = 16;

std::string address_of(const FoundFunction& f, unsigned domain) {
  return domain == 0 ? device::to_string(f.id) : fmt::format("{:04x}:{}", domain, device::to_string(f.id));
}

// Bits by name, as lspci shows them: "poisoned+ malformed-".
struct Bit {
  std::uint32_t mask;
  std::string_view name;
};
template <std::size_t n>
std::string bits(std::uint32_t value, const std::array<Bit, n>& names) {
  std::string text;
  for (const Bit& bit : names) {
    text += fmt::format("{}{}{}", text.empty() ? "" : " ", bit.name, (value & bit.mask) != 0 ? '+' : '-');
  }
  return text;
}

constexpr std::array command_bits{Bit{pci::command_memory_space, "memory"},
                                  Bit{pci::command_bus_master, "master"}, Bit{pci::command_serr, "SERR#"}};
constexpr std::array device_bits{Bit{pci::device_status_correctable, "correctable"},
                                 Bit{pci::device_status_non_fatal, "non-fatal"},
                                 Bit{pci::device_status_fatal, "fatal"},
                                 Bit{pci::device_status_unsupported_request, "unsupported-request"},
                                 Bit{pci::device_status_pending, "pending"}};
constexpr std::array error_bits{Bit{aer::poisoned, "poisoned"},
                                Bit{aer::completion_timeout, "completion-timeout"},
                                Bit{aer::completer_abort, "completer-abort"},
                                Bit{aer::unexpected_completion, "unexpected-completion"},
                                Bit{aer::malformed, "malformed"},
                                Bit{aer::unsupported_request, "unsupported-request"}};

std::string link_text(std::uint32_t word) {
  const unsigned generation = word & 0xFU;
  const unsigned lanes = word >> pci::link_width_shift & 0x3FU;
  return fmt::format("{} GT/s x{}", device::raw_bits_per_s(generation, 1) / 1e9, lanes);
}

void describe_pcie(std::back_insert_iterator<std::string> out, const FoundFunction& f, std::uint32_t at) {
  const std::uint32_t control = f.word(at + pci::pcie_device_control, 2);
  fmt::format_to(out, "    payload: {} bytes of {}, read requests: {} bytes\n",
                 pci::size_of_code(control >> pci::payload_shift),
                 pci::size_of_code(f.word(at + pci::pcie_device_capabilities)),
                 pci::size_of_code(control >> pci::read_request_shift));
  fmt::format_to(out, "    status: {}\n", bits(f.word(at + pci::pcie_device_status, 2), device_bits));
  fmt::format_to(out, "    link: {}, of {}\n", link_text(f.word(at + pci::pcie_link_status, 2)),
                 link_text(f.word(at + pci::pcie_link_capabilities)));
  const std::uint32_t control_2 = f.word(at + pci::pcie_device_control_2, 2);
  fmt::format_to(out, "    completion timeout: {}\n",
                 (control_2 & pci::timeout_disable) != 0
                     ? "none"
                     : fmt::format("code {}", control_2 & pci::timeout_mask));
}

void describe_capability(std::back_insert_iterator<std::string> out, const FoundFunction& f,
                         const FoundCapability& c) {
  switch (c.id) {
    case pci::capability_pcie:
      fmt::format_to(out, "  [{:02x}] PCI Express, version {}\n", c.offset, f.word(c.offset + 2, 1) & 0xFU);
      describe_pcie(out, f, c.offset);
      break;
    case pci::capability_msix: {
      const std::uint32_t control = f.word(c.offset + pci::msix_control, 2);
      fmt::format_to(out, "  [{:02x}] MSI-X: {} vectors, {}, table in BAR {}, pending bits in BAR {}\n",
                     c.offset, (control & pci::msix_size_mask) + 1,
                     (control & pci::msix_enable) != 0 ? "enabled" : "disabled",
                     f.word(c.offset + pci::msix_table) & 7U, f.word(c.offset + pci::msix_pba) & 7U);
      break;
    }
    case pci::capability_power:
      fmt::format_to(out, "  [{:02x}] power management: D{}\n", c.offset,
                     f.word(c.offset + pci::power_control, 2) & pci::power_state_mask);
      break;
    default:
      fmt::format_to(out, "  [{:02x}] capability {:#04x}\n", c.offset, c.id);
  }
}

void describe_extended(std::back_insert_iterator<std::string> out, const FoundFunction& f,
                       const FoundCapability& c) {
  if (c.id != pci::extended_aer) {
    fmt::format_to(out, "  [{:03x}] {}, version {}\n", c.offset,
                   c.id == pci::extended_secondary ? "secondary PCI Express"
                                                   : fmt::format("extended capability {:#06x}", c.id),
                   c.version);
    return;
  }
  fmt::format_to(out, "  [{:03x}] advanced error reporting, version {}\n", c.offset, c.version);
  fmt::format_to(out, "    status: {}\n", bits(f.word(c.offset + aer::uncorrectable_status), error_bits));
  fmt::format_to(out, "    mask: {}\n", bits(f.word(c.offset + aer::uncorrectable_mask), error_bits));
  fmt::format_to(out, "    fatal: {}\n", bits(f.word(c.offset + aer::uncorrectable_severity), error_bits));
  fmt::format_to(out, "    first error: bit {}, header {:08x} {:08x} {:08x} {:08x}\n",
                 f.word(c.offset + aer::control) & aer::first_error_mask, f.word(c.offset + aer::header_log),
                 f.word(c.offset + aer::header_log + 4), f.word(c.offset + aer::header_log + 8),
                 f.word(c.offset + aer::header_log + 12));
}

}  // namespace

std::string hex_dump(const FoundFunction& f, unsigned domain) {
  std::string text = fmt::format("{} class {:04x}: {:04x}:{:04x}\n", address_of(f, domain), f.word(0x0A, 2),
                                 f.word(pci::vendor_id, 2), f.word(pci::device_id, 2));
  for (std::uint32_t line = 0; line < f.space.size(); line += bytes_per_line) {
    text += fmt::format("{:02x}:", line);
    for (std::uint32_t i = 0; i < bytes_per_line; ++i) text += fmt::format(" {:02x}", f.space[line + i]);
    text += '\n';
  }
  return text + '\n';
}

std::string description(const FoundFunction& f, unsigned domain) {
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{} class {:06x}: {:04x}:{:04x}\n", address_of(f, domain), f.word(pci::class_code, 3),
                 f.word(pci::vendor_id, 2), f.word(pci::device_id, 2));
  fmt::format_to(out, "  command: {}\n", bits(f.word(pci::command, 2), command_bits));
  for (const FoundBar& bar : f.bars) {
    fmt::format_to(out, "  BAR {}: {:#x}, {} KiB, {} bits{}\n", bar.number, bar.address, bar.bytes >> 10U,
                   bar.is_64_bit ? 64 : 32, bar.prefetchable ? ", prefetchable" : "");
  }
  for (const FoundCapability& c : f.capabilities) describe_capability(out, f, c);
  for (const FoundCapability& c : f.extended) describe_extended(out, f, c);
  return text;
}

}  // namespace ipusim::host
