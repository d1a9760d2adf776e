// Reads isa/csr.yaml, isa/arch.yaml and isa/timing.yaml.
#pragma once

#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"

namespace ipusim::isagen {

// Each reports what it cannot understand, with file and line, and leaves that row out.
std::vector<CsrSpec> read_csrs(const std::string& file, Diagnostics& diagnostics);
std::vector<ArchSpec> read_architectures(const std::string& file, Diagnostics& diagnostics);
std::vector<TimingSpec> read_timing(const std::string& file, Diagnostics& diagnostics);

}  // namespace ipusim::isagen
