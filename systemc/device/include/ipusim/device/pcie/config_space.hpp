// SPDX-License-Identifier: Apache-2.0
// A function's configuration space: type 0 header with BARs, and a list of capabilities, of which PCI Express
// is always the first. No SystemC.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ipusim/device/pcie/function_description.hpp"
#include "ipusim/device/pcie/msix_capability.hpp"
#include "ipusim/device/pcie/pcie_capability.hpp"
#include "ipusim/device/registers/register_block.hpp"

namespace ipusim::device {

// What a request did wrong, as the error bits tell it.
enum class RequestError : std::uint8_t { unsupported, abort, malformed, unexpected_completion };

class ConfigSpace {
 public:
  // Throws std::invalid_argument for BARs, vector counts or payload sizes that no function can have.
  explicit ConfigSpace(const FunctionDescription& description);

  // Appends a capability to the list: it stands at the next multiple of 16. It must outlive this. Throws
  // std::logic_error if there is no room for it.
  void add(Capability& capability);
  const std::vector<const Capability*>& capabilities() const { return capabilities_; }

  // The 32-bit word at `offset`, a multiple of 4 below pci::config_bytes. What is not implemented reads 0.
  std::uint32_t read(std::uint32_t offset) const;
  // Writes the bits of `value` that `mask` selects and that can be written; error bits are cleared by ones.
  void write(std::uint32_t offset, std::uint32_t value, std::uint32_t mask = ~0U);

  bool memory_enabled() const;
  bool bus_master() const;
  std::uint32_t max_payload_bytes() const { return pcie_.max_payload_bytes(); }
  std::uint32_t max_read_request_bytes() const { return pcie_.max_read_request_bytes(); }
  // False without MSI-X.
  bool msix_enabled() const { return msix_ && msix_->enabled(); }
  bool msix_masked() const { return msix_ && msix_->masked(); }
  // Null without MSI-X.
  MsixCapability* msix() { return msix_.get(); }

  struct Target {
    unsigned bar;
    std::uint64_t offset;
  };
  // The BAR that claims a bus address, whether memory space is enabled or not.
  std::optional<Target> decode(std::uint64_t address) const;

  // Sets the error bits for a request: Status and Device Status.
  void record(RequestError error, bool posted);

  // For manuals.
  std::vector<RegisterGroup> groups() const { return registers_.groups(); }

 private:
  struct Bar {
    std::uint64_t bytes = 0;  // 0: none, or the upper half of the one before
    bool is_64_bit = false;
  };
  void put_header(const FunctionDescription& description);
  void put_bar(const BarDescription& bar);
  std::uint64_t base(unsigned n) const;

  static constexpr std::uint32_t implemented_bytes = 256;
  RegisterBlock registers_{implemented_bytes};
  std::vector<RegisterRow> header_;
  std::array<Bar, pci::bar_count> bars_{};
  PcieCapability pcie_;
  std::unique_ptr<MsixCapability> msix_;
  std::vector<const Capability*> capabilities_;
};

}  // namespace ipusim::device
