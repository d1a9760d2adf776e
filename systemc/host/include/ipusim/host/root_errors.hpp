// SPDX-License-Identifier: Apache-2.0
// Advanced error reporting of a root port: its own errors, and those that the device below tells of by
// messages. No SystemC.
#pragma once

#include <cstdint>

#include "ipusim/device/pcie/aer_capability.hpp"
#include "ipusim/device/pcie/config_space.hpp"
#include "ipusim/device/pcie/requester_id.hpp"
#include "ipusim/device/registers/register_block.hpp"

namespace ipusim::host {

namespace root_aer {
inline constexpr std::uint32_t at =
    0x100;  // where the capability stands in the root port's configuration space
inline constexpr std::uint32_t error_command = 0x2C;
inline constexpr std::uint32_t error_status = 0x30;
inline constexpr std::uint32_t error_source = 0x34;
inline constexpr std::uint32_t bytes = 0x38;
// Of the error status.
inline constexpr std::uint32_t correctable = 1U << 0U;
inline constexpr std::uint32_t more_correctable = 1U << 1U;
inline constexpr std::uint32_t uncorrectable = 1U << 2U;
inline constexpr std::uint32_t more_uncorrectable = 1U << 3U;
inline constexpr std::uint32_t first_is_fatal = 1U << 4U;
inline constexpr std::uint32_t non_fatal_messages = 1U << 5U;
inline constexpr std::uint32_t fatal_messages = 1U << 6U;
inline constexpr std::uint32_t all = 0x7F;
}  // namespace root_aer

class RootErrors : private device::AerCapability {
 public:
  RootErrors();

  // A message of an error, by its code (message_code of packet.hpp), and who sent it. Other codes are none of
  // ours.
  void take_message(std::uint8_t code, device::RequesterId from);
  // An error that the root port `self` found itself: pci::aer bit of the uncorrectable errors. advisory:
  // somebody else takes care of it, if it is not fatal.
  void record(std::uint32_t error, bool advisory, device::RequesterId self,
              const device::PacketHeader& header = {});

  // The words of the capability as software has them; offsets within it, pci::aer and root_aer.
  std::uint32_t read(std::uint32_t offset) const { return registers_.read_word(root_aer::at + offset); }
  void write(std::uint32_t offset, std::uint32_t value) {
    registers_.write_word(root_aer::at + offset, value);
  }

 private:
  device::RegisterBlock registers_{device::pci::config_bytes};
};

}  // namespace ipusim::host
