// SPDX-License-Identifier: Apache-2.0
#include "convolution_call.hpp"

#include <algorithm>
#include <stdexcept>

#include "tile_bench.hpp"

namespace ipusim::tile::test {
namespace {

constexpr unsigned set_up_cycles = 40;
constexpr unsigned coefficient_loads = 32;
constexpr std::uint32_t coefficients = 2;  // of a load

// Words in `data`, behind the workers' counts.
enum Place : std::uint32_t {
  coefficient_address = 16,
  results,
  counter,
  strides,
  saved_register,
  return_address,
  scratch
};

// Registers. $m10 holds the return address.
enum Register : std::uint32_t {
  base = 0,
  group_counter,
  results_now,
  input_counter,
  entry,
  loops,
  output_counter,
  coefficients_now,
  list,
  inputs,
  link,
  state
};

// A worker of the library: 38 bundles for three places, four for each more; one less for two.
unsigned turns_of(unsigned places) { return places == 2 ? 37 : 38 + 4 * (places - 3); }

WorkerTurns share(unsigned places) {
  WorkerTurns turns{};
  for (unsigned n = 0; n < turns.size(); ++n)
    turns[n] = turns_of(places / Context::workers + (n < places % Context::workers ? 1 : 0));
  return turns;
}

// Which cycles are the supervisor's, and when the last worker exits.
class Slots {
 public:
  void launch(std::uint64_t at, const WorkerTurns& turns) {
    using namespace isa::timing;
    for (unsigned n = 0; n < slots; ++n) {
      std::uint64_t first = at + isa::timing::launch;
      while (first % slots != n) ++first;
      const std::uint64_t exit = first + std::uint64_t{slots} * (turns[n] - 1);
      last_exit_ = std::max(last_exit_, exit);
      lent_[n] = {at, exit + exit_return};
    }
  }
  std::uint64_t first_free(std::uint64_t at) const {
    while (at > lent_[at % lent_.size()].from && at < lent_[at % lent_.size()].until) ++at;
    return at;
  }
  std::uint64_t last_exit() const { return last_exit_; }

 private:
  struct Lent {
    std::uint64_t from = 0, until = 0;
  };
  std::array<Lent, Context::workers> lent_{};
  std::uint64_t last_exit_ = 0;
};

// When the registers that instructions write are there.
class Results {
 public:
  std::uint64_t ready(const isa::Instruction& instruction, std::uint32_t word) const {
    std::uint64_t at = 0;
    for (const isa::Operand& operand : instruction.operands) {
      if (operand.cls == isa::OperandClass::MR && operand.direction != isa::Direction::out)
        at = std::max(at, ready_.at(operand.value(word)));
    }
    return at;
  }
  void write(const isa::Instruction& instruction, std::uint32_t word, std::uint64_t issue) {
    for (const isa::Operand& operand : instruction.operands) {
      if (operand.cls == isa::OperandClass::MR && operand.direction != isa::Direction::in &&
          operand.value(word) < 12)
        ready_.at(operand.value(word)) = issue + isa::timing::supervisor_result;
    }
  }

 private:
  std::array<std::uint64_t, 16> ready_{};
};

}  // namespace

ConvolutionCall::ConvolutionCall(unsigned places)
    : turns_(share(places)), supervisor_(code), worker_(worker_code) {
  if (places < 2 * Context::workers) throw std::invalid_argument("too few places");
  set_up();
  launch();
  go_back();

  worker_.add(Opcode::ld32_mmmn_zi, {13, 15, 0, 0});
  worker_.add(Opcode::rpt_mmmn_zi, {0, 0});
  worker_.add_bundle(nop(), fnop());
  worker_.add(Opcode::exitz_mmmn, {15});
  for (std::uint32_t n = 0; n < turns_.size(); ++n) words_.push_back({data + 4 * n, turns_[n] - 3});
  words_.push_back({data + 4 * coefficient_address, wide_data.value()});
}

void ConvolutionCall::set_up() {
  Program& p = supervisor_;
  p.add(Opcode::call_mmmn_zi, {link, code.value() + 8});
  p.add(Opcode::sync, {3});
  const ByteAddr begin = p.here();
  p.add(Opcode::setzi_mmmn_zi, {base, data.value()});
  p.add(Opcode::setzi_mmmn_zi, {state, data.value()});
  p.add(Opcode::setzi_mmmn_zi, {coefficients_now, wide_data.value()});
  p.add(Opcode::setzi_mmmn_zi, {entry, worker_code.value()});
  p.add(Opcode::setzi_mmmn_zi, {list, data.value() + 4 * scratch});
  p.add(Opcode::setzi_mmmn_zi, {inputs, data.value() + 4 * scratch});
  p.add(Opcode::st32_mmmn_zi, {base, 15, return_address, link});
  p.add(Opcode::setzi_mmmn_zi, {group_counter, 0});
  p.add(Opcode::setzi_mmmn_zi, {results_now, 0});
  p.add(Opcode::setzi_mmmn_zi, {input_counter, 1});
  p.add(Opcode::setzi_mmmn_zi, {output_counter, 0});
  while (p.here() != begin + 4 * set_up_cycles) p.add_word(nop().first);
}

void ConvolutionCall::launch() {
  Program& p = supervisor_;
  p.add(Opcode::put_mmmn_zi, {coefficients_now, isa::find_csr(isa::Mode::supervisor, "CCCSLOAD")->index});
  p.add_word(nop().first);
  p.add(Opcode::add_mmmn_si, {input_counter, input_counter, ~std::uint32_t{0}});
  p.add(Opcode::st32_mmmn_zi, {base, 15, scratch, results_now});
  p.add(Opcode::ld32_mmmn_zi, {base, 15, coefficient_address, coefficients_now});
  p.add(Opcode::ld32_mmmn_zi, {base, 15, results, results_now});
  p.add(Opcode::ld32_mmmn_zi, {base, 15, counter, loops});
  p.add(Opcode::sync, {2});
  for (std::uint32_t n = 0; n < coefficient_loads; ++n) {
    if (n == 24) p.add(Opcode::st32_mmmn_zi, {base, 15, scratch, results_now});
    p.add(Opcode::ld128putcs_mmmn_zi, {coefficients * n});
  }
  p.add(Opcode::add_mmmn_si, {results_now, results_now, 32});
  p.add(Opcode::runall_mmmn_zi, {entry, state, 1});
}

void ConvolutionCall::go_back() {
  Program& p = supervisor_;
  const std::uint32_t begin = p.base().value();  // of every loop: never branched to
  p.add(Opcode::brnzdec_mmmn_zi, {loops, begin});
  p.add(Opcode::ld32_mmmn_zi, {base, 15, strides, loops});
  p.add(Opcode::put_mmmn_zi, {coefficients_now, isa::find_csr(isa::Mode::supervisor, "CCCSLOAD")->index});
  p.add(Opcode::brnzdec_mmmn_zi, {output_counter, begin});
  p.add(Opcode::setzi_mmmn_zi, {coefficients_now, 0});
  p.add(Opcode::or_mmmn_iz, {loops, loops, 0x80000000U});
  p.add(Opcode::ld32step_mmmn_si, {15, inputs, 1, results_now});
  p.add(Opcode::ld32_mmmn_zi, {base, 15, counter, output_counter});
  p.add(Opcode::sync, {2});
  p.add(Opcode::st32_mmmn_zi, {base, 15, scratch, loops});
  p.add(Opcode::brnzdec_mmmn_zi, {input_counter, begin});
  p.add(Opcode::xor_mmmn, {loops, loops, coefficients_now});
  p.add(Opcode::ld32step_mmmn_si, {15, list, 1, 15});
  p.add(Opcode::add_mmmn_si, {list, list, 4});
  p.add(Opcode::ld32_mmmn_zi, {base, 15, counter, input_counter});
  p.add(Opcode::st32_mmmn_zi, {base, 15, scratch, loops});
  p.add(Opcode::brnzdec_mmmn_zi, {group_counter, begin});
  p.add(Opcode::ld32_mmmn_zi, {base, 15, saved_register, inputs});
  p.add(Opcode::ld32_mmmn_zi, {base, 15, return_address, link});
  p.add(Opcode::add_mmmn_si, {state, state, 32});
  p.add(Opcode::br_mmmn, {link});
}

std::uint64_t ConvolutionCall::cycles(std::uint64_t start, unsigned hold) const {
  using namespace isa::timing;
  Slots slots;
  Results results;
  std::uint64_t next = start;
  for (std::size_t at = 0;;) {
    const std::uint32_t word = supervisor_.words().at(at++);
    const isa::Instruction& instruction = isa::instruction(isa::decode(word, isa::Mode::supervisor));
    const std::uint64_t issue = slots.first_free(std::max(next, results.ready(instruction, word)));
    results.write(instruction, word, issue);
    next = issue + 1;
    switch (instruction.opcode) {
      case Opcode::call_mmmn_zi:
        at = (instruction.operands[1].value(word) - code.value()) / 4;
        next = issue + supervisor_branch;
        break;
      case Opcode::br_mmmn:
        at = 1;
        next = issue + supervisor_branch;
        break;
      case Opcode::put_mmmn_zi:
        next = issue + hold;
        break;
      case Opcode::runall_mmmn_zi:
        slots.launch(issue, turns_);
        next = issue + runall;
        break;
      case Opcode::sync:
        if (instruction.operands[0].value(word) == 3) return issue - start;
        next = std::max(issue, slots.last_exit()) + sync_local;
        break;
      default:
        break;
    }
  }
}

}  // namespace ipusim::tile::test
