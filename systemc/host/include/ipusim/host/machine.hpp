// A whole machine: one chip, its PCI Express endpoint and a host, wired up and simulated in SystemC. No
// SystemC type shows here.
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

namespace ipusim::host {

class Machine {
 public:
  // kinds: one per place of the system, keys of `factories`. cycle_limit: so many cycles after
  // its start the chip stops with ChipStatus::cycle_limit. Throws std::invalid_argument for an unknown kind
  // or a wrong count, or a PCIe description that no endpoint can have. A machine is a SystemC simulation of
  // its own: a process may build one after the other, or several before it runs them, but runs them from one
  // OS thread.
  Machine(const config::ChipConfig& system, const std::vector<std::string>& kinds,
          const chip::TileFactories& factories, Cycle cycle_limit = Cycle::never());
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Simulates until `job`, the host's software, returns; rethrows what it throws. The job starts with
  // driver.enumerate(). Once per machine: a second call throws std::logic_error.
  void run(std::function<void(IpuDriver&)> job);

  // The model inside: for set-up before run() (logger, observers), for reports and memories after it.
  chip::ChipModel& chip();
  const chip::ChipModel& chip() const;
  // Syncs granted by the host that happened, oldest first.
  const std::vector<chip::HostSync>& host_syncs() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ipusim::host
