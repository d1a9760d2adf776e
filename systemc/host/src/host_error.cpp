// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/host_error.hpp"

#include <fmt/format.h>

namespace ipusim::host {

namespace {
std::string sentence(const std::string& operation, const std::string& reason,
                     std::optional<std::uint64_t> address, CompletionStatus status) {
  std::string text = operation;
  if (address) text += fmt::format(" at bus address {:#x}", *address);
  if (status != CompletionStatus::none) text += fmt::format(": {}", to_string(status));
  return text + ": " + reason;
}
}  // namespace

HostError::HostError(std::string operation, std::string reason, std::optional<std::uint64_t> address,
                     CompletionStatus status)
    : std::runtime_error(sentence(operation, reason, address, status)),
      operation_(std::move(operation)),
      reason_(std::move(reason)),
      address_(address),
      status_(status) {}

}  // namespace ipusim::host
