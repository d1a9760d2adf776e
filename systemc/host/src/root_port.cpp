// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/root_port.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "ipusim/device/bytes.hpp"

namespace ipusim::host {

using device::load_word;
using device::store_word;
using device::TlpExtension;
using device::TlpKind;

namespace {

constexpr std::uint32_t nobody = 0xFFFFFFFF;

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
  upstream.register_b_transport(this, &RootPort::b_transport);
  upstream.register_nb_transport_fw(this, &RootPort::nb_transport_fw);
  upstream.register_transport_dbg(this, &RootPort::transport_dbg);
  upstream.register_get_direct_mem_ptr(this, &RootPort::get_direct_mem_ptr);
  SC_HAS_PROCESS(RootPort);
  SC_THREAD(read_thread);
}

// --- Who is where

std::vector<RequesterId> RootPort::devices() const {
  std::vector<RequesterId> ids;
  for (unsigned n = 0; n < devices_.size(); ++n) ids.push_back(id_of(n));
  return ids;
}

std::optional<unsigned> RootPort::link_of(RequesterId device) const {
  if (device.bus() == 0 || device.bus() > devices_.size()) return std::nullopt;
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

// --- Requests of the host

CompletionStatus RootPort::send(unsigned to, TlpKind kind, RequesterId completer, std::uint64_t address,
                                std::span<std::uint8_t> data) {
  const auto payload =
      payloads_.get(device::is_read(kind) ? tlm::TLM_READ_COMMAND : tlm::TLM_WRITE_COMMAND, address, data);
  auto* extension = new TlpExtension(kind, own_id, completer);
  payload->set_auto_extension(extension);
  sc_core::sc_time delay;
  link[static_cast<int>(to)]->b_transport(*payload, delay);
  if (delay > sc_core::SC_ZERO_TIME) wait(delay);
  return extension->status;
}

CompletionStatus RootPort::config_read(std::uint32_t offset, unsigned bytes, std::uint32_t& value,
                                       RequesterId device) {
  const auto to = link_of(device);
  value = nobody;
  if (!to) return CompletionStatus::unsupported_request;
  std::array<std::uint8_t, 4> data{};
  const CompletionStatus status =
      send(*to, TlpKind::config_read, device, offset, std::span{data}.first(bytes));
  value = load_word(data);
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

CompletionStatus RootPort::memory_read(std::uint64_t address, std::span<std::uint8_t> data) {
  const auto to = link_of(address);
  return to ? send(*to, TlpKind::memory_read, {}, address, data) : CompletionStatus::unsupported_request;
}

void RootPort::memory_write(std::uint64_t address, std::span<const std::uint8_t> data) {
  const auto to = link_of(address);
  // TLM's payload has no pointer to constant data; a target of a write does not change it.
  if (to) {
    send(*to, TlpKind::memory_write, {}, address, {const_cast<std::uint8_t*>(data.data()), data.size()});
  }
}

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

void RootPort::serve(int from, tlm::tlm_generic_payload& transaction) {
  if (take_interrupt(from, transaction)) {
    transaction.set_dmi_allowed(false);
    transaction.set_response_status(tlm::TLM_OK_RESPONSE);
  } else {
    memory_.transport(transaction);
  }
  auto* extension = transaction.get_extension<TlpExtension>();
  if (extension == nullptr || device::is_posted(extension->kind)) return;
  extension->status =
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
