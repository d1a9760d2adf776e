// SPDX-License-Identifier: Apache-2.0
#include "bench.hpp"

#include <filesystem>

namespace ipusim::host_test {

SimulationTest::SimulationTest() {
  sc_core::sc_curr_simcontext = new sc_core::sc_simcontext();
  sc_core::sc_default_global_context = sc_core::sc_curr_simcontext;
}

SimulationTest::~SimulationTest() {
  delete sc_core::sc_curr_simcontext;
  sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = nullptr;
}

config::PcieConfig slow_link() {
  auto pcie = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml").pcie;
  pcie.latency_ns = 100;
  pcie.bandwidth_bytes_per_s = 1e9;
  pcie.max_payload_bytes = 256;
  pcie.max_read_request_bytes = 512;
  return pcie;
}

FakeChip::FakeChip(sc_core::sc_module_name name)
    : sc_core::sc_module(name), memory("memory"), control("control") {
  memory.register_b_transport(this, &FakeChip::memory_transport);
  control.register_b_transport(this, &FakeChip::control_transport);
}

void FakeChip::memory_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
  const std::uint64_t address = transaction.get_address();
  const std::size_t bytes = transaction.get_data_length();
  memory_accesses.push_back({transaction.is_read(), address, bytes, sc_core::sc_time_stamp()});
  for (std::size_t i = 0; i < bytes && answer == tlm::TLM_OK_RESPONSE; ++i) {
    if (transaction.is_read()) {
      const auto found = memory_bytes.find(address + i);
      transaction.get_data_ptr()[i] = found == memory_bytes.end() ? std::uint8_t{0} : found->second;
    } else {
      memory_bytes[address + i] = transaction.get_data_ptr()[i];
    }
  }
  transaction.set_response_status(answer);
}

void FakeChip::control_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
  const std::uint64_t address = transaction.get_address();
  control_accesses.push_back(
      {transaction.is_read(), address, transaction.get_data_length(), sc_core::sc_time_stamp()});
  const auto found = control_words.find(address);
  if (found == control_words.end()) {
    transaction.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return;
  }
  for (unsigned i = 0; i < 4 && answer == tlm::TLM_OK_RESPONSE; ++i) {
    unsigned char& byte = transaction.get_data_ptr()[i];
    if (transaction.is_read()) {
      byte = static_cast<unsigned char>(found->second >> (8U * i));
    } else {
      found->second = (found->second & ~(0xFFU << (8U * i))) | std::uint32_t{byte} << (8U * i);
    }
  }
  transaction.set_response_status(answer);
}

Script::Script(sc_core::sc_module_name name, std::function<void()> script)
    : sc_core::sc_module(name), script_(std::move(script)) {
  SC_HAS_PROCESS(Script);
  SC_THREAD(thread);
  set_stack_size(1U << 20U);
}

void Script::thread() {
  script_();
  ended_ = true;
}

device::RequesterId CheckedLink::attach(host::RootPort& port, device::PcieFunction& function) {
  faults.to_device.bind(transactions.from_host);
  transactions.to_device.bind(down.from_initiator);
  down.to_target.bind(function.link);
  function.upstream().bind(up.from_initiator);
  up.to_target.bind(transactions.from_device);
  transactions.to_host.bind(faults.from_device);
  transactions.watch(function.link_state());
  return port.attach(faults.from_host, faults.to_host, &function.link_state());
}

void FaultyLink::drop(tlm::tlm_generic_payload& payload) {
  payload.get_extension<device::TlpExtension>()->lost = true;
  payload.set_dmi_allowed(false);
  payload.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
}

void CheckedBars::connect(host::IpuFunction& function, FakeChip& chip) {
  function.memory().bind(memory_.from_initiator);
  memory_.to_target.bind(chip.memory);
  function.control().bind(control_.from_initiator);
  control_.to_target.bind(chip.control);
}

EndpointBench::EndpointBench(const config::PcieConfig& config)
    : chip("chip"), endpoint("endpoint", config), port("port") {
  link.attach(port, endpoint);
  bars_.connect(endpoint, chip);
}

void EndpointBench::run(std::function<void()> script) {
  script_ = std::make_unique<Script>("script", std::move(script));
  sc_core::sc_start();
  EXPECT_TRUE(script_->ended()) << "the host still waits for something";
}

std::uint32_t EndpointBench::config_word(std::uint32_t offset, unsigned bytes) {
  std::uint32_t value = 0;
  EXPECT_EQ(port.config_read(offset, bytes, value), device::CompletionStatus::success);
  return value;
}

void EndpointBench::set_config(std::uint32_t offset, unsigned bytes, std::uint32_t value) {
  EXPECT_EQ(port.config_write(offset, bytes, value), device::CompletionStatus::success);
}

void EndpointBench::place_bars() {
  set_config(0x10, 4, static_cast<std::uint32_t>(control_at));
  set_config(0x18, 4, static_cast<std::uint32_t>(memory_at));
  set_config(0x1C, 4, static_cast<std::uint32_t>(memory_at >> 32U));
  set_config(0x20, 4, static_cast<std::uint32_t>(table_at));
  set_config(0x24, 4, static_cast<std::uint32_t>(pending_at));
  set_config(0x04, 2, 6);
}

device::CompletionStatus EndpointBench::read(std::uint64_t address, std::size_t bytes) {
  std::vector<std::uint8_t> data(bytes);
  return port.memory_read(address, data);
}

std::uint32_t EndpointBench::read_word(std::uint64_t address) {
  std::vector<std::uint8_t> data(4);
  EXPECT_EQ(port.memory_read(address, data), device::CompletionStatus::success);
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) value |= std::uint32_t{data[i]} << (8U * i);
  return value;
}

void EndpointBench::write(std::uint64_t address, std::size_t bytes) {
  port.memory_write(address, std::vector<std::uint8_t>(bytes, 0xA5));
}

void EndpointBench::write_word(std::uint64_t address, std::uint32_t value) {
  std::vector<std::uint8_t> data;
  for (unsigned i = 0; i < 4; ++i) data.push_back(static_cast<std::uint8_t>(value >> (8U * i)));
  port.memory_write(address, data);
}

host::HostError failure(const std::function<void()>& action) {
  try {
    action();
  } catch (const host::HostError& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return host::HostError("nothing", "was thrown");
}

}  // namespace ipusim::host_test

// gtest brings main(); SystemC's library asks for this one all the same.
int sc_main(int, char**) { return 0; }
