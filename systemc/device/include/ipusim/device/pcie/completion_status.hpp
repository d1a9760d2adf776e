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
  completer_abort       // CA: something is there and refuses this access
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
  }
  return "?";
}

}  // namespace ipusim::device
