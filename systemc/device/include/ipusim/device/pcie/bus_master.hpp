// SPDX-License-Identifier: Apache-2.0
// A function as a requester: posted writes (data and MSI-X messages) and reads with tags, up the link to the
// host.
#pragma once

#include <tlm.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <systemc>

#include "ipusim/device/pcie/config_space.hpp"
#include "ipusim/device/pcie/link_direction.hpp"
#include "ipusim/device/pcie/tag_pool.hpp"
#include "ipusim/device/pcie/tlp.hpp"
#include "ipusim/device/tlm/payload_pool.hpp"

namespace ipusim::device {

// A read under way, of as many requests as it takes.
class DmaRead {
 public:
  bool done() const { return left_ == 0 && all_sent_; }
  // The first status that was not `success`, if one was not.
  CompletionStatus status() const { return status_; }
  const sc_core::sc_event& finished() const { return finished_; }

 private:
  friend class BusMaster;
  unsigned left_ = 0;  // completions
  bool all_sent_ = false;
  CompletionStatus status_ = CompletionStatus::success;
  sc_core::sc_event finished_;
};

class BusMaster : public sc_core::sc_module {
 public:
  // Packets at the time they arrive: posted writes by b_transport, reads by nb_transport (tlp.hpp).
  tlm_utils::simple_initiator_socket<BusMaster> upstream;

  // config: of the function; must outlive this. std::invalid_argument for a number of tags no function has.
  BusMaster(sc_core::sc_module_name name, const ConfigSpace& config, const LinkDescription& link,
            unsigned tags);

  // All of these may wait, and belong into an SC_THREAD of the device. Any length and alignment: requests are
  // split at multiples of the payload or read request size. Nothing is sent while the host has bus mastering
  // disabled: they wait.
  //
  // Returns when the last packet has left. Who answers for an address does not show: posted writes have no
  // completion.
  void write(std::uint64_t address, std::span<const std::uint8_t> data);
  // Returns when the last request has a tag and has been handed to the link; up to `tags` requests are under
  // way at a time, of one read or several. `to` is filled as completions arrive and must live until the read
  // is done.
  std::shared_ptr<const DmaRead> begin_read(std::uint64_t address, std::span<std::uint8_t> to);
  // Begins a read and waits until it is done.
  CompletionStatus read(std::uint64_t address, std::span<std::uint8_t> to);

  // Requests without a completion.
  unsigned outstanding() const { return tags_.taken(); }

  // --- For the function

  // Hands a posted write of one packet to the link at once; when it has left.
  sc_core::sc_time post(std::uint64_t address, std::span<const std::uint8_t> data);
  // Hands completions of a request that came down the link to it, or a message without data; when it arrives.
  sc_core::sc_time send_completion(std::uint64_t words);
  // Who the function is, as configuration writes tell it.
  void set_id(RequesterId id) { own_id_ = id; }
  // To be told that configuration space may have changed.
  void config_changed() { enabled_.notify(); }
  // The host has handed a completion to its end of the link, `delay` from now: for the function to bring it
  // here, with arrived().
  using CompletionSent = std::function<void(Payload completion, const sc_core::sc_time& delay)>;
  void on_completion(CompletionSent sent) { completion_sent_ = std::move(sent); }
  // A completion is here. False: it belongs to no request of this function.
  bool arrived(tlm::tlm_generic_payload& completion);

 private:
  struct Upward {
    sc_core::sc_time arrives;
    Payload payload;
  };
  struct Request {
    std::shared_ptr<DmaRead> read;
    std::span<std::uint8_t> to;
  };

  void thread();
  void deliver_read(Payload request);
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  void take_response(tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay);
  sc_core::sc_time send(Payload payload, std::uint64_t words);
  void wait_until_enabled();

  const ConfigSpace& config_;
  PayloadPool payloads_;
  LinkDirection up_;
  RequesterId own_id_;
  TagPool<Request> tags_;
  std::deque<Upward> upward_;
  sc_core::sc_event upward_changed_;
  sc_core::sc_event enabled_;
  sc_core::sc_event tag_free_;
  sc_core::sc_event request_ended_;
  const tlm::tlm_generic_payload* requesting_ = nullptr;  // its BEGIN_REQ has no END_REQ yet
  CompletionSent completion_sent_;
};

}  // namespace ipusim::device
