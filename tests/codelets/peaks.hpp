// SPDX-License-Identifier: Apache-2.0
// Peaks of the tile, measured by codelets, beside the published ones of a chip.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "codelet_run.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::codelet_test {

// A published figure of a whole chip, an entry of a file in configs/published.
struct PublishedPeak {
  double tera_per_second = 0;
  double last_place = 0;  // what a unit of its last digit is worth
  std::string source;
};

struct Peak {
  std::string name;
  std::string codelet;
  std::string unit;            // "FLOP" or "B"
  double per_cycle = 0;        // of one tile, in the steady state
  double tera_per_second = 0;  // of all tiles of the system at its clock
  std::optional<PublishedPeak> published;
  std::string remark;

  // Measured over published; needs `published`.
  double ratio() const { return tera_per_second / published->tera_per_second; }
  // Whether it is the published figure, to the digits given there.
  bool fits() const;
};

// Runs each codelet on a tile of that kind and of the system's architecture twice, with little and with much
// work, and takes the difference: set-up and coefficient loads do not count. `published` is a file of
// published figures; what it says nothing of is left out, unless nobody published it. Throws
// config::ConfigError if that is bad, std::runtime_error if a codelet does not finish.
std::vector<Peak> measure_peaks(const TileKind& kind, const config::ChipConfig& system,
                                const std::filesystem::path& published);

}  // namespace ipusim::codelet_test
