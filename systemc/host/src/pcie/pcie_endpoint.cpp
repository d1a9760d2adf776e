#include "ipusim/host/pcie/pcie_endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "../bytes.hpp"

namespace ipusim::host {

namespace {

constexpr unsigned chip_vectors = chip::control::vector::gs2_waits + 1;

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

// Generic payload for one of the chip's sockets, or for the host.
void fill(tlm::tlm_generic_payload& transaction, bool read, std::uint64_t address,
          std::span<std::uint8_t> data) {
  transaction.set_command(read ? tlm::TLM_READ_COMMAND : tlm::TLM_WRITE_COMMAND);
  transaction.set_address(address);
  transaction.set_data_ptr(data.data());
  transaction.set_data_length(static_cast<unsigned>(data.size()));
  transaction.set_streaming_width(static_cast<unsigned>(data.size()));
  transaction.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
}

}  // namespace

PcieEndpoint::PcieEndpoint(sc_core::sc_module_name name, const config::PcieConfig& config)
    : sc_core::sc_module(name),
      link("link"),
      upstream("upstream"),
      control("control"),
      memory("memory"),
      config_space_(config),
      msix_(config.msix_vectors),
      down_(config.latency_ns, config.bandwidth_bytes_per_s),
      up_(config.latency_ns, config.bandwidth_bytes_per_s) {
  if (config.msix_vectors < chip_vectors) {
    throw std::invalid_argument(
        fmt::format("pcie.msix_vectors: {}, but the chip has {}", config.msix_vectors, chip_vectors));
  }
  link.register_b_transport(this, &PcieEndpoint::b_transport);
  SC_HAS_PROCESS(PcieEndpoint);
  SC_THREAD(posted_thread);
  SC_THREAD(upward_thread);
}

// --- The link

void PcieEndpoint::b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  auto* extension = transaction.get_extension<TlpExtension>();
  transaction.set_dmi_allowed(false);
  const tlm::tlm_response_status shape = check_shape(transaction, extension);
  transaction.set_response_status(shape);
  if (shape != tlm::TLM_OK_RESPONSE) return;

  const Request request{extension->kind,
                        extension->completer,
                        transaction.get_address(),
                        {transaction.get_data_ptr(), transaction.get_data_length()}};
  const std::uint64_t header =
      is_config(request.kind) ? header_bytes_3dw : memory_header_bytes(request.address);
  const std::uint64_t words = is_read(request.kind) ? 0 : payload_words(request.address, request.data.size());
  const auto passage = down_.send(sc_core::sc_time_stamp() + delay, header, words);
  if (is_posted(request.kind)) {
    posted_.push_back({passage.arrives, request.address, {request.data.begin(), request.data.end()}});
    posted_changed_.notify();
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

// Until a request that arrives then is the next one: no request passes a posted one.
void PcieEndpoint::wait_for_turn(const sc_core::sc_time& arrival) {
  if (arrival > sc_core::sc_time_stamp()) wait(arrival - sc_core::sc_time_stamp());
  while (!posted_.empty() && posted_.front().arrives <= arrival) wait(posted_changed_);
}

// Sends the completions; when the last one is back.
sc_core::sc_time PcieEndpoint::complete(const Request& request, CompletionStatus status) {
  const sc_core::sc_time now = sc_core::sc_time_stamp();
  if (!is_read(request.kind) || status != CompletionStatus::success) {
    return up_.send(now, header_bytes_3dw, 0).arrives;
  }
  // Data comes in pieces that end at multiples of the payload size.
  const std::uint64_t payload = config_space_.max_payload_bytes();
  sc_core::sc_time back;
  for (std::uint64_t at = request.address, end = at + request.data.size(); at < end;) {
    const std::uint64_t next = std::min(end, (at / payload + 1) * payload);
    back = up_.send(now, header_bytes_3dw, payload_words(at, next - at)).arrives;
    at = next;
  }
  return back;
}

void PcieEndpoint::posted_thread() {
  for (;;) {
    while (posted_.empty()) wait(posted_changed_);
    Posted& next = posted_.front();  // a deque's elements stay where they are as others are added
    if (next.arrives > sc_core::sc_time_stamp()) wait(next.arrives - sc_core::sc_time_stamp());
    perform({TlpKind::memory_write, {}, next.address, next.data});
    posted_.pop_front();
    posted_changed_.notify();
    send_messages();
  }
}

void PcieEndpoint::upward_thread() {
  for (;;) {
    while (upward_.empty()) wait(upward_changed_);
    const Upward next = upward_.front();
    upward_.pop_front();
    if (next.arrives > sc_core::sc_time_stamp()) wait(next.arrives - sc_core::sc_time_stamp());
    std::array<std::uint8_t, 4> data{};
    store_word(data, next.message.data);
    TlpExtension extension(TlpKind::memory_write, own_id_);
    tlm::tlm_generic_payload transaction;
    fill(transaction, false, next.message.address, data);
    transaction.set_extension(&extension);
    sc_core::sc_time delay;
    upstream->b_transport(transaction, delay);
    transaction.clear_extension(&extension);
  }
}

// --- Interrupts

void PcieEndpoint::raise(unsigned vector) {
  if (!config_space_.msix_enabled()) return;  // there is no other kind of interrupt
  msix_.raise(vector);
  send_messages();
}

// Sends what is pending and may go now.
void PcieEndpoint::send_messages() {
  if (!config_space_.msix_enabled() || config_space_.msix_masked() || !config_space_.bus_master()) return;
  while (const auto message = msix_.take()) {
    const auto passage =
        up_.send(sc_core::sc_time_stamp(), memory_header_bytes(message->address), payload_words(0, 4));
    upward_.push_back({passage.arrives, *message});
    upward_changed_.notify();
  }
}

// --- Requests

CompletionStatus PcieEndpoint::refuse(RequestError error, const Request& request) {
  config_space_.record(error, is_posted(request.kind));
  return error == RequestError::abort ? CompletionStatus::completer_abort
                                      : CompletionStatus::unsupported_request;
}

CompletionStatus PcieEndpoint::perform(const Request& request) {
  if (malformed(request)) return refuse(RequestError::malformed, request);
  return is_config(request.kind) ? perform_config(request) : perform_memory(request);
}

bool PcieEndpoint::malformed(const Request& request) const {
  const std::uint64_t bytes = request.data.size();
  const std::uint64_t carried = 4 * payload_words(request.address, bytes);
  if (is_config(request.kind)) return carried > 4 || request.address >= pci::config_bytes;
  if (crosses_boundary(request.address, bytes)) return true;
  return carried >
         (is_read(request.kind) ? config_space_.max_read_request_bytes() : config_space_.max_payload_bytes());
}

CompletionStatus PcieEndpoint::perform_config(const Request& request) {
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
    own_id_ = request.completer;
    std::array<std::uint8_t, 4> mask{};
    std::ranges::copy(request.data, bytes.begin() + first);
    std::fill_n(mask.begin() + first, request.data.size(), std::uint8_t{0xFF});
    config_space_.write(word, load_word(bytes), load_word(mask));
  }
  return CompletionStatus::success;
}

CompletionStatus PcieEndpoint::perform_memory(const Request& request) {
  const auto target = config_space_.memory_enabled() ? config_space_.decode(request.address) : std::nullopt;
  if (!target) return refuse(RequestError::unsupported, request);
  const CompletionStatus status = access_bar(*target, request);
  if (status == CompletionStatus::unsupported_request) return refuse(RequestError::unsupported, request);
  if (status == CompletionStatus::completer_abort) return refuse(RequestError::abort, request);
  return status;
}

CompletionStatus PcieEndpoint::access_bar(const ConfigSpace::Target& target, const Request& request) {
  const bool read = is_read(request.kind);
  if (target.bar == pci::msix_bar || target.bar == pci::pba_bar) {
    const bool table = target.bar == pci::msix_bar;
    if (target.offset >= (table ? msix_.table_bytes() : msix_.pending_bytes())) {
      return CompletionStatus::unsupported_request;
    }
    bool done = false;
    if (table) {
      done = read ? msix_.read_table(target.offset, request.data)
                  : msix_.write_table(target.offset, request.data);
    } else {
      done = read ? msix_.read_pending(target.offset, request.data)
                  : msix_.write_pending(target.offset, request.data);
    }
    return done ? CompletionStatus::success : CompletionStatus::completer_abort;
  }
  tlm::tlm_generic_payload transaction;
  fill(transaction, read, target.offset, request.data);
  sc_core::sc_time delay;
  auto& socket = target.bar == pci::control_bar ? control : memory;
  socket->b_transport(transaction, delay);
  switch (transaction.get_response_status()) {
    case tlm::TLM_OK_RESPONSE:
      return CompletionStatus::success;
    case tlm::TLM_ADDRESS_ERROR_RESPONSE:
      return CompletionStatus::unsupported_request;
    default:
      return CompletionStatus::completer_abort;
  }
}

}  // namespace ipusim::host
