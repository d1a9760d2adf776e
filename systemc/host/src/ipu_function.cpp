// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/ipu_function.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "ipusim/chip/module/control_map.hpp"

namespace ipusim::host {

device::FunctionDescription ipu_description(const config::PcieConfig& config) {
  constexpr unsigned chip_vectors = chip::control::vector::count;
  // None at all is MSI-X's own business.
  if (config.msix_vectors != 0 && config.msix_vectors < chip_vectors) {
    throw std::invalid_argument(
        fmt::format("pcie.msix_vectors: {}, but the chip has {}", config.msix_vectors, chip_vectors));
  }
  device::FunctionDescription description;
  description.vendor_id = config.vendor_id;
  description.device_id = config.device_id;
  description.class_code = config.class_code;
  description.bars = {{ipu_bar::control, config.control_bar_bytes, false, false, "control registers"},
                      {ipu_bar::memory, config.memory_bar_bytes, true, true, "tile memories"}};
  description.msix = device::MsixDescription{config.msix_vectors, ipu_bar::msix, ipu_bar::pending};
  description.max_payload_bytes = config.max_payload_bytes;
  description.link.latency_ns = config.latency_ns;
  description.link.bandwidth_bytes_per_s = config.bandwidth_bytes_per_s;
  description.link.generation = config.link_generation;
  description.link.lanes = config.link_lanes;
  description.link.dllp_share = config.dllp_share;
  description.link.posted = {config.posted_headers, config.posted_data};
  description.link.non_posted = {config.non_posted_headers, 0};
  return description;
}

void IpuFunction::connect(chip::ChipModule& chip) {
  control().bind(chip.control);
  memory().bind(chip.memory);
  chip.interrupt.bind(*this);
}

}  // namespace ipusim::host
