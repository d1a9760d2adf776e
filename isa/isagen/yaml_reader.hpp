// SPDX-License-Identifier: Apache-2.0
// Reads isa/csr.yaml, arch.yaml, timing.yaml, sync_zones.yaml, exceptions.yaml and hazards.yaml.
#pragma once

#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"

namespace ipusim::isagen {

// Each reports what it cannot understand, with file and line, and leaves that row out.
std::vector<CsrSpec> read_csrs(const std::string& file, Diagnostics& diagnostics);
// Also what all have in common, under the key 'every'.
std::vector<ArchSpec> read_architectures(const std::string& file, CommonSpec& common,
                                         Diagnostics& diagnostics);
std::vector<TimingSpec> read_timing(const std::string& file, Diagnostics& diagnostics);
std::vector<ZoneSpec> read_zones(const std::string& file, Diagnostics& diagnostics);
std::vector<ExceptionTypeSpec> read_exception_types(const std::string& file, Diagnostics& diagnostics);
std::vector<CauseSpec> read_causes(const std::string& file, Diagnostics& diagnostics);
std::vector<HazardSpec> read_hazards(const std::string& file, Diagnostics& diagnostics);

}  // namespace ipusim::isagen
