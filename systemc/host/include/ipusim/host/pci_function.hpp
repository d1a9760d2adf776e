// SPDX-License-Identifier: Apache-2.0
// A PCI Express function as its driver handles it: found, configured, and reached through its BARs in
// requests of the right size. Every function names the operation it serves, for HostError.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ipusim/device/pcie/config_map.hpp"
#include "ipusim/host/host_error.hpp"
#include "ipusim/host/root_port.hpp"

namespace ipusim::host {

namespace pci = device::pci;

class PciFunction {
 public:
  // The function at `device`, whether there is one or not.
  PciFunction(RootPort& port, RequesterId device) : port_(port), device_(device) {}

  // What the driver takes for its own, and what it is willing to set.
  struct Wanted {
    std::uint16_t vendor_id;
    std::uint16_t device_id;
    std::uint32_t max_payload_bytes;
    std::uint32_t max_read_request_bytes;
    std::vector<unsigned> bars;  // must be there
  };
  // Checks the function's ids, sizes and places its BARs, sets payload and read request sizes of at most
  // wanted's, directs its MSI-X vectors, if it has any, to the port, enables memory space and bus mastering.
  void configure(const Wanted& wanted);

  struct Bar {
    std::uint64_t address = 0;
    std::uint64_t bytes = 0;  // 0: not there
    bool is_64_bit = false;
  };
  const Bar& bar(unsigned n) const { return bars_[n]; }
  // The bus address of a BAR's offset.
  std::uint64_t address(unsigned n, std::uint64_t offset) const { return bars_[n].address + offset; }

  // Any length. Writes are posted: check_posted() says whether they did any harm.
  void write(std::uint64_t address, std::span<const std::uint8_t> data);
  void read(const std::string& operation, std::uint64_t address, std::span<std::uint8_t> data);
  void write_word(std::uint64_t address, std::uint32_t value);
  std::uint32_t read_word(const std::string& operation, std::uint64_t address);

  // Waits until everything written has been taken; throws if the device reports an error of it. `address`:
  // where the writes began.
  void check_posted(const std::string& operation, std::uint64_t address);
  // Clears the device's error bits and throws.
  [[noreturn]] void fail(const std::string& operation, std::uint64_t address, CompletionStatus status,
                         const std::string& reason);

 private:
  std::uint32_t config_read(std::uint32_t offset, unsigned bytes);
  void config_write(std::uint32_t offset, unsigned bytes, std::uint32_t value);
  void find(const Wanted& wanted);
  void find_capabilities();
  void size_bars(const Wanted& wanted);
  void place_bars();
  void set_request_sizes(const Wanted& wanted);
  void set_up_interrupts();
  void clear_errors();

  RootPort& port_;
  RequesterId device_;
  std::array<Bar, pci::bar_count> bars_{};
  std::uint32_t pcie_ = 0;  // where the capabilities stand; 0: not there
  std::uint32_t msix_ = 0;
  std::uint32_t max_payload_bytes_ = pci::size_of_code(0);
  std::uint32_t max_read_request_bytes_ = pci::size_of_code(0);
};

}  // namespace ipusim::host
