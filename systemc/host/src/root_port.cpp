#include "ipusim/host/root_port.hpp"

#include <array>

#include "bytes.hpp"

namespace ipusim::host {

namespace {
sc_core::sc_time sc_time_of(std::chrono::nanoseconds time) {
  return sc_core::sc_time(static_cast<double>(time.count()), sc_core::SC_NS);
}
}  // namespace

RootPort::RootPort(sc_core::sc_module_name name)
    : sc_core::sc_module(name), link("link"), upstream("upstream"), counts_(interrupt_vectors, 0) {
  upstream.register_b_transport(this, &RootPort::upstream_transport);
}

CompletionStatus RootPort::send(TlpKind kind, std::uint64_t address, std::uint8_t* data, std::size_t bytes) {
  TlpExtension extension(kind, own_id, is_config(kind) ? device_id : RequesterId{});
  tlm::tlm_generic_payload transaction;
  transaction.set_command(is_read(kind) ? tlm::TLM_READ_COMMAND : tlm::TLM_WRITE_COMMAND);
  transaction.set_address(address);
  transaction.set_data_ptr(data);
  transaction.set_data_length(static_cast<unsigned>(bytes));
  transaction.set_streaming_width(static_cast<unsigned>(bytes));
  transaction.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  transaction.set_extension(&extension);
  sc_core::sc_time delay;
  link->b_transport(transaction, delay);
  transaction.clear_extension(&extension);
  if (delay > sc_core::SC_ZERO_TIME) wait(delay);
  return extension.status;
}

CompletionStatus RootPort::config_read(std::uint32_t offset, unsigned bytes, std::uint32_t& value) {
  std::array<std::uint8_t, 4> data{};
  const CompletionStatus status = send(TlpKind::config_read, offset, data.data(), bytes);
  value = load_word(data);
  return status;
}

CompletionStatus RootPort::config_write(std::uint32_t offset, unsigned bytes, std::uint32_t value) {
  std::array<std::uint8_t, 4> data{};
  store_word(data, value);
  return send(TlpKind::config_write, offset, data.data(), bytes);
}

CompletionStatus RootPort::memory_read(std::uint64_t address, std::span<std::uint8_t> data) {
  return send(TlpKind::memory_read, address, data.data(), data.size());
}

void RootPort::memory_write(std::uint64_t address, std::span<const std::uint8_t> data) {
  // TLM's payload has no pointer to constant data; a target of a write does not change it.
  send(TlpKind::memory_write, address, const_cast<std::uint8_t*>(data.data()), data.size());
}

void RootPort::upstream_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time&) {
  transaction.set_dmi_allowed(false);
  const std::uint64_t vector = (transaction.get_address() - interrupt_base) / 4;
  const bool message =
      transaction.is_write() && transaction.get_data_length() == 4 &&
      transaction.get_address() >= interrupt_base && vector < interrupt_vectors &&
      transaction.get_address() == interrupt_address(static_cast<unsigned>(vector)) &&
      load_word({transaction.get_data_ptr(), 4}) == interrupt_data(static_cast<unsigned>(vector));
  if (!message) {
    transaction.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  ++counts_[vector];
  interrupted_ = true;
  interrupt_.notify();
  transaction.set_response_status(tlm::TLM_OK_RESPONSE);
}

bool RootPort::wait_for_interrupt(std::chrono::nanoseconds timeout) {
  if (!interrupted_) wait(sc_time_of(timeout), interrupt_);
  const bool came = interrupted_;
  interrupted_ = false;
  return came;
}

std::chrono::nanoseconds RootPort::now() {
  return std::chrono::nanoseconds{
      static_cast<std::int64_t>(sc_core::sc_time_stamp() / sc_core::sc_time(1, sc_core::SC_NS))};
}

}  // namespace ipusim::host
