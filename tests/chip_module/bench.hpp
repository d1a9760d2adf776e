// SPDX-License-Identifier: Apache-2.0
// A chip in SystemC with a host thread in front of it: the test says what the host does.
#pragma once

#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base_protocol_checker.hpp"
#include "ipusim/chip/module/chip_module.hpp"
#include "program.hpp"

namespace ipusim::chip_test {

// Every test gets a simulation of its own.
class SimulationTest : public ::testing::Test {
 protected:
  SimulationTest();
  ~SimulationTest() override;
};

struct Answer {
  tlm::tlm_response_status status;
  std::uint32_t value;
};

class Host : public sc_core::sc_module, public chip::InterruptIf {
 public:
  tlm_utils::simple_initiator_socket<Host> memory;
  tlm_utils::simple_initiator_socket<Host> control;

  Host(sc_core::sc_module_name name, std::function<void(Host&)> script);

  // In the script's thread.
  Answer read(std::uint32_t offset, unsigned bytes = 4);
  tlm::tlm_response_status write(std::uint32_t offset, std::uint32_t value);
  tlm::tlm_response_status move(tlm::tlm_command command, std::uint64_t address,
                                std::vector<std::uint8_t>& data);
  tlm::tlm_response_status put_words(std::uint64_t address, const std::vector<std::uint32_t>& words);
  void load(TileId place, const tile_test::Program& program);
  void rest(sc_core::sc_time time) { wait(time); }
  // Until CHIP_STATUS is something else than running.
  // How often pointers to memory were taken back.
  unsigned invalidations = 0;
  chip::control::ChipStatus wait_for_rest(const chip::ChipModule& chip);

  void raise(unsigned vector) override;
  struct Interrupt {
    unsigned vector;
    sc_core::sc_time at;
  };
  std::vector<Interrupt> interrupts;

 private:
  void invalidate(sc_dt::uint64, sc_dt::uint64) { ++invalidations; }
  void thread();
  std::function<void(Host&)> script_;
};

class Bench {
 public:
  struct Options {
    Cycle cycle_limit = Cycle::never();
    std::string kind = "fast";
    config::HazardConfig hazards;
  };
  Bench(const std::vector<std::uint16_t>& places, std::function<void(Host&, chip::ChipModule&)> script,
        const Options& options);
  Bench(const std::vector<std::uint16_t>& places, std::function<void(Host&, chip::ChipModule&)> script,
        Cycle cycle_limit = Cycle::never())
      : Bench(places, std::move(script), Options{cycle_limit, "fast", {}}) {}
  // Runs the simulation to its end; the script must have come to its own.
  void run();

  std::unique_ptr<chip::ChipModule> chip;
  std::unique_ptr<Host> host;

 private:
  tlm_test::BaseProtocolChecker memory_checker_{"memory_checker"};
  tlm_test::BaseProtocolChecker control_checker_{"control_checker"};
  bool script_ended_ = false;
};

inline constexpr std::uint32_t code_base = 0x4C000;
inline std::uint64_t address(std::uint16_t place, std::uint32_t byte) {
  return (std::uint64_t{place} << 20U) | byte;
}
// The word of an injected `bri`.
std::uint32_t branch_to(std::uint32_t pc);

}  // namespace ipusim::chip_test
