// SPDX-License-Identifier: Apache-2.0
#include "relation.hpp"

#include <algorithm>
#include <sstream>

namespace ipusim::operands {
namespace {

// Both files of a worker, all names.
struct Files {
  std::array<U, file_size> m{}, a{};
  U& at(const isa::Operand& operand, U number) { return in_m_file(operand) ? m.at(number) : a.at(number); }
};

Files files_before(const Experiment& e, unsigned worker, U pc) {
  Files files;
  const State& state = e.before.at(worker);
  std::copy(state.m.begin(), state.m.end(), files.m.begin());
  std::copy(state.a.begin(), state.a.end(), files.a.begin());
  if (e.target_register) files.m.at(*e.target_register) = pc + 8;
  const auto fixed = fixed_m(worker);
  std::copy(fixed.begin(), fixed.end(), files.m.begin() + m_count);
  return files;
}

// Puts the results that `from` has in its step's destinations into those of `to`. Addresses of code move with
// the code: `shift` is added to what a call writes.
void copy_results(const Step& from_step, Files from, const Step& to_step, Files& to, U shift) {
  const isa::Instruction& i = *to_step.instruction;
  for (const isa::Direction direction : {isa::Direction::inout, isa::Direction::out})
    for (std::size_t n = 0; n < i.operands.size(); ++n) {
      const isa::Operand& operand = i.operands[n];
      if (!is_register(operand) || operand.direction != direction) continue;
      for (U k = 0; k < span_of(operand); ++k)
        if (to_step.operands[n] + k < live_registers(operand))
          to.at(operand, to_step.operands[n] + k) =
              from.at(operand, from_step.operands[n] + k) + (i.mnemonic == "call" ? shift : 0);
    }
}

std::string text_of(const Experiment& e) {
  std::ostringstream text;
  for (const Step& step : e.steps) {
    text << step.instruction->id << " (";
    for (const U value : step.operands) text << " " << value;
    text << " ) ";
  }
  return text.str();
}

// Empty if the outcome has these files and what else `like` has.
std::string difference(const Experiment& e, const Outcome& got, const Files& want, U flags, bool branched,
                       const std::vector<tile::RegisterWrite>& other,
                       const std::vector<tile::MemoryWrite>& memory) {
  std::ostringstream text;
  text << std::hex;
  for (unsigned n = 0; n < file_size; ++n) {
    if (got.m.at(n) != want.m.at(n))
      text << " $m" << std::dec << n << std::hex << " = " << got.m.at(n) << " not " << want.m.at(n);
    if (got.a.at(n) != want.a.at(n))
      text << " $a" << std::dec << n << std::hex << " = " << got.a.at(n) << " not " << want.a.at(n);
  }
  if (got.flags != flags) text << " flags " << got.flags << " not " << flags;
  if (got.branched != branched) text << " branched " << got.branched;
  if (got.other != other) text << " CSRs or accumulators differ";
  if (got.memory != memory) text << " memory writes differ";
  return text.str().empty() ? "" : text_of(e) + text.str();
}

}  // namespace

Experiment single(const Step& step, const std::array<State, workers>& states) {
  Experiment e{{step}, states, std::nullopt};
  if (step.instruction->mnemonic == "br") e.target_register = step.operands[0];
  return e;
}

Experiment distinct_twin(const Experiment& experiment, std::mt19937& random) {
  const Step& step = experiment.steps.front();
  const isa::Instruction& i = *step.instruction;
  Step twin_step = distinct_operands(i, random);
  Experiment twin{{}, {}, std::nullopt};
  for (unsigned w = 0; w < workers; ++w) {
    Files from = files_before(experiment, w, 0);
    State& to = twin.before.at(w);
    for (U& m : to.m) m = static_cast<U>(random());
    for (U& a : to.a) a = static_cast<U>(random());
    for (std::size_t n = 0; n < i.operands.size(); ++n) {
      const isa::Operand& operand = i.operands[n];
      if (!is_register(operand)) {
        twin_step.operands[n] = step.operands[n];
        continue;
      }
      for (U k = 0; k < span_of(operand); ++k)
        (in_m_file(operand) ? to.m.at(twin_step.operands[n] + k) : to.a.at(twin_step.operands[n] + k)) =
            from.at(operand, step.operands[n] + k);
    }
  }
  if (experiment.target_register) twin.target_register = twin_step.operands[0];
  twin.steps.push_back(std::move(twin_step));
  return twin;
}

std::string compare_with_twin(const Experiment& experiment, const Outcome& got, const Experiment& twin,
                              const Outcome& twin_got, unsigned worker) {
  Files want = files_before(experiment, worker, got.pc);
  copy_results(twin.steps.front(), {twin_got.m, twin_got.a}, experiment.steps.front(), want,
               got.pc - twin_got.pc);
  return difference(experiment, got, want, twin_got.flags, twin_got.branched, twin_got.other,
                    twin_got.memory);
}

std::string compare_with_halves(const Experiment& bundle, const Outcome& got,
                                const std::array<const Outcome*, 2>& alone, unsigned worker) {
  Files want = files_before(bundle, worker, got.pc);
  std::vector<tile::RegisterWrite> other;
  for (std::size_t n = 0; n < 2; ++n) {
    const Outcome& half = *alone.at(n);
    // A call in a bundle returns behind both words.
    copy_results(bundle.steps.at(n), {half.m, half.a}, bundle.steps.at(n), want, got.pc - half.pc + 4);
    other.insert(other.end(), half.other.begin(), half.other.end());
  }
  return difference(bundle, got, want, alone[1]->flags, alone[0]->branched, other, alone[0]->memory);
}

}  // namespace ipusim::operands
