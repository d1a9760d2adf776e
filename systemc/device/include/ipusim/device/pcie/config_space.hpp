// SPDX-License-Identifier: Apache-2.0
// A function's configuration space: type 0 header with BARs, a list of capabilities, of which PCI Express is
// always the first, and one of extended capabilities, of which error reporting is. No SystemC.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "ipusim/device/pcie/aer_capability.hpp"
#include "ipusim/device/pcie/completion_status.hpp"
#include "ipusim/device/pcie/function_description.hpp"
#include "ipusim/device/pcie/msix_capability.hpp"
#include "ipusim/device/pcie/pcie_capability.hpp"
#include "ipusim/device/pcie/power_capability.hpp"
#include "ipusim/device/registers/register_block.hpp"

namespace ipusim::device {

// What went wrong with a packet, as the error bits tell it.
enum class RequestError : std::uint8_t {
  unsupported,
  abort,
  malformed,
  poisoned,
  unexpected_completion,
  completion_timeout
};
// Of a packet, as error logs hold it (packet.hpp); zeros: none is kept.
using PacketHeader = std::array<std::uint32_t, 4>;

class ConfigSpace {
 public:
  // Throws std::invalid_argument for BARs, vector counts or payload sizes that no function can have.
  explicit ConfigSpace(const FunctionDescription& description);

  // Appends a capability to its list: it stands at the next multiple of 16. It must outlive this. Throws
  // std::logic_error if there is no room for it.
  void add(Capability& capability);
  void add(ExtendedCapability& capability);
  const std::vector<const Capability*>& capabilities() const { return capabilities_; }

  // The 32-bit word at `offset`, a multiple of 4 below pci::config_bytes. What is not implemented reads 0.
  std::uint32_t read(std::uint32_t offset) const;
  // Writes the bits of `value` that `mask` selects and that can be written; error bits are cleared by ones.
  void write(std::uint32_t offset, std::uint32_t value, std::uint32_t mask = ~0U);

  bool memory_enabled() const { return now_.memory_enabled; }
  // The function may send requests: bus mastering is enabled, and it is awake.
  bool bus_master() const { return now_.bus_master; }
  // Power state D0; otherwise D3hot.
  bool awake() const { return power_.awake(); }
  std::uint32_t max_payload_bytes() const { return now_.max_payload_bytes; }
  std::uint32_t max_read_request_bytes() const { return now_.max_read_request_bytes; }
  // Nanoseconds; nullopt: a completion may take for ever.
  std::optional<double> completion_timeout_ns() const { return now_.completion_timeout_ns; }
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

  // Logs an error: Status, Device Status, advanced error reporting. The code of the message that the function
  // is to send of it (message_code of packet.hpp), if it is to send one. posted: of a request without
  // completion.
  std::optional<std::uint8_t> record(RequestError error, bool posted, const PacketHeader& header = {});
  // A completion of this status came for a request of the function.
  void record_completion(CompletionStatus status);
  void set_pending(bool pending) { pcie_.set_pending(pending); }

  // Function-level reset: software has asked for it since the last call; and what it does here. Sticky
  // registers stay.
  bool take_reset_request() { return pcie_.take_reset_request(); }
  void reset();

  // For manuals.
  std::vector<RegisterGroup> groups() const { return registers_.groups(); }

 private:
  struct Bar {
    std::uint64_t bytes = 0;  // 0: none, or the upper half of the one before
    bool is_64_bit = false;
  };
  // What every packet asks for, as the registers have it.
  struct Settings {
    bool memory_enabled = false;
    bool bus_master = false;
    std::uint32_t max_payload_bytes = 0;
    std::uint32_t max_read_request_bytes = 0;
    std::optional<double> completion_timeout_ns;
  };
  void refresh();
  void put_header(const FunctionDescription& description);
  void put_bar(const BarDescription& bar);
  std::uint64_t base(unsigned n) const;

  void raise_status(std::uint32_t bits) { registers_.keep(pci::status, registers_.kept(pci::status) | bits); }
  void add_at(Capability& capability, std::uint32_t offset, std::uint32_t end);

  RegisterBlock registers_{pci::config_bytes};
  std::vector<RegisterRow> header_;
  std::array<Bar, pci::bar_count> bars_{};
  PcieCapability pcie_;
  std::unique_ptr<MsixCapability> msix_;
  PowerCapability power_;
  AerCapability aer_;
  std::unique_ptr<SecondaryCapability> secondary_;
  Settings now_;
  std::vector<const Capability*> capabilities_;
  std::vector<const ExtendedCapability*> extended_;
};

}  // namespace ipusim::device
