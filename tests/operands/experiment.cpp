// SPDX-License-Identifier: Apache-2.0
#include "experiment.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ipusim/isa/encode.hpp"

namespace ipusim::operands {
namespace {

using isa::Opcode;
using tile::test::Bench;
using tile::test::encode;
using tile::test::Encoded;
using tile::test::Program;

// Every worker has a block of memory that $m13 points to: constants, then per experiment the state before and
// after. A 12-bit word offset reaches all of it.
constexpr U blocks = 0x80000, block_bytes = 0x4000;
constexpr U tas_at = 0, clear_all_at = 1, warm_at = 4, slots_at = 8;  // word offsets
constexpr U a_at = 0, m_at = a_at + a_count, before_words = m_at + m_count;
constexpr U a_after = before_words, m_after = a_after + file_size, flags_after = m_after + file_size;
constexpr U slot_words = 56;
static_assert(flags_after < slot_words && slot_words % 4 == 0 && before_words % 2 == 0);
constexpr std::size_t batch = (block_bytes / 4 - slots_at) / slot_words;

constexpr U coefficients = 0xC0000;
constexpr unsigned base = 13, none = 15;

constexpr U accumulate_all = 0xF, flags_only = 0x7;  // FP_CLR
U number(isa::Mode mode, std::string_view name) { return isa::find_csr(mode, name)->index & 0xFFU; }
U upper(std::string_view name) { return number(isa::Mode::worker, name); }

U slot(std::size_t index) { return slots_at + slot_words * static_cast<U>(index); }

bool accumulates(const isa::Instruction& i) {
  for (const char* part : {"amp", "slic", "acc", "mac", "gina", "aop", "axpy", "mix"})
    if (i.lane == isa::Lane::aux && i.mnemonic.find(part) != std::string_view::npos) return true;
  return false;
}

void add_state(Program& p, const Experiment& e, U at) {
  p.add(Opcode::ld64_mman_zi, {base, none, tas_at / 2, 0});
  p.add(Opcode::uput_aaan_zi, {0, upper("TAS")});
  p.add(Opcode::uput_aaan_zi, {0, upper("PRNG_SEED")});
  p.add(Opcode::uput_aaan_zi, {1, upper("FP_CLR")});
  if (std::any_of(e.steps.begin(), e.steps.end(),
                  [](const Step& s) { return accumulates(*s.instruction); })) {
    p.add(Opcode::ld128_mman_zi, {base, none, warm_at / 4, 0});
    p.add(Opcode::f16v8acc_aaan, {0});
    p.add(Opcode::setzi_aaan_zi, {0, flags_only});
    p.add(Opcode::uput_aaan_zi, {0, upper("FP_CLR")});
  }
  for (U i = 0; i < a_count; i += 4) p.add(Opcode::ld128_mman_zi, {base, none, (at + a_at + i) / 4, i});
  for (U i = 0; i < m_count; ++i) p.add(Opcode::ld32_mmmn_zi, {base, none, at + m_at + i, i});
}

Encoded encode_step(const Step& step, U target) {
  std::vector<U> values = step.operands;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (step.instruction->operands[i].cls == isa::OperandClass::rel19s2) values[i] = target;
  const isa::Words words = isa::encode(*step.instruction, values);
  return {words[0], words[1]};
}

// Returns where it stands.
U add_steps(Program& p, const Experiment& e) {
  p.align(8);
  const U at = p.here().value();
  const U target = at + 4 * static_cast<U>(e.steps.size()) + 4;
  if (e.steps.size() == 2) {
    p.add_bundle(encode_step(e.steps[0], target), encode_step(e.steps[1], target));
  } else {
    p.add_word(encode_step(e.steps[0], target).first);
  }
  p.add_word(tile::test::nop().first);
  return at;
}

void add_reading(Program& p, U at) {
  for (U i = 0; i < file_size; i += 2) p.add(Opcode::st64_mbmn_zi, {base, none, (at + a_after + i) / 2, i});
  for (U i = 0; i < file_size; ++i) p.add(Opcode::st32_mmmn_zi, {base, none, at + m_after + i, i});
  p.add(Opcode::uget_aaan_zi, {0, upper("FP_STS")});
  p.add(Opcode::st32_mbmn_zi, {base, none, at + flags_after, 0});
}

Program supervisor() {
  Program s(tile::test::code);
  s.set_m(0, coefficients);
  s.add(Opcode::put_mmmn_zi, {0, number(isa::Mode::supervisor, "CCCSLOAD")});
  for (U n = 0; n < 64; n += 2) s.add(Opcode::ld128putcs_mmmn_zi, {n});
  s.set_m(0, tile::test::worker_code.value());
  for (U w = 0; w < workers; ++w) {
    s.set_m(1, blocks + w * block_bytes - isa::arch_info(isa::Arch::ipu21).memory_base);
    s.add(Opcode::run_mmmn_zi, {0, 1, 0});
  }
  s.add(Opcode::sync, {2});
  s.add(Opcode::sync, {3});
  return s;
}

void fill(Bench& bench, U at, U bytes, std::mt19937& random) {
  std::vector<U> words(bytes / 4);
  for (U& word : words) word = static_cast<U>(random());
  bench.tile().write_memory(ByteAddr{at}, std::as_bytes(std::span(words)));
}

// Small f16 numbers, so that sums of products stay numbers.
U coefficient(std::mt19937& random) { return (static_cast<U>(random()) & 0x83FF83FFU) | 0x3C003800U; }

void fill_memory(Bench& bench) {
  std::mt19937 random(99);
  for (U i = 0; i < 256; ++i) bench.store_word(ByteAddr{coefficients + 4 * i}, coefficient(random));
  for (unsigned w = 0; w < workers; ++w) {
    const Places p = places_of(w);
    fill(bench, p.first, place_bytes, random);
    fill(bench, p.first + 0x4000, place_bytes, random);
    fill(bench, p.second, place_bytes, random);
    fill(bench, p.wide, place_bytes, random);
    const U block = blocks + w * block_bytes;
    bench.store_word(ByteAddr{block + 4 * tas_at}, coefficient(random));
    bench.store_word(ByteAddr{block + 4 * clear_all_at}, accumulate_all);
    for (U i = 0; i < 4; ++i) bench.store_word(ByteAddr{block + 4 * (warm_at + i)}, coefficient(random));
  }
}

void write_state(Bench& bench, const Experiment& e, std::size_t index, U pc) {
  for (unsigned w = 0; w < workers; ++w) {
    State state = e.before.at(w);
    if (e.target_register) state.m.at(*e.target_register) = pc + 8;
    const ByteAddr at{blocks + w * block_bytes + 4 * slot(index)};
    bench.tile().write_memory(at + 4 * a_at, std::as_bytes(std::span(state.a)));
    bench.tile().write_memory(at + 4 * m_at, std::as_bytes(std::span(state.m)));
  }
}

Outcome read_outcome(const Bench& bench, unsigned worker, std::size_t index, U pc) {
  Outcome o;
  const ByteAddr at{blocks + worker * block_bytes + 4 * slot(index)};
  for (U i = 0; i < file_size; ++i) {
    o.a.at(i) = bench.word(at + 4 * (a_after + i));
    o.m.at(i) = bench.word(at + 4 * (m_after + i));
  }
  o.flags = bench.word(at + 4 * flags_after);
  o.pc = pc;
  o.branched = true;
  return o;
}

// Adds what the retire records tell beyond registers.
void add_records(const std::vector<tile::RetireRecord>& records, const std::vector<U>& pcs,
                 std::span<const Experiment> experiments, std::vector<Outcomes>& outcomes) {
  for (const tile::RetireRecord& record : records) {
    if (!record.context.is_worker()) continue;
    const auto next = std::upper_bound(pcs.begin(), pcs.end(), record.pc.value());
    if (next == pcs.begin()) continue;
    const auto index = static_cast<std::size_t>(next - pcs.begin()) - 1;
    Outcome& o = outcomes.at(index).at(record.context.index() - 1);
    const U behind = pcs[index] + 4 * static_cast<U>(experiments[index].steps.size());
    if (record.pc.value() == behind) o.branched = false;
    if (record.pc.value() != pcs[index]) continue;
    o.memory = record.memory;
    for (const tile::RegisterWrite& write : record.registers)
      if (write.file != tile::RegisterWrite::File::m && write.file != tile::RegisterWrite::File::a)
        o.other.push_back(write);
  }
}

std::vector<Outcomes> run_batch(const Way& way, std::span<const Experiment> experiments) {
  Bench bench(way.kind, way.observed, {.id = TileId{0}, .arch = isa::Arch::ipu21});
  fill_memory(bench);
  Program p(tile::test::worker_code);
  std::vector<U> pcs;
  for (std::size_t i = 0; i < experiments.size(); ++i) {
    add_state(p, experiments[i], slot(i));
    pcs.push_back(add_steps(p, experiments[i]));
    add_reading(p, slot(i));
    write_state(bench, experiments[i], i, pcs.back());
  }
  p.add(Opcode::exitz_mmmn, {15});
  bench.load(p);
  const tile::StopReport report = bench.run(supervisor());
  std::vector<Outcomes> outcomes(experiments.size());
  if (report.reason != tile::StopReason::sync || report.sync_zone != 3) {
    const auto next = std::upper_bound(pcs.begin(), pcs.end(), report.exception.pc.value());
    const std::size_t index = next == pcs.begin() ? 0 : static_cast<std::size_t>(next - pcs.begin()) - 1;
    ADD_FAILURE() << way.kind.name << " stopped for cause " << static_cast<int>(report.exception.cause)
                  << " at " << experiments[index].steps.back().instruction->id << " " << report.message;
    return outcomes;
  }
  for (std::size_t i = 0; i < experiments.size(); ++i)
    for (unsigned w = 0; w < workers; ++w) outcomes[i].at(w) = read_outcome(bench, w, i, pcs[i]);
  add_records(bench.recorder().retired, pcs, experiments, outcomes);
  return outcomes;
}

}  // namespace

Places places_of(unsigned worker) {
  const U offset = worker * place_bytes;
  return {0x60000 + offset, 0x68000 + offset, 0x70000 + offset, 0xA0000 + offset};
}

std::array<U, file_size - m_count> fixed_m(unsigned worker) {
  return {0, blocks + worker * block_bytes, 0, 0};
}

std::vector<Outcomes> run(const Way& way, std::span<const Experiment> experiments) {
  std::vector<Outcomes> outcomes;
  while (!experiments.empty() && !::testing::Test::HasFailure()) {
    const auto now = experiments.first(std::min(batch, experiments.size()));
    for (Outcomes& o : run_batch(way, now)) outcomes.push_back(std::move(o));
    experiments = experiments.subspan(now.size());
  }
  return outcomes;
}

}  // namespace ipusim::operands
