// SPDX-License-Identifier: Apache-2.0
// An endpoint between a root port and a chip that is only its two sockets: the test says what the host does
// and what the chip answers, and sees every access that gets through.
#pragma once

#include <gtest/gtest.h>
#include <tlm_utils/simple_target_socket.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "base_protocol_checker.hpp"
#include "ipusim/host/driver.hpp"
#include "ipusim/host/ipu_function.hpp"
#include "ipusim/host/root_port.hpp"
#include "transaction_checker.hpp"

namespace ipusim::host_test {

// Every test gets a simulation of its own.
class SimulationTest : public ::testing::Test {
 protected:
  SimulationTest();
  ~SimulationTest() override;
};

// A link of 1 byte a nanosecond and 100 ns, payloads of up to 256 bytes, reads of up to 512.
config::PcieConfig slow_link();

class FakeChip : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<FakeChip> memory;
  tlm_utils::simple_target_socket<FakeChip> control;

  explicit FakeChip(sc_core::sc_module_name name);

  struct Access {
    bool read;
    std::uint64_t address;
    std::size_t bytes;
    sc_core::sc_time at;
    friend bool operator==(const Access&, const Access&) = default;
  };
  std::vector<Access> memory_accesses;
  std::vector<Access> control_accesses;
  std::map<std::uint64_t, std::uint8_t> memory_bytes;      // what was written; the rest reads 0
  std::map<std::uint64_t, std::uint32_t> control_words;    // registers; others: address error
  tlm::tlm_response_status answer = tlm::TLM_OK_RESPONSE;  // of memory, and of control where a register is

 private:
  void memory_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  void control_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
};

// Runs a function as a process.
class Script : public sc_core::sc_module {
 public:
  Script(sc_core::sc_module_name name, std::function<void()> script);
  bool ended() const { return ended_; }

 private:
  void thread();
  std::function<void()> script_;
  bool ended_ = false;
};

// Spoils what goes over a link: the hooks may change the payload, or drop it.
class FaultyLink : public device::LinkTap {
 public:
  using LinkTap::LinkTap;
  using Hook = std::function<void(Way, tlm::tlm_generic_payload&, device::TlpExtension&)>;
  Hook request = [](auto, auto&, auto&) {};
  Hook end = [](auto, auto&, auto&) {};
  // For `end`: no completion arrives.
  static void drop(tlm::tlm_generic_payload& payload);

 protected:
  void on_request(Way way, tlm::tlm_generic_payload& payload, const sc_core::sc_time&) override {
    request(way, payload, *payload.get_extension<device::TlpExtension>());
  }
  void on_end(Way way, tlm::tlm_generic_payload& payload, const sc_core::sc_time&) override {
    end(way, payload, *payload.get_extension<device::TlpExtension>());
  }
};

// For MachineOptions: a checker on every link of a machine.
inline std::unique_ptr<device::LinkTap> checked_link(ChipIndex chip, device::PcieFunction& function) {
  return std::make_unique<pcie_test::TransactionChecker>(
      ("transactions_" + std::to_string(chip.value())).c_str(), &function.link_state());
}

// Everything that goes over a device's link, checked at the device's end, and spoiled, if a test wants that,
// at the host's.
class CheckedLink {
 public:
  explicit CheckedLink(const std::string& name)
      : down((name + "_down_checker").c_str()),
        up((name + "_up_checker").c_str()),
        transactions((name + "_transactions").c_str()),
        faults((name + "_faults").c_str()) {}
  device::RequesterId attach(host::RootPort& port, device::PcieFunction& function);
  // For tests whose host breaks the rules of transactions.
  void allow_anything() {
    transactions.set_tell([](const std::string&) {});
  }
  tlm_test::BaseProtocolChecker down;
  tlm_test::BaseProtocolChecker up;
  pcie_test::TransactionChecker transactions;
  FaultyLink faults;
};

// A chip's sockets behind a function's BARs, checked.
class CheckedBars {
 public:
  void connect(host::IpuFunction& function, FakeChip& chip);

 private:
  tlm_test::BaseProtocolChecker memory_{"memory_checker"};
  tlm_test::BaseProtocolChecker control_{"control_checker"};
};

class EndpointBench {
 public:
  explicit EndpointBench(const config::PcieConfig& config = slow_link());
  // Runs the simulation to its end; the script must have come to its own.
  void run(std::function<void()> script);

  FakeChip chip;
  host::IpuFunction endpoint;
  host::RootPort port;
  CheckedLink link{"endpoint"};

  // Requests of the script.
  std::uint32_t config_word(std::uint32_t offset, unsigned bytes = 4);
  void set_config(std::uint32_t offset, unsigned bytes, std::uint32_t value);
  // Places control, memory, MSI-X and PBA BARs (below), and enables memory space and bus mastering.
  void place_bars();
  device::CompletionStatus read(std::uint64_t address, std::size_t bytes);
  std::uint32_t read_word(std::uint64_t address);
  void write(std::uint64_t address, std::size_t bytes);
  void write_word(std::uint64_t address, std::uint32_t value);
  // Until everything sent has arrived.
  void settle() { config_word(0); }
  void rest(double ns) { sc_core::wait(ns, sc_core::SC_NS); }

  static constexpr std::uint64_t control_at = 0xD000'0000;
  static constexpr std::uint64_t memory_at = 0x80'0000'0000;
  static constexpr std::uint64_t table_at = 0xD100'0000;
  static constexpr std::uint64_t pending_at = 0xD100'1000;
  // Where the capabilities stand, found once in config_space_test.
  static constexpr std::uint32_t pcie_at = 0x40;
  static constexpr std::uint32_t msix_at = 0x80;

 private:
  CheckedBars bars_;
  std::unique_ptr<Script> script_;
};

// What a driver's function threw.
host::HostError failure(const std::function<void()>& action);

}  // namespace ipusim::host_test
