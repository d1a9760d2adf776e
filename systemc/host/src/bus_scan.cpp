// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/bus_scan.hpp"

#include <algorithm>

namespace ipusim::host {

namespace pci = device::pci;

namespace {

constexpr unsigned buses = 256;
constexpr unsigned devices = 32;
constexpr unsigned functions = 8;
constexpr std::uint32_t nobody = 0xFFFF;
constexpr std::uint32_t header_type = 0x0E;
constexpr std::uint32_t several_functions = 0x80;
constexpr unsigned most_capabilities = 48;  // a list that runs in a circle ends too
constexpr unsigned most_extended = 480;

std::uint32_t read(RootPort& port, RequesterId id, std::uint32_t offset, unsigned bytes) {
  std::uint32_t value = 0;
  port.config_read(offset, bytes, value, id);  // ones where nobody answers
  return bytes == 4 ? value : value & ((1U << (8 * bytes)) - 1);
}

void find_bars(RootPort& port, FoundFunction& found) {
  const std::uint32_t command = read(port, found.id, pci::command, 2);
  port.config_write(pci::command, 2, command & ~std::uint32_t{pci::command_memory_space}, found.id);
  const auto size_of = [&](unsigned n) {
    const std::uint32_t before = read(port, found.id, pci::bar(n), 4);
    port.config_write(pci::bar(n), 4, ~0U, found.id);
    const std::uint32_t ones = read(port, found.id, pci::bar(n), 4);
    port.config_write(pci::bar(n), 4, before, found.id);
    return std::pair{before, ones};
  };
  for (unsigned n = 0; n < pci::bar_count; ++n) {
    const auto [before, ones] = size_of(n);
    if (ones == 0) continue;
    FoundBar bar{n, before & ~pci::bar_type_mask, 0, (ones & pci::bar_64_bit) != 0,
                 (ones & pci::bar_prefetchable) != 0};
    std::uint64_t address_bits = (ones & ~pci::bar_type_mask) | std::uint64_t{~0U} << 32U;
    if (bar.is_64_bit && n + 1 < pci::bar_count) {
      const auto [upper, upper_ones] = size_of(++n);
      bar.address |= std::uint64_t{upper} << 32U;
      address_bits = (ones & ~pci::bar_type_mask) | std::uint64_t{upper_ones} << 32U;
    }
    bar.bytes = ~address_bits + 1;
    found.bars.push_back(bar);
  }
  port.config_write(pci::command, 2, command, found.id);
}

void walk_capabilities(FoundFunction& found) {
  if ((found.word(pci::status, 2) & pci::status_capabilities) != 0) {
    std::uint32_t at = found.word(pci::capabilities, 1) & ~3U;
    for (unsigned n = 0; at != 0 && n < most_capabilities; ++n) {
      found.capabilities.push_back({static_cast<std::uint16_t>(found.word(at, 1)), 0, at});
      at = found.word(at + pci::capability_next, 1) & ~3U;
    }
  }
  std::uint32_t at = pci::extended_capabilities;
  for (unsigned n = 0; at != 0 && n < most_extended && found.word(at) != 0; ++n) {
    const std::uint32_t rest = found.word(at + pci::extended_version_next, 2);
    found.extended.push_back({static_cast<std::uint16_t>(found.word(at, 2)), rest & 0xFU, at});
    at = rest >> pci::extended_next_shift & ~3U;
  }
}

FoundFunction look_at(RootPort& port, RequesterId id) {
  FoundFunction found;
  found.id = id;
  find_bars(port, found);
  for (std::uint32_t at = 0; at < pci::config_bytes; at += 4) {
    const std::uint32_t word = read(port, id, at, 4);
    for (unsigned i = 0; i < 4; ++i) found.space.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
  }
  walk_capabilities(found);
  return found;
}

std::optional<std::uint32_t> offset_of(const std::vector<FoundCapability>& all, std::uint16_t id) {
  const auto found = std::ranges::find(all, id, &FoundCapability::id);
  return found == all.end() ? std::nullopt : std::optional{found->offset};
}

}  // namespace

std::uint32_t FoundFunction::word(std::uint32_t offset, unsigned bytes) const {
  std::uint32_t value = 0;
  for (unsigned i = 0; i < bytes; ++i) value |= std::uint32_t{space.at(offset + i)} << (8 * i);
  return value;
}

std::optional<std::uint32_t> FoundFunction::capability(std::uint8_t which) const {
  return offset_of(capabilities, which);
}
std::optional<std::uint32_t> FoundFunction::extended_capability(std::uint16_t which) const {
  return offset_of(extended, which);
}

std::vector<FoundFunction> scan(RootPort& port) {
  std::vector<FoundFunction> all;
  const auto is_there = [&](RequesterId id) { return read(port, id, pci::vendor_id, 2) != nobody; };
  for (unsigned bus = 0; bus < buses; ++bus) {
    for (unsigned d = 0; d < devices; ++d) {
      const RequesterId first = device::requester_id(bus, d, 0);
      if (!is_there(first)) continue;
      all.push_back(look_at(port, first));
      const bool more = (all.back().word(header_type, 1) & several_functions) != 0;
      for (unsigned f = 1; more && f < functions; ++f) {
        const RequesterId other = device::requester_id(bus, d, f);
        if (is_there(other)) all.push_back(look_at(port, other));
      }
    }
  }
  return all;
}

}  // namespace ipusim::host
