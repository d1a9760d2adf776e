// SPDX-License-Identifier: Apache-2.0
// The root port as a requester: what the host's software asks for, and how it ends.
#include <array>

#include "ipusim/device/bytes.hpp"
#include "ipusim/host/root_port.hpp"

namespace ipusim::host {

using device::load_word;
using device::store_word;
using device::TlpExtension;
using device::TlpKind;
namespace aer = device::pci::aer;

namespace {

constexpr std::uint32_t nobody = 0xFFFFFFFF;

sc_core::sc_time sc_time_of(std::chrono::nanoseconds time) {
  return sc_core::sc_time(static_cast<double>(time.count()), sc_core::SC_NS);
}

}  // namespace

// --- Links that are lost

void RootPort::watch(Attached& device, const device::LinkState& state) {
  device.state = &state;
  sc_core::sc_spawn_options options;
  options.spawn_method();
  options.dont_initialize();
  options.set_sensitivity(&state.changed());
  sc_core::sc_spawn([this, &device] { link_changed(device); }, sc_core::sc_gen_unique_name("link_changed"),
                    &options);
}

void RootPort::link_changed(Attached& device) {
  if (device.losses_seen == device.losses()) return;
  device.losses_seen = device.losses();
  device.errors.record(aer::surprise_down, false, own_id);
  for (unsigned tag = 0; tag < device::TagPool<Request>::most; ++tag) {
    const Request* request = tags_.find(static_cast<std::uint8_t>(tag));
    if (request == nullptr || !request->read || devices_[request->link].get() != &device) continue;
    const auto read = request->read;
    give_back(static_cast<std::uint8_t>(tag));
    read->finish(CompletionStatus::unsupported_request);
  }
}

// Time passes, unless the link is lost: success, or UR.
CompletionStatus RootPort::wait_out(Attached& device, const sc_core::sc_time& until, unsigned losses) {
  while (device.losses() == losses && until > sc_core::sc_time_stamp()) {
    const sc_core::sc_time left = until - sc_core::sc_time_stamp();
    if (device.state == nullptr) {
      wait(left);
    } else {
      wait(left, device.state->changed());
    }
  }
  return device.losses() == losses ? CompletionStatus::success : CompletionStatus::unsupported_request;
}

// --- Tags

std::uint8_t RootPort::take_tag(Request request) {
  while (!tags_.any_free()) wait(tag_free_);
  return *tags_.take(std::move(request));
}

void RootPort::give_back(std::uint8_t tag) {
  tags_.give_back(tag);
  tag_free_.notify();
}

void RootPort::expire() {
  sc_core::sc_time next = sc_core::sc_max_time();
  for (unsigned tag = 0; tag < device::TagPool<Request>::most; ++tag) {
    const Request* request = tags_.find(static_cast<std::uint8_t>(tag));
    if (request == nullptr || !request->read) continue;
    if (request->deadline > sc_core::sc_time_stamp()) {
      next = std::min(next, request->deadline);
      continue;
    }
    const auto read = request->read;
    devices_[request->link]->errors.record(aer::completion_timeout, false, own_id);
    give_back(static_cast<std::uint8_t>(tag));
    read->finish(CompletionStatus::timed_out);
  }
  if (next != sc_core::sc_max_time()) deadline_.notify(next - sc_core::sc_time_stamp());
}

// --- One request at a time

// What a transaction that is over says: `none` if no completion of this tag came.
CompletionStatus RootPort::judge(unsigned to, tlm::tlm_generic_payload& over, std::uint8_t tag) {
  auto& tlp = *over.get_extension<TlpExtension>();
  RootErrors& errors = devices_[to]->errors;
  if (tlp.lost || tlp.status == CompletionStatus::none) return CompletionStatus::none;
  if (tlp.tag != tag || tlp.requester != own_id) {
    errors.record(aer::unexpected_completion, true, own_id);
    return CompletionStatus::none;
  }
  if (device::is_read(tlp.kind) && tlp.status == CompletionStatus::success && tlp.poisoned) {
    const auto packets = device::completion_packets(over, id_of(to), device::pci::size_of_code(0));
    errors.record(aer::poisoned, false, own_id, device::header_words(packets.front()));
    return CompletionStatus::poisoned;
  }
  return tlp.status;
}

CompletionStatus RootPort::send(unsigned to, TlpKind kind, RequesterId completer, std::uint64_t address,
                                std::span<std::uint8_t> data, const RequestOptions& options) {
  Attached& device = *devices_[to];
  const bool posted = device::is_posted(kind);
  if (!device.up()) return posted ? CompletionStatus::none : CompletionStatus::unsupported_request;
  const unsigned losses = device.losses();
  const std::uint8_t tag = posted ? std::uint8_t{0} : take_tag({});
  const auto payload =
      payloads_.get(device::is_read(kind) ? tlm::TLM_READ_COMMAND : tlm::TLM_WRITE_COMMAND, address, data);
  auto* extension = new TlpExtension(kind, own_id, completer, tag);
  extension->enables = options.enables;
  extension->poisoned = options.poisoned;
  payload->set_auto_extension(extension);
  const sc_core::sc_time begin = sc_core::sc_time_stamp();
  sc_core::sc_time delay;
  link[static_cast<int>(to)]->b_transport(*payload, delay);
  const bool no_packet =
      !extension->lost && !payload->is_response_ok() && extension->status == CompletionStatus::none;
  if (delay > sc_core::SC_ZERO_TIME) wait(delay);
  if (posted) return CompletionStatus::none;
  const bool lost = device.losses() != losses;
  CompletionStatus status = lost ? CompletionStatus::unsupported_request : judge(to, *payload, tag);
  if (status == CompletionStatus::none && !no_packet) {
    status = wait_out(device, begin + sc_time_of(completion_timeout_), losses);
    if (status == CompletionStatus::success) {
      status = CompletionStatus::timed_out;
      device.errors.record(aer::completion_timeout, false, own_id);
    }
  }
  give_back(tag);
  return status;
}

CompletionStatus RootPort::config_read(std::uint32_t offset, unsigned bytes, std::uint32_t& value,
                                       RequesterId device) {
  const auto to = link_of(device);
  value = nobody;
  if (!to) return CompletionStatus::unsupported_request;
  std::array<std::uint8_t, 4> data{};
  const CompletionStatus status =
      send(*to, TlpKind::config_read, device, offset, std::span{data}.first(bytes));
  if (status == CompletionStatus::success) value = load_word(data);
  return status;
}

CompletionStatus RootPort::config_write(std::uint32_t offset, unsigned bytes, std::uint32_t value,
                                        RequesterId device) {
  const auto to = link_of(device);
  if (!to) return CompletionStatus::unsupported_request;
  std::array<std::uint8_t, 4> data{};
  store_word(data, value);
  return send(*to, TlpKind::config_write, device, offset, std::span{data}.first(bytes));
}

CompletionStatus RootPort::memory_read(std::uint64_t address, std::span<std::uint8_t> data,
                                       const RequestOptions& options) {
  const auto to = link_of(address);
  return to ? send(*to, TlpKind::memory_read, {}, address, data, options)
            : CompletionStatus::unsupported_request;
}

void RootPort::memory_write(std::uint64_t address, std::span<const std::uint8_t> data,
                            const RequestOptions& options) {
  const auto to = link_of(address);
  // TLM's payload has no pointer to constant data; a target of a write does not change it.
  if (to) {
    send(*to, TlpKind::memory_write, {}, address, {const_cast<std::uint8_t*>(data.data()), data.size()},
         options);
  }
}

CompletionStatus RootPort::flush(std::uint64_t address) {
  std::array<std::uint8_t, 4> word{};
  return memory_read(address & ~std::uint64_t{3}, word, {.enables = device::ByteEnables{}});
}

// --- Many at a time

std::shared_ptr<const HostRead> RootPort::begin_read(std::uint64_t address, std::span<std::uint8_t> data) {
  auto read = std::make_shared<HostRead>();
  const auto to = link_of(address);
  if (!to || !devices_[*to]->up()) {
    read->finish(CompletionStatus::unsupported_request);
    return read;
  }
  Attached& device = *devices_[*to];
  const sc_core::sc_time timeout = sc_time_of(completion_timeout_);
  const std::uint8_t tag = take_tag({read, *to, device.losses(), sc_core::sc_time_stamp() + timeout});
  deadline_.notify(timeout);  // an event keeps the earliest of its notifications
  const auto payload = payloads_.get(tlm::TLM_READ_COMMAND, address, data);
  payload->set_auto_extension(new TlpExtension(TlpKind::memory_read, own_id, {}, tag));
  while (device.requesting != nullptr) wait(device.request_ended);
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay;
  device.requesting = &*payload;
  const auto answer = link[static_cast<int>(*to)]->nb_transport_fw(*payload, phase, delay);
  if (answer != tlm::TLM_ACCEPTED) device.requesting = nullptr;
  if (answer == tlm::TLM_COMPLETED || (answer == tlm::TLM_UPDATED && phase == tlm::BEGIN_RESP)) {
    if (delay > sc_core::SC_ZERO_TIME) wait(delay);
    take_completion(static_cast<int>(*to), *payload);
    if (answer == tlm::TLM_UPDATED) {
      phase = tlm::END_RESP;
      delay = sc_core::SC_ZERO_TIME;
      link[static_cast<int>(*to)]->nb_transport_fw(*payload, phase, delay);
    }
  } else if (answer == tlm::TLM_UPDATED && delay > sc_core::SC_ZERO_TIME) {
    wait(delay);
  }
  while (device.requesting == &*payload) wait(device.request_ended);
  return read;
}

tlm::tlm_sync_enum RootPort::nb_transport_bw(int from, tlm::tlm_generic_payload& transaction,
                                             tlm::tlm_phase& phase, sc_core::sc_time& delay) {
  Attached& device = *devices_[static_cast<std::size_t>(from)];
  if (device.requesting == &transaction) {
    device.requesting = nullptr;
    device.request_ended.notify(delay);
  }
  if (phase != tlm::BEGIN_RESP) return tlm::TLM_ACCEPTED;
  take_completion(from, transaction);
  return tlm::TLM_COMPLETED;
}

void RootPort::take_completion(int from, tlm::tlm_generic_payload& transaction) {
  const auto to = static_cast<unsigned>(from);
  const auto& tlp = *transaction.get_extension<TlpExtension>();
  const Request* request = tags_.find(tlp.tag);
  const bool expected = request != nullptr && request->read && request->link == to;
  if (tlp.lost) return;  // the request ends by its deadline, or has with its link
  if (!expected) {
    devices_[to]->errors.record(aer::unexpected_completion, true, own_id);
    return;
  }
  const CompletionStatus status = judge(to, transaction, tlp.tag);
  if (status == CompletionStatus::none) return;
  const auto read = request->read;
  give_back(tlp.tag);
  read->finish(status);
}

}  // namespace ipusim::host
