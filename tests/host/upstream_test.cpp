// SPDX-License-Identifier: Apache-2.0
// The root port as a target of any initiator, not only of the kit's: every way of the base protocol.
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <array>

#include "bench.hpp"

namespace {

using namespace ipusim;

constexpr std::uint64_t base = 0x1'0000'0000;

class BareDevice : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<BareDevice> link{"link"};
  tlm_utils::simple_initiator_socket<BareDevice> up{"up"};
  std::vector<std::pair<tlm::tlm_phase, sc_core::sc_time>> phases;

  explicit BareDevice(sc_core::sc_module_name name) : sc_core::sc_module(name) {
    link.register_b_transport(this, &BareDevice::b_transport);
    up.register_nb_transport_bw(this, &BareDevice::nb_transport_bw);
  }

 private:
  void b_transport(tlm::tlm_generic_payload& t, sc_core::sc_time&) {
    t.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
  }
  tlm::tlm_sync_enum nb_transport_bw(tlm::tlm_generic_payload&, tlm::tlm_phase& phase, sc_core::sc_time&) {
    phases.emplace_back(phase, sc_core::sc_time_stamp());
    return tlm::TLM_ACCEPTED;
  }
};

class Upstream : public host_test::SimulationTest {
 protected:
  void run(std::function<void()> script) {
    device.up.bind(checker.from_initiator);
    port.attach(device.link, checker.to_target);
    host_test::Script process("script", std::move(script));
    sc_core::sc_start();
    EXPECT_TRUE(process.ended());
  }
  device::Payload payload(tlm::tlm_command command, std::uint64_t address) {
    return pool.get(command, address, bytes);
  }
  static host::HostMemory memory() {
    host::HostMemory slow;
    slow.read_latency = std::chrono::nanoseconds{70};
    return slow;
  }
  host::RootPort port{"port", memory()};
  tlm_test::BaseProtocolChecker checker{"checker"};
  BareDevice device{"device"};
  device::PayloadPool pool;
  std::array<std::uint8_t, 4> bytes{1, 2, 3, 4};
};

TEST_F(Upstream, BlockingReadsAndWrites) {
  run([&] {
    sc_core::sc_time delay;
    auto t = payload(tlm::TLM_WRITE_COMMAND, base + 8);
    device.up->b_transport(*t, delay);
    EXPECT_EQ(t->get_response_status(), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
    bytes.fill(0);
    t = payload(tlm::TLM_READ_COMMAND, base + 8);
    device.up->b_transport(*t, delay);
    EXPECT_EQ(bytes, (std::array<std::uint8_t, 4>{1, 2, 3, 4}));
    EXPECT_EQ(delay, sc_core::sc_time(70, sc_core::SC_NS));
    t = payload(tlm::TLM_READ_COMMAND, base - 4);
    device.up->b_transport(*t, delay);
    EXPECT_EQ(t->get_response_status(), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    t = payload(tlm::TLM_READ_COMMAND, base + 8);
    EXPECT_EQ(device.up->transport_dbg(*t), 4U);
    t = payload(tlm::TLM_READ_COMMAND, 0);
    EXPECT_EQ(device.up->transport_dbg(*t), 0U);
  });
}

TEST_F(Upstream, ANonBlockingWriteIsOverAtOnce) {
  run([&] {
    const auto t = payload(tlm::TLM_WRITE_COMMAND, base + 16);
    tlm::tlm_phase phase = tlm::BEGIN_REQ;
    sc_core::sc_time delay;
    EXPECT_EQ(device.up->nb_transport_fw(*t, phase, delay), tlm::TLM_COMPLETED);
    EXPECT_EQ(t->get_response_status(), tlm::TLM_OK_RESPONSE);
    std::array<std::uint8_t, 4> seen{};
    port.read_host(base + 16, seen);
    EXPECT_EQ(seen, bytes);
  });
}

// The next response waits until the initiator has ended the one before.
TEST_F(Upstream, NonBlockingReadsInFourPhases) {
  run([&] {
    const auto first = payload(tlm::TLM_READ_COMMAND, base);
    const auto second = payload(tlm::TLM_READ_COMMAND, 0);  // nobody
    for (const auto* t : {&first, &second}) {
      tlm::tlm_phase phase = tlm::BEGIN_REQ;
      sc_core::sc_time delay;
      EXPECT_EQ(device.up->nb_transport_fw(**t, phase, delay), tlm::TLM_UPDATED);
      EXPECT_EQ(phase, tlm::END_REQ);
    }
    sc_core::wait(1, sc_core::SC_US);
    ASSERT_EQ(device.phases.size(), 1U);
    EXPECT_EQ(device.phases[0].first, tlm::BEGIN_RESP);
    EXPECT_EQ(device.phases[0].second, sc_core::sc_time(70, sc_core::SC_NS));
    EXPECT_EQ(bytes, (std::array<std::uint8_t, 4>{}));
    tlm::tlm_phase phase = tlm::END_RESP;
    sc_core::sc_time delay;
    device.up->nb_transport_fw(*first, phase, delay);
    sc_core::wait(1, sc_core::SC_US);
    ASSERT_EQ(device.phases.size(), 2U);
    EXPECT_EQ(second->get_response_status(), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    phase = tlm::END_RESP;
    device.up->nb_transport_fw(*second, phase, delay);
  });
}

TEST_F(Upstream, InterruptsRunOut) {
  run([&] {
    EXPECT_EQ(port.allocate_interrupts(device::first_device, 2000), 0U);
    EXPECT_EQ(port.allocate_interrupts(device::first_device, 2000), 0U);  // the same
    EXPECT_EQ(port.allocate_interrupts(device::first_device, 49), std::nullopt);
    EXPECT_EQ(port.allocate_interrupts(device::first_device, 48), 2000U);
    EXPECT_THROW(port.allocate_interrupts(device::requester_id(2, 0, 0), 1), std::out_of_range);
    EXPECT_THROW(port.open_window(device::requester_id(0, 0, 0), 4096, false), std::out_of_range);
  });
}

TEST(BusWindows, FillGapsAndEnd) {
  host::BusWindows windows;
  EXPECT_EQ(windows.open(0, 0x1000'0000, false), 0xC000'0000U);
  EXPECT_EQ(windows.open(1, 0x2000'0000, false), std::nullopt);  // 0xE000'0000 + 512 MiB: beyond 0xFEC0'0000
  EXPECT_EQ(windows.open(0, 0x1000, false), 0xD000'0000U);
  EXPECT_EQ(windows.open(1, 0x1000'0000, false), 0xE000'0000U);
  EXPECT_EQ(windows.open(1, 0x800'0000, false), 0xD800'0000U);  // the gap
  EXPECT_EQ(windows.open(2, 0x1000, true), 0x40'0000'0000U);
  EXPECT_EQ(windows.link_of(0xDFFF'FFFF), 1U);
  EXPECT_EQ(windows.link_of(0xC000'0000), 0U);
  EXPECT_EQ(windows.link_of(0xBFFF'FFFF), std::nullopt);
  windows.close(1);
  EXPECT_EQ(windows.link_of(0xDFFF'FFFF), std::nullopt);
  EXPECT_EQ(windows.open(2, 0x1000'0000, false), 0xE000'0000U);
}

}  // namespace
