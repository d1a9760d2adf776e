// SPDX-License-Identifier: Apache-2.0
// The time of requests, worked out by hand from the formula of docs/pcie.md at 1 byte a nanosecond and 100 ns
// of latency: framing 8, headers 12 (16 from 4 GiB on), payload in words.
#include <filesystem>

#include "bench.hpp"

namespace {

using namespace ipusim;
using device::LinkDirection;
using device::TlpExtension;
using device::TlpKind;
using host_test::EndpointBench;
using sc_core::SC_NS;
using sc_core::SC_PS;
using sc_core::sc_time;

class LinkTiming : public host_test::SimulationTest {
 protected:
  static sc_time ns(double value) { return sc_time(value, SC_NS); }
  static sc_time took(const std::function<void()>& action) {
    const sc_time begin = sc_core::sc_time_stamp();
    action();
    return sc_core::sc_time_stamp() - begin;
  }
};

TEST_F(LinkTiming, PacketsLeaveOneAfterTheOther) {
  LinkDirection link(100, 1e9);
  const auto first = link.send(ns(10), 12, 1);
  EXPECT_EQ(first.sent, ns(10 + 24));
  EXPECT_EQ(first.arrives, ns(10 + 24 + 100));
  const auto second = link.send(ns(20), 16, 0);  // waits for the first
  EXPECT_EQ(second.sent, ns(34 + 24));
  const auto third = link.send(ns(500), 12, 0);  // finds the link idle
  EXPECT_EQ(third.arrives, ns(500 + 20 + 100));
}

// 280 bytes at 16 GT/s on eight lanes: 280 bits a lane, 128 in 130, are 17.773 ns.
TEST_F(LinkTiming, Mk2LinkTakes18NanosecondsForAFullPayload) {
  const auto mk2 =
      config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml").pcie;
  LinkDirection link(host::ipu_description(mk2).link);
  EXPECT_EQ(link.send(sc_core::SC_ZERO_TIME, 16, 64).arrives, sc_time(517'773, SC_PS));
}

TEST_F(LinkTiming, RequestsWithCompletions) {
  EndpointBench b;
  b.chip.control_words[0x70008] = 1;
  b.run([&] {
    EXPECT_EQ(took([&] { b.config_word(0); }), ns(20 + 100 + 24 + 100));
    EXPECT_EQ(took([&] { b.set_config(0x3C, 1, 5); }), ns(24 + 100 + 20 + 100));
    b.place_bars();
    EXPECT_EQ(took([&] { b.read_word(EndpointBench::control_at + 0x70008); }), ns(20 + 100 + 24 + 100));
    EXPECT_EQ(took([&] { b.read_word(EndpointBench::memory_at); }), ns(24 + 100 + 24 + 100));
    // Without data: nobody is there.
    EXPECT_EQ(took([&] { b.read(0x1'0000'0000, 64); }), ns(24 + 100 + 20 + 100));
  });
}

TEST_F(LinkTiming, DataComesBackInPayloads) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();  // payload: 128 bytes
    EXPECT_EQ(took([&] { b.read(EndpointBench::memory_at, 512); }), ns(24 + 100 + 4 * (20 + 128) + 100));
    EXPECT_EQ(took([&] { b.read(EndpointBench::memory_at + 64, 256); }),
              ns(24 + 100 + (20 + 64) + (20 + 128) + (20 + 64) + 100));
    // Bytes 3..8 lie in three words.
    EXPECT_EQ(took([&] { b.read(EndpointBench::memory_at + 3, 6); }), ns(24 + 100 + 20 + 12 + 100));
  });
}

TEST_F(LinkTiming, PostedWritesOverlap) {
  EndpointBench b;
  sc_time begin;
  b.run([&] {
    b.place_bars();
    begin = sc_core::sc_time_stamp();
    for (unsigned i = 0; i < 3; ++i) b.write(EndpointBench::memory_at + 128 * i, 128);
    EXPECT_EQ(sc_core::sc_time_stamp() - begin, ns(3 * 152));
    EXPECT_EQ(took([&] { b.read_word(EndpointBench::memory_at); }), ns(24 + 100 + 24 + 100));
  });
  ASSERT_EQ(b.chip.memory_accesses.size(), 4U);
  EXPECT_EQ(b.chip.memory_accesses[0].at - begin, ns(152 + 100));
  EXPECT_EQ(b.chip.memory_accesses[1].at - begin, ns(2 * 152 + 100));
  EXPECT_EQ(b.chip.memory_accesses[2].at - begin, ns(3 * 152 + 100));
  EXPECT_EQ(b.chip.memory_accesses[3].at - begin, ns(3 * 152 + 24 + 100));
}

TEST_F(LinkTiming, TheInitiatorsDelayCounts) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    const auto begin = sc_core::sc_time_stamp();
    std::array<unsigned char, 4> data{};
    const auto send = [&](TlpKind kind, sc_time& delay) {
      TlpExtension extension(kind, {0});
      tlm::tlm_generic_payload t;
      t.set_command(device::is_read(kind) ? tlm::TLM_READ_COMMAND : tlm::TLM_WRITE_COMMAND);
      t.set_address(EndpointBench::memory_at);
      t.set_data_ptr(data.data());
      t.set_data_length(4);
      t.set_streaming_width(4);
      t.set_extension(&extension);
      b.port.link->b_transport(t, delay);
      t.clear_extension(&extension);
    };
    sc_time delay = ns(50);
    send(TlpKind::memory_write, delay);
    EXPECT_EQ(delay, ns(50 + 28));
    EXPECT_EQ(sc_core::sc_time_stamp(), begin);  // a posted write does not wait
    send(TlpKind::memory_read, delay);
    EXPECT_EQ(sc_core::sc_time_stamp() - begin, ns(50 + 28 + 24 + 100));  // the request is there
    EXPECT_EQ(delay, ns(24 + 100));                                       // its data is on the way back
  });
}

}  // namespace
