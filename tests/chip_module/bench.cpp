// SPDX-License-Identifier: Apache-2.0
#include "bench.hpp"

#include <filesystem>

#include "tile_kinds.hpp"

// gtest brings main(); SystemC's library asks for this one all the same.
int sc_main(int, char**) { return 0; }

namespace ipusim::chip_test {

using chip::control::ChipStatus;

// SystemC has one simulation per context, and every test needs its own.
SimulationTest::SimulationTest() {
  sc_core::sc_curr_simcontext = new sc_core::sc_simcontext();
  sc_core::sc_default_global_context = sc_core::sc_curr_simcontext;
}

SimulationTest::~SimulationTest() {
  delete sc_core::sc_curr_simcontext;
  sc_core::sc_curr_simcontext = sc_core::sc_default_global_context = nullptr;
}

Host::Host(sc_core::sc_module_name name, std::function<void(Host&)> script)
    : sc_core::sc_module(name), memory("memory"), control("control"), script_(std::move(script)) {
  memory.register_invalidate_direct_mem_ptr(this, &Host::invalidate);
  SC_HAS_PROCESS(Host);
  SC_THREAD(thread);
}

void Host::thread() { script_(*this); }

Answer Host::read(std::uint32_t offset, unsigned bytes) {
  std::vector<unsigned char> data(std::max(bytes, 4U), 0);
  tlm::tlm_generic_payload transaction;
  transaction.set_command(tlm::TLM_READ_COMMAND);
  transaction.set_address(offset);
  transaction.set_data_ptr(data.data());
  transaction.set_data_length(bytes);
  transaction.set_streaming_width(bytes);
  transaction.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  sc_core::sc_time delay;
  control->b_transport(transaction, delay);
  std::uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) value |= std::uint32_t{data[i]} << (8U * i);
  return {transaction.get_response_status(), value};
}

tlm::tlm_response_status Host::write(std::uint32_t offset, std::uint32_t value) {
  unsigned char data[4];
  for (unsigned i = 0; i < 4; ++i) data[i] = static_cast<unsigned char>(value >> (8U * i));
  tlm::tlm_generic_payload transaction;
  transaction.set_command(tlm::TLM_WRITE_COMMAND);
  transaction.set_address(offset);
  transaction.set_data_ptr(data);
  transaction.set_data_length(4);
  transaction.set_streaming_width(4);
  transaction.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  sc_core::sc_time delay;
  control->b_transport(transaction, delay);
  return transaction.get_response_status();
}

tlm::tlm_response_status Host::move(tlm::tlm_command command, std::uint64_t address,
                                    std::vector<std::uint8_t>& data) {
  tlm::tlm_generic_payload transaction;
  transaction.set_command(command);
  transaction.set_address(address);
  transaction.set_data_ptr(data.data());
  transaction.set_data_length(static_cast<unsigned>(data.size()));
  transaction.set_streaming_width(static_cast<unsigned>(data.size()));
  transaction.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  sc_core::sc_time delay;
  memory->b_transport(transaction, delay);
  EXPECT_EQ(transaction.get_address(), address);  // a target must leave it as it was for the initiator
  return transaction.get_response_status();
}

tlm::tlm_response_status Host::put_words(std::uint64_t address, const std::vector<std::uint32_t>& words) {
  std::vector<std::uint8_t> data;
  for (const std::uint32_t word : words) {
    for (unsigned i = 0; i < 4; ++i) data.push_back(static_cast<std::uint8_t>(word >> (8U * i)));
  }
  return move(tlm::TLM_WRITE_COMMAND, address, data);
}

void Host::load(TileId place, const tile_test::Program& program) {
  ASSERT_EQ(put_words(address(place.value(), program.base()), program.code()), tlm::TLM_OK_RESPONSE);
  ASSERT_EQ(write(chip::control::tdi(place, chip::control::Tdi::dbg_iexec), branch_to(program.base())),
            tlm::TLM_OK_RESPONSE);
}

ChipStatus Host::wait_for_rest(const chip::ChipModule& chip) {
  while (chip.status() == ChipStatus::running) wait(chip.status_changed());
  return chip.status();
}

void Host::raise(unsigned vector) { interrupts.push_back({vector, sc_core::sc_time_stamp()}); }

Bench::Bench(const std::vector<std::uint16_t>& places, std::function<void(Host&, chip::ChipModule&)> script,
             const Options& options) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  system.hazards = options.hazards;
  system.places.clear();
  for (const std::uint16_t place : places) system.places.push_back(TileId{place});
  chip = std::make_unique<chip::ChipModule>(
      "chip", system,
      std::make_unique<chip::Chip>(system, std::vector<std::string>(places.size(), options.kind),
                                   tile_factories()),
      options.cycle_limit);
  host = std::make_unique<Host>("host", [this, script = std::move(script)](Host& h) {
    script(h, *chip);
    script_ended_ = true;
  });
  host->memory.bind(memory_checker_.from_initiator);
  memory_checker_.to_target.bind(chip->memory);
  host->control.bind(control_checker_.from_initiator);
  control_checker_.to_target.bind(chip->control);
  chip->interrupt.bind(*host);
}

void Bench::run() {
  sc_core::sc_start();
  EXPECT_TRUE(script_ended_) << "the host still waits for something";
}

std::uint32_t branch_to(std::uint32_t pc) { return tile_test::words("bri_mmmn_zi", {pc / 4}).at(0); }

}  // namespace ipusim::chip_test
