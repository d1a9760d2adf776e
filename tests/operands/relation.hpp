// SPDX-License-Identifier: Apache-2.0
// Relations between executions: what one says about another.
#pragma once

#include <random>
#include <string>

#include "experiment.hpp"
#include "layout.hpp"

namespace ipusim::operands {

// A step in registers of interest, on given states.
Experiment single(const Step& step, const std::array<State, workers>& states);

// The same instruction on the same operand values, in registers of which no two overlap; destinations hold
// before what those of `experiment` hold.
Experiment distinct_twin(const Experiment& experiment, std::mt19937& random);

// `experiment` did what its twin did: destinations got the twin's values (of two that name one register, the
// one that is only written wins), registers that hold nothing dropped them, no other register changed, flags,
// CSRs, accumulators, memory and the way of a branch are the same. Empty, or what differs.
std::string compare_with_twin(const Experiment& experiment, const Outcome& got, const Experiment& twin,
                              const Outcome& twin_got, unsigned worker);

// The bundle did what its halves did on the same state, each alone.
std::string compare_with_halves(const Experiment& bundle, const Outcome& got,
                                const std::array<const Outcome*, 2>& alone, unsigned worker);

}  // namespace ipusim::operands
