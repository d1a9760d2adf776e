// SPDX-License-Identifier: Apache-2.0
// Interrupts from the chip to the host: masks, pending bits, and the message itself.
#include "bench.hpp"

namespace {

using namespace ipusim;
using host::RootPort;
using host_test::EndpointBench;

constexpr auto table_at = EndpointBench::table_at;
constexpr auto pending_at = EndpointBench::pending_at;
constexpr std::uint32_t msix_control = EndpointBench::msix_at + 2;
constexpr std::uint32_t enable = 0x8000;
constexpr std::uint32_t function_mask = 0x4000;

class Msix : public host_test::SimulationTest {
 protected:
  static void direct(EndpointBench& b, unsigned vector, bool masked) {
    b.write_word(table_at + 16 * vector, static_cast<std::uint32_t>(RootPort::interrupt_address(vector)));
    b.write_word(table_at + 16 * vector + 8, RootPort::interrupt_data(vector));
    b.write_word(table_at + 16 * vector + 12, masked ? 1 : 0);
  }
  static void raise(EndpointBench& b, unsigned vector) {
    b.endpoint.raise(vector);
    b.rest(1000);
  }
};

TEST_F(Msix, AnUnmaskedVectorIsAMessage) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    direct(b, 4, false);
    b.set_config(msix_control, 2, enable);
    b.rest(1000);
    const auto raised = sc_core::sc_time_stamp();
    b.endpoint.raise(4);
    EXPECT_TRUE(b.port.wait_for_interrupt(std::chrono::milliseconds{1}));
    // 12 header + 4 data + 8 framing at a byte a nanosecond, and 100 ns.
    EXPECT_EQ(sc_core::sc_time_stamp() - raised, sc_core::sc_time(124, sc_core::SC_NS));
    EXPECT_EQ(b.port.interrupts(4), 1U);
    EXPECT_EQ(b.read_word(pending_at), 0U);
    EXPECT_FALSE(b.port.wait_for_interrupt(std::chrono::microseconds{1}));  // taken, no other came
    raise(b, 4);
    const auto later = sc_core::sc_time_stamp();
    EXPECT_TRUE(b.port.wait_for_interrupt(std::chrono::microseconds{1}));
    EXPECT_EQ(sc_core::sc_time_stamp(), later);  // it came before anybody waited
  });
}

TEST_F(Msix, AMaskedVectorIsPendingUntilItIsUnmasked) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    direct(b, 2, true);
    direct(b, 5, false);
    b.set_config(msix_control, 2, enable);
    raise(b, 2);
    raise(b, 2);  // once pending, it stays one
    raise(b, 5);
    EXPECT_EQ(b.port.interrupts(2), 0U);
    EXPECT_EQ(b.port.interrupts(5), 1U);
    EXPECT_EQ(b.read_word(pending_at), 0x4U);
    b.write_word(table_at + 16 * 2 + 12, 0);
    b.rest(1000);
    EXPECT_EQ(b.port.interrupts(2), 1U);
    EXPECT_EQ(b.read_word(pending_at), 0U);
  });
}

TEST_F(Msix, TheFunctionMaskHoldsAllBack) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    direct(b, 0, false);
    direct(b, 5, false);
    b.set_config(msix_control, 2, enable | function_mask);
    raise(b, 0);
    raise(b, 5);
    EXPECT_EQ(b.read_word(pending_at), 0x21U);
    EXPECT_EQ(b.port.interrupts(0) + b.port.interrupts(5), 0U);
    b.set_config(msix_control, 2, enable);
    b.rest(1000);
    EXPECT_EQ(b.port.interrupts(0), 1U);
    EXPECT_EQ(b.port.interrupts(5), 1U);
    EXPECT_EQ(b.read_word(pending_at), 0U);
  });
}

TEST_F(Msix, WithoutBusMasteringNothingIsSent) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    direct(b, 3, false);
    b.set_config(msix_control, 2, enable);
    b.set_config(0x04, 2, 2);
    raise(b, 3);
    EXPECT_EQ(b.port.interrupts(3), 0U);
    EXPECT_EQ(b.read_word(pending_at), 0x8U);
    b.set_config(0x04, 2, 6);
    b.rest(1000);
    EXPECT_EQ(b.port.interrupts(3), 1U);
  });
}

TEST_F(Msix, DisabledMeansNoInterrupts) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    direct(b, 3, false);
    raise(b, 3);
    b.set_config(msix_control, 2, enable);
    b.rest(1000);
    EXPECT_EQ(b.port.interrupts(3), 0U);
    EXPECT_EQ(b.read_word(pending_at), 0U);
  });
}

TEST_F(Msix, AMessageElsewhereIsNoInterrupt) {
  EndpointBench b;
  b.run([&] {
    b.place_bars();
    direct(b, 1, false);
    b.write_word(table_at + 16, 0x1000);  // no host memory is there
    direct(b, 2, false);
    b.write_word(table_at + 16 * 2 + 8, 3);  // another vector's data
    b.set_config(msix_control, 2, enable);
    raise(b, 1);
    raise(b, 2);
    for (unsigned v = 0; v < 8; ++v) EXPECT_EQ(b.port.interrupts(v), 0U) << v;
  });
}

TEST_F(Msix, UnknownVectors) {
  EndpointBench b;
  b.run([&] {
    b.set_config(msix_control, 2, enable);
    EXPECT_THROW(b.endpoint.raise(8), std::out_of_range);
  });
}

}  // namespace
