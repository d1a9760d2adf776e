// SPDX-License-Identifier: Apache-2.0
// Bits of packets; bytes in the order of the link, so that the first byte of a word is its [31:24].
#include <fmt/format.h>

#include <algorithm>

#include "ipusim/device/pcie/packet.hpp"

namespace ipusim::device {

namespace {

// Fmt [7:5] of the first byte.
constexpr unsigned fmt_four_words = 1;
constexpr unsigned fmt_data = 2;
constexpr unsigned fmt_prefix = 4;
// Type [4:0] of the first byte.
constexpr unsigned type_memory = 0x00;
constexpr unsigned type_memory_locked = 0x01;
constexpr unsigned type_io = 0x02;
constexpr unsigned type_config_0 = 0x04;
constexpr unsigned type_config_1 = 0x05;
constexpr unsigned type_completion = 0x0A;
constexpr unsigned type_completion_locked = 0x0B;
constexpr unsigned type_fetch_add = 0x0C;
constexpr unsigned type_compare_swap = 0x0E;
constexpr unsigned type_message = 0x10;  // and the routing
constexpr unsigned routing_mask = 7;

constexpr unsigned word_bytes = 4;
constexpr std::uint32_t most_words = 1024;
constexpr std::uint32_t most_bytes = 4096;

// Completion status codes.
struct StatusCode {
  unsigned code;
  CompletionStatus status;
};
constexpr std::array status_codes{
    StatusCode{0, CompletionStatus::success}, StatusCode{1, CompletionStatus::unsupported_request},
    StatusCode{2, CompletionStatus::retry}, StatusCode{4, CompletionStatus::completer_abort}};

unsigned code_of(CompletionStatus status) {
  const auto found = std::ranges::find(status_codes, status, &StatusCode::status);
  return found == status_codes.end() ? 1 : found->code;
}
// A reserved code counts as unsupported request.
CompletionStatus status_of(unsigned code) {
  const auto found = std::ranges::find(status_codes, code, &StatusCode::code);
  return found == status_codes.end() ? CompletionStatus::unsupported_request : found->status;
}

unsigned type_bits(const Packet& p) {
  switch (p.type) {
    case PacketType::memory_read:
    case PacketType::memory_write:
      return type_memory;
    case PacketType::config_read_0:
    case PacketType::config_write_0:
      return type_config_0;
    case PacketType::config_read_1:
    case PacketType::config_write_1:
      return type_config_1;
    case PacketType::completion:
    case PacketType::completion_with_data:
      return type_completion;
    case PacketType::message:
    case PacketType::message_with_data:
      break;
  }
  return type_message | (static_cast<unsigned>(p.routing) & routing_mask);
}

bool four_words(const Packet& p) {
  return is_message(p.type) || (is_memory(p.type) && p.address >> 32U != 0);
}

void put(std::vector<std::uint8_t>& to, std::uint32_t word) {
  for (unsigned shift = 32; shift != 0;) {
    shift -= 8;
    to.push_back(static_cast<std::uint8_t>(word >> shift));
  }
}

std::uint32_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  std::uint32_t word = 0;
  for (unsigned i = 0; i < word_bytes; ++i) word = word << 8U | bytes[at + i];
  return word;
}

std::uint32_t first_word(const Packet& p) {
  const unsigned format = (has_data(p.type) ? fmt_data : 0) | (four_words(p) ? fmt_four_words : 0);
  return format << 29U | type_bits(p) << 24U | (p.traffic_class & 7U) << 20U |
         std::uint32_t{p.id_based_order} << 18U | std::uint32_t{p.poisoned} << 14U |
         std::uint32_t{p.relaxed_order} << 13U | std::uint32_t{p.no_snoop} << 12U | (p.words & 0x3FFU);
}

void put_header(std::vector<std::uint8_t>& to, const Packet& p) {
  put(to, first_word(p));
  if (is_completion(p.type)) {
    put(to, std::uint32_t{p.completer.value} << 16U | code_of(p.status) << 13U |
                (p.byte_count & (most_bytes - 1)));
    put(to, std::uint32_t{p.requester.value} << 16U | std::uint32_t{p.tag} << 8U | (p.lower_address & 0x7FU));
    return;
  }
  const std::uint32_t sender = std::uint32_t{p.requester.value} << 16U | std::uint32_t{p.tag} << 8U;
  if (is_message(p.type)) {
    put(to, sender | p.code);
    to.insert(to.end(), p.message_bytes.begin(), p.message_bytes.end());
    return;
  }
  put(to, sender | (p.enables.last & 0xFU) << 4U | (p.enables.first & 0xFU));
  if (is_config(p.type)) {
    put(to, std::uint32_t{p.completer.value} << 16U | (static_cast<std::uint32_t>(p.address) & 0xFFCU));
    return;
  }
  if (four_words(p)) put(to, static_cast<std::uint32_t>(p.address >> 32U));
  put(to, static_cast<std::uint32_t>(p.address) & ~3U);
}

// --- Decoding

Decoded refused(std::string why, bool unsupported = false) {
  return {std::nullopt, std::move(why), unsupported};
}

// The type by its bits; nullopt where there is none that this decoder takes.
std::optional<PacketType> type_of(unsigned format, unsigned type) {
  const bool data = (format & fmt_data) != 0;
  const bool four = (format & fmt_four_words) != 0;
  if (type == type_memory) return data ? PacketType::memory_write : PacketType::memory_read;
  if (type >= type_message && type < type_message + routing_mask + 1 && four) {
    return data ? PacketType::message_with_data : PacketType::message;
  }
  if (four) return std::nullopt;
  if (type == type_config_0) return data ? PacketType::config_write_0 : PacketType::config_read_0;
  if (type == type_config_1) return data ? PacketType::config_write_1 : PacketType::config_read_1;
  if (type == type_completion) return data ? PacketType::completion_with_data : PacketType::completion;
  return std::nullopt;
}

Decoded refuse_type(unsigned format, unsigned type) {
  const bool known = type == type_memory_locked || type == type_io || type == type_completion_locked ||
                     (type >= type_fetch_add && type <= type_compare_swap && (format & fmt_data) != 0);
  return refused(fmt::format("no packet that is taken here has format {} and type {:#x}", format, type),
                 known);
}

// Everything behind the first word.
void take_rest(Packet& p, std::span<const std::uint8_t> bytes, bool four) {
  const std::uint32_t second = word_at(bytes, 4);
  const std::uint32_t third = word_at(bytes, 8);
  if (is_completion(p.type)) {
    p.completer = {static_cast<std::uint16_t>(second >> 16U)};
    p.status = status_of(second >> 13U & 7U);
    p.byte_count = second & (most_bytes - 1);
    if (p.byte_count == 0) p.byte_count = most_bytes;
    p.requester = {static_cast<std::uint16_t>(third >> 16U)};
    p.tag = static_cast<std::uint8_t>(third >> 8U);
    p.lower_address = static_cast<std::uint8_t>(third & 0x7FU);
    return;
  }
  p.requester = {static_cast<std::uint16_t>(second >> 16U)};
  p.tag = static_cast<std::uint8_t>(second >> 8U);
  if (is_message(p.type)) {
    p.code = static_cast<std::uint8_t>(second);
    std::copy_n(bytes.begin() + 8, p.message_bytes.size(), p.message_bytes.begin());
    return;
  }
  p.enables = {static_cast<std::uint8_t>(second & 0xFU), static_cast<std::uint8_t>(second >> 4U & 0xFU)};
  if (is_config(p.type)) {
    p.completer = {static_cast<std::uint16_t>(third >> 16U)};
    p.address = third & 0xFFCU;
  } else {
    p.address = four ? std::uint64_t{third} << 32U | word_at(bytes, 12) : third;
    p.address &= ~std::uint64_t{3};
  }
}

}  // namespace

unsigned header_bytes(const Packet& packet) { return four_words(packet) ? 16 : 12; }

std::vector<std::uint8_t> encode(const Packet& packet) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(16 + packet.data.size());
  put_header(bytes, packet);
  bytes.insert(bytes.end(), packet.data.begin(), packet.data.end());
  return bytes;
}

std::array<std::uint32_t, 4> header_words(const Packet& packet) {
  std::vector<std::uint8_t> bytes;
  put_header(bytes, packet);
  std::array<std::uint32_t, 4> words{};
  for (std::size_t i = 0; i < bytes.size() / word_bytes; ++i) words[i] = word_at(bytes, word_bytes * i);
  return words;
}

Decoded decode(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < word_bytes) return refused(fmt::format("{} bytes are no header", bytes.size()));
  const std::uint32_t first = word_at(bytes, 0);
  const unsigned format = first >> 29U;
  const unsigned type_field = first >> 24U & 0x1FU;
  if ((format & fmt_prefix) != 0) return refused("a prefix, or a reserved format");
  const auto type = type_of(format, type_field);
  if (!type) return refuse_type(format, type_field);
  const bool four = (format & fmt_four_words) != 0;
  const std::size_t header = four ? 16 : 12;
  if (bytes.size() < header) {
    return refused(fmt::format("{} bytes, and the header alone has {}", bytes.size(), header));
  }
  if ((first >> 15U & 1U) != 0) return refused("a digest, which this link does not have");
  if ((first >> 10U & 3U) != 0) return refused("an address that is translated, or to be", true);
  if ((first >> 16U & 1U) != 0) return refused("processing hints", true);
  if ((first >> 23U & 1U) != 0 || (first >> 19U & 1U) != 0) return refused("a tag of ten bits", true);
  Packet p;
  p.type = *type;
  p.traffic_class = static_cast<std::uint8_t>(first >> 20U & 7U);
  p.id_based_order = (first >> 18U & 1U) != 0;
  p.poisoned = (first >> 14U & 1U) != 0;
  p.relaxed_order = (first >> 13U & 1U) != 0;
  p.no_snoop = (first >> 12U & 1U) != 0;
  p.words = first & 0x3FFU;
  // Length is reserved where there is neither data nor a question for it.
  const bool counts = has_data(p.type) || is_memory(p.type) || is_config(p.type);
  if (p.words == 0 && counts) p.words = most_words;
  if (!counts) p.words = 0;
  p.routing = static_cast<MessageRouting>(is_message(p.type) ? type_field & routing_mask : 0);
  const std::size_t announced = has_data(p.type) ? std::size_t{word_bytes} * p.words : 0;
  if (bytes.size() != header + announced) {
    return refused(fmt::format("{} bytes, and the header says {}", bytes.size(), header + announced));
  }
  take_rest(p, bytes, four);
  p.data.assign(bytes.begin() + static_cast<std::ptrdiff_t>(header), bytes.end());
  if (std::string why = malformed(p); !why.empty()) return refused(std::move(why));
  return {std::move(p), {}, false};
}

}  // namespace ipusim::device
