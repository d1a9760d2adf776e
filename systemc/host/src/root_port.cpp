// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/root_port.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "ipusim/device/bytes.hpp"

namespace ipusim::host {

using device::load_word;
using device::TlpExtension;
using device::TlpKind;
namespace aer = device::pci::aer;

namespace {

sc_core::sc_time sc_time_of(std::chrono::nanoseconds time) {
  return sc_core::sc_time(static_cast<double>(time.count()), sc_core::SC_NS);
}

std::uint64_t offset_in(const HostMemory& memory, std::uint64_t address) {
  if (address < memory.base) {
    throw std::out_of_range(
        fmt::format("host memory begins at {:#x}, not before {:#x}", memory.base, address));
  }
  return address - memory.base;
}

}  // namespace

RootPort::RootPort(sc_core::sc_module_name name, const HostMemory& memory)
    : sc_core::sc_module(name),
      link("link"),
      upstream("upstream"),
      description_(memory),
      memory_(memory.base, memory.bytes),
      counts_(interrupt_vectors, 0) {
  link.register_nb_transport_bw(this, &RootPort::nb_transport_bw);
  upstream.register_b_transport(this, &RootPort::b_transport);
  upstream.register_nb_transport_fw(this, &RootPort::nb_transport_fw);
  upstream.register_transport_dbg(this, &RootPort::transport_dbg);
  upstream.register_get_direct_mem_ptr(this, &RootPort::get_direct_mem_ptr);
  SC_HAS_PROCESS(RootPort);
  SC_THREAD(read_thread);
  SC_METHOD(expire);
  sensitive << deadline_;
  dont_initialize();
}

// --- Who is where

std::vector<RequesterId> RootPort::devices() const {
  std::vector<RequesterId> ids;
  for (unsigned n = 0; n < devices_.size(); ++n) ids.push_back(id_of(n));
  return ids;
}

std::optional<unsigned> RootPort::link_of(RequesterId device) const {
  // Only device 0 is on a link; who asks for another one is answered by the root port itself.
  if (device.bus() == 0 || device.bus() > devices_.size() || device.device() != 0) return std::nullopt;
  return device.bus() - 1;
}

unsigned RootPort::checked_link_of(RequesterId device) const {
  const auto number = link_of(device);
  if (!number) throw std::out_of_range(fmt::format("no device is attached to bus {}", device.bus()));
  return *number;
}

std::optional<unsigned> RootPort::link_of(std::uint64_t address) const {
  if (const auto number = windows_.link_of(address)) return number;
  return devices_.size() == 1 ? std::optional{0U} : std::nullopt;
}

std::optional<std::uint64_t> RootPort::open_window(RequesterId device, std::uint64_t bytes, bool is_64_bit) {
  return windows_.open(checked_link_of(device), bytes, is_64_bit);
}

void RootPort::close_windows(RequesterId device) { windows_.close(checked_link_of(device)); }

std::optional<unsigned> RootPort::allocate_interrupts(RequesterId device, unsigned count) {
  Attached& attached = *devices_[checked_link_of(device)];
  if (attached.vectors != count) {
    if (count > interrupt_vectors - next_vector_) return std::nullopt;
    attached.first_vector = next_vector_;
    attached.vectors = count;
    next_vector_ += count;
  }
  return attached.first_vector;
}

RootErrors& RootPort::errors(RequesterId device) { return devices_[checked_link_of(device)]->errors; }

// --- Requests of the devices

bool RootPort::take_interrupt(int from, const tlm::tlm_generic_payload& transaction) {
  const std::uint64_t vector = (transaction.get_address() - interrupt_base) / 4;
  const bool message =
      transaction.is_write() && transaction.get_data_length() == 4 &&
      transaction.get_address() >= interrupt_base && vector < interrupt_vectors &&
      transaction.get_address() == interrupt_address(static_cast<unsigned>(vector)) &&
      load_word({transaction.get_data_ptr(), 4}) == interrupt_data(static_cast<unsigned>(vector));
  if (!message) return false;
  ++counts_[vector];
  Attached& device = *devices_[static_cast<std::size_t>(from)];
  device.interrupted = true;
  device.interrupt.notify();
  return true;
}

// An error of a packet that came up a link.
void RootPort::refuse(int from, tlm::tlm_generic_payload& transaction, std::uint32_t error, bool advisory) {
  const auto number = static_cast<unsigned>(from);
  const bool packet = transaction.get_extension<TlpExtension>() != nullptr;
  devices_[number]->errors.record(
      error, advisory, own_id,
      packet ? device::header_words(device::request_packet(transaction)) : device::PacketHeader{});
}

void RootPort::serve(int from, tlm::tlm_generic_payload& transaction) {
  auto* tlp = transaction.get_extension<TlpExtension>();
  transaction.set_dmi_allowed(false);
  transaction.set_response_status(tlm::TLM_OK_RESPONSE);
  if (tlp != nullptr && tlp->kind == TlpKind::message) {
    devices_[static_cast<std::size_t>(from)]->errors.take_message(tlp->message, tlp->requester);
    return;
  }
  if (tlp != nullptr && tlp->poisoned && transaction.is_write()) {
    refuse(from, transaction, aer::poisoned, false);  // and not written
    return;
  }
  if (take_interrupt(from, transaction)) return;
  memory_.transport(transaction);
  const bool posted = tlp == nullptr || device::is_posted(tlp->kind);
  if (!transaction.is_response_ok()) refuse(from, transaction, aer::unsupported_request, !posted);
  if (posted) return;
  tlp->completion_bytes = description_.completion_bytes;
  tlp->status =
      transaction.is_response_ok() ? CompletionStatus::success : CompletionStatus::unsupported_request;
}

void RootPort::b_transport(int from, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  serve(from, transaction);
  if (transaction.is_read()) delay += sc_time_of(description_.read_latency);
}

tlm::tlm_sync_enum RootPort::nb_transport_fw(int from, tlm::tlm_generic_payload& transaction,
                                             tlm::tlm_phase& phase, sc_core::sc_time& delay) {
  if (phase == tlm::END_RESP) {
    responding_ = nullptr;
    response_ended_.notify(delay);
    return tlm::TLM_COMPLETED;
  }
  if (!transaction.is_read()) {
    serve(from, transaction);
    return tlm::TLM_COMPLETED;
  }
  reads_.push_back({sc_core::sc_time_stamp() + delay + sc_time_of(description_.read_latency), from,
                    device::Payload::share(transaction)});
  reads_changed_.notify();
  phase = tlm::END_REQ;
  return tlm::TLM_UPDATED;
}

void RootPort::read_thread() {
  for (;;) {
    while (reads_.empty()) wait(reads_changed_);
    const Read next = std::move(reads_.front());
    reads_.pop_front();
    if (next.at > sc_core::sc_time_stamp()) wait(next.at - sc_core::sc_time_stamp());
    serve(next.link, *next.payload);
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay;
    responding_ = &*next.payload;
    const auto answer = upstream[next.link]->nb_transport_bw(*next.payload, phase, delay);
    if (answer == tlm::TLM_COMPLETED || (answer == tlm::TLM_UPDATED && phase == tlm::END_RESP)) {
      responding_ = nullptr;
    }
    while (responding_ != nullptr) wait(response_ended_);
  }
}

unsigned RootPort::transport_dbg(int, tlm::tlm_generic_payload& transaction) {
  return memory_.transport_dbg(transaction);
}

bool RootPort::get_direct_mem_ptr(int, tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
  return memory_.get_direct_mem_ptr(transaction, dmi);
}

// --- The host's own software

void RootPort::read_host(std::uint64_t address, std::span<std::uint8_t> to) const {
  memory_.memory().read(offset_in(description_, address), to);
}

void RootPort::write_host(std::uint64_t address, std::span<const std::uint8_t> from) {
  memory_.memory().write(offset_in(description_, address), from);
}

bool RootPort::wait_for_interrupt(std::chrono::nanoseconds timeout, RequesterId device) {
  Attached& attached = *devices_[checked_link_of(device)];
  if (!attached.interrupted) wait(sc_time_of(timeout), attached.interrupt);
  const bool came = attached.interrupted;
  attached.interrupted = false;
  return came;
}

std::chrono::nanoseconds RootPort::now() {
  return std::chrono::nanoseconds{
      static_cast<std::int64_t>(sc_core::sc_time_stamp() / sc_core::sc_time(1, sc_core::SC_NS))};
}

}  // namespace ipusim::host
