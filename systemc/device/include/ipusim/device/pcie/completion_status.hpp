// SPDX-License-Identifier: Apache-2.0
// How a PCI Express request ended, as its requester sees it.
#pragma once

#include <cstdint>
#include <string_view>

namespace ipusim::device {

enum class CompletionStatus : std::uint8_t {
  none,                 // a posted request: nothing comes back
  success,              // SC
  unsupported_request,  // UR: nobody answers there now
  completer_abort,      // CA: something is there and refuses this access
  retry,                // CRS: the function is not ready for configuration requests yet
  // What no packet says; the requester finds it out by itself.
  poisoned,   // a completion came, and its data is marked as bad
  timed_out,  // no completion came
  discarded   // the requester has been reset, or its link went down, before it came
};

constexpr std::string_view to_string(CompletionStatus status) {
  switch (status) {
    case CompletionStatus::none:
      return "no completion";
    case CompletionStatus::success:
      return "successful completion";
    case CompletionStatus::unsupported_request:
      return "unsupported request (UR)";
    case CompletionStatus::completer_abort:
      return "completer abort (CA)";
    case CompletionStatus::retry:
      return "configuration request retry (CRS)";
    case CompletionStatus::poisoned:
      return "poisoned data";
    case CompletionStatus::timed_out:
      return "completion timeout";
    case CompletionStatus::discarded:
      return "discarded by a reset or a lost link";
  }
  return "?";
}

}  // namespace ipusim::device
