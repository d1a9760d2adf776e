// SPDX-License-Identifier: Apache-2.0
#include "toy_bench.hpp"

namespace ipusim::host_test {

using device::CompletionStatus;

void ToyBench::build(const host::HostMemory& memory, const device::FunctionDescription& description) {
  port = std::make_unique<host::RootPort>("port", memory);
  device = std::make_unique<ToyDevice>("toy", description);
  link = std::make_unique<CheckedLink>("toy");
  EXPECT_EQ(link->attach(*port, device->function), toy_id);
  driver = std::make_unique<host::PciFunction>(*port, toy_id);
}

void ToyBench::run(std::function<void()> script) {
  if (!port) build();
  Script process("script", std::move(script));
  sc_core::sc_start();
  EXPECT_TRUE(process.ended()) << "the host still waits for something";
}

std::uint32_t ToyBench::config(std::uint32_t offset, unsigned bytes) {
  std::uint32_t value = 0;
  EXPECT_EQ(port->config_read(offset, bytes, value), CompletionStatus::success);
  return value;
}

void ToyBench::set_config(std::uint32_t offset, unsigned bytes, std::uint32_t value) {
  EXPECT_EQ(port->config_write(offset, bytes, value), CompletionStatus::success);
}

void ToyBench::begin(std::uint32_t command, std::uint64_t host, std::uint32_t local, std::uint32_t bytes) {
  driver->write_word(driver->address(0, toy::host_low), static_cast<std::uint32_t>(host));
  driver->write_word(driver->address(0, toy::host_high), static_cast<std::uint32_t>(host >> 32U));
  driver->write_word(driver->address(0, toy::local), local);
  driver->write_word(driver->address(0, toy::length), bytes);
  driver->write_word(driver->address(0, toy::command), command);
}

std::uint32_t ToyBench::copy(std::uint32_t command, std::uint64_t host, std::uint32_t local,
                             std::uint32_t bytes) {
  begin(command, host, local, bytes);
  EXPECT_TRUE(port->wait_for_interrupt(std::chrono::milliseconds{100}, toy_id));
  return status();
}

std::vector<std::uint8_t> ToyBench::toy_memory(std::uint64_t offset, std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  device->memory.memory().read(offset, data);
  return data;
}

sc_core::sc_time ToyBench::took(const std::function<void()>& action) {
  const auto begin = sc_core::sc_time_stamp();
  action();
  return sc_core::sc_time_stamp() - begin;
}

}  // namespace ipusim::host_test
