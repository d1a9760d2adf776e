// SPDX-License-Identifier: Apache-2.0
// MSI-X: the capability, its table and its pending bits. No SystemC.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ipusim/device/pcie/capability.hpp"
#include "ipusim/device/pcie/function_description.hpp"

namespace ipusim::device {

class MsixCapability : public Capability {
 public:
  // All vectors masked and none pending, as after reset. std::invalid_argument for a number of vectors that
  // MSI-X does not have.
  explicit MsixCapability(const MsixDescription& description);

  struct Message {
    std::uint64_t address;
    std::uint32_t data;
  };

  bool enabled() const;
  // The function mask.
  bool masked() const;

  // An interrupt of this vector is due; std::out_of_range if there is no such vector.
  void raise(unsigned vector);
  // The message of the lowest vector that is pending and not masked by itself; it is pending no more.
  std::optional<Message> take();

  // All vectors masked and none pending; the capability's own registers are ConfigSpace's.
  void reset();

  // What stands behind the two BARs. An access is one or two aligned words. Pending bits cannot be written: a
  // write there changes nothing.
  RegisterBlock& table() { return table_; }
  RegisterBlock& pending() { return pending_; }

 private:
  unsigned vectors_;
  RegisterBlock table_;
  RegisterBlock pending_;
  std::vector<std::uint32_t> pending_words_;  // two for every 64 vectors
};

// Of the tables, for manuals.
std::span<const RegisterRow> msix_table_rows();
std::span<const RegisterRow> msix_pending_rows();

}  // namespace ipusim::device
