// SPDX-License-Identifier: Apache-2.0
// A function as a requester: posted writes (data and MSI-X messages), error messages, and reads with tags, up
// the link to the host.
#pragma once

#include <tlm.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <systemc>

#include "ipusim/device/pcie/config_space.hpp"
#include "ipusim/device/pcie/link_direction.hpp"
#include "ipusim/device/pcie/link_state.hpp"
#include "ipusim/device/pcie/tag_pool.hpp"
#include "ipusim/device/pcie/tlp.hpp"
#include "ipusim/device/tlm/payload_pool.hpp"

namespace ipusim::device {

// A read under way, of as many requests as it takes.
class DmaRead {
 public:
  bool done() const { return left_ == 0 && all_sent_; }
  // The first status that was not `success`, if one was not; completions of the host, or `poisoned`,
  // `timed_out`, `discarded`.
  CompletionStatus status() const { return status_; }
  const sc_core::sc_event& finished() const { return finished_; }

 private:
  friend class BusMaster;
  void fail(CompletionStatus status) {
    if (status_ == CompletionStatus::success) status_ = status;
  }
  unsigned left_ = 0;  // completions
  bool all_sent_ = false;
  CompletionStatus status_ = CompletionStatus::success;
  sc_core::sc_event finished_;
};

class BusMaster : public sc_core::sc_module {
 public:
  // Packets at the time they arrive: posted writes and messages by b_transport, reads by nb_transport
  // (tlp.hpp).
  tlm_utils::simple_initiator_socket<BusMaster> upstream;

  // config: of the function; link_state: of its link; both must outlive this. std::invalid_argument for a
  // number of tags no function has, or a link that there is not.
  BusMaster(sc_core::sc_module_name name, ConfigSpace& config, const LinkDescription& link,
            const LinkState& link_state, unsigned tags);

  // All of these may wait, and belong into an SC_THREAD of the device. Any length and alignment: requests are
  // split at multiples of the payload or read request size. Nothing is sent while the host has bus mastering
  // disabled: they wait. A reset of the function, and a lost link, end them.
  //
  // Returns when the last packet has left. Who answers for an address does not show: posted writes have no
  // completion. `none`, or `discarded` if a reset came before all had left. poisoned: the data is known to be
  // bad, and marked so.
  CompletionStatus write(std::uint64_t address, std::span<const std::uint8_t> data, bool poisoned = false);
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
  sc_core::sc_time post(std::uint64_t address, std::span<const std::uint8_t> data, bool poisoned = false);
  // Hands an error message to the link.
  void post_message(std::uint8_t code);
  // Hands completions of a request that came down the link to it, or one without data; when it arrives.
  sc_core::sc_time send_completion(std::uint64_t words);
  // Who the function is, as configuration writes tell it.
  void set_id(RequesterId id) { own_id_ = id; }
  RequesterId id() const { return own_id_; }
  // To be told that configuration space may have changed.
  void config_changed() { enabled_.notify(); }
  // The host has handed a completion to its end of the link, `delay` from now: for the function to bring it
  // here, with arrived().
  using CompletionSent = std::function<void(Payload completion, const sc_core::sc_time& delay)>;
  void on_completion(CompletionSent sent) { completion_sent_ = std::move(sent); }
  // A completion has not come in time.
  void on_timeout(std::function<void()> timed_out) { timed_out_ = std::move(timed_out); }
  // A completion is here. What is wrong with it, if anything is.
  std::optional<RequestError> arrived(tlm::tlm_generic_payload& completion);
  // Every read ends as discarded. Without the link no completion comes any more; with it tags are free when
  // their completions have come, or never do.
  void reset();
  void link_lost();

 private:
  struct Upward {
    sc_core::sc_time arrives;
    Payload payload;
    unsigned losses;  // of the link, when it was sent
  };
  struct Request {
    std::shared_ptr<DmaRead>
        read;  // null: nobody waits any more, and the tag is free when its completion has come
    std::span<std::uint8_t> to;
    sc_core::sc_time deadline;
    const tlm::tlm_generic_payload* payload = nullptr;
  };

  void thread();
  void deliver_read(Payload request);
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                     sc_core::sc_time& delay);
  void take_response(tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay);
  sc_core::sc_time send(Payload payload, std::uint64_t words, PacketClass kind);
  void wait_until_enabled(unsigned life);
  sc_core::sc_time deadline();
  void expire();
  void finish(std::uint8_t tag, CompletionStatus status);
  static void count_down(DmaRead& read);

  ConfigSpace& config_;
  const LinkState& link_state_;
  PayloadPool payloads_;
  LinkDirection up_;
  RequesterId own_id_;
  TagPool<Request> tags_;
  unsigned life_ = 0;  // resets so far
  unsigned pending_ = 0;
  std::deque<Upward> upward_;
  std::set<const tlm::tlm_generic_payload*> lost_;  // reads that were handed over before the link was lost
  sc_core::sc_event upward_changed_;
  sc_core::sc_event enabled_;
  sc_core::sc_event tag_free_;
  sc_core::sc_event request_ended_;
  sc_core::sc_event deadline_;
  const tlm::tlm_generic_payload* requesting_ = nullptr;  // its BEGIN_REQ has no END_REQ yet
  CompletionSent completion_sent_;
  std::function<void()> timed_out_ = [] {};
};

}  // namespace ipusim::device
