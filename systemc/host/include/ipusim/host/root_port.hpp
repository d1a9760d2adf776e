// The host's end of the link: sends single requests, takes MSI-X messages. Splitting, BARs and registers are
// the driver's business.
#pragma once

#include <tlm.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <chrono>
#include <cstdint>
#include <span>
#include <systemc>
#include <vector>

#include "ipusim/host/pcie/tlp.hpp"

namespace ipusim::host {

class RootPort : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<RootPort> link;
  // Memory writes of the device. Only the interrupt window is there: others get UR.
  tlm_utils::simple_target_socket<RootPort> upstream;

  explicit RootPort(sc_core::sc_module_name name);

  // One request each, in an SC_THREAD; they return when the completion is back, a posted write when it is on
  // the link. status `none` of a read or a configuration request: the link took it for no TLP at all.
  // offset + bytes: within one word of configuration space.
  CompletionStatus config_read(std::uint32_t offset, unsigned bytes, std::uint32_t& value);
  CompletionStatus config_write(std::uint32_t offset, unsigned bytes, std::uint32_t value);
  CompletionStatus memory_read(std::uint64_t address, std::span<std::uint8_t> data);
  void memory_write(std::uint64_t address, std::span<const std::uint8_t> data);

  // Where the message of a vector must go, and its data, to be taken as this vector's interrupt.
  static constexpr std::uint64_t interrupt_address(unsigned vector) { return interrupt_base + 4ULL * vector; }
  static constexpr std::uint32_t interrupt_data(unsigned vector) { return vector; }
  static constexpr unsigned interrupt_vectors = 2048;

  // Waits for an interrupt, unless one has come since the last call; false if none comes within `timeout` of
  // simulated time.
  bool wait_for_interrupt(std::chrono::nanoseconds timeout);
  // Interrupts of this vector so far.
  std::uint64_t interrupts(unsigned vector) const { return counts_.at(vector); }
  // Simulated time.
  static std::chrono::nanoseconds now();

 private:
  CompletionStatus send(TlpKind kind, std::uint64_t address, std::uint8_t* data, std::size_t bytes);
  void upstream_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);

  static constexpr std::uint64_t interrupt_base = 0xFEE00000;  // [chosen], where PCs have theirs
  static constexpr RequesterId own_id{0x0000};
  static constexpr RequesterId device_id{0x0100};  // bus 1, device 0, function 0: the only one on the link

  std::vector<std::uint64_t> counts_;
  bool interrupted_ = false;
  sc_core::sc_event interrupt_;
};

}  // namespace ipusim::host
