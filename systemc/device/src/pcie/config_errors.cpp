// SPDX-License-Identifier: Apache-2.0
// What an error leaves in the registers, and whether a message tells of it (PCI Express base
// specification 4.0, 6.2).
#include "ipusim/device/pcie/config_space.hpp"
#include "ipusim/device/pcie/packet.hpp"

namespace ipusim::device {

namespace aer = pci::aer;

namespace {

struct ErrorKind {
  std::uint32_t bit;  // of the uncorrectable errors
  // If non-fatal and of no posted request: its requester, or nobody, has to care; here it is a correctable
  // error.
  bool advisory;
};

ErrorKind kind_of(RequestError error) {
  switch (error) {
    case RequestError::unsupported:
      return {aer::unsupported_request, true};
    case RequestError::abort:
      return {aer::completer_abort, true};
    case RequestError::malformed:
      return {aer::malformed, false};
    case RequestError::poisoned:
      return {aer::poisoned, false};
    case RequestError::unexpected_completion:
      return {aer::unexpected_completion, true};
    case RequestError::completion_timeout:
      break;
  }
  return {aer::completion_timeout, false};
}

}  // namespace

std::optional<std::uint8_t> ConfigSpace::record(RequestError error, bool posted, const PacketHeader& header) {
  const ErrorKind kind = kind_of(error);
  const bool unsupported = error == RequestError::unsupported;
  const bool fatal = aer_.is_fatal(kind.bit);
  const bool advisory = !fatal && !posted && kind.advisory;
  if (error == RequestError::abort) raise_status(pci::status_signaled_target_abort);
  if (error == RequestError::poisoned) raise_status(pci::status_detected_parity_error);
  std::uint32_t detected = pci::device_status_non_fatal;
  if (fatal) detected = pci::device_status_fatal;
  if (advisory) detected = pci::device_status_correctable;
  if (unsupported) detected |= pci::device_status_unsupported_request;
  pcie_.report(static_cast<std::uint16_t>(detected));

  if (advisory) {
    aer_.log_correctable(aer::advisory_non_fatal);
    if (aer_.is_correctable_masked(aer::advisory_non_fatal)) return std::nullopt;
  }
  aer_.log(kind.bit, header);
  if (!advisory && aer_.is_masked(kind.bit)) return std::nullopt;

  const std::uint32_t control = pcie_.control();
  const bool may_tell = !unsupported || (control & pci::device_control_unsupported_request) != 0;
  if (advisory) {
    const bool tell = may_tell && (control & pci::device_control_correctable) != 0;
    return tell ? std::optional{message_code::correctable} : std::nullopt;
  }
  const bool serr = (registers_.kept(pci::command) & pci::command_serr) != 0;
  const std::uint32_t enable = fatal ? pci::device_control_fatal : pci::device_control_non_fatal;
  if (!serr && !(may_tell && (control & enable) != 0)) return std::nullopt;
  if (serr) raise_status(pci::status_signaled_system_error);
  return fatal ? message_code::fatal : message_code::non_fatal;
}

void ConfigSpace::record_completion(CompletionStatus status) {
  const bool parity = (registers_.kept(pci::command) & pci::command_parity_response) != 0;
  if (status == CompletionStatus::completer_abort) raise_status(pci::status_received_target_abort);
  if (status == CompletionStatus::unsupported_request) raise_status(pci::status_received_master_abort);
  if (status == CompletionStatus::poisoned && parity) raise_status(pci::status_master_data_parity_error);
}

}  // namespace ipusim::device
