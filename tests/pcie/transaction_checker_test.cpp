// SPDX-License-Identifier: Apache-2.0
// The checker hears of every rule that is broken, and of nothing else.
#include "transaction_checker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

// gtest brings main(); SystemC's library asks for this one all the same.
int sc_main(int, char**) { return 0; }

namespace {

using namespace ipusim::device;
using ipusim::pcie_test::TransactionChecker;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Way = LinkTap::Way;

constexpr RequesterId device_id = requester_id(1, 0, 0);

Packet memory(PacketType type, std::uint64_t address, std::uint32_t bytes, std::uint8_t tag = 0,
              RequesterId requester = {}) {
  Packet p;
  p.type = type;
  p.requester = requester;
  p.tag = tag;
  p.address = address & ~std::uint64_t{3};
  p.words = static_cast<std::uint32_t>(payload_words(address, bytes));
  p.enables = enables_of(address, bytes);
  if (has_data(type)) p.data.resize(4ULL * p.words);
  return p;
}
Packet config_write(std::uint32_t offset, std::uint32_t value) {
  Packet p = memory(PacketType::config_write_0, offset, 4, 31);
  p.completer = device_id;
  for (unsigned i = 0; i < 4; ++i) p.data[i] = static_cast<std::uint8_t>(value >> (8 * i));
  return p;
}
Packet with_data(const Packet& request, std::uint32_t words, std::uint32_t left, unsigned lower) {
  Packet p;
  p.type = PacketType::completion_with_data;
  p.requester = request.requester;
  p.tag = request.tag;
  p.words = words;
  p.byte_count = left;
  p.lower_address = static_cast<std::uint8_t>(lower);
  p.data.resize(4ULL * words);
  return p;
}
Packet without_data(const Packet& request, CompletionStatus status = CompletionStatus::success) {
  Packet p = with_data(request, 0, 4, 0);
  p.type = PacketType::completion;
  p.status = status;
  return p;
}

class Transactions : public ::testing::Test {
 protected:
  Transactions() {
    sc_core::sc_curr_simcontext = new sc_core::sc_simcontext();
    sc_core::sc_default_global_context = sc_core::sc_curr_simcontext;
    state = std::make_unique<LinkState>();
    checker = std::make_unique<TransactionChecker>("checker", state.get(),
                                                   [this](const std::string& what) { told.push_back(what); });
    configure(config_write(0x04, 6));
  }
  ~Transactions() override {
    checker.reset();
    state.reset();
    delete sc_core::sc_curr_simcontext;
    sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = nullptr;
  }
  void down(const Packet& p) { checker->request(Way::down, p, now); }
  void up(const Packet& p) { checker->request(Way::up, p, now); }
  // Of a request that went down, or up.
  void back_up(const Packet& p) { checker->completion(Way::down, p, now); }
  void back_down(const Packet& p) { checker->completion(Way::up, p, now); }
  void configure(const Packet& write) {
    down(write);
    back_up(without_data(write));
  }
  std::string last() {
    const std::string sentence = told.empty() ? "" : told.back();
    told.clear();
    return sentence;
  }

  std::vector<std::string> told;
  sc_core::sc_time now;
  std::unique_ptr<LinkState> state;
  std::unique_ptr<TransactionChecker> checker;
};

TEST_F(Transactions, WhatIsRightIsNotTold) {
  const Packet read = memory(PacketType::memory_read, 0x1040, 0x140, 1);
  down(read);
  down(memory(PacketType::memory_write, 0x2001, 125));
  back_up(with_data(read, 16, 0x140, 0x40));  // up to the boundary of 128 bytes
  back_up(with_data(read, 32, 0x100, 0));
  back_up(with_data(read, 32, 0x80, 0));
  const Packet flush = [] {
    Packet p = memory(PacketType::memory_read, 0x1000, 4, 1);
    p.enables = {};
    return p;
  }();
  down(flush);
  back_up(with_data(flush, 1, 1, 0));
  const Packet dma = memory(PacketType::memory_read, 0x1'0000'0003, 510 - 3, 31, device_id);
  up(dma);
  back_down(with_data(dma, 16, 507, 3));  // the root port's boundary is 64 bytes
  back_down(with_data(dma, 32, 446, 0x40));
  back_down(with_data(dma, 32, 318, 0x40));
  back_down(with_data(dma, 32, 190, 0x40));
  back_down(with_data(dma, 16, 62, 0x40));
  const Packet refused = memory(PacketType::memory_read, 0, 4, 2, device_id);
  up(refused);
  back_down(without_data(refused, CompletionStatus::unsupported_request));
  Packet message;
  message.type = PacketType::message;
  message.requester = device_id;
  message.code = message_code::fatal;
  up(message);
  EXPECT_THAT(told, IsEmpty());
  EXPECT_EQ(checker->packets(), 18U);
}

TEST_F(Transactions, Requests) {
  down(memory(PacketType::memory_write, 0x1FFC, 8));
  ASSERT_EQ(told.size(), 2U);  // its bytes are malformed too
  EXPECT_THAT(last(), HasSubstr("4 KiB"));
  down(memory(PacketType::memory_write, 0x1000, 132));
  EXPECT_THAT(last(), HasSubstr("largest payload of 128"));
  up(memory(PacketType::memory_read, 0x1000, 516, 1, device_id));
  EXPECT_THAT(last(), HasSubstr("largest read request of 512"));
  configure(config_write(0x48, 0x3020));
  down(memory(PacketType::memory_write, 0x1000, 256));
  up(memory(PacketType::memory_read, 0x1000, 1024, 2, device_id));
  EXPECT_THAT(told, IsEmpty());
  Packet gap = memory(PacketType::memory_write, 0x1000, 12);
  gap.enables = {0x5, 0xF};
  down(gap);
  EXPECT_THAT(last(), HasSubstr("gaps"));
  gap.enables = {0xF, 0x5};
  down(gap);
  EXPECT_THAT(last(), HasSubstr("gaps"));
  gap.enables = {0, 0xF};
  down(gap);
  EXPECT_THAT(last(), HasSubstr("no bytes"));
  Packet one = memory(PacketType::memory_write, 0x1000, 4);
  one.enables = {0xF, 1};
  down(one);
  EXPECT_THAT(last(), HasSubstr("single word"));
  Packet type_1 = config_write(0x10, 0);
  type_1.type = PacketType::config_write_1;
  down(type_1);
  EXPECT_THAT(last(), HasSubstr("type 1"));
  up(config_write(0x10, 0));
  EXPECT_FALSE(told.empty());
  checker->forgive();
}

TEST_F(Transactions, TagsAndSenders) {
  up(memory(PacketType::memory_read, 0x1000, 4, 3, device_id));
  down(memory(PacketType::memory_read, 0x1000, 4, 3));  // tags of the other way
  EXPECT_THAT(told, IsEmpty());
  up(memory(PacketType::memory_read, 0x2000, 4, 3, device_id));
  EXPECT_THAT(last(), HasSubstr("without completion"));
  up(memory(PacketType::memory_read, 0x2000, 4, 32, device_id));
  EXPECT_THAT(last(), HasSubstr("5 bits"));
  up(memory(PacketType::memory_write, 0x2000, 4, 0, requester_id(2, 0, 0)));
  EXPECT_THAT(last(), HasSubstr("its sender is 01:00.0"));
  configure(config_write(0x04, 2));
  up(memory(PacketType::memory_write, 0x2000, 4, 0, device_id));  // under way
  EXPECT_THAT(told, IsEmpty());
  now = sc_core::sc_time(20, sc_core::SC_US);
  up(memory(PacketType::memory_write, 0x2000, 4, 0, device_id));
  EXPECT_THAT(last(), HasSubstr("bus mastering is disabled"));
  Packet message;
  message.type = PacketType::message;
  message.code = message_code::correctable;
  down(message);
  EXPECT_THAT(last(), HasSubstr("root complex"));
  checker->forgive();
}

TEST_F(Transactions, Completions) {
  const Packet read = memory(PacketType::memory_read, 0x1000, 256, 1);
  back_up(with_data(read, 32, 128, 0));
  EXPECT_THAT(last(), HasSubstr("nobody asked"));
  down(read);
  back_up(with_data(read, 16, 256, 0));
  EXPECT_THAT(last(), HasSubstr("within the completion boundary of 128"));
  back_up(with_data(read, 16, 200, 0x40));
  EXPECT_THAT(last(), HasSubstr("192 bytes are left"));
  back_up(with_data(read, 32, 128, 0x40));
  EXPECT_THAT(last(), HasSubstr("next byte is at ..00"));
  EXPECT_THAT(told, IsEmpty());
  down(read);
  back_up(without_data(read));
  EXPECT_THAT(last(), HasSubstr("without data"));
  down(read);
  back_up(without_data(read, CompletionStatus::retry));
  EXPECT_THAT(last(), HasSubstr("tried again"));
  const Packet write = config_write(0x10, 0);
  down(write);
  back_up(with_data(write, 1, 4, 0));
  EXPECT_THAT(last(), HasSubstr("with data"));
  Packet other = without_data(write);
  down(write);
  other.traffic_class = 1;
  back_up(other);
  EXPECT_THAT(last(), HasSubstr("traffic class"));
}

TEST_F(Transactions, LinksAndEnds) {
  down(memory(PacketType::memory_read, 0x1000, 4, 1));
  state->set(false);
  down(memory(PacketType::memory_read, 0x1000, 4, 2));
  EXPECT_THAT(last(), HasSubstr("the link is down"));
  state->set(true);
  // What was under way when it went down is forgiven; this is not.
  const Packet late = memory(PacketType::memory_read, 0x1000, 4, 5);
  down(late);
  const Packet dropped = memory(PacketType::memory_read, 0x1000, 4, 6);
  down(dropped);
  checker->lost(Way::down, dropped);
  checker.reset();
  ASSERT_EQ(told.size(), 2U);
  EXPECT_THAT(told[1], HasSubstr("tag 5"));
  EXPECT_THAT(told[1], HasSubstr("no completion has come"));
}

}  // namespace
