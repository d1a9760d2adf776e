// SPDX-License-Identifier: Apache-2.0
// The engines' pipelines and other instructions between their issues: in every format and mode, begun in any
// phase and left half full, results and accumulators are those of the issues alone.
#include <random>
#include <vector>

#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;

constexpr U issues = 21;
constexpr ByteAddr outputs = data + 0x1000;
constexpr U accumulators = 32;

struct Engine {
  Opcode opcode;
  bool slic, f32;
};
constexpr Engine engines[] = {
    {Opcode::f16v4sisoamp_aaan_ef, false, false}, {Opcode::f16v4sihoamp_aaan_ef, false, false},
    {Opcode::f16v4hihoamp_aaan_ef, false, false}, {Opcode::f16v4hihov4amp_aaan_ef, false, false},
    {Opcode::f32sisoamp_aaan_ef, false, true},    {Opcode::f32sisov2amp_aaan_ef, false, true},
    {Opcode::f16v4sisoslic_aaan_ef, true, false}, {Opcode::f16v4sihoslic_aaan_ef, true, false},
    {Opcode::f16v4hihoslic_aaan_ef, true, false}, {Opcode::f16v4hihov4slic_aaan_ef, true, false},
    {Opcode::f32sisoslic_aaan_ef, true, true},    {Opcode::f32sisov2slic_aaan_ef, true, true}};

// Flags of the n-th issue; see docs/arithmetic.md. AMP begins in phase 2: what stands in the pipeline is of
// no row that was begun. SLIC alternates columns, f32 its lower and upper issues.
U flags_of(const Engine& engine, U mode, U n) {
  if (!engine.slic) return mode << 3U | (n + 2) % (engine.f32 ? 8 : 4);
  return engine.f32 ? (n / 2) % 4 | (mode % 2) << 2U | (n % 2) << 3U : n % 4 | (mode % 2) << 2U;
}

// Instructions that use neither accumulators, TAS nor $a0..$a5; loads, flags, random words and jumps among
// them.
void add_others(Program& p, U n) {
  switch (n % 6) {
    case 0:
      p.add(Opcode::f32v2mul_aaan, {6, 0, 2});
      p.add(Opcode::f32div_aaan, {7, 6, 14});  // by zero: a flag
      break;
    case 1:
      p.add(Opcode::urand64_aaan, {6});
      p.add(Opcode::f16v4add_aaan, {6, 6, 4});
      break;
    case 2:
      p.align(8);
      p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {3, 0}), fnop());
      p.add_bundle(encode(Opcode::ld64_mman_zi, {8, 15, n, 6}), encode(Opcode::f16v4gacc_aaan, {14}));
      break;
    case 3:
      p.add(Opcode::bri_mmmn_zi, {p.here().value() + 8});
      p.add(Opcode::trap_mmmn_zi, {0});
      break;
    case 4:
      p.add(Opcode::f32exp_aaan, {7, 6});
      break;
    default:
      break;  // none: issues in a row, too
  }
}

struct Result {
  std::vector<U> words;
  std::vector<U> accumulators;
  friend bool operator==(const Result&, const Result&) = default;
};

Result stream(Bench& bench, const Engine& engine, U mode, bool interrupted) {
  std::mt19937 random(5);
  // Finite as f32 and as two f16.
  const auto number = [&] { return (static_cast<U>(random()) & 0x83FF83FFU) | 0x3C003800U; };
  for (U i = 0; i < 4 * issues; ++i) bench.store_word(data + 4 * i, number());
  for (U i = 0; i < 128; ++i) bench.store_word(wide_data + 4 * i, number());
  Program p(worker_code);
  p.set_m(8, data.value());
  p.set_m(9, outputs.value());
  for (U n = 0; n < issues; ++n) {
    p.add(Opcode::ld64_mman_zi, {8, 15, 2 * n, 0});
    if (interrupted) add_others(p, n);
    p.add(Opcode::ld64_mman_zi, {8, 15, 2 * n + 1, 2});
    p.add(engine.opcode, {4, 0, 2, flags_of(engine, mode, n)});
    if (interrupted) add_others(p, n + 3);
    p.add(Opcode::st64_mbmn_zi, {9, 15, n, 4});
  }
  p.add(Opcode::exitz_mmmn, {15});
  bench.load(p);
  Program s(code);
  s.set_m(0, wide_data.value());
  s.add(Opcode::put_mmmn_zi, {0, isa::find_csr(isa::Mode::supervisor, "CCCSLOAD")->index});
  for (U n = 0; n < 64; n += 2) s.add(Opcode::ld128putcs_mmmn_zi, {n});
  s.set_m(0, worker_code.value());
  s.add(Opcode::run_mmmn_zi, {0, 15, 0});
  s.add(Opcode::sync, {2});
  s.add(Opcode::sync, {3});
  expect_sync(bench.run(s));
  Result result;
  for (U i = 0; i < 2 * issues; ++i) result.words.push_back(bench.word(outputs + 4 * i));
  for (U i = 0; i < accumulators; ++i)
    result.accumulators.push_back(
        bench.tile().read_register(Context::worker(0), RegisterWrite::File::accumulator, i));
  return result;
}

TEST_P(EngineCases, EnginesGoOnAfterOtherInstructions) {
  for (const Engine& engine : engines)
    for (U mode = 0; mode < 3; ++mode) {
      SCOPED_TRACE(std::string{isa::instruction(engine.opcode).id} + " mode " + std::to_string(mode));
      Bench alone = make_bench(), interrupted = make_bench();
      const Result want = stream(alone, engine, mode, false);
      EXPECT_EQ(stream(interrupted, engine, mode, true), want);
      // It did work: sums stand in units of the set every mode has, and came out.
      EXPECT_NE(want.accumulators[0], 0U);
      EXPECT_NE(want.words[2 * issues - 2] | want.words[2 * issues - 4], 0U);
    }
}

// Columns 0 and 1 of unit 0 in one load: the worker's bundle of the next cycle multiplies with them, the one
// before not.
TEST_P(EngineCases, CoefficientsOfTheCycleBefore) {
  for (const U column : {0U, 1U})
    for (const bool before : {true, false}) {
      Bench bench = make_bench();
      for (U i = 0; i < 4; ++i) bench.store_word(wide_data + 4 * i, 0x3C003C00);
      Program p(worker_code);
      p.add(Opcode::or_aaan_iz, {0, 15, 0x3C000000});            // 36
      p.add(Opcode::or_aaan_iz, {1, 15, 0x3C000000});            // 42
      p.add(Opcode::f16v4hihov4amp_aaan_ef, {4, 0, 2, column});  // 48
      p.add(Opcode::exitz_mmmn, {15});
      bench.load(p);
      Program s(code);
      s.set_m(1, wide_data.value());  // 12
      s.add(Opcode::put_mmmn_zi, {1, isa::find_csr(isa::Mode::supervisor, "CCCSLOAD")->index});
      s.set_m(0, worker_code.value());                               // 24
      s.add(Opcode::run_mmmn_zi, {0, 15, 0});                        // 30
      s.add(Opcode::delay, {before ? 9U : 11U});                     // 37: 36 is the worker's
      const ByteAddr load = s.add(Opcode::ld128putcs_mmmn_zi, {0});  // 47, or 49
      s.add(Opcode::sync, {2});
      s.add(Opcode::sync, {3});
      expect_sync(bench.run(s));
      expect_cycles_at(bench, load, {before ? 47U : 49U});
      bool multiplied = false;
      for (U i = 0; i < accumulators; ++i) {
        multiplied = multiplied ||
                     bench.tile().read_register(Context::worker(0), RegisterWrite::File::accumulator, i) != 0;
      }
      EXPECT_EQ(multiplied, before) << column;
    }
}

}  // namespace
}  // namespace ipusim::tile::test
