// SPDX-License-Identifier: Apache-2.0
// A transaction layer packet by its fields, and bit for bit (PCI Express base specification 4.0, 2.2). No
// SystemC.
//
// Not among them, and refused: I/O and locked requests, atomic operations, prefixes, digests (ECRC), tags of
// more than 8 bits.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/device/pcie/completion_status.hpp"
#include "ipusim/device/pcie/requester_id.hpp"

namespace ipusim::device {

enum class PacketType : std::uint8_t {
  memory_read,
  memory_write,
  config_read_0,  // type 0: for the device on the link; type 1: for one behind it
  config_write_0,
  config_read_1,
  config_write_1,
  completion,
  completion_with_data,
  message,
  message_with_data
};
std::string_view to_string(PacketType type);

constexpr bool has_data(PacketType type) {
  return type == PacketType::memory_write || type == PacketType::config_write_0 ||
         type == PacketType::config_write_1 || type == PacketType::completion_with_data ||
         type == PacketType::message_with_data;
}
constexpr bool is_config(PacketType type) {
  return type >= PacketType::config_read_0 && type <= PacketType::config_write_1;
}
constexpr bool is_memory(PacketType type) {
  return type == PacketType::memory_read || type == PacketType::memory_write;
}
constexpr bool is_completion(PacketType type) {
  return type == PacketType::completion || type == PacketType::completion_with_data;
}
constexpr bool is_message(PacketType type) {
  return type == PacketType::message || type == PacketType::message_with_data;
}

// Which way a message goes.
enum class MessageRouting : std::uint8_t { to_root_complex, by_address, by_id, broadcast, local, gathered };

namespace message_code {
inline constexpr std::uint8_t correctable = 0x30;  // ERR_COR
inline constexpr std::uint8_t non_fatal = 0x31;    // ERR_NONFATAL
inline constexpr std::uint8_t fatal = 0x33;        // ERR_FATAL
}  // namespace message_code

// Byte enables of the first and the last word of a request; bit n: byte n. One word has no last one: 0.
struct ByteEnables {
  std::uint8_t first = 0;
  std::uint8_t last = 0;
  friend constexpr bool operator==(ByteEnables, ByteEnables) = default;
};
// Of `bytes` (1..4096) neighbouring bytes.
ByteEnables enables_of(std::uint64_t address, std::uint64_t bytes);

struct Packet {
  PacketType type = PacketType::memory_read;
  std::uint8_t traffic_class = 0;  // 0..7
  bool relaxed_order = false;
  bool no_snoop = false;
  bool id_based_order = false;
  bool poisoned = false;    // EP: the data is known to be bad
  std::uint32_t words = 0;  // 1..1024: of data, or that are asked for; 0 where neither is
  // Who asks, in a completion who asked.
  RequesterId requester;
  std::uint8_t tag = 0;
  // Of memory and configuration requests.
  std::uint64_t address = 0;  // a multiple of 4; in configuration space the offset
  ByteEnables enables;
  // Of configuration requests whom they are for, of completions whom they are from.
  RequesterId completer;
  // Of completions.
  CompletionStatus status = CompletionStatus::success;  // success, UR, CRS or CA
  std::uint32_t byte_count = 0;                         // 1..4096: bytes left, with those of this completion
  std::uint8_t lower_address = 0;                       // [6:0] of the first byte that is asked for
  // Of messages.
  MessageRouting routing = MessageRouting::to_root_complex;
  std::uint8_t code = 0;
  std::array<std::uint8_t, 8> message_bytes{};  // of the header: 8..15

  std::vector<std::uint8_t> data;  // 4 * words, where the type has data

  friend bool operator==(const Packet&, const Packet&) = default;
};

// Of a memory request: bytes from the first enabled one to the last (1 if there is none), and what
// lower_address of its first completion is. Table 2-37 and 2-38.
std::uint32_t byte_count_of(const Packet& request);
std::uint8_t lower_address_of(const Packet& request);

// Bytes of the header: 12, or 16.
unsigned header_bytes(const Packet& packet);
// As the link carries it. Fields beyond their range are cut off; what else is wrong stays wrong.
std::vector<std::uint8_t> encode(const Packet& packet);
// Its header as error logs hold it: the first byte in [31:24]; without a fourth word 0 stands there.
std::array<std::uint32_t, 4> header_words(const Packet& packet);

// A packet, or why there is none.
struct Decoded {
  std::optional<Packet> packet;
  std::string refusal;  // a sentence
  // The packet is right in itself, and of a kind that nobody here takes.
  bool unsupported = false;
};
// Any bytes. Reserved fields are not looked at, as the specification demands.
Decoded decode(std::span<const std::uint8_t> bytes);

// Why a packet is malformed: lengths, byte enables, 4 KiB boundaries, fields that a kind must not set. Empty:
// it is not. What it is beside its bytes - payload size, tags - is for those who know the link.
std::string malformed(const Packet& packet);

// "memory read of 64 bytes at 0x1000, tag 3 of 01:00.0"
std::string describe(const Packet& packet);
// "01:00.0"
std::string to_string(RequesterId id);

}  // namespace ipusim::device
