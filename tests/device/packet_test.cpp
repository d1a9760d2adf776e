// SPDX-License-Identifier: Apache-2.0
// Packets bit for bit, against headers written by hand after the figures of the PCI Express base
// specification 4.0, 2.2.
#include "ipusim/device/pcie/packet.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace {

using namespace ipusim::device;
using ::testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

Packet read(std::uint64_t address, std::uint32_t words, ByteEnables enables) {
  Packet p;
  p.type = PacketType::memory_read;
  p.requester = requester_id(1, 0, 0);
  p.tag = 5;
  p.address = address;
  p.words = words;
  p.enables = enables;
  return p;
}

// Bytes and packet, both ways.
void same(const Packet& packet, const Bytes& bytes) {
  EXPECT_EQ(encode(packet), bytes) << describe(packet);
  const Decoded decoded = decode(bytes);
  ASSERT_TRUE(decoded.packet) << decoded.refusal;
  EXPECT_EQ(*decoded.packet, packet) << describe(*decoded.packet);
}

TEST(Packet, MemoryRequests) {
  same(read(0xC000'0004, 1, {0xF, 0}), {0x00, 0, 0, 1, 1, 0, 5, 0x0F, 0xC0, 0, 0, 4});
  same(read(0x40'0000'1000, 1024, {0xE, 0x7}), {0x20, 0, 0, 0, 1, 0, 5, 0x7E, 0, 0, 0, 0x40, 0, 0, 0x10, 0});
  same(read(0x1000, 1, {0, 0}), {0x00, 0, 0, 1, 1, 0, 5, 0, 0, 0, 0x10, 0});  // no bytes at all
  Packet write = read(0xFEE0'0000, 2, {0x5, 0xA});  // gaps in two words at a multiple of 8
  write.type = PacketType::memory_write;
  write.requester = requester_id(0x12, 3, 4);
  write.traffic_class = 3;
  write.poisoned = write.relaxed_order = write.no_snoop = write.id_based_order = true;
  write.data = {1, 2, 3, 4, 5, 6, 7, 8};
  same(write, {0x40, 0x34, 0x70, 2, 0x12, 0x1C, 5, 0xA5, 0xFE, 0xE0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8});
}

TEST(Packet, ConfigurationRequests) {
  Packet p;
  p.type = PacketType::config_read_0;
  p.tag = 3;
  p.words = 1;
  p.completer = requester_id(1, 0, 0);
  p.address = 0x10;
  p.enables = {0xF, 0};
  same(p, {0x04, 0, 0, 1, 0, 0, 3, 0x0F, 1, 0, 0, 0x10});
  p.address = 0x104;
  p.type = PacketType::config_read_1;
  same(p, {0x05, 0, 0, 1, 0, 0, 3, 0x0F, 1, 0, 1, 4});
  p.type = PacketType::config_write_0;
  p.enables = {0x3, 0};
  p.data = {0xAA, 0xBB, 0, 0};
  same(p, {0x44, 0, 0, 1, 0, 0, 3, 0x03, 1, 0, 1, 4, 0xAA, 0xBB, 0, 0});
}

TEST(Packet, CompletionsAndMessages) {
  Packet p;
  p.type = PacketType::completion_with_data;
  p.completer = requester_id(1, 0, 0);
  p.tag = 3;
  p.words = 1;
  p.byte_count = 3;
  p.lower_address = 0x45;
  p.data = {9, 8, 7, 6};
  same(p, {0x4A, 0, 0, 1, 1, 0, 0, 3, 0, 0, 3, 0x45, 9, 8, 7, 6});
  Packet none = p;
  none.type = PacketType::completion;
  none.words = 0;
  none.data.clear();
  none.byte_count = 4096;
  none.status = CompletionStatus::unsupported_request;
  same(none, {0x0A, 0, 0, 0, 1, 0, 0x20, 0, 0, 0, 3, 0x45});
  none.status = CompletionStatus::completer_abort;
  same(none, {0x0A, 0, 0, 0, 1, 0, 0x80, 0, 0, 0, 3, 0x45});
  // A reserved status is an unsupported request.
  EXPECT_EQ(decode(Bytes{0x0A, 0, 0, 0, 1, 0, 0x60, 0, 0, 0, 3, 0x45}).packet->status,
            CompletionStatus::unsupported_request);
  Packet fatal;
  fatal.type = PacketType::message;
  fatal.requester = requester_id(2, 0, 0);
  fatal.code = message_code::fatal;
  same(fatal, {0x30, 0, 0, 0, 2, 0, 0, 0x33, 0, 0, 0, 0, 0, 0, 0, 0});
  EXPECT_EQ(header_words(p), (std::array<std::uint32_t, 4>{0x4A00'0001, 0x0100'0003, 0x0000'0345, 0}));
}

// Tables 2-37 and 2-38, and requests of several words.
TEST(Packet, ByteCountAndLowerAddress) {
  const auto of = [](unsigned first, unsigned last, std::uint32_t words) {
    const Packet p = read(0x1000, words, {static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(last)});
    return std::pair<unsigned, unsigned>{byte_count_of(p), lower_address_of(p)};
  };
  using Pair = std::pair<unsigned, unsigned>;
  EXPECT_EQ(of(0b1001, 0, 1), (Pair{4, 0}));
  EXPECT_EQ(of(0b0101, 0, 1), (Pair{3, 0}));
  EXPECT_EQ(of(0b1010, 0, 1), (Pair{3, 1}));
  EXPECT_EQ(of(0b0011, 0, 1), (Pair{2, 0}));
  EXPECT_EQ(of(0b0110, 0, 1), (Pair{2, 1}));
  EXPECT_EQ(of(0b1100, 0, 1), (Pair{2, 2}));
  EXPECT_EQ(of(0b0010, 0, 1), (Pair{1, 1}));
  EXPECT_EQ(of(0b1000, 0, 1), (Pair{1, 3}));
  EXPECT_EQ(of(0b0000, 0, 1), (Pair{1, 0}));
  EXPECT_EQ(of(0b1111, 0b1111, 8), (Pair{32, 0}));
  EXPECT_EQ(of(0b1100, 0b0001, 8), (Pair{27, 2}));
  EXPECT_EQ(of(0b1000, 0b1111, 2), (Pair{5, 3}));
}

TEST(Packet, EnablesOfNeighbouringBytes) {
  EXPECT_EQ(enables_of(0x1000, 4), (ByteEnables{0xF, 0}));
  EXPECT_EQ(enables_of(0x1001, 2), (ByteEnables{0x6, 0}));
  EXPECT_EQ(enables_of(0x1003, 1), (ByteEnables{0x8, 0}));
  EXPECT_EQ(enables_of(0x1003, 2), (ByteEnables{0x8, 0x1}));
  EXPECT_EQ(enables_of(0x1000, 5), (ByteEnables{0xF, 0x1}));
  EXPECT_EQ(enables_of(0x1002, 126), (ByteEnables{0xC, 0xF}));
}

std::string refusal(const Bytes& bytes) { return decode(bytes).refusal; }

TEST(Packet, WhatIsWrongIsRefusedWithItsReason) {
  EXPECT_THAT(refusal({}), HasSubstr("no header"));
  EXPECT_THAT(refusal({0, 0, 0}), HasSubstr("3 bytes"));
  EXPECT_THAT(refusal({0, 0, 0, 1, 1, 0, 5, 0x0F, 0, 0, 0}), HasSubstr("the header alone has 12"));
  EXPECT_THAT(refusal({0x80, 0, 0, 1}), HasSubstr("prefix"));
  EXPECT_THAT(refusal({0x1F, 0, 0, 1}), HasSubstr("type 0x1f"));
  // A word less and a word more than the header says.
  EXPECT_THAT(refusal({0x40, 0, 0, 1, 1, 0, 5, 0x0F, 0, 0, 0, 0}),
              HasSubstr("12 bytes, and the header says 16"));
  EXPECT_THAT(refusal({0x00, 0, 0, 1, 1, 0, 5, 0x0F, 0, 0, 0, 0, 1, 2, 3, 4}), HasSubstr("16 bytes"));
  EXPECT_THAT(refusal({0x00, 0, 0x80, 1, 1, 0, 5, 0x0F, 0, 0, 0, 0}), HasSubstr("digest"));
  EXPECT_THAT(refusal({0x00, 0, 0, 2, 1, 0, 5, 0xFF, 0, 0, 0x0F, 0xFC}), HasSubstr("4 KiB"));
  EXPECT_THAT(refusal({0x00, 0, 0, 1, 1, 0, 5, 0x1F, 0, 0, 0, 0}), HasSubstr("last byte enables 0x1"));
  EXPECT_THAT(refusal({0x00, 0, 0, 3, 1, 0, 5, 0xF5, 0, 0, 0, 0}), HasSubstr("a gap"));
  EXPECT_THAT(refusal({0x00, 0, 0, 2, 1, 0, 5, 0xF5, 0, 0, 0, 4}), HasSubstr("a gap"));
  EXPECT_THAT(refusal({0x00, 0, 0, 2, 1, 0, 5, 0xF0, 0, 0, 0, 0}), HasSubstr("without first"));
  EXPECT_THAT(refusal({0x00, 0, 0, 2, 1, 0, 5, 0x0F, 0, 0, 0, 0}), HasSubstr("without last"));
  EXPECT_THAT(refusal({0x04, 0, 0, 2, 0, 0, 3, 0xFF, 1, 0, 0, 0x10}), HasSubstr("of 2 words"));
  EXPECT_THAT(refusal({0x04, 0x10, 0, 1, 0, 0, 3, 0x0F, 1, 0, 0, 0x10}), HasSubstr("traffic class"));
  EXPECT_THAT(refusal({0x4A, 0, 0, 2, 1, 0, 0, 4, 0, 0, 3, 0, 1, 2, 3, 4, 1, 2, 3, 4}),
              HasSubstr("2 words for the last 4 bytes"));
  EXPECT_THAT(refusal({0x4A, 0, 0, 1, 1, 0, 0x20, 4, 0, 0, 3, 0, 1, 2, 3, 4}), HasSubstr("with the status"));
  EXPECT_THAT(refusal({0x37, 0, 0, 0, 2, 0, 0, 0x7F, 0, 0, 0, 0, 0, 0, 0, 0}), HasSubstr("routing"));
  EXPECT_THAT(refusal({0x30, 0x10, 0, 0, 2, 0, 0, 0x33, 0, 0, 0, 0, 0, 0, 0, 0}), HasSubstr("traffic class"));
  // Right, and of a kind that nobody here takes: an I/O read, a locked one, an atomic operation.
  for (const std::uint8_t type : std::initializer_list<std::uint8_t>{0x02, 0x01, 0x4C}) {
    const Decoded decoded = decode(Bytes{type, 0, 0, 1, 1, 0, 5, 0x0F, 0, 0, 0, 0});
    EXPECT_FALSE(decoded.packet);
    EXPECT_TRUE(decoded.unsupported) << int{type};
  }
}

// Any bytes are a packet, which says so of itself and is the same after both ways, or refused with a reason.
TEST(Packet, AnyBytes) {
  std::mt19937 random(1);
  constexpr std::array<std::uint8_t, 10> first{0x00, 0x20, 0x40, 0x60, 0x04, 0x44, 0x0A, 0x4A, 0x30, 0x70};
  std::size_t packets = 0;
  for (unsigned n = 0; n < 200'000; ++n) {
    Bytes bytes(random() % 40);
    for (std::uint8_t& b : bytes) b = static_cast<std::uint8_t>(random());
    if (bytes.size() >= 12 && n % 4 != 0) {  // most of them near to a packet
      bytes[0] = first[random() % first.size()];
      bytes[1] &= 0x74;
      bytes[2] &= 0x70;
      bytes[3] = static_cast<std::uint8_t>(bytes.size() / 4 - 3);
      bytes.resize(bytes.size() / 4 * 4);
    }
    const Decoded decoded = decode(bytes);
    ASSERT_EQ(decoded.packet.has_value(), decoded.refusal.empty());
    if (!decoded.packet) continue;
    ++packets;
    ASSERT_EQ(malformed(*decoded.packet), "");
    ASSERT_EQ(decode(encode(*decoded.packet)).packet, decoded.packet);
    ASSERT_FALSE(describe(*decoded.packet).empty());
  }
  EXPECT_GT(packets, 4'000U);
}

}  // namespace
