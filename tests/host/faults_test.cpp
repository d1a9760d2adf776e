// SPDX-License-Identifier: Apache-2.0
// Errors of a link and its ends: each leaves the status that the PCI Express base specification asks for at
// both ends, nothing hangs, and nothing is lost without a word.
#include "toy_bench.hpp"

namespace {

using namespace ipusim;
using device::CompletionStatus;
using Bytes = std::vector<std::uint8_t>;
using Way = device::LinkTap::Way;
namespace toy = host_test::toy;

// Of advanced error reporting.
constexpr std::uint32_t poisoned = 1U << 12U;
constexpr std::uint32_t timed_out = 1U << 14U;
constexpr std::uint32_t unexpected = 1U << 16U;
constexpr std::uint32_t unsupported = 1U << 20U;
constexpr std::uint32_t surprise_down = 1U << 5U;

class Faults : public host_test::ToyBench {
 protected:
  // As a host does that wants to hear of errors: all kinds send messages, advisory ones too.
  void listen() {
    set_config(0x48, 2, config(0x48, 2) | 0xFU);
    set_config(0x114, 4, 0);
  }
  std::uint32_t root(std::uint32_t offset) { return port->errors().read(offset); }
  std::uint32_t root_status() { return root(0x30); }
  void on_end(Way way, const std::function<void(tlm::tlm_generic_payload&, device::TlpExtension&)>& spoil) {
    link->faults.end = [way, spoil](Way of, auto& payload, auto& tlp) {
      if (of == way) spoil(payload, tlp);
    };
  }
  void heal() {
    link->faults.end = [](auto, auto&, auto&) {};
    link->faults.request = [](auto, auto&, auto&) {};
  }
};

TEST_F(Faults, APoisonedWriteIsNotWritten) {
  run([&] {
    enumerate();
    listen();
    port->memory_write(memory_at(0x40), Bytes{1, 2, 3, 4});
    port->memory_write(memory_at(0x40), Bytes{9, 9, 9, 9}, {.poisoned = true});
    EXPECT_EQ(device_status(), 0x2U);               // non-fatal
    EXPECT_EQ(config(0x06, 2) & 0x8100U, 0x8000U);  // a poisoned packet, and none that was asked for
    EXPECT_EQ(errors(), poisoned);
    EXPECT_EQ(config(0x118), 12U);
    EXPECT_EQ(toy_memory(0x40, 4), (Bytes{1, 2, 3, 4}));
    // Its header: memory write, four words, EP, one word of data; all bytes; 0x40'0000'0040.
    EXPECT_EQ(config(0x11C), 0x6000'4001U);
    EXPECT_EQ(config(0x120), 0x0000'000FU);
    EXPECT_EQ(config(0x124), 0x0000'0040U);
    EXPECT_EQ(config(0x128), 0x0000'0040U);
    rest(1);
    EXPECT_EQ(root_status(), 0x24U);  // a non-fatal message, the first
    EXPECT_EQ(root(0x34) >> 16U, toy_id.value);
    EXPECT_EQ(root(0x04), 0U);  // of the root port's own there is none
    // Another one is one more.
    port->memory_write(memory_at(0x40), Bytes{9, 9, 9, 9}, {.poisoned = true});
    rest(1);
    EXPECT_EQ(root_status(), 0x2CU);
    port->errors().write(0x30, ~0U);
    EXPECT_EQ(root_status(), 0U);
  });
}

TEST_F(Faults, PoisonedDataOfTheHostFailsTheDevicesRead) {
  run([&] {
    enumerate();
    set_config(0x04, 2, 0x46);  // parity errors are responded to
    port->write_host(host_base, Bytes(64, 7));
    on_end(Way::up, [](auto&, auto& tlp) { tlp.poisoned = true; });
    EXPECT_EQ(copy(toy::from_host, host_base, 0, 64), 3U);
    EXPECT_EQ(toy_memory(0, 64), Bytes(64, 0));
    EXPECT_EQ(device_status(), 0x2U);
    EXPECT_EQ(errors(), poisoned);
    EXPECT_EQ(config(0x06, 2) & 0x8100U, 0x8100U);
    // A completion of 16 words with EP, 64 bytes left, for the function.
    EXPECT_EQ(config(0x11C), 0x4A00'4010U);
    EXPECT_EQ(config(0x120), 0x0000'0040U);
    EXPECT_EQ(config(0x124) & 0xFFFF'00FFU, 0x0100'0000U);
    heal();
    EXPECT_EQ(copy(toy::from_host, host_base, 0, 64), 2U);
    EXPECT_EQ(toy_memory(0, 64), Bytes(64, 7));
  });
}

TEST_F(Faults, PoisonedDataOfTheDeviceFailsTheHostsRead) {
  run([&] {
    enumerate();
    on_end(Way::down, [](auto&, auto& tlp) { tlp.poisoned = true; });
    Bytes data(4);
    EXPECT_EQ(port->memory_read(memory_at(0), data), CompletionStatus::poisoned);
    heal();
    EXPECT_EQ(root(0x04), poisoned);
    EXPECT_EQ(root_status(), 0x24U);
    EXPECT_EQ(root(0x34) >> 16U, 0U);  // its own
    EXPECT_EQ(device_status(), 0U);
    // Poisoned data of the device for host memory is not written there.
    port->write_host(host_base, Bytes{5});
    EXPECT_EQ(device->function.master().write(host_base, Bytes{6}, true), CompletionStatus::none);
    rest(1);
    Bytes seen(1);
    port->read_host(host_base, seen);
    EXPECT_EQ(seen, Bytes{5});
    EXPECT_EQ(root_status(), 0x2CU);
  });
}

TEST_F(Faults, TheHostWaitsForACompletionSoLong) {
  run([&] {
    enumerate();
    port->set_completion_timeout(std::chrono::microseconds{300});
    on_end(Way::down, [](auto& payload, auto&) { host_test::FaultyLink::drop(payload); });
    Bytes data(4);
    EXPECT_EQ(took([&] { EXPECT_EQ(port->memory_read(memory_at(0), data), CompletionStatus::timed_out); }),
              ns(300'000));
    std::uint32_t value = 0;
    EXPECT_EQ(port->config_read(0, 4, value), CompletionStatus::timed_out);
    EXPECT_EQ(value, 0xFFFF'FFFFU);
    EXPECT_EQ(root(0x04), timed_out);
    // The driver says what happened, and the link goes on.
    const auto error = host_test::failure([&] { status(); });
    EXPECT_EQ(error.status(), CompletionStatus::timed_out);
    EXPECT_NE(error.reason().find("no completion came"), std::string::npos) << error.reason();
    heal();
    EXPECT_EQ(port->memory_read(memory_at(0), data), CompletionStatus::success);
  });
}

TEST_F(Faults, TheDeviceWaitsForACompletionSoLong) {
  run([&] {
    enumerate();
    listen();
    set_config(0x68, 2, 0x1);  // 75 us
    on_end(Way::up, [](auto& payload, auto&) { host_test::FaultyLink::drop(payload); });
    Bytes data(64);
    auto& master = device->function.master();
    EXPECT_EQ(took([&] { EXPECT_EQ(master.read(host_base, data), CompletionStatus::timed_out); }),
              ns(75'000));
    EXPECT_EQ(master.outstanding(), 0U);
    EXPECT_EQ(device_status(), 0x2U);
    EXPECT_EQ(errors(), timed_out);
    EXPECT_EQ(config(0x118), 14U);
    EXPECT_EQ(root_status(), 0x24U);
    // Without a timeout it waits until something else ends it.
    set_config(0x68, 2, 0x10);
    const auto read = master.begin_read(host_base, data);
    rest(1e6);
    EXPECT_FALSE(read->done());
    EXPECT_EQ(config(0x4A, 2) & 0x20U, 0x20U);  // transactions pending
    set_config(0x48, 2, 0x8000);
    EXPECT_TRUE(read->done());
    EXPECT_EQ(read->status(), CompletionStatus::discarded);
    EXPECT_EQ(config(0x4A, 2) & 0x20U, 0U);
  });
}

TEST_F(Faults, ACompletionThatNobodyAskedFor) {
  run([&] {
    enumerate();
    listen();
    set_config(0x68, 2, 0x1);
    // The checker at the device's end hears of it as well.
    std::vector<std::string> told;
    link->transactions.set_tell([&](const std::string& what) { told.push_back(what); });
    on_end(Way::up, [](auto&, auto& tlp) { tlp.tag = 29; });
    Bytes data(64);
    EXPECT_EQ(device->function.master().read(host_base, data), CompletionStatus::timed_out);
    heal();
    EXPECT_EQ(device_status(), 0x3U);  // advisory, and the timeout of its own request
    EXPECT_EQ(errors(), unexpected | timed_out);
    EXPECT_EQ(config(0x118), 16U);
    EXPECT_EQ(config(0x11C), 0x4A00'0010U);
    EXPECT_EQ(config(0x124), 0x0100'1D00U);
    EXPECT_EQ(root_status() & 0x7U, 0x5U);
    EXPECT_EQ(told.size(), 1U);
    link->transactions.forgive();
    link->transactions.set_tell({});
    // And at the host.
    port->set_completion_timeout(std::chrono::microseconds{300});
    on_end(Way::down, [](auto&, auto& tlp) { tlp.tag = 29; });
    EXPECT_EQ(port->memory_read(memory_at(0), data), CompletionStatus::timed_out);
    heal();
    EXPECT_EQ(root(0x04) & timed_out, timed_out);
    EXPECT_EQ(root(0x10), 0x2000U);
  });
}

TEST_F(Faults, RequestsOfNobodyAreLogged) {
  run([&] {
    enumerate();
    listen();
    Bytes data(8);
    EXPECT_EQ(port->memory_read(0x9000'0008, data), CompletionStatus::unsupported_request);
    rest(1);
    EXPECT_EQ(device_status(), 0x9U);
    EXPECT_EQ(errors(), unsupported);
    EXPECT_EQ(config(0x11C), 0x0000'0002U);
    EXPECT_EQ(config(0x120) & 0xFFFF'00FFU, 0x0000'00FFU);
    EXPECT_EQ(config(0x124), 0x9000'0008U);
    EXPECT_EQ(config(0x128), 0U);
    EXPECT_EQ(root_status(), 0x1U);
    EXPECT_EQ(root(0x34) & 0xFFFFU, toy_id.value);
  });
}

TEST_F(Faults, DmaWhereNoHostMemoryIs) {
  run([&] {
    enumerate();
    EXPECT_EQ(copy(toy::from_host, 0x1000, 0, 64), 3U);
    EXPECT_EQ(config(0x06, 2) & 0x2000U, 0x2000U);  // received master abort
    EXPECT_EQ(root(0x10), 0x2000U);                 // at the root port advisory, and masked
    EXPECT_EQ(root_status(), 0U);
    EXPECT_EQ(copy(toy::to_host, 0x1000, 0, 64), 2U);  // posted: the device does not hear of it
    EXPECT_EQ(root(0x04), unsupported);
    EXPECT_EQ(root(0x1C), 0x4000'0010U);
    EXPECT_EQ(root(0x24), 0x1000U);
    EXPECT_EQ(root_status(), 0x24U);
  });
}

TEST_F(Faults, SurpriseLinkDownAndUp) {
  host::HostMemory slow;
  slow.read_latency = std::chrono::microseconds{5};
  build(slow);
  run([&] {
    enumerate();
    port->write_host(host_base, Bytes(4096, 3));
    unsigned resets = 0;
    device->function.on_reset([&] { ++resets; });
    Bytes data(4096);
    const auto dma = device->function.master().begin_read(host_base, data);
    Bytes word(4);
    CompletionStatus host_read = CompletionStatus::none;
    sc_core::sc_spawn([&] { host_read = port->memory_read(memory_at(0), word); });
    const auto many = port->begin_read(memory_at(0x1000), data);
    sc_core::wait(50, sc_core::SC_NS);
    device->function.link_state().set(false);
    rest(1);
    EXPECT_EQ(host_read, CompletionStatus::unsupported_request);
    EXPECT_TRUE(many->done());
    EXPECT_EQ(many->status(), CompletionStatus::unsupported_request);
    EXPECT_TRUE(dma->done());
    EXPECT_EQ(dma->status(), CompletionStatus::discarded);
    EXPECT_EQ(resets, 1U);
    EXPECT_EQ(root(0x04), surprise_down);
    EXPECT_EQ(root_status(), 0x54U);  // fatal, the first
    // Down: nobody answers, writes are gone, the device's requests wait.
    std::uint32_t ids = 0;
    EXPECT_EQ(port->config_read(0, 4, ids), CompletionStatus::unsupported_request);
    EXPECT_EQ(ids, 0xFFFF'FFFFU);
    const auto error = host_test::failure([&] { status(); });
    EXPECT_EQ(error.status(), CompletionStatus::unsupported_request);
    EXPECT_NE(error.reason().find("its link is down"), std::string::npos) << error.reason();
    port->memory_write(memory_at(0), Bytes(4, 1));
    rest(20);
    device->function.link_state().set(true);
    EXPECT_EQ(port->config_read(0, 4, ids), CompletionStatus::success);
    EXPECT_EQ(config(0x04, 2), 0U);  // as after power-on
    EXPECT_EQ(config(0x10), 0U);
    enumerate();
    EXPECT_EQ(toy_memory(0, 4), Bytes(4, 0));
    EXPECT_EQ(copy(toy::from_host, host_base, 0, 4096), 2U);
    EXPECT_EQ(toy_memory(0, 4096), Bytes(4096, 3));
    EXPECT_EQ(device_status(), 0U);
  });
}

TEST_F(Faults, ResetWithRequestsInFlight) {
  host::HostMemory slow;
  slow.read_latency = std::chrono::microseconds{5};
  build(slow);
  run([&] {
    enumerate();
    port->write_host(host_base, Bytes(4096, 3));
    begin(toy::from_host, host_base, 0, 4096);
    rest(1);
    EXPECT_EQ(device->function.master().outstanding(), 8U);
    // Writes that are under way meet a function without addresses.
    port->memory_write(memory_at(0), Bytes(4, 1));
    set_config(0x48, 2, config(0x48, 2) | 0x8000);
    EXPECT_EQ(config(0x4A, 2) & 0x20U, 0U);  // nothing is pending any more
    EXPECT_EQ(config(0x04, 2), 0U);
    EXPECT_EQ(config(0x18), 0xCU);
    rest(20);
    // Eight completions came for requests that are no more.
    EXPECT_EQ(device->function.master().outstanding(), 0U);
    EXPECT_EQ(device_status(), 0x1U);
    enumerate();
    EXPECT_EQ(status(), 3U);  // the toy was told, and says so
    EXPECT_EQ(copy(toy::from_host, host_base, 0, 4096), 2U);
    EXPECT_EQ(toy_memory(0, 4096), Bytes(4096, 3));
  });
}

TEST_F(Faults, AWriteThatAResetCutsOffSaysSo) {
  run([&] {
    enumerate();
    CompletionStatus status = CompletionStatus::success;
    sc_core::sc_spawn([&] { status = device->function.master().write(host_base, Bytes(4096, 1)); });
    rest(0.5);
    set_config(0x48, 2, config(0x48, 2) | 0x8000);
    rest(1);
    EXPECT_EQ(status, CompletionStatus::discarded);
  });
}

TEST_F(Faults, InD3hotOnlyConfigurationIsAnswered) {
  run([&] {
    enumerate();
    set_config(0x94, 2, 3);
    Bytes data(4);
    EXPECT_EQ(port->memory_read(memory_at(0), data), CompletionStatus::unsupported_request);
    EXPECT_EQ(device_status(), 0x9U);
    bool done = false;
    sc_core::sc_spawn(
        [&] { done = device->function.master().read(host_base, data) == CompletionStatus::success; });
    device->function.raise(0);
    rest(20);
    EXPECT_FALSE(done);
    EXPECT_FALSE(port->wait_for_interrupt(std::chrono::microseconds{1}, toy_id));
    set_config(0x94, 2, 0);
    rest(20);
    EXPECT_TRUE(done);
    EXPECT_TRUE(port->wait_for_interrupt(std::chrono::microseconds{1}, toy_id));
    EXPECT_EQ(port->memory_read(memory_at(0), data), CompletionStatus::success);
  });
}

TEST_F(Faults, MalformedPacketsAreDroppedAndFatal) {
  run([&] {
    enumerate();
    listen();
    link->allow_anything();
    Bytes data(8);
    port->set_completion_timeout(std::chrono::microseconds{300});
    EXPECT_EQ(port->memory_read(memory_at(0xFFC), data), CompletionStatus::timed_out);
    EXPECT_EQ(device_status(), 0x4U);
    EXPECT_EQ(errors(), 1U << 18U);
    EXPECT_EQ(config(0x11C), 0x2000'0002U);
    EXPECT_EQ(config(0x128), 0xFFCU);
    EXPECT_EQ(root_status(), 0x7CU);  // a fatal message, and then the root port's own timeout
    port->errors().write(0x30, ~0U);
    port->memory_write(memory_at(0), Bytes(260, 1));  // above the largest payload
    rest(1);
    EXPECT_EQ(root_status(), 0x54U);
    EXPECT_EQ(toy_memory(0, 4), Bytes(4, 0));
  });
}

}  // namespace
