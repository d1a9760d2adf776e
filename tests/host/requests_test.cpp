// SPDX-License-Identifier: Apache-2.0
// Requests of every shape, many at a time, and what the link lets through: by hand at a byte a nanosecond and
// 100 ns.
#include <algorithm>

#include "ipusim/device/pcie/link_rate.hpp"
#include "toy_bench.hpp"

namespace {

using namespace ipusim;
using device::ByteEnables;
using device::CompletionStatus;
using device::LinkDescription;
using device::LinkDirection;
using device::PacketClass;
using Bytes = std::vector<std::uint8_t>;

class Requests : public host_test::ToyBench {};

TEST_F(Requests, ByteEnablesSelectBytes) {
  run([&] {
    enumerate();
    port->memory_write(memory_at(0x10), Bytes{1, 2, 3, 4, 5, 6, 7, 8});
    port->memory_write(memory_at(0x10), Bytes{11, 12, 13, 14, 15, 16, 17, 18},
                       {.enables = ByteEnables{0x5, 0xA}});
    port->memory_write(memory_at(0x20), Bytes{1, 2, 3, 4}, {.enables = ByteEnables{0, 0}});
    EXPECT_EQ(port->flush(memory_at(0x10)), CompletionStatus::success);
    EXPECT_EQ(toy_memory(0x10, 8), (Bytes{11, 2, 13, 4, 5, 16, 7, 18}));
    EXPECT_EQ(toy_memory(0x20, 4), Bytes(4, 0));
    Bytes data(8, 0);
    EXPECT_EQ(port->memory_read(memory_at(0x10), data, {.enables = ByteEnables{0x6, 0x1}}),
              CompletionStatus::success);
    EXPECT_EQ(data[1], 2);
    EXPECT_EQ(data[2], 13);
    EXPECT_EQ(data[4], 5);
    EXPECT_EQ(device_status(), 0U);
  });
}

// It comes behind all that was written: 256 bytes leave in 280 ns, and act 100 ns later.
TEST_F(Requests, AReadOfNoBytesFlushes) {
  run([&] {
    enumerate();
    const auto begin = sc_core::sc_time_stamp();
    port->memory_write(memory_at(0), Bytes(256, 9));
    EXPECT_EQ(port->flush(memory_at(0x1000)), CompletionStatus::success);
    EXPECT_EQ(toy_memory(0, 256), Bytes(256, 9));
    EXPECT_EQ(sc_core::sc_time_stamp() - begin, ns(280 + 24 + 100 + 24 + 100));
    EXPECT_EQ(port->flush(0x9000'0000), CompletionStatus::unsupported_request);
  });
}

// Eight reads of 256 bytes: the requests leave in 24 ns each, the answers in 276 ns, one behind the other.
TEST_F(Requests, ManyReadsAtATime) {
  run([&] {
    enumerate();
    Bytes written(2048);
    for (std::size_t i = 0; i < written.size(); ++i) written[i] = static_cast<std::uint8_t>(i * 7 + i / 256);
    device->memory.memory().write(0, written);
    Bytes data(2048);
    const auto begin = sc_core::sc_time_stamp();
    std::vector<std::shared_ptr<const host::HostRead>> reads;
    for (std::size_t i = 0; i < 8; ++i) {
      reads.push_back(port->begin_read(memory_at(256 * i), std::span{data}.subspan(256 * i, 256)));
    }
    EXPECT_EQ(sc_core::sc_time_stamp() - begin, ns(8 * 24));
    for (std::size_t i = 0; i < 8; ++i) {
      while (!reads[i]->done()) sc_core::wait(reads[i]->finished());
      EXPECT_EQ(reads[i]->status(), CompletionStatus::success);
      EXPECT_EQ(sc_core::sc_time_stamp() - begin, ns(24 + 100 + 276.0 * static_cast<double>(i + 1) + 100));
    }
    EXPECT_EQ(data, written);
    // One after the other they take eight round trips.
    EXPECT_EQ(took([&] { driver->read("read", memory_at(0), data); }), ns(4 * (24 + 100 + 2 * 276 + 100)));
  });
}

TEST_F(Requests, ReadsThatFailBesideOthers) {
  run([&] {
    enumerate();
    Bytes data(64);
    const auto good = port->begin_read(memory_at(0), data);
    const auto bad = port->begin_read(0x9000'0000, data);
    port->memory_write(memory_at(0x200), Bytes{1});
    std::uint32_t ids = 0;
    EXPECT_EQ(port->config_read(0, 4, ids), CompletionStatus::success);
    EXPECT_TRUE(good->done() && bad->done());
    EXPECT_EQ(good->status(), CompletionStatus::success);
    EXPECT_EQ(bad->status(), CompletionStatus::unsupported_request);
    EXPECT_EQ(toy_memory(0x200, 1), Bytes{1});
    // A completion that never comes.
    link->faults.end = [](auto, auto& payload, auto&) { host_test::FaultyLink::drop(payload); };
    port->set_completion_timeout(std::chrono::microseconds{300});
    const auto lost = port->begin_read(memory_at(0), data);
    EXPECT_EQ(took([&] {
                while (!lost->done()) sc_core::wait(lost->finished());
              }),
              ns(300'000 - 24));
    EXPECT_EQ(lost->status(), CompletionStatus::timed_out);
  });
}

TEST_F(Requests, MoreReadsThanTags) {
  run([&] {
    enumerate();
    Bytes data(100 * 4);
    std::vector<std::shared_ptr<const host::HostRead>> reads;
    for (std::size_t i = 0; i < 100; ++i) {
      device->memory.memory().write(4 * i, Bytes(4, static_cast<std::uint8_t>(i)));
      reads.push_back(port->begin_read(memory_at(4 * i), std::span{data}.subspan(4 * i, 4)));
    }
    rest(10);
    EXPECT_TRUE(std::ranges::all_of(
        reads, [](const auto& read) { return read->done() && read->status() == CompletionStatus::success; }));
    for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(data[4 * i + 3], i);
  });
}

// A root port may cut its completions at 64 bytes: each has a header of its own.
TEST_F(Requests, CompletionsEndAtTheBoundary) {
  host::HostMemory memory;
  memory.completion_bytes = 64;
  build(memory);
  run([&] {
    enumerate();
    Bytes data(256);
    auto& master = device->function.master();
    EXPECT_EQ(took([&] { EXPECT_EQ(master.read(host_base, data), CompletionStatus::success); }),
              ns(24 + 100 + 4 * (20 + 64) + 100));
    EXPECT_EQ(took([&] {
                EXPECT_EQ(master.read(host_base + 60, std::span{data}.first(8)), CompletionStatus::success);
              }),
              ns(24 + 100 + 2 * (20 + 4) + 100));
  });
}

TEST_F(Requests, GenerationAndLanesGiveTheRate) {
  EXPECT_DOUBLE_EQ(device::raw_bits_per_s(4, 8), 128e9);  // the 16 GB/s of the press
  const auto rate = [](unsigned generation, unsigned lanes, double dllp = 0) {
    LinkDescription rated;
    rated.generation = generation;
    rated.lanes = lanes;
    rated.dllp_share = dllp;
    return device::packet_bytes_per_s(rated);
  };
  EXPECT_DOUBLE_EQ(rate(1, 1), 250e6);
  EXPECT_DOUBLE_EQ(rate(2, 4), 2e9);
  EXPECT_NEAR(rate(3, 8), 7.877e9, 1e6);
  EXPECT_NEAR(rate(4, 8), 15.754e9, 1e6);
  EXPECT_NEAR(rate(5, 16), 63.015e9, 1e6);
  EXPECT_NEAR(rate(4, 8, 0.02), 15.439e9, 1e6);
  LinkDescription bare;
  bare.bandwidth_bytes_per_s = 5e9;
  EXPECT_DOUBLE_EQ(device::packet_bytes_per_s(bare), 5e9);
  bare.dllp_share = 1;
  EXPECT_THROW(LinkDirection{bare}, std::invalid_argument);
}

// Credits come back 100 ns after the packet has arrived: with two headers two packets leave, and then one
// whenever one is back.
TEST_F(Requests, CreditsHoldPacketsBack) {
  LinkDescription description;
  description.latency_ns = 100;
  description.bandwidth_bytes_per_s = 1e9;
  description.posted = {2, 0};
  description.non_posted = {0, 4};
  LinkDirection direction(description);
  const auto zero = sc_core::SC_ZERO_TIME;
  EXPECT_EQ(direction.send(zero, 12, 1, PacketClass::posted).sent, ns(24));
  EXPECT_EQ(direction.send(zero, 12, 1, PacketClass::posted).sent, ns(48));
  EXPECT_EQ(direction.send(zero, 12, 1, PacketClass::posted).sent, ns(24 + 200 + 24));
  // Other kinds have their own; data in units of 16 bytes.
  EXPECT_EQ(direction.send(zero, 12, 12, PacketClass::non_posted).sent, ns(248 + 68));  // three units of four
  EXPECT_EQ(direction.send(zero, 12, 5, PacketClass::non_posted).sent, ns(316 + 200 + 40));  // two
  EXPECT_EQ(direction.send(zero, 12, 64, PacketClass::completion).sent, ns(556 + 276));      // without end
  direction.clear();
  EXPECT_EQ(direction.send(zero, 12, 1, PacketClass::posted).sent, ns(24));
}

TEST_F(Requests, WithFewCreditsALinkIsSlow) {
  auto few = host_test::toy::description();
  few.link.posted = {1, 16};
  build({}, few);
  run([&] {
    enumerate();
    const auto write = [&] {
      for (unsigned i = 0; i < 4; ++i) port->memory_write(memory_at(256 * i), Bytes(256, 1));
    };
    EXPECT_EQ(took(write), ns(4 * 280 + 3 * 200));
  });
}

}  // namespace
