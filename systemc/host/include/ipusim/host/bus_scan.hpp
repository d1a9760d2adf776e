// SPDX-License-Identifier: Apache-2.0
// Who is on the buses of a host, as its software finds out: by configuration requests alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/config/system_config.hpp"
#include "ipusim/device/pcie/config_map.hpp"
#include "ipusim/host/root_port.hpp"

namespace ipusim::host {

struct FoundBar {
  unsigned number = 0;
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;  // by writing ones, and what was there again
  bool is_64_bit = false;
  bool prefetchable = false;
};

struct FoundCapability {
  std::uint16_t id = 0;
  unsigned version = 0;  // of an extended one
  std::uint32_t offset = 0;
};

struct FoundFunction {
  RequesterId id;
  std::vector<std::uint8_t> space;  // all 4096 bytes of configuration space
  std::vector<FoundBar> bars;
  std::vector<FoundCapability> capabilities;  // in the order of their lists
  std::vector<FoundCapability> extended;

  // Of `bytes` bytes, 1..4, at an offset.
  std::uint32_t word(std::uint32_t offset, unsigned bytes = 4) const;
  // nullopt: not there.
  std::optional<std::uint32_t> capability(std::uint8_t id) const;
  std::optional<std::uint32_t> extended_capability(std::uint16_t id) const;
};

// In a host's thread: every device of every bus, and its other functions if it says that it has any.
std::vector<FoundFunction> scan(RootPort& port);

// As `lspci -F` reads it: a line with the address, behind it all bytes, 16 a line. domain: a number for the
// host.
std::string hex_dump(const FoundFunction& function, unsigned domain = 0);
// In words: ids, BARs with their sizes, capabilities with what matters of their registers.
std::string description(const FoundFunction& function, unsigned domain = 0);

// What the hosts of a system find once the drivers have enumerated its chips, host by host. A simulation of
// its own, of the functions without their chips.
std::vector<std::vector<FoundFunction>> scan_system(const config::SystemConfig& system);

}  // namespace ipusim::host
