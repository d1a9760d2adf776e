// SPDX-License-Identifier: Apache-2.0
// Corners of operands of every instruction, made from the operand classes of isa/*.isa, on every kind of
// tile. No expected value comes from a model: an execution in registers that overlap or hold nothing is
// compared with one of the same instruction on the same values in distinct registers, a bundle with its
// halves alone.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "ipusim/lockstep/lockstep_tile.hpp"
#include "ipusim/rtl/rtl_tile.hpp"
#include "ipusim/tile/fast_tile.hpp"
#include "relation.hpp"

namespace ipusim::operands {
namespace {

using isa::Instruction;
using isa::Operand;

class Operands : public ::testing::TestWithParam<Way> {
 protected:
  std::mt19937 random_{17};

  bool executes(const Instruction& i) const {
    return GetParam().kind.name == "fast" ? i.fast : i.fast && i.rtl;
  }

  std::vector<const Instruction*> covered() const {
    std::vector<const Instruction*> list;
    for (const Instruction& i : isa::all_instructions())
      if (executes(i) && is_covered(i)) list.push_back(&i);
    return list;
  }

  // Draws states for the step; false if it cannot execute without a fault.
  bool add(std::vector<Experiment>& experiments, const Step& step) {
    if (!is_harmless(step)) return false;
    const auto states = states_for(step, random_);
    if (!states) return false;
    experiments.push_back(single(step, *states));
    return true;
  }

  // Runs each beside its twin, and checks that the twin left alone what is no destination.
  void check(const std::vector<Experiment>& experiments) {
    std::vector<Experiment> both;
    for (const Experiment& e : experiments) {
      both.push_back(e);
      both.push_back(distinct_twin(e, random_));
    }
    const auto got = run(GetParam(), both);
    ASSERT_EQ(got.size(), both.size());
    for (std::size_t i = 0; i < both.size() && !HasFailure(); i += 2)
      for (unsigned w = 0; w < workers; ++w) {
        EXPECT_EQ(compare_with_twin(both[i], got[i][w], both[i + 1], got[i + 1][w], w), "");
        EXPECT_EQ(compare_with_twin(both[i + 1], got[i + 1][w], both[i + 1], got[i + 1][w], w), "");
      }
  }

 private:
  // Of instructions with several accesses, the registers that make addresses stay apart, and one register is
  // loaded once: else they fault. A branch to the address in a register needs one that holds something.
  static bool is_harmless(const Step& step) {
    const Instruction& i = *step.instruction;
    if (i.mnemonic == "br") return step.operands[0] < m_count;
    if (addressing_of(i) != Addressing::several) return true;
    const bool pace = i.mnemonic.find("pace") != std::string_view::npos;
    for (std::size_t n = 0; n < i.operands.size(); ++n) {
      if (!is_register(i.operands[n])) continue;
      if (in_m_file(i.operands[n]) && step.operands[n] >= m_count && !(pace && n == 0)) return false;
      for (std::size_t k = 0; k < n; ++k)
        if (overlap(step, n, k) &&
            (in_m_file(i.operands[n]) || (writes(i.operands[n]) && writes(i.operands[k]))))
          return false;
    }
    return true;
  }
};

// Registers that hold nothing: $m12 and $m13 read as bases, but cannot be written.
std::vector<U> empty_registers(const Operand& operand) {
  std::vector<U> numbers;
  for (U n = live_registers(operand); n < file_size; n += span_of(operand)) numbers.push_back(n);
  return numbers;
}

TEST_P(Operands, SourcesThatHoldNothing) {
  std::vector<Experiment> experiments;
  for (const Instruction* i : covered()) {
    Step all = distinct_operands(*i, random_);
    for (std::size_t n = 0; n < i->operands.size(); ++n) {
      const Operand& operand = i->operands[n];
      if (!is_register(operand) || !reads(operand)) continue;
      const auto empty = empty_registers(operand);
      Step step = distinct_operands(*i, random_);
      // Addresses with the vertex base in them lead to other data.
      step.operands[n] = empty.at(random_() % empty.size());
      if (addressing_of(*i) != Addressing::none && in_m_file(operand)) step.operands[n] = file_size - 1;
      all.operands[n] = step.operands[n];
      add(experiments, step);
    }
    add(experiments, all);
  }
  EXPECT_GT(experiments.size(), 2 * covered().size());
  check(experiments);
}

TEST_P(Operands, DestinationsThatHoldNothing) {
  std::vector<Experiment> experiments;
  for (const Instruction* i : covered())
    for (std::size_t n = 0; n < i->operands.size(); ++n) {
      const Operand& operand = i->operands[n];
      if (!is_register(operand) || !writes(operand)) continue;
      for (const U number : empty_registers(operand)) {
        if (addressing_of(*i) != Addressing::none && number == 13 && reads(operand)) continue;
        Step step = distinct_operands(*i, random_);
        step.operands[n] = number;
        add(experiments, step);
      }
    }
  EXPECT_GT(experiments.size(), 2 * covered().size());
  check(experiments);
}

// Every two operands in the same registers, wherever within the wider one.
TEST_P(Operands, TwoInTheSameRegisters) {
  std::vector<Experiment> experiments;
  std::map<const Instruction*, unsigned> count;
  for (const Instruction* i : covered())
    for (std::size_t n = 0; n < i->operands.size(); ++n)
      for (std::size_t k = 0; k < n; ++k) {
        const Operand &x = i->operands[n], &y = i->operands[k];
        if (!is_register(x) || !is_register(y) || in_m_file(x) != in_m_file(y)) continue;
        const U narrow = std::min(span_of(x), span_of(y));
        for (U offset = 0; offset < std::max(span_of(x), span_of(y)); offset += narrow) {
          Step step = distinct_operands(*i, random_);
          const auto [wide, other] = span_of(x) >= span_of(y) ? std::pair{n, k} : std::pair{k, n};
          step.operands[other] = step.operands[wide] + offset;
          count[i] += add(experiments, step) ? 1U : 0U;
        }
      }
  // Packed addresses and the registers of delta loads may not overlap at all, loads into the other file
  // neither.
  for (const Instruction* i : covered()) {
    const auto registers = std::count_if(i->operands.begin(), i->operands.end(), is_register);
    if (registers > 1 && i->lane == isa::Lane::aux) {
      EXPECT_GE(count[i], 1U) << i->id;
    }
  }
  check(experiments);
}

// The last registers that hold something, of one operand and of all.
TEST_P(Operands, LastRegisters) {
  std::vector<Experiment> experiments;
  const auto last = [](const Operand& operand) { return live_registers(operand) - span_of(operand); };
  for (const Instruction* i : covered()) {
    Step all = distinct_operands(*i, random_);
    for (std::size_t n = 0; n < i->operands.size(); ++n) {
      if (!is_register(i->operands[n])) continue;
      Step step = distinct_operands(*i, random_);
      all.operands[n] = step.operands[n] = last(i->operands[n]);
      add(experiments, step);
    }
    add(experiments, all);
  }
  EXPECT_GT(experiments.size(), 2 * covered().size());
  check(experiments);
}

TEST_P(Operands, AnyRegisters) {
  std::vector<Experiment> experiments;
  for (const Instruction* i : covered())
    for (unsigned tries = 0, found = 0; tries < 30 && found < 5; ++tries) {
      Step step = distinct_operands(*i, random_);
      for (std::size_t n = 0; n < i->operands.size(); ++n) {
        const Operand& operand = i->operands[n];
        if (!is_register(operand)) continue;
        // One more than there are that hold something: empty ones too.
        const U choices = live_registers(operand) / span_of(operand) + 1;
        const U pick = static_cast<U>(random_()) % choices;
        step.operands[n] = pick + 1 < choices ? pick * span_of(operand) : file_size - span_of(operand);
      }
      found += add(experiments, step) ? 1U : 0U;
    }
  EXPECT_GT(experiments.size(), 4 * covered().size());
  check(experiments);
}

// ---- Bundles

bool touches_a(const Instruction& i) {
  return std::any_of(i.operands.begin(), i.operands.end(),
                     [](const Operand& o) { return is_register(o) && !in_m_file(o); });
}

// Puts operands of the two halves into the same registers where one is read and the other written: each half
// reads what the other writes, as far as they have operands for it.
void cross(const Step& main, Step& aux, std::mt19937& random) {
  for (std::size_t n = 0; n < aux.operands.size(); ++n) {
    const Operand& mine = aux.instruction->operands[n];
    if (!is_register(mine)) continue;
    for (std::size_t k = 0; k < main.operands.size(); ++k) {
      const Operand& other = main.instruction->operands[k];
      if (!is_register(other) || in_m_file(other) || writes(mine) == writes(other)) continue;
      const U lowest = main.operands[k] / span_of(mine) * span_of(mine);
      const U places = std::max(1U, span_of(other) / span_of(mine));
      aux.operands[n] = lowest + static_cast<U>(random()) % places * span_of(mine);
      if (random() % 2 == 0) break;
    }
  }
}

bool destinations_overlap(const Step& main, const Step& aux) {
  std::array<bool, file_size> written{};
  for (const Step* step : {&main, &aux})
    for (std::size_t n = 0; n < step->operands.size(); ++n) {
      const Operand& operand = step->instruction->operands[n];
      if (!is_register(operand) || in_m_file(operand) || !writes(operand)) continue;
      for (U k = 0; k < span_of(operand); ++k) {
        bool& taken = written.at(step->operands[n] + k);
        if (taken && step == &aux) return true;
        taken = true;
      }
    }
  return false;
}

TEST_P(Operands, HalvesOfABundleSeeTheOldRegisters) {
  std::vector<const Instruction*> mains, auxes;
  for (const Instruction* i : covered()) {
    if (!i->coissue) continue;
    if (i->lane == isa::Lane::aux)
      auxes.push_back(i);
    else if (touches_a(*i))
      mains.push_back(i);
  }
  std::vector<Experiment> experiments;  // main alone, aux alone, both
  std::map<const Instruction*, unsigned> count;
  const auto add_pair = [&](const Instruction& m, const Instruction& x) {
    for (int tries = 0; tries < 20; ++tries) {
      const Step main = distinct_operands(m, random_);
      Step aux = distinct_operands(x, random_);
      cross(main, aux, random_);
      if (destinations_overlap(main, aux)) continue;
      const auto states = states_for(main, random_);
      ASSERT_TRUE(states) << m.id;
      experiments.push_back(single(main, *states));
      experiments.push_back(single(aux, *states));
      experiments.push_back({{main, aux}, *states, std::nullopt});
      ++count[&m];
      ++count[&x];
      return;
    }
  };
  for (const Instruction* x : auxes)
    for (int n = 0; n < 6; ++n) add_pair(*mains[random_() % mains.size()], *x);
  for (const Instruction* m : mains)
    for (int n = 0; n < 10; ++n) add_pair(*m, *auxes[random_() % auxes.size()]);
  // Main halves without auxiliary registers: nothing to cross, but the same relation.
  for (const Instruction* i : covered())
    if (i->coissue && i->lane == isa::Lane::main && !touches_a(*i) && i->mnemonic != "br")
      add_pair(*i, *auxes[random_() % auxes.size()]);
  for (const Instruction* i : covered())
    if (i->coissue && i->mnemonic != "br") {
      EXPECT_GE(count[i], 1U) << i->id;
    }
  const auto got = run(GetParam(), experiments);
  ASSERT_EQ(got.size(), experiments.size());
  for (std::size_t i = 0; i < got.size() && !HasFailure(); i += 3)
    for (unsigned w = 0; w < workers; ++w)
      EXPECT_EQ(compare_with_halves(experiments[i + 2], got[i + 2][w], {&got[i][w], &got[i + 1][w]}, w), "");
}

const TileKind fast{"fast", tile::make_fast_tile};
const TileKind rtl_tile{"rtl", [](const tile::TileParameters& p) { return rtl::make_rtl_tile(p); }};
const TileKind pair{"lockstep",
                    [](const tile::TileParameters& p) { return lockstep::make_lockstep_tile(p, {}); }};
// Unwatched, the fast tile takes ways of its own.
INSTANTIATE_TEST_SUITE_P(Tiles, Operands,
                         ::testing::Values(Way{fast, true}, Way{fast, false}, Way{rtl_tile, true},
                                           Way{pair, true}),
                         [](const auto& test) {
                           return test.param.kind.name + (test.param.observed ? "" : "_unwatched");
                         });

}  // namespace
}  // namespace ipusim::operands
