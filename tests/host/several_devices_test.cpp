// SPDX-License-Identifier: Apache-2.0
// A chip and a toy with a copier in one host: enumeration of both, routing, host memory, requests with tags.
#include <algorithm>

#include "bench.hpp"
#include "ipusim/host/pci_function.hpp"
#include "toy_device.hpp"

namespace {

using namespace ipusim;
using device::CompletionStatus;
using device::RequesterId;
using host::PciFunction;
using host_test::failure;
namespace toy = host_test::toy;

constexpr std::uint64_t host_base = 0x1'0000'0000;
constexpr RequesterId chip_id{0x0100};
constexpr RequesterId toy_id{0x0200};

std::vector<std::uint8_t> counted(std::size_t bytes, unsigned step) {
  std::vector<std::uint8_t> data(bytes);
  for (std::size_t i = 0; i < bytes; ++i) data[i] = static_cast<std::uint8_t>(i * step + i / 256);
  return data;
}

class SeveralDevices : public host_test::SimulationTest {
 protected:
  void build(const host::HostMemory& memory = {},
             const device::FunctionDescription& description = toy::description()) {
    port = std::make_unique<host::RootPort>("port", memory);
    chip = std::make_unique<host_test::FakeChip>("chip");
    ipu = std::make_unique<host::IpuFunction>("ipu", host_test::slow_link());
    device = std::make_unique<host_test::ToyDevice>("toy", description);
    bars = std::make_unique<host_test::CheckedBars>();
    bars->connect(*ipu, *chip);
    ipu_link = std::make_unique<host_test::CheckedLink>("ipu");
    toy_link = std::make_unique<host_test::CheckedLink>("toy");
    EXPECT_EQ(ipu_link->attach(*port, *ipu), chip_id);
    EXPECT_EQ(toy_link->attach(*port, device->function), toy_id);
    ipu_driver = std::make_unique<PciFunction>(*port, chip_id);
    toy_driver = std::make_unique<PciFunction>(*port, toy_id);
  }
  void run(std::function<void()> script) {
    if (!port) build();
    host_test::Script process("script", std::move(script));
    sc_core::sc_start();
    EXPECT_TRUE(process.ended()) << "the host still waits for something";
  }
  void enumerate() {
    ipu_driver->configure({0x1D95, 0x0003, 256, 512, {0, 2}});
    toy_driver->configure({0x1234, 0x5678, 256, 512, {0, 2}});
  }
  std::uint64_t toy_register(std::uint32_t offset) { return toy_driver->address(0, offset); }
  void begin(std::uint32_t command, std::uint64_t host, std::uint32_t local, std::uint32_t bytes) {
    toy_driver->write_word(toy_register(toy::host_low), static_cast<std::uint32_t>(host));
    toy_driver->write_word(toy_register(toy::host_high), static_cast<std::uint32_t>(host >> 32U));
    toy_driver->write_word(toy_register(toy::local), local);
    toy_driver->write_word(toy_register(toy::length), bytes);
    toy_driver->write_word(toy_register(toy::command), command);
  }
  // Its status, once its interrupt is there.
  std::uint32_t copy(std::uint32_t command, std::uint64_t host, std::uint32_t local, std::uint32_t bytes) {
    begin(command, host, local, bytes);
    EXPECT_TRUE(port->wait_for_interrupt(std::chrono::milliseconds{1}, toy_id));
    return toy_driver->read_word("status", toy_register(toy::status));
  }
  std::uint32_t device_status(RequesterId id) {
    std::uint32_t value = 0;
    EXPECT_EQ(port->config_read(0x4A, 2, value, id), CompletionStatus::success);
    return value;
  }

  std::unique_ptr<host::RootPort> port;
  std::unique_ptr<host_test::FakeChip> chip;
  std::unique_ptr<host::IpuFunction> ipu;
  std::unique_ptr<host_test::ToyDevice> device;
  std::unique_ptr<host_test::CheckedBars> bars;
  std::unique_ptr<host_test::CheckedLink> ipu_link, toy_link;
  std::unique_ptr<PciFunction> ipu_driver, toy_driver;
};

TEST_F(SeveralDevices, EachIsEnumeratedOnItsBus) {
  run([&] {
    EXPECT_EQ(port->devices(), (std::vector{chip_id, toy_id}));
    std::uint32_t ids = 0;
    EXPECT_EQ(port->config_read(0, 4, ids, chip_id), CompletionStatus::success);
    EXPECT_EQ(ids, 0x0003'1D95U);
    EXPECT_EQ(port->config_read(0, 4, ids, toy_id), CompletionStatus::success);
    EXPECT_EQ(ids, 0x5678'1234U);
    for (const RequesterId nobody : {RequesterId{0x0000}, RequesterId{0x0300}}) {
      EXPECT_EQ(port->config_read(0, 4, ids, nobody), CompletionStatus::unsupported_request);
      EXPECT_EQ(ids, 0xFFFF'FFFFU);
      EXPECT_EQ(port->config_write(4, 2, 6, nobody), CompletionStatus::unsupported_request);
    }
    enumerate();
    // No BAR lies in another: largest first of each device, at multiples of their sizes.
    EXPECT_EQ(ipu_driver->bar(0).address, 0xC000'0000U);
    EXPECT_EQ(ipu_driver->bar(2).address, 0x40'0000'0000U);
    EXPECT_EQ(toy_driver->bar(0).address, 0xC008'2000U);  // behind 512 KiB and two of 4 KiB
    EXPECT_EQ(toy_driver->bar(2).address, 0x40'8000'0000U);
    EXPECT_EQ(toy_driver->bar(2).bytes, 0x1'0000U);
    // Again: nothing moves.
    enumerate();
    EXPECT_EQ(toy_driver->bar(0).address, 0xC008'2000U);
  });
}

TEST_F(SeveralDevices, RequestsGoToWhoeverHasTheAddress) {
  run([&] {
    enumerate();
    chip->control_words[0x70008] = 1472;
    EXPECT_EQ(ipu_driver->read_word("chip", ipu_driver->address(0, 0x70008)), 1472U);
    const auto data = counted(1000, 3);
    toy_driver->write(toy_driver->address(2, 0x123), data);
    std::vector<std::uint8_t> back(1000);
    toy_driver->read("toy", toy_driver->address(2, 0x123), back);
    EXPECT_EQ(back, data);
    EXPECT_TRUE(chip->memory_accesses.empty());
    // Nobody's: neither device hears of it.
    EXPECT_EQ(port->memory_read(0xD000'0000, std::span{back}.first(4)),
              CompletionStatus::unsupported_request);
    port->memory_write(0xD000'0000, std::span{data}.first(4));
    EXPECT_EQ(device_status(chip_id), 0U);
    EXPECT_EQ(device_status(toy_id), 0U);
    // Refused by the toy's registers, and known at the toy alone.
    EXPECT_EQ(failure([&] { toy_driver->read_word("command", toy_register(toy::command)); }).status(),
              CompletionStatus::completer_abort);
    EXPECT_EQ(failure([&] { toy_driver->read_word("nothing", toy_register(0x40)); }).status(),
              CompletionStatus::unsupported_request);
    toy_driver->write_word(toy_register(toy::command), 9);
    EXPECT_EQ(device_status(toy_id), 0x2U);
    EXPECT_EQ(device_status(chip_id), 0U);
  });
}

TEST_F(SeveralDevices, TheToyReadsAndWritesHostMemory) {
  run([&] {
    enumerate();
    const auto data = counted(5000, 7);
    port->write_host(host_base + 0xFF3, data);  // odd, and across 4 KiB boundaries
    EXPECT_EQ(copy(toy::from_host, host_base + 0xFF3, 0x100, 5000), 2U);
    std::vector<std::uint8_t> local(5000);
    device->memory.memory().read(0x100, local);
    EXPECT_EQ(local, data);
    // Eleven pieces that end at multiples of 512: 13, 9 * 512, 379.
    EXPECT_EQ(device->most_outstanding, 11U);
    EXPECT_EQ(device->function.master().outstanding(), 0U);

    EXPECT_EQ(copy(toy::to_host, host_base + 0x2'0001, 0x100, 5000), 2U);
    std::vector<std::uint8_t> back(5002);
    port->read_host(host_base + 0x2'0000, back);
    EXPECT_EQ(back.front(), 0U);
    EXPECT_EQ(back.back(), 0U);
    EXPECT_TRUE(std::equal(data.begin(), data.end(), back.begin() + 1));
    EXPECT_EQ(port->interrupts(8), 2U);  // behind the eight of the chip
    EXPECT_EQ(device_status(toy_id), 0U);
  });
}

// 2 us a read at the host: with one tag one after the other, with many they overlap.
TEST_F(SeveralDevices, TagsBoundWhatIsUnderWay) {
  auto few = toy::description();
  few.tags = 3;
  host::HostMemory slow;
  slow.read_latency = std::chrono::microseconds{2};
  build(slow, few);
  run([&] {
    enumerate();
    const auto data = counted(4096, 5);
    port->write_host(host_base, data);
    const auto begin = sc_core::sc_time_stamp();
    EXPECT_EQ(copy(toy::from_host, host_base, 0, 4096), 2U);
    const auto took = sc_core::sc_time_stamp() - begin;
    EXPECT_EQ(device->most_outstanding, 3U);
    // Eight requests of 512 bytes, three at a time: three rounds of 2 us, and less than a fourth.
    EXPECT_GT(took, sc_core::sc_time(6, sc_core::SC_US));
    EXPECT_LT(took, sc_core::sc_time(10, sc_core::SC_US));
    std::vector<std::uint8_t> local(4096);
    device->memory.memory().read(0, local);
    EXPECT_EQ(local, data);
  });
}

// By hand, at a byte a nanosecond and 100 ns: the request (8 + 16 bytes) arrives after 124 ns, its
// completion, 8 + 12 + 64 bytes, 184 ns later.
TEST_F(SeveralDevices, AReadTakesTheTimeOfItsPackets) {
  run([&] {
    enumerate();
    std::vector<std::uint8_t> data(64);
    const auto begin = sc_core::sc_time_stamp();
    EXPECT_EQ(device->function.master().read(host_base, data), CompletionStatus::success);
    EXPECT_EQ(sc_core::sc_time_stamp() - begin, sc_core::sc_time(124 + 184, sc_core::SC_NS));
    // 512 bytes come back in two payloads of 256.
    data.resize(512);
    const auto second = sc_core::sc_time_stamp();
    EXPECT_EQ(device->function.master().read(host_base, data), CompletionStatus::success);
    EXPECT_EQ(sc_core::sc_time_stamp() - second, sc_core::sc_time(124 + 2 * 276 + 100, sc_core::SC_NS));
    // 300 bytes of a write leave in two packets, 24 bytes each around them.
    const auto third = sc_core::sc_time_stamp();
    device->function.master().write(host_base, std::span{data}.first(300));
    EXPECT_EQ(sc_core::sc_time_stamp() - third, sc_core::sc_time(300 + 2 * 24, sc_core::SC_NS));
  });
}

TEST_F(SeveralDevices, WhereNoHostMemoryIsReadsFail) {
  host::HostMemory small;
  small.base = 0x2'0000'0000;
  small.bytes = 0x10000;
  build(small);
  run([&] {
    enumerate();
    EXPECT_EQ(copy(toy::from_host, 0x1000, 0, 64), 3U);
    EXPECT_EQ(copy(toy::from_host, host_base, 0, 64), 3U);
    EXPECT_EQ(copy(toy::from_host, 0x2'0000'FFF0, 0, 32), 3U);  // runs over its end
    EXPECT_EQ(copy(toy::from_host, 0x2'0000'FFF0, 0, 16), 2U);
    EXPECT_EQ(copy(toy::to_host, 0x1000, 0, 64), 2U);  // posted: nobody tells
    EXPECT_THROW(port->write_host(0x1000, counted(4, 1)), std::out_of_range);
    EXPECT_THROW(port->write_host(0x2'0000'FFF0, counted(17, 1)), std::out_of_range);
  });
}

TEST_F(SeveralDevices, WithoutBusMasteringRequestsWait) {
  run([&] {
    enumerate();
    EXPECT_EQ(port->config_write(0x04, 2, 0x2, toy_id), CompletionStatus::success);
    begin(toy::from_host, host_base, 0, 64);
    EXPECT_FALSE(port->wait_for_interrupt(std::chrono::microseconds{50}, toy_id));
    EXPECT_EQ(device->function.master().outstanding(), 0U);
    EXPECT_EQ(port->config_write(0x04, 2, 0x6, toy_id), CompletionStatus::success);
    EXPECT_TRUE(port->wait_for_interrupt(std::chrono::microseconds{50}, toy_id));
  });
}

TEST_F(SeveralDevices, InterruptsWakeTheDriverOfTheirDevice) {
  run([&] {
    enumerate();
    ipu->raise(3);
    EXPECT_FALSE(port->wait_for_interrupt(std::chrono::microseconds{10}, toy_id));
    EXPECT_TRUE(port->wait_for_interrupt(std::chrono::microseconds{10}, chip_id));
    device->function.raise(0);
    EXPECT_TRUE(port->wait_for_interrupt(std::chrono::microseconds{10}, toy_id));
    EXPECT_FALSE(port->wait_for_interrupt(std::chrono::microseconds{10}, chip_id));
    EXPECT_EQ(port->interrupts(3), 1U);
    EXPECT_EQ(port->interrupts(8), 1U);
  });
}

TEST_F(SeveralDevices, DebuggersReachWhatIsBehindTheBars) {
  run([&] {
    enumerate();
    const auto data = counted(8, 9);
    device->memory.memory().write(0x20, data);
    std::vector<std::uint8_t> seen(8);
    tlm::tlm_generic_payload t;
    t.set_command(tlm::TLM_READ_COMMAND);
    t.set_address(toy_driver->address(2, 0x20));
    t.set_data_ptr(seen.data());
    t.set_data_length(8);
    EXPECT_EQ(port->link[1]->transport_dbg(t), 8U);
    EXPECT_EQ(seen, data);
    t.set_address(toy_driver->address(4, 0));  // the MSI-X table: two words
    EXPECT_EQ(port->link[1]->transport_dbg(t), 8U);
    EXPECT_EQ(seen[0], 8 * 4);  // the host's ninth vector
    t.set_address(0x1000);
    EXPECT_EQ(port->link[1]->transport_dbg(t), 0U);
  });
}

// A model of host software may reach host memory directly.
TEST_F(SeveralDevices, HostMemoryOffersDmi) {
  run([&] {
    enumerate();
    port->write_host(host_base + 0x1'0004, std::vector<std::uint8_t>{42});
    tlm::tlm_generic_payload t;
    tlm::tlm_dmi dmi;
    t.set_command(tlm::TLM_WRITE_COMMAND);
    t.set_address(host_base + 0x1'0004);
    ASSERT_TRUE(device->function.upstream()->get_direct_mem_ptr(t, dmi));
    EXPECT_EQ(dmi.get_start_address(), host_base + 0x1'0000);
    EXPECT_EQ(dmi.get_end_address(), host_base + 0x1'FFFF);
    EXPECT_EQ(dmi.get_dmi_ptr()[4], 42);
    dmi.get_dmi_ptr()[5] = 43;
    std::vector<std::uint8_t> seen(2);
    port->read_host(host_base + 0x1'0004, seen);
    EXPECT_EQ(seen, (std::vector<std::uint8_t>{42, 43}));
    t.set_address(0x1000);
    EXPECT_FALSE(device->function.upstream()->get_direct_mem_ptr(t, dmi));
    EXPECT_EQ(dmi.get_end_address(), host_base - 1);
    // Not through the link to a device: its time would be passed by.
    t.set_address(toy_driver->address(2, 0x20));
    EXPECT_FALSE(port->link[1]->get_direct_mem_ptr(t, dmi));
  });
}

}  // namespace
