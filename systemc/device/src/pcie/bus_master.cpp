// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/bus_master.hpp"

#include <algorithm>

namespace ipusim::device {

BusMaster::BusMaster(sc_core::sc_module_name name, const ConfigSpace& config, const LinkDescription& link,
                     unsigned tags)
    : sc_core::sc_module(name),
      upstream("upstream"),
      config_(config),
      up_(link.latency_ns, link.bandwidth_bytes_per_s),
      tags_(tags) {
  upstream.register_nb_transport_bw(this, &BusMaster::nb_transport_bw);
  SC_HAS_PROCESS(BusMaster);
  SC_THREAD(thread);
}

// --- The device's side

void BusMaster::wait_until_enabled() {
  while (!config_.bus_master()) wait(enabled_);
}

void BusMaster::write(std::uint64_t address, std::span<const std::uint8_t> data) {
  while (!data.empty()) {
    wait_until_enabled();
    const std::uint64_t most = config_.max_payload_bytes();
    const auto piece = data.first(std::min<std::uint64_t>(most - address % most, data.size()));
    wait(post(address, piece) - sc_core::sc_time_stamp());
    address += piece.size();
    data = data.subspan(piece.size());
  }
}

std::shared_ptr<const DmaRead> BusMaster::begin_read(std::uint64_t address, std::span<std::uint8_t> to) {
  auto read = std::make_shared<DmaRead>();
  while (!to.empty()) {
    wait_until_enabled();
    const std::uint64_t most = config_.max_read_request_bytes();
    const auto piece = to.first(std::min<std::uint64_t>(most - address % most, to.size()));
    ++read->left_;
    std::optional<std::uint8_t> tag;
    while (!(tag = tags_.take({read, piece}))) wait(tag_free_);
    Payload payload = payloads_.get(tlm::TLM_READ_COMMAND, address, piece.size());
    payload->set_auto_extension(new TlpExtension(TlpKind::memory_read, own_id_, {}, *tag));
    send(std::move(payload), 0);
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

sc_core::sc_time BusMaster::post(std::uint64_t address, std::span<const std::uint8_t> data) {
  Payload payload = payloads_.get(tlm::TLM_WRITE_COMMAND, address, data.size());
  std::ranges::copy(data, payload->get_data_ptr());
  payload->set_auto_extension(new TlpExtension(TlpKind::memory_write, own_id_));
  return send(std::move(payload), payload_words(address, data.size()));
}

sc_core::sc_time BusMaster::send_completion(std::uint64_t words) {
  return up_.send(sc_core::sc_time_stamp(), header_bytes_3dw, words).arrives;
}

bool BusMaster::arrived(tlm::tlm_generic_payload& completion) {
  const auto* tlp = completion.get_extension<TlpExtension>();
  if (tlp == nullptr || tlp->requester != own_id_) return false;
  Request* request = tags_.find(tlp->tag);
  if (request == nullptr || request->to.size() != completion.get_data_length()) return false;
  if (tlp->status == CompletionStatus::success) {
    std::copy_n(completion.get_data_ptr(), request->to.size(), request->to.begin());
  } else if (request->read->status_ == CompletionStatus::success) {
    request->read->status_ = tlp->status;
  }
  const auto read = tags_.give_back(tlp->tag).read;
  tag_free_.notify();
  --read->left_;
  if (read->done()) read->finished_.notify();
  return true;
}

// --- The link

// When the packet has left.
sc_core::sc_time BusMaster::send(Payload payload, std::uint64_t words) {
  const auto passage = up_.send(sc_core::sc_time_stamp(), memory_header_bytes(payload->get_address()), words);
  upward_.push_back({passage.arrives, std::move(payload)});
  upward_changed_.notify();
  return passage.sent;
}

void BusMaster::thread() {
  for (;;) {
    while (upward_.empty()) wait(upward_changed_);
    Upward next = std::move(upward_.front());
    upward_.pop_front();
    if (next.arrives > sc_core::sc_time_stamp()) wait(next.arrives - sc_core::sc_time_stamp());
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
  auto* tlp = payload.get_extension<TlpExtension>();
  // Of a target that knows nothing of packets.
  if (tlp->status == CompletionStatus::none) {
    tlp->status =
        payload.is_response_ok() ? CompletionStatus::success : CompletionStatus::unsupported_request;
  }
  completion_sent_(Payload::share(payload), delay);
}

}  // namespace ipusim::device
