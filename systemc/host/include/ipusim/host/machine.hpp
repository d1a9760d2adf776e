// SPDX-License-Identifier: Apache-2.0
// A whole machine: the chips and hosts of a system, each chip behind its PCI Express function at one of the
// hosts, wired up and simulated in one SystemC simulation. No SystemC type shows here.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/chip/chip.hpp"
#include "ipusim/chip/edge/host_marks.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/host/driver.hpp"
#include "ipusim/host/ipus.hpp"

namespace ipusim::device {
class LinkTap;
class PcieFunction;
}  // namespace ipusim::device

namespace ipusim::host {

// A host's position in the system description.
using HostIndex = Strong<struct HostIndexTag, std::uint32_t>;

struct MachineOptions {
  Cycle cycle_limit =
      Cycle::never();  // so many cycles after its start a chip stops with ChipStatus::cycle_limit
  unsigned jobs = 1;   // threads that run a chip's tiles
  // Makes what stands on the link of a chip's function and sees, or changes, all of its packets
  // (link_tap.hpp): called in run(), for every chip. Empty: nothing does.
  std::function<std::unique_ptr<device::LinkTap>(ChipIndex, device::PcieFunction&)> tap = {};
};

class Machine {
 public:
  // kinds: one per tile of the system (config::TileNames), keys of `factories`. Throws std::invalid_argument
  // for an unknown kind or a wrong count, or a PCIe description that no function can have. A machine is a
  // SystemC simulation of its own: a process may build one after the other, or several before it runs them,
  // but runs them from one OS thread.
  Machine(const config::SystemConfig& system, const std::vector<std::string>& kinds,
          const chip::TileFactories& factories, const MachineOptions& options = {});
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Simulates until every host's software has returned; rethrows what one throws, the first host's first. A
  // job starts with enumerate() of its IPUs. Once per machine: a second call throws std::logic_error.
  using Job = std::function<void(HostIndex, Ipus&)>;
  void run(const Job& job);
  // Of a machine with one host and one chip.
  void run(const std::function<void(IpuDriver&)>& job);

  // The models inside: for set-up before run() (observers), for reports and memories after it.
  chip::ChipModel& chip(ChipIndex index = ChipIndex{0});
  const chip::ChipModel& chip(ChipIndex index = ChipIndex{0}) const;
  std::size_t chips() const;
  // Syncs of the chip granted by its host that happened, oldest first.
  const std::vector<chip::HostSync>& host_syncs(ChipIndex index = ChipIndex{0}) const;

  // The state of a chip and its module (ChipModule::save, load), behind PCI Express: from within a job, or
  // for a save at a checkpoint of the chip (ChipModel::set_checkpoint).
  void save(StateWriter& to, ChipIndex index = ChipIndex{0}) const;
  void load(StateReader& from, ChipIndex index = ChipIndex{0});

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ipusim::host
