// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/capability.hpp"

#include <stdexcept>
#include <utility>

#include "ipusim/device/pcie/config_map.hpp"

namespace ipusim::device {

Capability::Capability(std::string_view name, std::uint8_t id, std::uint32_t bytes,
                       std::vector<RegisterRow> rows)
    : name_(name), bytes_(bytes), rows_(std::move(rows)) {
  rows_.insert(rows_.begin(), {{"Capability ID", pci::capability_id, Access::writes_ignored, id, name, 1},
                               {"Next", pci::capability_next, Access::writes_ignored, 0,
                                "offset of the next one; 0: the last", 1}});
}

void Capability::place(RegisterBlock& registers, std::uint32_t offset) {
  if (registers_ != nullptr) throw std::logic_error("a capability is added once");
  registers_ = &registers;
  offset_ = offset;
  registers.add({name_, offset, rows_}, behaviours());
}

}  // namespace ipusim::device
