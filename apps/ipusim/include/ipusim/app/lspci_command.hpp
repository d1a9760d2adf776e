// SPDX-License-Identifier: Apache-2.0
// `ipusim lspci`.
#pragma once

#include <filesystem>
#include <ostream>

namespace ipusim::app {

struct LspciOptions {
  std::filesystem::path system;
  bool text = false;  // in words, not as a dump for `lspci -F`
};

// Writes the configuration space of every PCI Express function of the system's hosts, as their drivers leave
// it; a host's number is the domain. Throws ConfigError, and what the driver does.
void lspci_command(const LspciOptions& options, std::ostream& out);

}  // namespace ipusim::app
