// SPDX-License-Identifier: Apache-2.0
// Planned phases on chips whose tiles run the fast model and the RTL in lockstep.
#include <gtest/gtest.h>

#include "lockstep_factory.hpp"
#include "pattern_cases.hpp"
#include "phase_run.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::planner_test;

TEST(LockstepPhases, SixteenTilesOfTheSystemFile) {
  const auto system = system_of("mk2-16.yaml");
  std::mt19937 random(11);
  PhaseRun(system, three_phases(random, system.places.size(), 3), &lockstep::make_plain_lockstep_tile);
}

TEST(LockstepPhases, RandomPlaces) {
  for (unsigned seed = 21; seed < 24; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const auto system = system_at(random_places(random, 5));
    PhaseRun(system, three_phases(random, 5, 1 + seed % 7), &lockstep::make_plain_lockstep_tile);
  }
}

TEST(LockstepPhases, HaloAndTranspose) {
  std::mt19937 random(41);
  const auto system = system_at(random_places(random, 8));
  run_case(system, halo_case({2, 2, 2}), &lockstep::make_plain_lockstep_tile);
  run_case(system, transpose_case(2, 4), &lockstep::make_plain_lockstep_tile);
}

}  // namespace
