// SPDX-License-Identifier: Apache-2.0
// Transaction layer packets as TLM-2.0 generic payloads with an extension.
//
// Payload: command read or write as the kind says (of a message: ignore); address = the 64-bit bus address of
// a memory request, the byte offset in configuration space (0..0xFFF) of a configuration request; data and
// length in bytes, of any alignment for memory requests (first and last byte enables select them). Bytes with
// gaps, or none at all: `enables`. No TLM byte enables, no streaming.
//
// Down a link: b_transport, or nb_transport in the four phases of the base protocol, many at a time; up it
// posted writes and messages by b_transport, reads by nb_transport. BEGIN_RESP is the completion, which
// belongs to the request with its requester and tag.
#pragma once

#include <tlm.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ipusim/device/pcie/completion_status.hpp"
#include "ipusim/device/pcie/packet.hpp"
#include "ipusim/device/pcie/requester_id.hpp"

namespace ipusim::device {

enum class TlpKind : std::uint8_t { config_read, config_write, memory_read, memory_write, message };

constexpr bool is_read(TlpKind kind) { return kind == TlpKind::config_read || kind == TlpKind::memory_read; }
constexpr bool is_config(TlpKind kind) {
  return kind == TlpKind::config_read || kind == TlpKind::config_write;
}
// Memory writes and messages are posted: they are over for the requester when they are on the link.
constexpr bool is_posted(TlpKind kind) { return kind == TlpKind::memory_write || kind == TlpKind::message; }

struct TlpExtension : tlm::tlm_extension<TlpExtension> {
  TlpExtension() = default;
  TlpExtension(TlpKind tlp_kind, RequesterId from, RequesterId to = {}, std::uint8_t tlp_tag = 0)
      : kind(tlp_kind), requester(from), completer(to), tag(tlp_tag) {}

  TlpKind kind = TlpKind::memory_read;
  RequesterId requester;
  RequesterId completer;                             // of a configuration request
  std::uint8_t tag = 0;                              // tells requests of one requester apart
  CompletionStatus status = CompletionStatus::none;  // set by the completer; stays `none` if posted
  bool lost = false;  // set by who drops it: the transaction is over, and no completion comes
  // Of a memory request of whole words, of which these bytes count; without it all bytes of the payload do.
  std::optional<ByteEnables> enables;
  bool poisoned = false;       // the data of a write, or, set by the completer, of the completion is bad
  bool relaxed_order = false;  // kept; requests are not reordered
  bool no_snoop = false;       // likewise
  std::uint8_t traffic_class = 0;
  std::uint8_t message = 0;  // its code, message_code of packet.hpp
  // Set by the completer: completions of a read end at multiples of this many bytes, 64 or more; 0: of the
  // payload size.
  std::uint32_t completion_bytes = 0;

  tlm::tlm_extension_base* clone() const override { return new TlpExtension(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    *this = static_cast<const TlpExtension&>(other);
  }
};

// The bytes lie in this many 32-bit words of payload.
constexpr std::uint64_t payload_words(std::uint64_t address, std::uint64_t bytes) {
  return ((address & 3U) + bytes + 3) / 4;
}
// No memory request may cross such a boundary.
inline constexpr std::uint64_t request_boundary_bytes = 4096;
constexpr bool crosses_boundary(std::uint64_t address, std::uint64_t bytes) {
  return address % request_boundary_bytes + bytes > request_boundary_bytes;
}

inline std::span<std::uint8_t> data_of(tlm::tlm_generic_payload& payload) {
  return {payload.get_data_ptr(), payload.get_data_length()};
}
// Bytes that a request of whole words touches, in runs of neighbouring ones: offsets in the payload.
struct ByteRun {
  std::size_t offset;
  std::size_t bytes;
};
std::vector<ByteRun> runs_of(std::size_t bytes, ByteEnables enables);

// The same as packets. Of a payload with a TlpExtension.
Packet request_packet(const tlm::tlm_generic_payload& payload);
// All completions of a request that is over, in order; none of one whose status is `none`. completer: who
// answered; most: the payload size.
std::vector<Packet> completion_packets(const tlm::tlm_generic_payload& payload, RequesterId completer,
                                       std::uint32_t most);
// Bytes from `address` on until the next multiple of `most`, or the one that the completer chose, or `end`.
std::uint64_t end_of_completion(std::uint64_t address, std::uint64_t end, std::uint32_t most,
                                std::uint32_t completion_bytes);

}  // namespace ipusim::device
