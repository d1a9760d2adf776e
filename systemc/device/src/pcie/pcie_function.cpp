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
  if (extension->kind == TlpKind::message) return tlm::TLM_COMMAND_ERROR_RESPONSE;  // none goes down
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
    case CompletionStatus::none:
    case CompletionStatus::success:
      return tlm::TLM_OK_RESPONSE;
    default:
      return tlm::TLM_GENERIC_ERROR_RESPONSE;
  }
}

}  // namespace

PcieFunction::PcieFunction(sc_core::sc_module_name name, const FunctionDescription& description)
    : sc_core::sc_module(name),
      link("link"),
      msix_(description.msix),
      config_space_(description),
      down_(description.link),
      master_("master", config_space_, description.link, link_state_, description.tags) {
  for (const BarDescription& bar : description.bars) {
    bars_[bar.number] = std::make_unique<BarSocket>(fmt::format("bar{}", bar.number).c_str());
  }
  link.register_b_transport(this, &PcieFunction::b_transport);
  link.register_nb_transport_fw(this, &PcieFunction::nb_transport_fw);
  link.register_transport_dbg(this, &PcieFunction::transport_dbg);
  master_.on_timeout([this] { report(RequestError::completion_timeout, false, {}); });
  master_.on_completion(
      [this](Payload completion, const sc_core::sc_time& delay) { send_down(std::move(completion), delay); });
  SC_HAS_PROCESS(PcieFunction);
  SC_THREAD(downward_thread);
  SC_THREAD(answer_thread);
  SC_METHOD(link_changed);
  sensitive << link_state_.changed();
  dont_initialize();
}

PcieFunction::BarSocket& PcieFunction::bar(unsigned number) {
  auto& socket = bars_.at(number);
  if (!socket) throw std::out_of_range(fmt::format("the function has no target behind BAR {}", number));
  return *socket;
}

// --- The link

LinkDirection::Passage PcieFunction::take(tlm::tlm_generic_payload& transaction,
                                          const sc_core::sc_time& delay) {
  const auto& tlp = *transaction.get_extension<TlpExtension>();
  const std::uint64_t address = transaction.get_address();
  const auto data = data_of(transaction);
  const std::uint64_t header = is_config(tlp.kind) ? header_bytes_3dw : memory_header_bytes(address);
  const std::uint64_t words = is_read(tlp.kind) ? 0 : payload_words(address, data.size());
  const bool posted = is_posted(tlp.kind);
  const auto passage = down_.send(sc_core::sc_time_stamp() + delay, header, words,
                                  posted ? PacketClass::posted : PacketClass::non_posted);
  if (!posted) return passage;
  if (link_state_.up()) {
    // The host may use its bytes again before they arrive.
    Payload copy = payloads_.get(tlm::TLM_WRITE_COMMAND, address, data.size());
    std::ranges::copy(data, copy->get_data_ptr());
    downward_.push_back({passage.arrives, std::move(copy), tlp, Downward::What::write});
    downward_changed_.notify();
  }
  return passage;
}

void PcieFunction::b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  auto* tlp = transaction.get_extension<TlpExtension>();
  transaction.set_dmi_allowed(false);
  const tlm::tlm_response_status shape = check_shape(transaction, tlp);
  transaction.set_response_status(shape);
  if (shape != tlm::TLM_OK_RESPONSE) return;
  tlp->status = CompletionStatus::none;
  const auto passage = take(transaction, delay);
  if (is_posted(tlp->kind)) {
    delay = passage.sent - sc_core::sc_time_stamp();
    return;
  }
  if (wait_for_turn(passage.arrives)) {
    answer(transaction);
  } else {
    tlp->lost = true;
  }
  delay = sc_core::SC_ZERO_TIME;
  if (tlp->lost) {
    transaction.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
  } else {
    delay = complete(transaction) - sc_core::sc_time_stamp();
  }
  send_messages();
}

// What a request that has arrived leaves in its payload.
void PcieFunction::answer(tlm::tlm_generic_payload& transaction) {
  auto& tlp = *transaction.get_extension<TlpExtension>();
  const auto status = perform({tlp, transaction.get_address(), data_of(transaction)});
  tlp.lost = !status;
  if (status) tlp.status = *status;
  transaction.set_response_status(status ? response_of(*status) : tlm::TLM_GENERIC_ERROR_RESPONSE);
  if (config_space_.take_reset_request()) reset();
}

tlm::tlm_sync_enum PcieFunction::nb_transport_fw(tlm::tlm_generic_payload& transaction, tlm::tlm_phase& phase,
                                                 sc_core::sc_time& delay) {
  if (phase == tlm::END_RESP) {
    answering_ = nullptr;
    answer_ended_.notify(delay);
    return tlm::TLM_COMPLETED;
  }
  auto* tlp = transaction.get_extension<TlpExtension>();
  transaction.set_dmi_allowed(false);
  const tlm::tlm_response_status shape = check_shape(transaction, tlp);
  transaction.set_response_status(shape);
  if (shape != tlm::TLM_OK_RESPONSE) return tlm::TLM_COMPLETED;
  tlp->status = CompletionStatus::none;
  const auto passage = take(transaction, delay);
  delay = passage.sent - sc_core::sc_time_stamp();
  if (is_posted(tlp->kind)) return tlm::TLM_COMPLETED;
  if (!link_state_.up()) {
    tlp->lost = true;
    transaction.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    return tlm::TLM_COMPLETED;
  }
  transaction.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  downward_.push_back({passage.arrives, Payload::share(transaction), {}, Downward::What::request});
  downward_changed_.notify();
  phase = tlm::END_REQ;
  return tlm::TLM_UPDATED;
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

// Until a request that arrives then is the next one: no request passes a posted one. False: the link is lost.
bool PcieFunction::wait_for_turn(const sc_core::sc_time& arrival) {
  const unsigned losses = link_state_.losses();
  const auto lost = [&] { return !link_state_.up() || losses != link_state_.losses(); };
  // Not longer than a latency: to be woken by a lost link would cost every request.
  if (arrival > sc_core::sc_time_stamp()) wait(arrival - sc_core::sc_time_stamp());
  while (!lost() && !downward_.empty() && downward_.front().arrives <= arrival) {
    wait(downward_changed_ | link_state_.changed());
  }
  return !lost();
}

// Sends the completions of a request that is over; when the last one is back.
sc_core::sc_time PcieFunction::complete(const tlm::tlm_generic_payload& transaction) {
  const auto& tlp = *transaction.get_extension<TlpExtension>();
  if (!is_read(tlp.kind) || tlp.status != CompletionStatus::success) return master_.send_completion(0);
  sc_core::sc_time back;
  for (std::uint64_t at = transaction.get_address(), end = at + transaction.get_data_length(); at < end;) {
    const std::uint64_t next =
        end_of_completion(at, end, config_space_.max_payload_bytes(), tlp.completion_bytes);
    back = master_.send_completion(payload_words(at, next - at));
    at = next;
  }
  return back;
}

// A completion for the function itself comes down the link, in the same pieces, and not before what was sent
// earlier.
void PcieFunction::send_down(Payload completion, const sc_core::sc_time& delay) {
  if (!link_state_.up()) return;
  const sc_core::sc_time at = sc_core::sc_time_stamp() + delay;
  const auto& tlp = *completion->get_extension<TlpExtension>();
  const std::uint64_t begin = completion->get_address();
  const bool with_data = tlp.status == CompletionStatus::success;
  sc_core::sc_time arrives;
  if (!with_data) arrives = down_.send(at, header_bytes_3dw, 0).arrives;
  for (std::uint64_t from = begin, end = begin + completion->get_data_length(); with_data && from < end;) {
    const std::uint64_t next =
        end_of_completion(from, end, config_space_.max_payload_bytes(), tlp.completion_bytes);
    arrives = down_.send(at, header_bytes_3dw, payload_words(from, next - from)).arrives;
    from = next;
  }
  downward_.push_back({arrives, std::move(completion), {}, Downward::What::completion});
  downward_changed_.notify();
}

void PcieFunction::downward_thread() {
  for (;;) {
    while (downward_.empty()) wait(downward_changed_);
    Downward& next = downward_.front();  // a deque's elements stay where they are as others are added
    if (next.arrives > sc_core::sc_time_stamp()) wait(next.arrives - sc_core::sc_time_stamp());
    act(next);
    downward_.pop_front();
    downward_changed_.notify();
    send_messages();
  }
}

void PcieFunction::act(Downward& packet) {
  tlm::tlm_generic_payload& payload = *packet.payload;
  switch (packet.what) {
    case Downward::What::write:
      if (!packet.lost) perform({packet.tlp, payload.get_address(), data_of(payload)});
      break;
    case Downward::What::completion:
      if (packet.lost) break;
      if (const auto error = master_.arrived(payload)) {
        const auto packets = completion_packets(payload, RequesterId{}, config_space_.max_payload_bytes());
        report(*error, false, packets.empty() ? PacketHeader{} : header_words(packets.front()));
      }
      break;
    case Downward::What::request:
      if (!packet.lost) answer(payload);
      auto& tlp = *payload.get_extension<TlpExtension>();
      if (packet.lost) tlp.lost = true;
      if (tlp.lost) payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
      answers_.push_back(
          {tlp.lost ? sc_core::sc_time_stamp() : complete(payload), packet.payload.share(payload)});
      answers_changed_.notify();
      break;
  }
}

void PcieFunction::answer_thread() {
  for (;;) {
    while (answers_.empty()) wait(answers_changed_);
    const Answer next = std::move(answers_.front());
    answers_.pop_front();
    const unsigned losses = link_state_.losses();
    if (next.back > sc_core::sc_time_stamp()) wait(next.back - sc_core::sc_time_stamp());
    if (losses != link_state_.losses()) {
      next.payload->get_extension<TlpExtension>()->lost = true;
      next.payload->set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    }
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay;
    answering_ = &*next.payload;
    const auto reply = link->nb_transport_bw(*next.payload, phase, delay);
    if (reply == tlm::TLM_COMPLETED || (reply == tlm::TLM_UPDATED && phase == tlm::END_RESP)) {
      answering_ = nullptr;
    }
    while (answering_ != nullptr) wait(answer_ended_);
  }
}

// --- Reset

void PcieFunction::link_changed() {
  if (losses_ != link_state_.losses()) {
    losses_ = link_state_.losses();
    for (Downward& packet : downward_) packet.lost = true;
    // The first one is looked at by its thread when it would have arrived; the others would hold up what is
    // sent over the link when it is up again.
    for (std::size_t n = 1; n < downward_.size(); ++n) {
      if (downward_[n].what == Downward::What::request) act(downward_[n]);
    }
    if (downward_.size() > 1) downward_.erase(downward_.begin() + 1, downward_.end());
    for (Answer& answer : answers_) {
      answer.back = sc_core::sc_time_stamp();
      answer.payload->get_extension<TlpExtension>()->lost = true;
      answer.payload->set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    }
    down_.clear();
    master_.link_lost();
    reset();
  }
  master_.config_changed();
}

void PcieFunction::reset() {
  config_space_.reset();
  master_.reset();
  device_reset_();
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

void PcieFunction::report(RequestError error, bool posted, const PacketHeader& header) {
  if (const auto message = config_space_.record(error, posted, header)) master_.post_message(*message);
}

CompletionStatus PcieFunction::refuse(RequestError error, const Request& request) {
  tlm::tlm_generic_payload payload;
  TlpExtension tlp = request.tlp;
  payload.set_address(request.address);
  payload.set_data_ptr(request.data.data());
  payload.set_data_length(static_cast<unsigned>(request.data.size()));
  payload.set_extension(&tlp);
  report(error, request.posted(), header_words(request_packet(payload)));
  payload.clear_extension(&tlp);
  return error == RequestError::abort ? CompletionStatus::completer_abort
                                      : CompletionStatus::unsupported_request;
}

std::optional<CompletionStatus> PcieFunction::perform(const Request& request) {
  if (malformed(request)) {
    refuse(RequestError::malformed, request);
    return std::nullopt;
  }
  // What is marked as bad is not written.
  if (request.tlp.poisoned && !is_read(request.tlp.kind)) {
    return refuse(RequestError::poisoned, request);
  }
  return is_config(request.tlp.kind) ? perform_config(request) : perform_memory(request);
}

bool PcieFunction::malformed(const Request& request) const {
  const std::uint64_t bytes = request.data.size();
  const std::uint64_t carried = 4 * payload_words(request.address, bytes);
  if (is_config(request.tlp.kind)) return carried > 4 || request.address >= pci::config_bytes;
  if (crosses_boundary(request.address, bytes)) return true;
  if (request.tlp.enables && (request.address % 4 != 0 || bytes % 4 != 0)) return true;
  return !is_read(request.tlp.kind) && carried > config_space_.max_payload_bytes();
}

CompletionStatus PcieFunction::perform_config(const Request& request) {
  if (request.tlp.completer.device() != 0 || request.tlp.completer.function() != 0) {
    return refuse(RequestError::unsupported, request);
  }
  const auto word = static_cast<std::uint32_t>(request.address & ~std::uint64_t{3});
  const auto first = static_cast<unsigned>(request.address & 3U);
  std::array<std::uint8_t, 4> bytes{};
  if (is_read(request.tlp.kind)) {
    store_word(bytes, config_space_.read(word));
    std::copy_n(bytes.begin() + first, request.data.size(), request.data.begin());
  } else {
    master_.set_id(request.tlp.completer);
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
  const auto access = [&](std::span<std::uint8_t> data) {
    const std::uint64_t offset =
        target->offset + static_cast<std::uint64_t>(data.data() - request.data.data());
    const CompletionStatus status = access_bar({target->bar, offset}, request, data);
    if (status == CompletionStatus::unsupported_request) return refuse(RequestError::unsupported, request);
    if (status == CompletionStatus::completer_abort) return refuse(RequestError::abort, request);
    return status;
  };
  if (!request.tlp.enables) return access(request.data);
  for (const ByteRun& run : runs_of(request.data.size(), *request.tlp.enables)) {
    const CompletionStatus status = access(request.data.subspan(run.offset, run.bytes));
    if (status != CompletionStatus::success) return status;
  }
  return CompletionStatus::success;
}

// The function's own registers: null where a target of the device is.
RegisterBlock* PcieFunction::registers_behind(unsigned bar) {
  if (!msix_) return nullptr;
  if (bar == msix_->table_bar) return &config_space_.msix()->table();
  return bar == msix_->pending_bar ? &config_space_.msix()->pending() : nullptr;
}

CompletionStatus PcieFunction::access_bar(const ConfigSpace::Target& target, const Request& request,
                                          std::span<std::uint8_t> data) {
  const bool read = is_read(request.tlp.kind);
  if (RegisterBlock* registers = registers_behind(target.bar)) {
    const AccessResult result =
        read ? registers->read(target.offset, data) : registers->write(target.offset, data);
    if (result == AccessResult::done) return CompletionStatus::success;
    return result == AccessResult::nothing_there ? CompletionStatus::unsupported_request
                                                 : CompletionStatus::completer_abort;
  }
  const Payload payload =
      payloads_.get(read ? tlm::TLM_READ_COMMAND : tlm::TLM_WRITE_COMMAND, target.offset, data);
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
