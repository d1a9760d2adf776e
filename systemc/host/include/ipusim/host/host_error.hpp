// SPDX-License-Identifier: Apache-2.0
// What the host's driver throws when the device, the link or the caller does not do as it should.
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

#include "ipusim/device/pcie/completion_status.hpp"

namespace ipusim::host {

using device::CompletionStatus;

// what() holds all of it in one sentence: operation, address, status and reason.
class HostError : public std::runtime_error {
 public:
  // operation: the driver's function and its subject, e.g. "write_memory, tile 3 (place 17)".
  // address: bus address of the request that failed, or the first that may have; status: of the request that
  // failed, or what the device's error bits say of a posted one.
  HostError(std::string operation, std::string reason, std::optional<std::uint64_t> address = {},
            CompletionStatus status = CompletionStatus::none);

  const std::string& operation() const { return operation_; }
  const std::string& reason() const { return reason_; }
  std::optional<std::uint64_t> address() const { return address_; }
  CompletionStatus status() const { return status_; }

 private:
  std::string operation_;
  std::string reason_;
  std::optional<std::uint64_t> address_;
  CompletionStatus status_;
};

}  // namespace ipusim::host
