// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/tlp.hpp"

#include <algorithm>

namespace ipusim::device {

namespace {

PacketType type_of(TlpKind kind) {
  switch (kind) {
    case TlpKind::config_read:
      return PacketType::config_read_0;
    case TlpKind::config_write:
      return PacketType::config_write_0;
    case TlpKind::memory_read:
      return PacketType::memory_read;
    case TlpKind::memory_write:
      return PacketType::memory_write;
    case TlpKind::message:
      break;
  }
  return PacketType::message;
}

// Bytes as the words they lie in; the others are 0.
std::vector<std::uint8_t> in_words(std::uint64_t address, std::span<const std::uint8_t> bytes) {
  std::vector<std::uint8_t> words(4 * payload_words(address, bytes.size()), 0);
  std::ranges::copy(bytes, words.begin() + static_cast<std::ptrdiff_t>(address & 3U));
  return words;
}

std::span<const std::uint8_t> bytes_of(const tlm::tlm_generic_payload& payload) {
  return {payload.get_data_ptr(), payload.get_data_length()};
}

}  // namespace

std::vector<ByteRun> runs_of(std::size_t bytes, ByteEnables enables) {
  std::vector<ByteRun> runs;
  const std::size_t last_word = bytes / 4 - 1;
  for (std::size_t i = 0; i < bytes; ++i) {
    const std::size_t word = i / 4;
    unsigned bits = 0xF;
    if (word == last_word && word != 0) bits = enables.last;
    if (word == 0) bits = enables.first;
    if ((bits >> (i % 4) & 1U) == 0) continue;
    if (!runs.empty() && runs.back().offset + runs.back().bytes == i) {
      ++runs.back().bytes;
    } else {
      runs.push_back({i, 1});
    }
  }
  return runs;
}

std::uint64_t end_of_completion(std::uint64_t address, std::uint64_t end, std::uint32_t most,
                                std::uint32_t completion_bytes) {
  const std::uint64_t cut = completion_bytes == 0 ? most : std::min(most, completion_bytes);
  return std::min(end, (address / cut + 1) * cut);
}

Packet request_packet(const tlm::tlm_generic_payload& payload) {
  const auto& tlp = *payload.get_extension<TlpExtension>();
  const std::uint64_t address = payload.get_address();
  Packet packet;
  packet.type = type_of(tlp.kind);
  packet.traffic_class = tlp.traffic_class;
  packet.relaxed_order = tlp.relaxed_order;
  packet.no_snoop = tlp.no_snoop;
  packet.poisoned = tlp.poisoned && !is_read(tlp.kind);
  packet.requester = tlp.requester;
  packet.tag = tlp.tag;
  if (tlp.kind == TlpKind::message) {
    packet.code = tlp.message;
    return packet;
  }
  packet.words = static_cast<std::uint32_t>(payload_words(address, payload.get_data_length()));
  packet.address = address & ~std::uint64_t{3};
  packet.enables = tlp.enables ? *tlp.enables : enables_of(address, payload.get_data_length());
  packet.completer = tlp.completer;
  if (!is_read(tlp.kind)) packet.data = in_words(address, bytes_of(payload));
  return packet;
}

std::vector<Packet> completion_packets(const tlm::tlm_generic_payload& payload, RequesterId completer,
                                       std::uint32_t most) {
  const auto& tlp = *payload.get_extension<TlpExtension>();
  if (is_posted(tlp.kind) || tlp.status == CompletionStatus::none) return {};
  const Packet request = request_packet(payload);
  Packet common;
  common.type = PacketType::completion;
  common.requester = tlp.requester;
  common.tag = tlp.tag;
  common.completer = completer;
  common.status = tlp.status;
  common.byte_count = 4;  // of all but reads of memory
  common.relaxed_order = tlp.relaxed_order;
  common.no_snoop = tlp.no_snoop;
  common.traffic_class = tlp.traffic_class;
  const bool memory = tlp.kind == TlpKind::memory_read;
  if (memory) {
    common.byte_count = byte_count_of(request);
    common.lower_address = lower_address_of(request);
  }
  if (!is_read(tlp.kind) || tlp.status != CompletionStatus::success) return {common};
  common.type = PacketType::completion_with_data;
  common.poisoned = tlp.poisoned;
  std::vector<Packet> completions;
  const std::uint64_t begin = payload.get_address();
  const std::uint64_t end = begin + payload.get_data_length();
  std::uint32_t left = common.byte_count;
  for (std::uint64_t at = begin; at < end;) {
    const std::uint64_t next = memory ? end_of_completion(at, end, most, tlp.completion_bytes) : end;
    Packet piece = common;
    piece.words = static_cast<std::uint32_t>(payload_words(at, next - at));
    piece.data = in_words(at, bytes_of(payload).subspan(at - begin, next - at));
    piece.byte_count = left;
    if (at != begin) piece.lower_address = static_cast<std::uint8_t>(at & 0x7FU);
    // Enabled bytes of this piece: those from its lower address on.
    const std::uint64_t first = at == begin ? (at & ~std::uint64_t{3}) + (common.lower_address & 3U) : at;
    left -= static_cast<std::uint32_t>(std::min<std::uint64_t>(next - std::min(first, next), left));
    completions.push_back(std::move(piece));
    at = next;
  }
  return completions;
}

}  // namespace ipusim::device
