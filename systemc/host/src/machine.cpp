#include "ipusim/host/machine.hpp"

#include <stdexcept>
#include <systemc>

#include "ipusim/chip/module/chip_module.hpp"
#include "ipusim/host/host_server.hpp"
#include "ipusim/host/ipu_function.hpp"
#include "sanitizer_stack.hpp"

// SystemC's library holds a main() that calls this one, and asks for it even where main() is another.
__attribute__((weak)) int sc_main(int, char**) { return 0; }

namespace ipusim::host {

namespace {

// SystemC keeps one current simulation in a global: here one for every machine.
class Simulation {
 public:
  Simulation() : context_(std::make_unique<sc_core::sc_simcontext>()) {}

  // Makes a simulation the current one for as long as it lives.
  class Scope {
   public:
    explicit Scope(Simulation& simulation) : previous_(sc_core::sc_curr_simcontext) {
      sc_core::sc_curr_simcontext = simulation.context_.get();
    }
    ~Scope() { sc_core::sc_curr_simcontext = previous_; }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    sc_core::sc_simcontext* previous_;
  };

 private:
  std::unique_ptr<sc_core::sc_simcontext> context_;
};

}  // namespace

struct Machine::Parts {
  Parts(const config::ChipConfig& system, const std::vector<std::string>& kinds,
        const chip::TileFactories& factories, Cycle cycle_limit)
      : pcie(system.pcie) {
    const Simulation::Scope scope(simulation);
    chip = std::make_unique<chip::ChipModule>(
        "chip", system, std::make_unique<chip::Chip>(system, kinds, factories), cycle_limit);
    endpoint = std::make_unique<IpuFunction>("endpoint", pcie);
    endpoint->connect(*chip);
  }
  ~Parts() {
    const Simulation::Scope scope(simulation);
    host.reset();
    endpoint.reset();
    chip.reset();
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  config::PcieConfig pcie;
  Simulation simulation;
  std::unique_ptr<chip::ChipModule> chip;
  std::unique_ptr<IpuFunction> endpoint;
  std::unique_ptr<HostServer> host;
};

Machine::Machine(const config::ChipConfig& system, const std::vector<std::string>& kinds,
                 const chip::TileFactories& factories, Cycle cycle_limit)
    : parts_(std::make_unique<Parts>(system, kinds, factories, cycle_limit)) {}

Machine::~Machine() = default;

void Machine::run(std::function<void(IpuDriver&)> job) {
  if (parts_->host) throw std::logic_error("a machine runs one job");
  const Simulation::Scope scope(parts_->simulation);
  parts_->host = std::make_unique<HostServer>("host", parts_->pcie, std::move(job));
  parts_->host->port().attach(*parts_->endpoint);
  {
    [[maybe_unused]] const SanitizerStackScope stack;
    sc_core::sc_start();
  }
  if (parts_->host->error()) std::rethrow_exception(parts_->host->error());
  if (!parts_->host->done())
    throw std::logic_error("the simulation came to an end before the host's job did");
}

chip::ChipModel& Machine::chip() { return parts_->chip->chip(); }
const chip::ChipModel& Machine::chip() const { return parts_->chip->chip(); }

const std::vector<chip::HostSync>& Machine::host_syncs() const { return parts_->chip->marks().syncs(); }

}  // namespace ipusim::host
