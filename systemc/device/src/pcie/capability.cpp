// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/capability.hpp"

#include <stdexcept>
#include <utility>

#include "ipusim/device/pcie/config_map.hpp"

namespace ipusim::device {

Capability::Capability(std::string_view name, std::uint8_t id, std::uint32_t bytes,
                       std::vector<RegisterRow> rows)
    : Capability(name, bytes, header_of(id, name), std::move(rows)) {}

Capability::Capability(std::string_view name, std::uint32_t bytes, std::vector<RegisterRow> header,
                       std::vector<RegisterRow> rows)
    : name_(name), bytes_(bytes), rows_(std::move(header)) {
  rows_.insert(rows_.end(), rows.begin(), rows.end());
}

std::vector<RegisterRow> Capability::header_of(std::uint8_t id, std::string_view name) {
  return {
      {"Capability ID", pci::capability_id, Access::writes_ignored, id, name, 1},
      {"Next", pci::capability_next, Access::writes_ignored, 0, "offset of the next one; 0: the last", 1}};
}

std::vector<RegisterRow> ExtendedCapability::header_of(std::uint16_t id, unsigned version,
                                                       std::string_view name) {
  return {{"Extended Capability ID", pci::capability_id, Access::writes_ignored, id, name, 2},
          {"Version and Next", pci::extended_version_next, Access::writes_ignored, version,
           "[3:0] version, [15:4] offset of the next one; 0: the last", 2}};
}

void Capability::place(RegisterBlock& registers, std::uint32_t offset) {
  if (registers_ != nullptr) throw std::logic_error("a capability is added once");
  registers_ = &registers;
  offset_ = offset;
  registers.add({name_, offset, rows_}, behaviours());
}

}  // namespace ipusim::device
