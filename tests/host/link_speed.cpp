// SPDX-License-Identifier: Apache-2.0
// How many packets of a link the models make in a second of wall time: the host's requests loosely timed, one
// after the other, and approximately timed, many at a time; a device's reads and writes of host memory.
//   build/release/tests/link_speed
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "ipusim/host/pci_function.hpp"
#include "toy_bench.hpp"

namespace {

using namespace ipusim;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t bytes = 256;
constexpr unsigned requests = 100'000;

// Packets by request: a read has its request and one completion.
void tell(const char* what, unsigned packets, const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  const auto simulated = sc_core::sc_time_stamp();
  work();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const double gigabytes = static_cast<double>(requests) * bytes * 1e-9;
  fmt::print("{:32} {:10.0f} packets/s, {:7.1f} MB/s of wall time, {:6.2f} GB/s simulated\n", what,
             packets * requests / took.count(), 1e3 * gigabytes / took.count(),
             gigabytes / (sc_core::sc_time_stamp() - simulated).to_seconds());
}

class LinkSpeed : public ::testing::Test {};

TEST_F(LinkSpeed, OfRequests) {
  host::RootPort port("port");
  auto description = host_test::toy::description();
  description.link = {.latency_ns = 500, .generation = 4, .lanes = 8};
  host_test::ToyDevice device("toy", description);
  port.attach(device.function);
  host_test::Script script("script", [&] {
    host::PciFunction driver(port, device::first_device);
    driver.configure({0x1234, 0x5678, 256, 512, {0, 2}});
    const std::uint64_t at = driver.address(2, 0);
    Bytes data(bytes);
    tell("host, reads by b_transport", 2, [&] {
      for (unsigned i = 0; i < requests; ++i) port.memory_read(at, data);
    });
    tell("host, writes by b_transport", 1, [&] {
      for (unsigned i = 0; i < requests; ++i) port.memory_write(at, data);
      port.flush(at);
    });
    tell("host, reads by nb_transport", 2, [&] {
      std::shared_ptr<const host::HostRead> last;
      for (unsigned i = 0; i < requests; ++i) last = port.begin_read(at, data);
      while (!last->done()) sc_core::wait(last->finished());
    });
    auto& master = device.function.master();
    const std::uint64_t memory = port.host_memory().base;
    tell("device, writes", 1, [&] {
      for (unsigned i = 0; i < requests; ++i) master.write(memory, data);
    });
    tell("device, reads", 2, [&] {
      std::shared_ptr<const device::DmaRead> last;
      for (unsigned i = 0; i < requests; ++i) last = master.begin_read(memory, data);
      while (!last->done()) sc_core::wait(last->finished());
    });
  });
  sc_core::sc_start();
}

}  // namespace
