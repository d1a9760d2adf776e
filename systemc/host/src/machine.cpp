// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/machine.hpp"

#include <algorithm>
#include <stdexcept>
#include <systemc>

#include "ipusim/chip/module/chip_module.hpp"
#include "ipusim/device/pcie/link_tap.hpp"
#include "ipusim/host/host_server.hpp"
#include "ipusim/host/ipu_function.hpp"
#include "sanitizer_stack.hpp"
#include "simulation.hpp"

// SystemC's library holds a main() that calls this one, and asks for it even where main() is another.
__attribute__((weak)) int sc_main(int, char**) { return 0; }

namespace ipusim::host {

struct Machine::Parts {
  // A chip and its function, which is attached to a host.
  struct Card {
    Card(const std::string& name, const config::ChipConfig& config, std::unique_ptr<chip::Chip> model,
         Cycle cycle_limit)
        : chip(name.c_str(), config, std::move(model), cycle_limit),
          function((name + "_pcie").c_str(), config.pcie) {
      function.connect(chip);
    }
    chip::ChipModule chip;
    IpuFunction function;
  };

  Parts(const config::SystemConfig& description, const std::vector<std::string>& kinds,
        const chip::TileFactories& factories, const MachineOptions& options)
      : system(description), make_tap(options.tap) {
    const config::TileNames names = system.tile_names();
    if (kinds.size() != names.size()) throw std::invalid_argument("one tile kind per tile is needed");
    const Simulation::Scope scope(simulation);
    for (std::uint32_t c = 0; c < system.chips.size(); ++c) {
      const config::ChipConfig& config = system.chips[c];
      const auto first = kinds.begin() + names.first_of(ChipIndex{c}).value();
      const std::vector<std::string> own(first, first + static_cast<std::ptrdiff_t>(config.places.size()));
      auto model = std::make_unique<chip::Chip>(config, own, factories);
      model->set_scheduler(chip::make_pool_scheduler(options.jobs));
      cards.push_back(
          std::make_unique<Card>("chip_" + std::to_string(c), config, std::move(model), options.cycle_limit));
    }
  }
  ~Parts() {
    const Simulation::Scope scope(simulation);
    hosts.clear();
    taps.clear();
    cards.clear();
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  void add_hosts(const Job& job) {
    for (std::uint32_t h = 0; h < system.hosts.size(); ++h) {
      std::vector<config::PcieConfig> devices;
      for (const ChipIndex c : system.hosts[h].chips) devices.push_back(system.chips.at(c.value()).pcie);
      hosts.push_back(std::make_unique<HostServer>(
          ("host_" + std::to_string(h)).c_str(), devices, [&job, h](Ipus& ipus) { job(HostIndex{h}, ipus); },
          [this] {
            const bool all = std::ranges::all_of(hosts, [](const auto& host) { return host->done(); });
            if (all) sc_core::sc_pause();
          }));
      for (const ChipIndex c : system.hosts[h].chips) attach(c, hosts.back()->port());
    }
  }

  void attach(ChipIndex c, RootPort& port) {
    IpuFunction& function = cards[c.value()]->function;
    if (!make_tap) {
      port.attach(function);
      return;
    }
    taps.push_back(make_tap(c, function));
    device::LinkTap& tap = *taps.back();
    tap.to_device.bind(function.link);
    function.upstream().bind(tap.from_device);
    port.attach(tap.from_host, tap.to_host, &function.link_state());
  }

  config::SystemConfig system;
  decltype(MachineOptions::tap) make_tap;
  Simulation simulation;
  std::vector<std::unique_ptr<Card>> cards;
  std::vector<std::unique_ptr<device::LinkTap>> taps;
  std::vector<std::unique_ptr<HostServer>> hosts;
};

Machine::Machine(const config::SystemConfig& system, const std::vector<std::string>& kinds,
                 const chip::TileFactories& factories, const MachineOptions& options)
    : parts_(std::make_unique<Parts>(system, kinds, factories, options)) {}

Machine::~Machine() = default;

void Machine::run(const Job& job) {
  if (!parts_->hosts.empty()) throw std::logic_error("a machine runs once");
  const Simulation::Scope scope(parts_->simulation);
  parts_->add_hosts(job);
  {
    [[maybe_unused]] const SanitizerStackScope stack;
    sc_core::sc_start();
  }
  for (const auto& host : parts_->hosts) {
    if (host->error()) std::rethrow_exception(host->error());
  }
  for (const auto& host : parts_->hosts) {
    if (!host->done()) throw std::logic_error("the simulation came to an end before a host's job did");
  }
}

void Machine::run(const std::function<void(IpuDriver&)>& job) {
  if (parts_->system.hosts.size() != 1 || parts_->cards.size() != 1) {
    throw std::logic_error("this job is for a machine of one host and one chip");
  }
  run([&job](HostIndex, Ipus& ipus) { job(*ipus.front()); });
}

std::size_t Machine::chips() const { return parts_->cards.size(); }
chip::ChipModel& Machine::chip(ChipIndex index) { return parts_->cards.at(index.value())->chip.chip(); }
const chip::ChipModel& Machine::chip(ChipIndex index) const {
  return parts_->cards.at(index.value())->chip.chip();
}

const std::vector<chip::HostSync>& Machine::host_syncs(ChipIndex index) const {
  return parts_->cards.at(index.value())->chip.marks().syncs();
}

void Machine::save(StateWriter& to, ChipIndex index) const { parts_->cards.at(index.value())->chip.save(to); }
void Machine::load(StateReader& from, ChipIndex index) { parts_->cards.at(index.value())->chip.load(from); }

}  // namespace ipusim::host
