// SPDX-License-Identifier: Apache-2.0
// The host's end of its links: one link, and one bus, for every device attached. Sends single requests to
// them, serves their requests to host memory, and takes their MSI-X messages. Splitting, BARs and registers
// are drivers' business.
#pragma once

#include <tlm.h>
#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/multi_passthrough_target_socket.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <systemc>
#include <vector>

#include "ipusim/device/pcie/pcie_function.hpp"
#include "ipusim/device/pcie/tlp.hpp"
#include "ipusim/device/tlm/memory_target.hpp"
#include "ipusim/device/tlm/payload_pool.hpp"
#include "ipusim/host/bus_windows.hpp"
#include "ipusim/host/root_errors.hpp"

namespace ipusim::host {

using device::CompletionStatus;
using device::RequesterId;

// The host memory that devices reach [chosen].
struct HostMemory {
  std::uint64_t base = std::uint64_t{1} << 32U;  // behind what BARs of 32 bits and interrupts take
  std::uint64_t bytes = std::uint64_t{256} << 20U;
  std::chrono::nanoseconds read_latency{0};  // from a request's arrival to its completion's departure
  // Completions end at multiples of it: the read completion boundary, 64 or 128, or more. 0: of the payload
  // size.
  std::uint32_t completion_bytes = 0;
};

// What a request of the host has beside its address and its bytes.
struct RequestOptions {
  std::optional<device::ByteEnables> enables = {};  // of whole words, of which these bytes count
  bool poisoned = false;                            // a write whose data is known to be bad
};

// A read of the host under way beside others.
class HostRead {
 public:
  bool done() const { return done_; }
  CompletionStatus status() const { return status_; }
  const sc_core::sc_event& finished() const { return finished_; }

 private:
  friend class RootPort;
  void finish(CompletionStatus status) {
    status_ = status;
    done_ = true;
    finished_.notify();
  }
  bool done_ = false;
  CompletionStatus status_ = CompletionStatus::none;
  sc_core::sc_event finished_;
};

class RootPort : public sc_core::sc_module {
 public:
  // attach() binds them; link number n belongs to bus n + 1.
  tlm_utils::multi_passthrough_initiator_socket<RootPort> link;
  // Packets of the devices, at their arrival. Memory writes (b_transport): MSI-X messages and host memory;
  // error messages: errors(). Memory reads: nb_transport, answered in the order of their arrival, the
  // completion with requester and tag of its request; b_transport too, for an initiator that can wait. UR for
  // everything else. transport_dbg and DMI reach host memory.
  tlm_utils::multi_passthrough_target_socket<RootPort> upstream;

  explicit RootPort(sc_core::sc_module_name name, const HostMemory& memory = {});

  // Before the simulation. The device gets the next bus, and is device 0, function 0 there. state: of the
  // link; without it the link is always up.
  RequesterId attach(device::PcieFunction& function) {
    return attach(function.link, function.upstream(), &function.link_state());
  }
  template <class TargetSocket, class InitiatorSocket>
  RequesterId attach(TargetSocket& to_device, InitiatorSocket& from_device,
                     const device::LinkState* state = nullptr) {
    link.bind(to_device);
    from_device.bind(upstream);
    devices_.push_back(std::make_unique<Attached>());
    if (state != nullptr) watch(*devices_.back(), *state);
    return id_of(static_cast<unsigned>(devices_.size()) - 1);
  }
  // In the order they were attached.
  std::vector<RequesterId> devices() const;

  // One request each, in an SC_THREAD; they return when the completion is back, a posted write when it is on
  // the link. status `none` of a read or a configuration request: the link took it for no TLP at all;
  // `timed_out`: no completion came within completion_timeout(); `poisoned`: its data is bad. UR while the
  // link is down, and for what was under way when it went down. offset + bytes: within one word of
  // configuration space. Where nobody answers a configuration read gives ones.
  CompletionStatus config_read(std::uint32_t offset, unsigned bytes, std::uint32_t& value,
                               RequesterId device = device::first_device);
  CompletionStatus config_write(std::uint32_t offset, unsigned bytes, std::uint32_t value,
                                RequesterId device = device::first_device);
  // Down the link whose window has the address; to the only device there is, if none has; otherwise UR.
  CompletionStatus memory_read(std::uint64_t address, std::span<std::uint8_t> data,
                               const RequestOptions& options = {});
  void memory_write(std::uint64_t address, std::span<const std::uint8_t> data,
                    const RequestOptions& options = {});
  // A read of no bytes: over when all that was written before has arrived.
  CompletionStatus flush(std::uint64_t address);
  // A read beside others, by nb_transport: returns when its request has left. Waits for a tag, of 32. `data`
  // must live until it is done.
  std::shared_ptr<const HostRead> begin_read(std::uint64_t address, std::span<std::uint8_t> data);

  // How long the host waits for completions.
  std::chrono::nanoseconds completion_timeout() const { return completion_timeout_; }
  void set_completion_timeout(std::chrono::nanoseconds timeout) { completion_timeout_ = timeout; }
  // What went wrong on the link of a device.
  RootErrors& errors(RequesterId device = device::first_device);

  // Addresses for a device's BARs, and back. std::nullopt if there are none left.
  std::optional<std::uint64_t> open_window(RequesterId device, std::uint64_t bytes, bool is_64_bit);
  void close_windows(RequesterId device);

  // Host memory as the host's own software has it: addresses from `base` on; no time passes. Throws
  // std::out_of_range outside.
  void read_host(std::uint64_t address, std::span<std::uint8_t> to) const;
  void write_host(std::uint64_t address, std::span<const std::uint8_t> from);
  const HostMemory& host_memory() const { return description_; }

  // Where the message of a vector must go, and its data, to be taken as this vector's interrupt.
  static constexpr std::uint64_t interrupt_address(unsigned vector) { return interrupt_base + 4ULL * vector; }
  static constexpr std::uint32_t interrupt_data(unsigned vector) { return vector; }
  static constexpr unsigned interrupt_vectors = 2048;
  // `count` vectors of the host for a device, the first of them; the same ones if it asks again for as many.
  // nullopt if there are none left.
  std::optional<unsigned> allocate_interrupts(RequesterId device, unsigned count);

  // Waits for an interrupt of the device, unless one has come since the last call; false if none comes within
  // `timeout` of simulated time.
  bool wait_for_interrupt(std::chrono::nanoseconds timeout, RequesterId device = device::first_device);
  // Interrupts of this vector so far.
  std::uint64_t interrupts(unsigned vector) const { return counts_.at(vector); }
  // Simulated time.
  static std::chrono::nanoseconds now();

 private:
  // What the host keeps of a device.
  struct Attached {
    bool interrupted = false;
    sc_core::sc_event interrupt;
    unsigned first_vector = 0;
    unsigned vectors = 0;
    const device::LinkState* state = nullptr;
    unsigned losses_seen = 0;
    RootErrors errors;
    bool up() const { return state == nullptr || state->up(); }
    unsigned losses() const { return state == nullptr ? 0 : state->losses(); }
    const tlm::tlm_generic_payload* requesting = nullptr;  // its BEGIN_REQ has no END_REQ yet
    sc_core::sc_event request_ended;
  };
  // A request of begin_read() under way.
  struct Request {
    std::shared_ptr<HostRead> read;
    unsigned link = 0;
    unsigned losses = 0;
    sc_core::sc_time deadline = sc_core::sc_max_time();
  };
  struct Read {
    sc_core::sc_time at;  // when its completion leaves
    int link;
    device::Payload payload;
  };

  static constexpr RequesterId id_of(unsigned link) { return device::requester_id(link + 1, 0, 0); }
  std::optional<unsigned> link_of(RequesterId device) const;
  unsigned checked_link_of(RequesterId device) const;
  std::optional<unsigned> link_of(std::uint64_t address) const;
  void watch(Attached& device, const device::LinkState& state);
  void link_changed(Attached& device);
  CompletionStatus send(unsigned link, device::TlpKind kind, RequesterId completer, std::uint64_t address,
                        std::span<std::uint8_t> data, const RequestOptions& options = {});
  CompletionStatus wait_out(Attached& device, const sc_core::sc_time& until, unsigned losses);
  CompletionStatus judge(unsigned link, tlm::tlm_generic_payload& over, std::uint8_t tag);
  std::uint8_t take_tag(Request request);
  void give_back(std::uint8_t tag);
  void expire();
  tlm::tlm_sync_enum nb_transport_bw(int from, tlm::tlm_generic_payload& transaction, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  void take_completion(int from, tlm::tlm_generic_payload& transaction);
  void refuse(int from, tlm::tlm_generic_payload& transaction, std::uint32_t error, bool advisory);
  bool take_interrupt(int from, const tlm::tlm_generic_payload& transaction);
  void serve(int from, tlm::tlm_generic_payload& transaction);
  void read_thread();

  void b_transport(int from, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  tlm::tlm_sync_enum nb_transport_fw(int from, tlm::tlm_generic_payload& transaction, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  unsigned transport_dbg(int from, tlm::tlm_generic_payload& transaction);
  bool get_direct_mem_ptr(int from, tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi);

  static constexpr std::uint64_t interrupt_base = 0xFEE00000;  // [chosen], where PCs have theirs
  static constexpr RequesterId own_id{0x0000};

  HostMemory description_;
  std::chrono::nanoseconds completion_timeout_{
      std::chrono::milliseconds{50}};  // [chosen], as far as it may be
  device::TagPool<Request> tags_{device::TagPool<Request>::most};
  sc_core::sc_event tag_free_;
  sc_core::sc_event deadline_;
  device::PayloadPool payloads_;
  device::MemoryTarget memory_;
  BusWindows windows_;
  std::vector<std::unique_ptr<Attached>> devices_;
  std::vector<std::uint64_t> counts_;
  unsigned next_vector_ = 0;
  std::deque<Read> reads_;
  sc_core::sc_event reads_changed_;
  const tlm::tlm_generic_payload* responding_ = nullptr;  // its BEGIN_RESP has no END_RESP yet
  sc_core::sc_event response_ended_;
};

}  // namespace ipusim::host
