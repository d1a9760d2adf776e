// SPDX-License-Identifier: Apache-2.0
// One instruction or bundle executed on a known state, and all that came of it: the raw material of relations
// between executions, which need no model of what instructions do.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cases.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::operands {

using U = std::uint32_t;
using tile::test::TileKind;
using tile::test::Way;

inline constexpr unsigned workers = Context::workers;
inline constexpr unsigned m_count = 12, a_count = 8;  // registers that hold something
inline constexpr unsigned file_size = 16;             // registers that have a name

struct State {
  std::array<U, m_count> m{};
  std::array<U, a_count> a{};
};

// An instruction with its operands as Operand::value() gives them, code addresses aside.
struct Step {
  const isa::Instruction* instruction = nullptr;
  std::vector<U> operands;
};

struct Experiment {
  std::vector<Step> steps;            // one, or the two halves of a bundle
  std::array<State, workers> before;  // every worker executes it, each on its own state
  // Branches go over the next word: that address is put into their immediate, and here into a register.
  std::optional<unsigned> target_register;
};

struct Outcome {
  std::array<U, file_size> m{}, a{};
  U flags = 0;  // FP_STS, zero before
  U pc = 0;
  // What the tile reports to a watcher; the same for all experiments if there is none.
  bool branched = false;
  std::vector<tile::RegisterWrite> other;  // CSRs and accumulators
  std::vector<tile::MemoryWrite> memory;
};
using Outcomes = std::array<Outcome, workers>;

// Places of a worker's data; loads and stores go to different ones, and loads of one bundle to different
// memory elements.
inline constexpr U place_bytes = 0x800;
struct Places {
  U first, second, store, wide;
};
Places places_of(unsigned worker);
// What $m12..$m15 hold.
std::array<U, file_size - m_count> fixed_m(unsigned worker);

// Runs them on fresh tiles of the largest architecture, one after the other in all six workers. TAS, random
// state and coefficients are the same for each; accumulators are zero, or given for instructions that use
// them.
std::vector<Outcomes> run(const Way& way, std::span<const Experiment> experiments);

}  // namespace ipusim::operands
