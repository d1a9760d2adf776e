// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/packet.hpp"

#include <fmt/format.h>

#include <bit>

namespace ipusim::device {

namespace {

constexpr std::uint32_t boundary = 4096;
constexpr std::uint32_t most_words = 1024;
constexpr unsigned all_enables = 0xF;

unsigned lowest(unsigned enables) { return static_cast<unsigned>(std::countr_zero(enables)); }
unsigned highest(unsigned enables) { return static_cast<unsigned>(std::bit_width(enables)) - 1; }
bool neighbours(unsigned enables) {
  return enables == 0 || (enables >> lowest(enables) & ((enables >> lowest(enables)) + 1)) == 0;
}

std::string wrong_enables(const Packet& p) {
  const unsigned first = p.enables.first;
  const unsigned last = p.enables.last;
  if (p.words == 1) {
    return last != 0 ? fmt::format("one word, and last byte enables {:#x}", last) : "";
  }
  if (first == 0) return fmt::format("{} words without first byte enables", p.words);
  if (last == 0) return fmt::format("{} words without last byte enables", p.words);
  if (p.words == 2 && p.address % 8 == 0) return "";
  // The first word's end at its last byte, the last word's begin at its first.
  if (!neighbours(first) || highest(first) != 3 || !neighbours(last) || lowest(last) != 0) {
    return fmt::format("byte enables {:#x} and {:#x} leave a gap in {} words", first, last, p.words);
  }
  return "";
}

std::string wrong_memory_request(const Packet& p) {
  if (p.words == 0 || p.words > most_words) return fmt::format("a request of {} words", p.words);
  if (p.address % 4 != 0) return fmt::format("address {:#x} is not that of a word", p.address);
  if (p.address % boundary + 4ULL * p.words > boundary) {
    return fmt::format("{} words at {:#x} cross a 4 KiB boundary", p.words, p.address);
  }
  return wrong_enables(p);
}

std::string wrong_config_request(const Packet& p) {
  if (p.words != 1) return fmt::format("a configuration request of {} words", p.words);
  if (p.address % 4 != 0 || p.address >= boundary) {
    return fmt::format("configuration space has no word at {:#x}", p.address);
  }
  if (p.traffic_class != 0 || p.relaxed_order || p.no_snoop || p.id_based_order) {
    return "a configuration request with a traffic class or attributes";
  }
  return wrong_enables(p);
}

std::string wrong_completion(const Packet& p) {
  if (p.byte_count == 0 || p.byte_count > boundary) return fmt::format("a byte count of {}", p.byte_count);
  if (p.type == PacketType::completion) return "";
  if (p.status != CompletionStatus::success) {
    return fmt::format("data with the status {}", to_string(p.status));
  }
  if (p.words == 0 || p.words > ((p.lower_address & 3U) + p.byte_count + 3) / 4) {
    return fmt::format("{} words for the last {} bytes", p.words, p.byte_count);
  }
  return "";
}

std::string wrong_message(const Packet& p) {
  if (p.routing > MessageRouting::gathered) return "a message with reserved routing";
  const bool error = p.code == message_code::correctable || p.code == message_code::non_fatal ||
                     p.code == message_code::fatal;
  if (error && p.traffic_class != 0) return "an error message of a traffic class other than 0";
  if (error && p.type == PacketType::message_with_data) return "an error message with data";
  return "";
}

}  // namespace

std::string_view to_string(PacketType type) {
  switch (type) {
    case PacketType::memory_read:
      return "memory read";
    case PacketType::memory_write:
      return "memory write";
    case PacketType::config_read_0:
      return "configuration read";
    case PacketType::config_write_0:
      return "configuration write";
    case PacketType::config_read_1:
      return "configuration read (type 1)";
    case PacketType::config_write_1:
      return "configuration write (type 1)";
    case PacketType::completion:
      return "completion";
    case PacketType::completion_with_data:
      return "completion with data";
    case PacketType::message:
      return "message";
    case PacketType::message_with_data:
      return "message with data";
  }
  return "?";
}

ByteEnables enables_of(std::uint64_t address, std::uint64_t bytes) {
  const auto begin = static_cast<unsigned>(address & 3U);
  const std::uint64_t end = begin + bytes;
  const unsigned first = (all_enables << begin) & all_enables;
  const unsigned last = all_enables >> ((4 - end % 4) % 4);
  if (end <= 4) return {static_cast<std::uint8_t>(first & last), 0};
  return {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(last)};
}

std::uint32_t byte_count_of(const Packet& request) {
  const unsigned first = request.enables.first & all_enables;
  const unsigned last = request.enables.last & all_enables;
  if (first == 0) return 1;
  if (request.words <= 1 || last == 0) return highest(first) - lowest(first) + 1;
  return 4 * request.words - lowest(first) - (3 - highest(last));
}

std::uint8_t lower_address_of(const Packet& request) {
  const unsigned first = request.enables.first & all_enables;
  return static_cast<std::uint8_t>((request.address & 0x7CU) + (first == 0 ? 0 : lowest(first)));
}

std::string malformed(const Packet& p) {
  if (has_data(p.type) ? p.data.size() != 4ULL * p.words : !p.data.empty()) {
    return fmt::format("{} words are announced, and there are {} bytes", has_data(p.type) ? p.words : 0,
                       p.data.size());
  }
  if (is_memory(p.type)) return wrong_memory_request(p);
  if (is_config(p.type)) return wrong_config_request(p);
  if (is_completion(p.type)) return wrong_completion(p);
  return wrong_message(p);
}

std::string to_string(RequesterId id) {
  return fmt::format("{:02x}:{:02x}.{}", id.bus(), id.device(), id.function());
}

std::string describe(const Packet& p) {
  const std::string bad = p.poisoned ? ", poisoned" : "";
  if (is_completion(p.type)) {
    return fmt::format("completion, {}, {} words, {} bytes left from ..{:02x}, of {}, for tag {} of {}{}",
                       to_string(p.status), p.words, p.byte_count, p.lower_address, to_string(p.completer),
                       p.tag, to_string(p.requester), bad);
  }
  if (is_message(p.type)) {
    return fmt::format("message {:#04x} of {}{}", p.code, to_string(p.requester), bad);
  }
  const std::uint64_t first = p.address + (p.enables.first == 0 ? 0 : lowest(p.enables.first));
  const std::string of = is_config(p.type) ? " of " + to_string(p.completer) : "";
  return fmt::format("{} of {} bytes at {:#x}{}, tag {} of {}{}", to_string(p.type),
                     p.enables.first == 0 ? 0 : byte_count_of(p), first, of, p.tag, to_string(p.requester),
                     bad);
}

}  // namespace ipusim::device
