// SPDX-License-Identifier: Apache-2.0
// Many random scenarios, one seed after the other.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ipusim/random/coverage.hpp"
#include "ipusim/random/scenario.hpp"
#include "ipusim/random/statistics.hpp"

namespace ipusim::random {

struct CampaignOptions {
  std::uint64_t first_seed = 0;
  std::uint64_t bundles = 10000;  // at least as many
  std::uint64_t seeds = 0;        // not 0: exactly as many seeds, whatever the bundles
  unsigned jobs = 1;
  bool reload = false;    // every scenario also with tiles that are saved and loaded again at random times
  bool coverage = false;  // fill CampaignResult::coverage; takes time
  unsigned max_differences = 1;      // the campaign ends there
  std::uint64_t shrink_runs = 4000;  // for each; 0: not made smaller
  GeneratorOptions generator;
  std::filesystem::path save;                    // directory for the scenarios that differ
  std::filesystem::path waves;                   // directory for waves of a difference; empty: none
  std::function<void(const std::string&)> tell;  // progress, may be empty
};

struct FoundDifference {
  std::uint64_t seed = 0;
  Difference difference;  // of the scenario as it was drawn
  std::uint64_t shrink_runs = 0;
  std::string scenario;  // the small one, as text
  std::filesystem::path file;
};

struct CampaignResult {
  std::uint64_t first_seed = 0;
  std::uint64_t seeds = 0;
  Statistics statistics;
  Coverage coverage;
  std::vector<FoundDifference> differences;
};

// The result does not depend on `jobs`. Throws std::runtime_error if a file cannot be written.
CampaignResult run_campaign(const CampaignOptions& options);

// Makes a scenario that differs smaller, keeping the sort of the difference.
FoundDifference explain(std::uint64_t seed, const Scenario& scenario, const Difference& difference,
                        const CampaignOptions& options);

}  // namespace ipusim::random
