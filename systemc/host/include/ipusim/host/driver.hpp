// SPDX-License-Identifier: Apache-2.0
// The host's driver of one IPU: everything it does goes through PCI Express requests of a RootPort. All
// functions run in the host thread (the job given to Machine::run or HostServer) and take simulated time.
// All of them throw HostError, which names operation, address and completion status.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/chip/module/control_map.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/device/pcie/requester_id.hpp"
#include "ipusim/host/host_error.hpp"

namespace ipusim::host {

using device::RequesterId;

class PciFunction;
class RootPort;

// For messages: "running", "waits for host", ...
std::string_view name_of(chip::control::ChipStatus status);

class IpuDriver {
 public:
  // wanted: the ids the driver looks for, and the payload and read request sizes it is willing to set.
  // device: where it looks, RootPort::attach()'s answer.
  IpuDriver(RootPort& port, const config::PcieConfig& wanted, RequesterId device = device::first_device);
  ~IpuDriver();
  IpuDriver(const IpuDriver&) = delete;
  IpuDriver& operator=(const IpuDriver&) = delete;

  // Finds the device, sizes and places its BARs, sets payload and read request size, directs the MSI-X
  // vectors to the host, enables memory space and bus mastering, and reads the table of places. To be called
  // before anything else; everything else throws HostError until then.
  void enumerate();

  // The tiles as the device tells them; index = tile index of the system.
  std::size_t tile_count() const { return places_.size(); }
  const std::vector<TileId>& places() const { return places_; }

  // Bytes of one tile's memory. Refused by the device while the chip runs, and outside tile memory.
  // A write is over when the device has taken it: error bits are looked at before the return.
  void write_memory(TileId place, ByteAddr address, std::span<const std::uint8_t> data);
  void read_memory(TileId place, ByteAddr address, std::span<std::uint8_t> data);

  // The tile's supervisor shall start at pc (a word address in reach of `bri`); before start() only. A tile
  // without an entry is not started.
  void set_entry(TileId place, ByteAddr pc);

  // Grants `count` (1..65535) more syncs of a host zone, 5 (GS1) or 7 (GS2). HostError while syncs granted
  // before have not all happened. May be called before the start, in the rest, or while the chip runs.
  void grant(unsigned zone, std::uint32_t count);
  // Syncs of the zone granted and not happened yet.
  std::uint32_t granted(unsigned zone);

  // Starts every tile that has an entry; once.
  void start();

  // Waits, driven by the device's interrupts, until the chip does not run: it waits for the host in a host
  // sync, or it has ended (stopped, finished, deadlock, cycle_limit; docs: control_map.hpp). Returns at once
  // if it does not run. HostError if that takes more than `timeout` of simulated time.
  chip::control::ChipStatus wait_for_rest(std::chrono::nanoseconds timeout = default_timeout);
  static constexpr std::chrono::nanoseconds default_timeout = std::chrono::hours{1};

  chip::control::ChipStatus status();
  // Tile clock cycles since the beginning of simulated time. A run's own cycles are in ChipReport.
  Cycle cycle();
  // Tiles that excepted so far, and the first of them.
  std::uint32_t exception_count();
  std::optional<TileId> first_exception();

 private:
  void require_enumerated(const std::string& operation) const;
  void require_place(const std::string& operation, TileId place) const;
  std::uint64_t memory_address(const std::string& operation, TileId place, ByteAddr address,
                               std::size_t bytes) const;
  std::uint32_t read_register(const std::string& operation, std::uint32_t offset);
  void write_register(const std::string& operation, std::uint32_t offset, std::uint32_t value);

  RootPort& port_;
  RequesterId device_;
  config::PcieConfig wanted_;
  std::unique_ptr<PciFunction> function_;
  std::vector<TileId> places_;
  bool enumerated_ = false;
};

}  // namespace ipusim::host
