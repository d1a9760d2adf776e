// SPDX-License-Identifier: Apache-2.0
// Transaction layer packets as TLM-2.0 generic payloads with an extension.
//
// Payload: command read or write as the kind says; address = the 64-bit bus address of a memory request, the
// byte offset in configuration space (0..0xFFF) of a configuration request; data and length in bytes, of any
// alignment for memory requests (first and last byte enables select them). No TLM byte enables, no streaming.
//
// Down a link and for posted writes up it: b_transport. Reads up a link, many at a time: nb_transport in the
// four phases of the base protocol; BEGIN_RESP is the completion, which belongs to the request with its
// requester and tag.
#pragma once

#include <tlm.h>

#include <cstdint>

#include "ipusim/device/pcie/completion_status.hpp"
#include "ipusim/device/pcie/requester_id.hpp"

namespace ipusim::device {

enum class TlpKind : std::uint8_t { config_read, config_write, memory_read, memory_write };

constexpr bool is_read(TlpKind kind) { return kind == TlpKind::config_read || kind == TlpKind::memory_read; }
constexpr bool is_config(TlpKind kind) {
  return kind == TlpKind::config_read || kind == TlpKind::config_write;
}
// Memory writes are posted: they are over for the requester when they are on the link.
constexpr bool is_posted(TlpKind kind) { return kind == TlpKind::memory_write; }

struct TlpExtension : tlm::tlm_extension<TlpExtension> {
  TlpExtension() = default;
  TlpExtension(TlpKind tlp_kind, RequesterId from, RequesterId to = {}, std::uint8_t tlp_tag = 0)
      : kind(tlp_kind), requester(from), completer(to), tag(tlp_tag) {}

  TlpKind kind = TlpKind::memory_read;
  RequesterId requester;
  RequesterId completer;                             // of a configuration request
  std::uint8_t tag = 0;                              // tells requests of one requester apart
  CompletionStatus status = CompletionStatus::none;  // set by the completer; stays `none` if posted

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

}  // namespace ipusim::device
