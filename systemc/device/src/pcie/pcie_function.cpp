// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/pcie_function.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "ipusim/device/bytes.hpp"

namespace ipusim::device {

namespace {

// Of a payload that is no TLP at all; OK otherwise.
tlm::tlm_response_status check_shape(const tlm::tlm_generic_payload& transaction,
                                     const TlpExtension* extension) {
  if (extension == nullptr) return tlm::TLM_GENERIC_ERROR_RESPONSE;
  const bool same = is_read(extension->kind) ? transaction.is_read() : transaction.is_write();
  if (!same) return tlm::TLM_COMMAND_ERROR_RESPONSE;
  if (transaction.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  if (transaction.get_data_length() == 0 ||
      transaction.get_streaming_width() < transaction.get_data_length()) {
    return tlm::TLM_BURST_ERROR_RESPONSE;
  }
  return tlm::TLM_OK_RESPONSE;
}

tlm::tlm_response_status response_of(CompletionStatus status) {
  switch (status) {
    case CompletionStatus::unsupported_request:
      return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    case CompletionStatus::completer_abort:
      return tlm::TLM_GENERIC_ERROR_RESPONSE;
    case CompletionStatus::none:
    case CompletionStatus::success:
      break;
  }
  return tlm::TLM_OK_RESPONSE;
}

std::span<std::uint8_t> data_of(tlm::tlm_generic_payload& payload) {
  return {payload.get_data_ptr(), payload.get_data_length()};
}

}  // namespace

PcieFunction::PcieFunction(sc_core::sc_module_name name, const FunctionDescription& description)
    : sc_core::sc_module(name),
      link("link"),
      msix_(description.msix),
      config_space_(description),
      down_(description.link.latency_ns, description.link.bandwidth_bytes_per_s),
      master_("master", config_space_, description.link, description.tags) {
  for (const BarDescription& bar : description.bars) {
    bars_[bar.number] = std::make_unique<BarSocket>(fmt::format("bar{}", bar.number).c_str());
  }
  link.register_b_transport(this, &PcieFunction::b_transport);
  link.register_transport_dbg(this, &PcieFunction::transport_dbg);
  master_.on_completion(
      [this](Payload completion, const sc_core::sc_time& delay) { send_down(std::move(completion), delay); });
  SC_HAS_PROCESS(PcieFunction);
  SC_THREAD(downward_thread);
}

PcieFunction::BarSocket& PcieFunction::bar(unsigned number) {
  auto& socket = bars_.at(number);
  if (!socket) throw std::out_of_range(fmt::format("the function has no target behind BAR {}", number));
  return *socket;
}

// --- The link

void PcieFunction::b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  auto* extension = transaction.get_extension<TlpExtension>();
  transaction.set_dmi_allowed(false);
  const tlm::tlm_response_status shape = check_shape(transaction, extension);
  transaction.set_response_status(shape);
  if (shape != tlm::TLM_OK_RESPONSE) return;

  const Request request{extension->kind, extension->completer, transaction.get_address(),
                        data_of(transaction)};
  const std::uint64_t header =
      is_config(request.kind) ? header_bytes_3dw : memory_header_bytes(request.address);
  const std::uint64_t words = is_read(request.kind) ? 0 : payload_words(request.address, request.data.size());
  const auto passage = down_.send(sc_core::sc_time_stamp() + delay, header, words);
  if (is_posted(request.kind)) {
    // The host may use its bytes again before they arrive.
    Payload posted = payloads_.get(tlm::TLM_WRITE_COMMAND, request.address, request.data.size());
    std::ranges::copy(request.data, posted->get_data_ptr());
    downward_.push_back({passage.arrives, std::move(posted), false});
    downward_changed_.notify();
    extension->status = CompletionStatus::none;
    delay = passage.sent - sc_core::sc_time_stamp();
    return;
  }
  wait_for_turn(passage.arrives);
  extension->status = perform(request);
  transaction.set_response_status(response_of(extension->status));
  delay = complete(request, extension->status) - sc_core::sc_time_stamp();
  send_messages();
}

unsigned PcieFunction::transport_dbg(tlm::tlm_generic_payload& transaction) {
  const auto* extension = transaction.get_extension<TlpExtension>();
  if (extension != nullptr && is_config(extension->kind)) return 0;
  const std::uint64_t address = transaction.get_address();
  const auto target = config_space_.decode(address);
  if (!target) return 0;
  if (RegisterBlock* registers = registers_behind(target->bar)) {
    const bool done =
        transaction.is_read() && registers->peek(target->offset, data_of(transaction)) == AccessResult::done;
    return done ? transaction.get_data_length() : 0;
  }
  transaction.set_address(target->offset);
  const unsigned bytes = (*bars_[target->bar])->transport_dbg(transaction);
  transaction.set_address(address);
  return bytes;
}

// Until a request that arrives then is the next one: no request passes a posted one.
void PcieFunction::wait_for_turn(const sc_core::sc_time& arrival) {
  if (arrival > sc_core::sc_time_stamp()) wait(arrival - sc_core::sc_time_stamp());
  while (!downward_.empty() && downward_.front().arrives <= arrival) wait(downward_changed_);
}

// Sends the completions; when the last one is back.
sc_core::sc_time PcieFunction::complete(const Request& request, CompletionStatus status) {
  if (!is_read(request.kind) || status != CompletionStatus::success) return master_.send_completion(0);
  // Data comes in pieces that end at multiples of the payload size.
  const std::uint64_t payload = config_space_.max_payload_bytes();
  sc_core::sc_time back;
  for (std::uint64_t at = request.address, end = at + request.data.size(); at < end;) {
    const std::uint64_t next = std::min(end, (at / payload + 1) * payload);
    back = master_.send_completion(payload_words(at, next - at));
    at = next;
  }
  return back;
}

// A completion for the function itself comes down the link, in the same pieces, and not before what was sent
// earlier.
void PcieFunction::send_down(Payload completion, const sc_core::sc_time& delay) {
  const sc_core::sc_time at = sc_core::sc_time_stamp() + delay;
  const std::uint64_t payload = config_space_.max_payload_bytes();
  const std::uint64_t begin = completion->get_address();
  const bool with_data = completion->get_extension<TlpExtension>()->status == CompletionStatus::success;
  sc_core::sc_time arrives;
  if (!with_data) arrives = down_.send(at, header_bytes_3dw, 0).arrives;
  for (std::uint64_t from = begin, end = begin + completion->get_data_length(); with_data && from < end;) {
    const std::uint64_t next = std::min(end, (from / payload + 1) * payload);
    arrives = down_.send(at, header_bytes_3dw, payload_words(from, next - from)).arrives;
    from = next;
  }
  downward_.push_back({arrives, std::move(completion), true});
  downward_changed_.notify();
}

void PcieFunction::downward_thread() {
  for (;;) {
    while (downward_.empty()) wait(downward_changed_);
    Downward& next = downward_.front();  // a deque's elements stay where they are as others are added
    if (next.arrives > sc_core::sc_time_stamp()) wait(next.arrives - sc_core::sc_time_stamp());
    if (next.is_completion) {
      if (!master_.arrived(*next.payload)) config_space_.record(RequestError::unexpected_completion, false);
    } else {
      perform({TlpKind::memory_write, {}, next.payload->get_address(), data_of(*next.payload)});
    }
    downward_.pop_front();
    downward_changed_.notify();
    send_messages();
  }
}

// --- Interrupts

void PcieFunction::raise(unsigned vector) {
  if (!config_space_.msix_enabled()) return;  // there is no other kind of interrupt
  config_space_.msix()->raise(vector);
  send_messages();
}

// Sends what is pending and may go now.
void PcieFunction::send_messages() {
  if (!config_space_.msix_enabled() || config_space_.msix_masked() || !config_space_.bus_master()) return;
  while (const auto message = config_space_.msix()->take()) {
    std::array<std::uint8_t, 4> data{};
    store_word(data, message->data);
    master_.post(message->address, data);
  }
}

// --- Requests

CompletionStatus PcieFunction::refuse(RequestError error, const Request& request) {
  config_space_.record(error, is_posted(request.kind));
  return error == RequestError::abort ? CompletionStatus::completer_abort
                                      : CompletionStatus::unsupported_request;
}

CompletionStatus PcieFunction::perform(const Request& request) {
  if (malformed(request)) return refuse(RequestError::malformed, request);
  return is_config(request.kind) ? perform_config(request) : perform_memory(request);
}

bool PcieFunction::malformed(const Request& request) const {
  const std::uint64_t bytes = request.data.size();
  const std::uint64_t carried = 4 * payload_words(request.address, bytes);
  if (is_config(request.kind)) return carried > 4 || request.address >= pci::config_bytes;
  if (crosses_boundary(request.address, bytes)) return true;
  return carried >
         (is_read(request.kind) ? config_space_.max_read_request_bytes() : config_space_.max_payload_bytes());
}

CompletionStatus PcieFunction::perform_config(const Request& request) {
  if (request.completer.device() != 0 || request.completer.function() != 0) {
    return refuse(RequestError::unsupported, request);
  }
  const auto word = static_cast<std::uint32_t>(request.address & ~std::uint64_t{3});
  const auto first = static_cast<unsigned>(request.address & 3U);
  std::array<std::uint8_t, 4> bytes{};
  if (is_read(request.kind)) {
    store_word(bytes, config_space_.read(word));
    std::copy_n(bytes.begin() + first, request.data.size(), request.data.begin());
  } else {
    master_.set_id(request.completer);
    std::array<std::uint8_t, 4> mask{};
    std::ranges::copy(request.data, bytes.begin() + first);
    std::fill_n(mask.begin() + first, request.data.size(), std::uint8_t{0xFF});
    config_space_.write(word, load_word(bytes), load_word(mask));
    master_.config_changed();
  }
  return CompletionStatus::success;
}

CompletionStatus PcieFunction::perform_memory(const Request& request) {
  const auto target = config_space_.memory_enabled() ? config_space_.decode(request.address) : std::nullopt;
  if (!target) return refuse(RequestError::unsupported, request);
  const CompletionStatus status = access_bar(*target, request);
  if (status == CompletionStatus::unsupported_request) return refuse(RequestError::unsupported, request);
  if (status == CompletionStatus::completer_abort) return refuse(RequestError::abort, request);
  return status;
}

// The function's own registers: null where a target of the device is.
RegisterBlock* PcieFunction::registers_behind(unsigned bar) {
  if (!msix_) return nullptr;
  if (bar == msix_->table_bar) return &config_space_.msix()->table();
  return bar == msix_->pending_bar ? &config_space_.msix()->pending() : nullptr;
}

CompletionStatus PcieFunction::access_bar(const ConfigSpace::Target& target, const Request& request) {
  const bool read = is_read(request.kind);
  if (RegisterBlock* registers = registers_behind(target.bar)) {
    const AccessResult result =
        read ? registers->read(target.offset, request.data) : registers->write(target.offset, request.data);
    if (result == AccessResult::done) return CompletionStatus::success;
    return result == AccessResult::nothing_there ? CompletionStatus::unsupported_request
                                                 : CompletionStatus::completer_abort;
  }
  const Payload payload =
      payloads_.get(read ? tlm::TLM_READ_COMMAND : tlm::TLM_WRITE_COMMAND, target.offset, request.data);
  sc_core::sc_time delay;
  (*bars_[target.bar])->b_transport(*payload, delay);
  if (delay > sc_core::SC_ZERO_TIME) wait(delay);
  switch (payload->get_response_status()) {
    case tlm::TLM_OK_RESPONSE:
      return CompletionStatus::success;
    case tlm::TLM_ADDRESS_ERROR_RESPONSE:
      return CompletionStatus::unsupported_request;
    default:
      return CompletionStatus::completer_abort;
  }
}

}  // namespace ipusim::device
