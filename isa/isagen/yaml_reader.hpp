// Reads isa/csr.yaml, isa/arch.yaml, isa/timing.yaml and isa/sync_zones.yaml.
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
std::vector<ZoneSpec> read_zones(const std::string& file, Diagnostics& diagnostics);

}  // namespace ipusim::isagen
