// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/bus_master.hpp"

#include <algorithm>

namespace ipusim::device {

BusMaster::BusMaster(sc_core::sc_module_name name, ConfigSpace& config, const LinkDescription& link,
                     const LinkState& link_state, unsigned tags)
    : sc_core::sc_module(name),
      upstream("upstream"),
      config_(config),
      link_state_(link_state),
      up_(link),
      tags_(tags) {
  upstream.register_nb_transport_bw(this, &BusMaster::nb_transport_bw);
  SC_HAS_PROCESS(BusMaster);
  SC_THREAD(thread);
  SC_METHOD(expire);
  sensitive << deadline_;
  dont_initialize();
}

// --- The device's side

void BusMaster::wait_until_enabled(unsigned life) {
  while (life == life_ && !(config_.bus_master() && link_state_.up())) wait(enabled_);
}

CompletionStatus BusMaster::write(std::uint64_t address, std::span<const std::uint8_t> data, bool poisoned) {
  const unsigned life = life_;
  while (!data.empty()) {
    wait_until_enabled(life);
    if (life != life_) return CompletionStatus::discarded;
    const std::uint64_t most = config_.max_payload_bytes();
    const auto piece = data.first(std::min<std::uint64_t>(most - address % most, data.size()));
    wait(post(address, piece, poisoned) - sc_core::sc_time_stamp());
    address += piece.size();
    data = data.subspan(piece.size());
  }
  return life == life_ ? CompletionStatus::none : CompletionStatus::discarded;
}

std::shared_ptr<const DmaRead> BusMaster::begin_read(std::uint64_t address, std::span<std::uint8_t> to) {
  auto read = std::make_shared<DmaRead>();
  const unsigned life = life_;
  while (!to.empty()) {
    wait_until_enabled(life);
    while (life == life_ && !tags_.any_free()) wait(tag_free_);
    if (life != life_) {
      read->fail(CompletionStatus::discarded);
      break;
    }
    const std::uint64_t most = config_.max_read_request_bytes();
    const auto piece = to.first(std::min<std::uint64_t>(most - address % most, to.size()));
    Payload payload = payloads_.get(tlm::TLM_READ_COMMAND, address, piece.size());
    const auto tag = tags_.take({read, piece, deadline(), &*payload});
    ++read->left_;
    if (++pending_ == 1) config_.set_pending(true);
    payload->set_auto_extension(new TlpExtension(TlpKind::memory_read, own_id_, {}, *tag));
    send(std::move(payload), 0, PacketClass::non_posted);
    address += piece.size();
    to = to.subspan(piece.size());
  }
  read->all_sent_ = true;
  if (read->done()) read->finished_.notify();
  return read;
}

CompletionStatus BusMaster::read(std::uint64_t address, std::span<std::uint8_t> to) {
  const auto read = begin_read(address, to);
  while (!read->done()) wait(read->finished());
  return read->status();
}

// --- The function's side

sc_core::sc_time BusMaster::post(std::uint64_t address, std::span<const std::uint8_t> data, bool poisoned) {
  Payload payload = payloads_.get(tlm::TLM_WRITE_COMMAND, address, data.size());
  std::ranges::copy(data, payload->get_data_ptr());
  auto* tlp = new TlpExtension(TlpKind::memory_write, own_id_);
  tlp->poisoned = poisoned;
  payload->set_auto_extension(tlp);
  return send(std::move(payload), payload_words(address, data.size()), PacketClass::posted);
}

void BusMaster::post_message(std::uint8_t code) {
  if (!link_state_.up()) return;
  Payload payload = payloads_.get(tlm::TLM_IGNORE_COMMAND, 0, 4);
  auto* tlp = new TlpExtension(TlpKind::message, own_id_);
  tlp->message = code;
  payload->set_auto_extension(tlp);
  const auto passage = up_.send(sc_core::sc_time_stamp(), header_bytes_4dw, 0, PacketClass::posted);
  upward_.push_back({passage.arrives, std::move(payload), link_state_.losses()});
  upward_changed_.notify();
}

sc_core::sc_time BusMaster::send_completion(std::uint64_t words) {
  return up_.send(sc_core::sc_time_stamp(), header_bytes_3dw, words).arrives;
}

void BusMaster::count_down(DmaRead& read) {
  --read.left_;
  if (read.done()) read.finished_.notify();
}

// The tag's request is over; nobody may have waited for it any more.
void BusMaster::finish(std::uint8_t tag, CompletionStatus status) {
  const auto read = tags_.give_back(tag).read;
  tag_free_.notify();
  if (!read) return;
  if (--pending_ == 0) config_.set_pending(false);
  if (status != CompletionStatus::success) read->fail(status);
  count_down(*read);
}

std::optional<RequestError> BusMaster::arrived(tlm::tlm_generic_payload& completion) {
  const auto* tlp = completion.get_extension<TlpExtension>();
  if (tlp == nullptr || tlp->requester != own_id_) return RequestError::unexpected_completion;
  const Request* request = tags_.find(tlp->tag);
  if (request == nullptr || request->to.size() != completion.get_data_length()) {
    return RequestError::unexpected_completion;
  }
  if (!request->read) {
    finish(tlp->tag, CompletionStatus::discarded);
    return RequestError::unexpected_completion;
  }
  const bool poisoned = tlp->status == CompletionStatus::success && tlp->poisoned;
  const CompletionStatus status = poisoned ? CompletionStatus::poisoned : tlp->status;
  if (status == CompletionStatus::success) {
    std::copy_n(completion.get_data_ptr(), request->to.size(), request->to.begin());
  }
  config_.record_completion(status);
  finish(tlp->tag, status);
  return poisoned ? std::optional{RequestError::poisoned} : std::nullopt;
}

// --- What never comes

sc_core::sc_time BusMaster::deadline() {
  const auto ns = config_.completion_timeout_ns();
  if (!ns) return sc_core::sc_max_time();
  const sc_core::sc_time at(*ns, sc_core::SC_NS);
  // An event keeps the earliest of its notifications: the oldest request's.
  deadline_.notify(at);
  return sc_core::sc_time_stamp() + at;
}

void BusMaster::expire() {
  sc_core::sc_time next = sc_core::sc_max_time();
  for (unsigned tag = 0; tag < TagPool<Request>::most; ++tag) {
    const Request* request = tags_.find(static_cast<std::uint8_t>(tag));
    if (request == nullptr) continue;
    if (request->deadline > sc_core::sc_time_stamp()) {
      next = std::min(next, request->deadline);
      continue;
    }
    const bool waited_for = request->read != nullptr;
    finish(static_cast<std::uint8_t>(tag), CompletionStatus::timed_out);
    if (waited_for) timed_out_();
  }
  if (next != sc_core::sc_max_time()) deadline_.notify(next - sc_core::sc_time_stamp());
}

void BusMaster::reset() {
  ++life_;
  for (unsigned tag = 0; tag < TagPool<Request>::most; ++tag) {
    Request* request = tags_.find(static_cast<std::uint8_t>(tag));
    if (request == nullptr || !request->read) continue;
    const auto read = std::exchange(request->read, nullptr);
    read->fail(CompletionStatus::discarded);
    count_down(*read);
  }
  pending_ = 0;
  config_.set_pending(false);
  enabled_.notify();
  tag_free_.notify();
}

void BusMaster::link_lost() {
  reset();
  for (unsigned tag = 0; tag < TagPool<Request>::most; ++tag) {
    const Request* request = tags_.find(static_cast<std::uint8_t>(tag));
    if (request == nullptr) continue;
    lost_.insert(request->payload);
    finish(static_cast<std::uint8_t>(tag), CompletionStatus::discarded);
  }
  for (const Upward& packet : upward_) lost_.erase(&*packet.payload);  // never handed over
  upward_.clear();
  up_.clear();
}

// --- The link

// When the packet has left.
sc_core::sc_time BusMaster::send(Payload payload, std::uint64_t words, PacketClass kind) {
  const auto passage =
      up_.send(sc_core::sc_time_stamp(), memory_header_bytes(payload->get_address()), words, kind);
  if (!link_state_.up()) return passage.sent;  // into nothing
  upward_.push_back({passage.arrives, std::move(payload), link_state_.losses()});
  upward_changed_.notify();
  return passage.sent;
}

void BusMaster::thread() {
  for (;;) {
    while (upward_.empty()) wait(upward_changed_);
    Upward next = std::move(upward_.front());
    upward_.pop_front();
    if (next.arrives > sc_core::sc_time_stamp()) wait(next.arrives - sc_core::sc_time_stamp());
    if (next.losses != link_state_.losses()) {
      lost_.erase(&*next.payload);
      continue;
    }
    if (next.payload->is_read()) {
      deliver_read(std::move(next.payload));
      continue;
    }
    sc_core::sc_time delay;
    upstream->b_transport(*next.payload, delay);
    if (delay > sc_core::SC_ZERO_TIME) wait(delay);
  }
}

// Begins the request, and waits until the other end lets the next one begin.
void BusMaster::deliver_read(Payload request) {
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay;
  requesting_ = &*request;
  switch (upstream->nb_transport_fw(*request, phase, delay)) {
    case tlm::TLM_ACCEPTED:
      break;
    case tlm::TLM_UPDATED:
      requesting_ = nullptr;
      if (phase == tlm::BEGIN_RESP) {
        take_response(*request, delay);
        phase = tlm::END_RESP;
        delay = sc_core::SC_ZERO_TIME;
        upstream->nb_transport_fw(*request, phase, delay);
      } else if (delay > sc_core::SC_ZERO_TIME) {
        wait(delay);
      }
      break;
    case tlm::TLM_COMPLETED:
      requesting_ = nullptr;
      take_response(*request, delay);
      break;
  }
  while (requesting_ != nullptr) wait(request_ended_);
}

tlm::tlm_sync_enum BusMaster::nb_transport_bw(tlm::tlm_generic_payload& payload, tlm::tlm_phase& phase,
                                              sc_core::sc_time& delay) {
  if (requesting_ == &payload) {  // END_REQ, or a BEGIN_RESP that is one too
    requesting_ = nullptr;
    request_ended_.notify(delay);
  }
  if (phase != tlm::BEGIN_RESP) return tlm::TLM_ACCEPTED;
  take_response(payload, delay);
  return tlm::TLM_COMPLETED;
}

void BusMaster::take_response(tlm::tlm_generic_payload& payload, const sc_core::sc_time& delay) {
  if (lost_.erase(&payload) != 0) return;  // it was sent on a link that is no more
  auto* tlp = payload.get_extension<TlpExtension>();
  if (tlp->lost) return;
  // Of a target that knows nothing of packets.
  if (tlp->status == CompletionStatus::none) {
    tlp->status =
        payload.is_response_ok() ? CompletionStatus::success : CompletionStatus::unsupported_request;
  }
  completion_sent_(Payload::share(payload), delay);
}

}  // namespace ipusim::device
