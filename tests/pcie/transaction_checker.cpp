// SPDX-License-Identifier: Apache-2.0
#include "transaction_checker.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

namespace ipusim::pcie_test {

using namespace ipusim::device;

namespace {

constexpr unsigned most_tag = 31;  // extended tags are not there
constexpr std::uint32_t page = 4096;
constexpr std::uint64_t root_boundary = 64;       // completions of a root port end at multiples of this
constexpr std::uint64_t endpoint_boundary = 128;  // and those of everybody else
// Packets that were under way when the host disabled bus mastering still arrive.
const sc_core::sc_time under_way(10, sc_core::SC_US);

std::string_view name_of(LinkTap::Way way) { return way == LinkTap::Way::down ? "down" : "up"; }

}  // namespace

TransactionChecker::TransactionChecker(sc_core::sc_module_name name, const LinkState* state, Tell tell,
                                       std::uint32_t pcie_capability)
    : LinkTap(name), state_(state), tell_(std::move(tell)), pcie_(pcie_capability) {}

TransactionChecker::~TransactionChecker() {
  for (const auto& [key, open] : open_) tell("no completion has come", open.request);
}

void TransactionChecker::tell(const std::string& what, const Packet& packet) {
  const std::string sentence = fmt::format("{}: {}: {}", name(), describe(packet), what);
  if (tell_) {
    tell_(sentence);
  } else {
    ADD_FAILURE() << sentence;
  }
}

TransactionChecker::Key TransactionChecker::key_of(Way way, const Packet& packet) {
  return {way, std::uint32_t{packet.requester.value} << 8U | packet.tag};
}

// --- What comes over the link

void TransactionChecker::on_request(Way way, tlm::tlm_generic_payload& payload, const sc_core::sc_time& at) {
  request(way, request_packet(payload), at);
}

void TransactionChecker::on_end(Way way, tlm::tlm_generic_payload& payload, const sc_core::sc_time& at) {
  const auto& tlp = *payload.get_extension<TlpExtension>();
  if (tlp.lost || (tlp.status == CompletionStatus::none && !payload.is_response_ok() &&
                   payload.get_response_status() != tlm::TLM_ADDRESS_ERROR_RESPONSE)) {
    lost(way, request_packet(payload));
    return;
  }
  const RequesterId completer = way == Way::down ? device_ : RequesterId{};
  const auto packets = completion_packets(payload, completer, max_payload_);
  if (packets.empty())
    tell("its end says neither how it ended nor that it was lost", request_packet(payload));
  for (const Packet& packet : packets) completion(way, packet, at);
}

// --- Requests

void TransactionChecker::check_bits(const Packet& packet) {
  const auto bytes = encode(packet);
  const Decoded decoded = decode(bytes);
  if (!decoded.packet) {
    tell("its bytes are refused: " + decoded.refusal, packet);
  } else if (encode(*decoded.packet) != bytes) {
    tell("its bytes decode to something else", packet);
  }
}

void TransactionChecker::check_memory(Way way, const Packet& packet) {
  const std::uint64_t bytes = 4ULL * packet.words;
  if (packet.address / page != (packet.address + bytes - 1) / page) {
    tell("it crosses a 4 KiB boundary", packet);
  }
  if (packet.type == PacketType::memory_write && bytes > max_payload_) {
    tell(fmt::format("more data than the largest payload of {} bytes", max_payload_), packet);
  }
  // The root port has a limit of its own.
  if (packet.type == PacketType::memory_read && way == Way::up && bytes > max_read_request_) {
    tell(fmt::format("more than the largest read request of {} bytes", max_read_request_), packet);
  }
  const unsigned first = packet.enables.first;
  const unsigned last = packet.enables.last;
  const bool quad = packet.words == 2 && packet.address % 8 == 0;
  if (packet.words == 1 && last != 0) tell("last byte enables of a single word", packet);
  if (packet.words > 1 && (first == 0 || last == 0)) tell("a first or last word of no bytes", packet);
  if (packet.words > 1 && !quad) {
    const bool up = std::has_single_bit(16U - first) || first == 0xF;  // 1000, 1100, 1110, 1111
    const bool down = std::has_single_bit(last + 1U);                  // 0001, 0011, 0111, 1111
    if (first != 0 && last != 0 && (!up || !down)) tell("byte enables with gaps", packet);
  }
}

void TransactionChecker::check_config(Way way, const Packet& packet) {
  if (way == Way::up) tell("a device sends no configuration requests", packet);
  if (packet.words != 1 || packet.enables.last != 0) tell("configuration requests are of one word", packet);
  if (packet.type != PacketType::config_read_0 && packet.type != PacketType::config_write_0) {
    tell("a configuration request of type 1 on the link of an endpoint", packet);
  }
}

void TransactionChecker::check_sender(Way way, const Packet& packet, const sc_core::sc_time& at) {
  if (way == Way::down) {
    if (is_message(packet.type)) tell("an error message goes to the root complex", packet);
    return;
  }
  if (packet.requester != device_) tell(fmt::format("its sender is {}", to_string(device_)), packet);
  const bool disabled = !bus_master_ && at > bus_master_changed_ + under_way;
  if (is_memory(packet.type) && disabled) tell("bus mastering is disabled", packet);
}

void TransactionChecker::request(Way way, const Packet& packet, const sc_core::sc_time& at) {
  ++packets_;
  if (state_ != nullptr && state_->losses() != losses_) {
    losses_ = state_->losses();
    // What was under way is gone, and the function is as after a reset.
    open_.clear();
    max_payload_ = 128;
    max_read_request_ = 512;
    bus_master_ = false;
    bus_master_changed_ = at;
  }
  if (state_ != nullptr && !state_->up()) tell("the link is down", packet);
  if (is_completion(packet.type)) tell("a completion is no request", packet);
  check_bits(packet);
  check_sender(way, packet, at);
  if (is_memory(packet.type)) check_memory(way, packet);
  if (is_config(packet.type)) check_config(way, packet);
  if (packet.type == PacketType::config_write_0) learn(packet, at);
  if (packet.type == PacketType::memory_write || is_message(packet.type)) return;
  if (packet.tag > most_tag) tell("a tag of more than 5 bits", packet);
  Open open{packet, packet.address + (lower_address_of(packet) & 3U), byte_count_of(packet)};
  if (!is_memory(packet.type)) open = {packet, 0, 4};  // whatever bytes are enabled
  if (!open_.try_emplace(key_of(way, packet), std::move(open)).second) {
    tell("the tag is that of a request without completion", packet);
  }
}

// What the host sets in the function.
void TransactionChecker::learn(const Packet& write, const sc_core::sc_time& at) {
  device_ = write.completer;
  const auto enabled = [&](unsigned byte) { return (write.enables.first >> byte & 1U) != 0; };
  if (write.address == 0x04 && enabled(0)) {
    const bool now = (write.data[0] & 4U) != 0;
    if (now != bus_master_) bus_master_changed_ = at;
    bus_master_ = now;
  }
  if (write.address == pcie_ + 8U) {
    // A size that the function does not have leaves the field as it was; the driver asks for none.
    if (enabled(0)) max_payload_ = 128U << (write.data[0] >> 5U);
    if (enabled(1)) max_read_request_ = 128U << (write.data[1] >> 4U & 7U);
    if (enabled(1) && (write.data[1] & 0x80U) != 0) {  // function-level reset
      max_read_request_ = 512;
      bus_master_ = false;
      bus_master_changed_ = at;
    }
  }
}

// --- Completions

void TransactionChecker::check_data(Way way, const Packet& packet, Open& open) {
  const std::uint64_t boundary = way == Way::up ? root_boundary : endpoint_boundary;
  if (4ULL * packet.words > max_payload_) {
    tell(fmt::format("more data than the largest payload of {} bytes", max_payload_), packet);
  }
  if (packet.byte_count != open.left) {
    tell(fmt::format("{} bytes are left, not {}", open.left, packet.byte_count), packet);
  }
  if (is_memory(open.request.type) && packet.lower_address != (open.next & 0x7FU)) {
    tell(fmt::format("the next byte is at ..{:02x}", open.next & 0x7FU), packet);
  }
  const std::uint64_t carried = std::min<std::uint64_t>(4ULL * packet.words - (open.next & 3U), open.left);
  open.next += carried;
  open.left -= static_cast<std::uint32_t>(carried);
  if (open.left != 0 && open.next % boundary != 0) {
    tell(fmt::format("it ends at {:#x}, within the completion boundary of {} bytes", open.next, boundary),
         packet);
  }
}

void TransactionChecker::completion(Way way, const Packet& packet, const sc_core::sc_time&) {
  ++packets_;
  if (state_ != nullptr && !state_->up()) return;  // its host hears nothing of it
  if (!is_completion(packet.type)) tell("no completion", packet);
  check_bits(packet);
  const auto found = open_.find(key_of(way, packet));
  if (found == open_.end()) {
    // Of a time before the link was lost.
    if (state_ == nullptr || state_->losses() == losses_) {
      tell(fmt::format("nobody asked for it, {}", name_of(way)), packet);
    }
    return;
  }
  Open& open = found->second;
  const bool read = !has_data(open.request.type);
  if (packet.status == CompletionStatus::retry && !is_config(open.request.type)) {
    tell("only configuration requests are to be tried again", packet);
  }
  if (packet.traffic_class != open.request.traffic_class)
    tell("another traffic class than its request", packet);
  const bool data = packet.type == PacketType::completion_with_data;
  if (packet.status == CompletionStatus::success && data != read) {
    tell(read ? "a read is completed without data" : "a write is completed with data", packet);
  }
  if (data && read) {
    check_data(way, packet, open);
    if (open.left != 0 && is_memory(open.request.type)) return;
  }
  open_.erase(found);
}

void TransactionChecker::lost(Way way, const Packet& request) { open_.erase(key_of(way, request)); }

}  // namespace ipusim::pcie_test
