// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/lspci_command.hpp"

#include "ipusim/config/system_config.hpp"
#include "ipusim/host/bus_scan.hpp"

namespace ipusim::app {

void lspci_command(const LspciOptions& options, std::ostream& out) {
  const auto hosts = host::scan_system(config::load_system_config(options.system));
  for (unsigned domain = 0; domain < hosts.size(); ++domain) {
    for (const host::FoundFunction& function : hosts[domain]) {
      out << (options.text ? host::description(function, domain) : host::hex_dump(function, domain));
    }
  }
}

}  // namespace ipusim::app
