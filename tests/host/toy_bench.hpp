// SPDX-License-Identifier: Apache-2.0
// A toy on a link that can be spoiled, enumerated by its driver.
#pragma once

#include "bench.hpp"
#include "ipusim/host/pci_function.hpp"
#include "toy_device.hpp"

namespace ipusim::host_test {

// A byte a nanosecond, 100 ns; host memory from 4 GiB on.
class ToyBench : public SimulationTest {
 protected:
  void build(const host::HostMemory& memory = {},
             const device::FunctionDescription& description = toy::description());
  void run(std::function<void()> script);
  void enumerate() { driver->configure({0x1234, 0x5678, 256, 512, {0, 2}}); }

  std::uint32_t config(std::uint32_t offset, unsigned bytes = 4);
  void set_config(std::uint32_t offset, unsigned bytes, std::uint32_t value);
  // Has the toy copy; its interrupt tells of the end.
  void begin(std::uint32_t command, std::uint64_t host, std::uint32_t local, std::uint32_t bytes);
  // The toy's status: 0 idle, 1 moves, 2 done, 3 failed.
  std::uint32_t status() { return driver->read_word("status", driver->address(0, toy::status)); }
  std::uint32_t copy(std::uint32_t command, std::uint64_t host, std::uint32_t local, std::uint32_t bytes);
  // Device Status of the error bits, and the uncorrectable errors of its AER.
  std::uint32_t device_status() { return config(0x4A, 2) & 0xFU; }
  std::uint32_t errors() { return config(0x104); }
  std::uint64_t memory_at(std::uint64_t offset) { return driver->address(2, offset); }
  std::vector<std::uint8_t> toy_memory(std::uint64_t offset, std::size_t bytes);
  static void rest(double us) { sc_core::wait(us, sc_core::SC_US); }
  static sc_core::sc_time ns(double value) { return sc_core::sc_time(value, sc_core::SC_NS); }
  static sc_core::sc_time took(const std::function<void()>& action);

  static constexpr std::uint64_t host_base = 0x1'0000'0000;
  static constexpr device::RequesterId toy_id{0x0100};

  std::unique_ptr<host::RootPort> port;
  std::unique_ptr<ToyDevice> device;
  std::unique_ptr<CheckedLink> link;
  std::unique_ptr<host::PciFunction> driver;
};

}  // namespace ipusim::host_test
