// SPDX-License-Identifier: Apache-2.0
// Integer arithmetic, compares, permutes and ARF logic: results as the ISA's semantics give them, one line
// each.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

// op0 = opcode(x, y): y is a register or, where the instruction has one, the immediate.
struct AluCase {
  Opcode opcode;
  std::uint32_t x;
  std::uint32_t y;
  std::uint32_t expected;
};

constexpr std::uint32_t u(std::int32_t value) { return static_cast<std::uint32_t>(value); }

const AluCase integer_cases[] = {
    {Opcode::add_mmmn, 0xFFFFFFFF, 2, 1},
    {Opcode::add_mmmn_si, 5, u(-6), 0xFFFFFFFF},
    {Opcode::add_mmmn_zi, 5, 0xFFFA, 0xFFFF},
    // The first written source is op2: op2 - op1.
    {Opcode::sub_mmmn, 3, 10, 7},
    {Opcode::sub_mmmn, 10, 3, u(-7)},
    {Opcode::sub_mmmn_si, 3, u(-4), u(-7)},
    {Opcode::sub_mmmn_zi, 3, 0xFFFF, 0xFFFC},
    {Opcode::mul_mmmn, 0x10001, 0x10001, 0x00020001},
    {Opcode::mul_mmmn, u(-3), 7, u(-21)},
    {Opcode::mul_mmmn_si, u(-3), u(-7), 21},
    {Opcode::max_mmmn, u(-1), 1, 1},
    {Opcode::max_mmmn, 0x80000000, 0x7FFFFFFF, 0x7FFFFFFF},
    {Opcode::max_mmmn_si, u(-5), u(-4), u(-4)},
    {Opcode::max_mmmn_zi, u(-5), 0xFFFF, 0xFFFF},
    {Opcode::min_mmmn, u(-1), 1, u(-1)},
    {Opcode::min_mmmn_si, 3, u(-4), u(-4)},
    {Opcode::min_mmmn_zi, 0x7FFFFFFF, 0xFFFF, 0xFFFF},
    {Opcode::and_mmmn, 0xF0F0FF00, 0x3C3C0FF0, 0x30300F00},
    {Opcode::and_mmmn_zi, 0xFFFFFABC, 0xFFF, 0xABC},
    {Opcode::andc_mmmn, 0xF0F0FF00, 0x3C3C0FF0, 0xC0C0F000},
    {Opcode::andc_mmmn_zi, 0xFFFFFFFF, 0xFFF, 0xFFFFF000},
    {Opcode::or_mmmn, 0xF0F00000, 0x0000F0F0, 0xF0F0F0F0},
    {Opcode::or_mmmn_zi, 0xF0000000, 0xFFF, 0xF0000FFF},
    {Opcode::or_mmmn_iz, 0x000FFFFF, 0xABC00000, 0xABCFFFFF},
    {Opcode::xor_mmmn, 0xFF00FF00, 0x0FF00FF0, 0xF0F0F0F0},
    {Opcode::xnor_mmmn, 0xFF00FF00, 0x0FF00FF0, 0x0F0F0F0F},
    {Opcode::shl_mmmn, 0x80000001, 1, 2},
    {Opcode::shl_mmmn, 1, 31, 0x80000000},
    {Opcode::shl_mmmn, 1, 32, 0},
    {Opcode::shl_mmmn, 1, 0x100, 0},
    {Opcode::shl_mmmn_zi, 3, 4, 0x30},
    {Opcode::shl_mmmn_zi, 3, 0x801, 0},
    {Opcode::shr_mmmn, 0x80000000, 31, 1},
    {Opcode::shr_mmmn, 0x80000000, 0x80000000, 0},
    {Opcode::shr_mmmn_zi, 0x80000000, 32, 0},
    {Opcode::shr_mmmn_zi, 0xF0, 4, 0xF},
    {Opcode::shrs_mmmn, 0x80000000, 31, 0xFFFFFFFF},
    {Opcode::shrs_mmmn, 0x80000000, 33, 0xFFFFFFFF},
    {Opcode::shrs_mmmn, 0x7FFFFFFF, 40, 0},
    {Opcode::shrs_mmmn_zi, u(-16), 2, u(-4)},
    {Opcode::shrs_mmmn_zi, u(-16), 0xFFF, u(-1)},
    {Opcode::cmpeq_mmmn, 7, 7, 1},
    {Opcode::cmpeq_mmmn, 7, 8, 0},
    {Opcode::cmpeq_mmmn_si, u(-1), u(-1), 1},
    {Opcode::cmpeq_mmmn_zi, 0xFFFF, 0xFFFF, 1},
    {Opcode::cmpeq_mmmn_zi, u(-1), 0xFFFF, 0},
    {Opcode::cmpne_mmmn, 7, 8, 1},
    {Opcode::cmpne_mmmn, 7, 7, 0},
    {Opcode::cmpslt_mmmn, u(-1), 0, 1},
    {Opcode::cmpslt_mmmn, 0x7FFFFFFF, 0x80000000, 0},
    {Opcode::cmpslt_mmmn, 3, 3, 0},
    {Opcode::cmpslt_mmmn_si, u(-3), u(-2), 1},
    {Opcode::cmpslt_mmmn_si, 5, u(-2), 0},
    {Opcode::cmpult_mmmn, u(-1), 0, 0},
    {Opcode::cmpult_mmmn, 0x7FFFFFFF, 0x80000000, 1},
    {Opcode::cmpult_mmmn_zi, 0xFFFE, 0xFFFF, 1},
    {Opcode::cmpult_mmmn_zi, u(-1), 0xFFFF, 0},
    // x has bytes 0x44, 0x33, 0x22, 0x11 from byte 0 up, y 0x88, 0x77, 0x66, 0x55.
    {Opcode::sort4x16lo_mmmn, 0x11223344, 0x55667788, 0x77883344},
    {Opcode::sort4x16hi_mmmn, 0x11223344, 0x55667788, 0x55661122},
    {Opcode::roll16_mmmn, 0x11223344, 0x55667788, 0x77881122},
    {Opcode::roll8l_mmmn, 0x11223344, 0x55667788, 0x66778811},
    {Opcode::roll8r_mmmn, 0x11223344, 0x55667788, 0x88112233},
    {Opcode::shuf8x8lo_mmmn, 0x11223344, 0x55667788, 0x77338844},
    {Opcode::shuf8x8hi_mmmn, 0x11223344, 0x55667788, 0x55116622},
    {Opcode::sort8x8lo_mmmn, 0x11223344, 0x55667788, 0x66882244},
    {Opcode::sort8x8hi_mmmn, 0x11223344, 0x55667788, 0x55771133},
};

const AluCase unary_cases[] = {
    {Opcode::abs_mmmn, u(-5), 0, 5},
    {Opcode::abs_mmmn, 5, 0, 5},
    {Opcode::abs_mmmn, 0x80000000, 0, 0},
    {Opcode::clz_mmmn, 0, 0, 32},
    {Opcode::clz_mmmn, 1, 0, 31},
    {Opcode::clz_mmmn, 0x80000000, 0, 0},
    {Opcode::cms_mmmn, 0, 0, 31},
    {Opcode::cms_mmmn, u(-1), 0, 31},
    {Opcode::cms_mmmn, 0x40000000, 0, 0},
    {Opcode::cms_mmmn, 0x80000000, 0, 0},
    {Opcode::cms_mmmn, 0xC0000000, 0, 1},
    {Opcode::cms_mmmn, 1, 0, 30},
    {Opcode::popc_mmmn, 0xFFFFFFFF, 0, 32},
    {Opcode::popc_mmmn, 0x80000001, 0, 2},
    {Opcode::bitrev8_mmmn, 0x01023480, 0, 0x80402C01},
    {Opcode::sort8_mmmn, 0x11223344, 0, 0x11332244},
    {Opcode::swap8_mmmn, 0x11223344, 0, 0x22114433},
};

// A-file counterparts on single registers.
const AluCase arf_cases[] = {
    {Opcode::and_aaan, 0xF0F0FF00, 0x3C3C0FF0, 0x30300F00},
    {Opcode::and_aaan_zi, 0xFFFFFABC, 0xFFF, 0xABC},
    {Opcode::and_aaan_iz, 0xFFFFFABC, 0xABC00000, 0xABC00000},
    {Opcode::andc_aaan, 0xF0F0FF00, 0x3C3C0FF0, 0xC0C0F000},
    {Opcode::andc_aaan_zi, 0xFFFFFFFF, 0xFFF, 0xFFFFF000},
    {Opcode::andc_aaan_iz, 0xFFFFFFFF, 0xFFF00000, 0x000FFFFF},
    {Opcode::or_aaan, 0xF0F00000, 0x0000F0F0, 0xF0F0F0F0},
    {Opcode::or_aaan_zi, 0xF0000000, 0xFFF, 0xF0000FFF},
    {Opcode::or_aaan_iz, 0x000FFFFF, 0xABC00000, 0xABCFFFFF},
    {Opcode::sort4x16lo_aaan, 0x11223344, 0x55667788, 0x77883344},
    {Opcode::sort4x16hi_aaan, 0x11223344, 0x55667788, 0x55661122},
    {Opcode::sort4x16lo_aaau, 0x11223344, 0x55667788, 0x77881122},
    {Opcode::sort4x16hi_aaal, 0x11223344, 0x55667788, 0x55663344},
    {Opcode::roll16_aaan, 0x11223344, 0x55667788, 0x77881122},
};

bool has_immediate(Opcode opcode) {
  const auto& operands = isa::instruction(opcode).operands;
  return operands.size() > 2 && operands[2].cls >= isa::OperandClass::unsigned_immediate;
}

std::string name(Opcode opcode) { return std::string(isa::instruction(opcode).id); }

// Computes every case into $m0 and stores it to data + 4*i; $m8 = data.
template <std::size_t n>
void add_integer_cases(Program& p, const AluCase (&cases)[n], bool unary, unsigned first_slot) {
  for (std::size_t i = 0; i < n; ++i) {
    const AluCase& c = cases[i];
    p.set_m(1, c.x);
    if (unary) {
      p.add(c.opcode, {0, 1});
    } else if (has_immediate(c.opcode)) {
      p.add(c.opcode, {0, 1, c.y});
    } else {
      p.set_m(2, c.y);
      p.add(c.opcode, {0, 1, 2});
    }
    p.add(Opcode::st32_mmmn_zi, {8, 15, static_cast<std::uint32_t>(first_slot + i), 0});
  }
}

Program integer_program(ByteAddr base, bool worker) {
  Program p(base);
  p.set_m(8, data.value());
  add_integer_cases(p, integer_cases, false, 0);
  add_integer_cases(p, unary_cases, true, std::size(integer_cases));
  worker ? p.add(Opcode::exitz_mmmn, {15}) : p.add(Opcode::sync, {3});
  return p;
}

void expect_integer_results(const Bench& bench) {
  std::uint32_t slot = 0;
  for (const AluCase& c : integer_cases) {
    EXPECT_EQ(bench.word(data + 4 * slot++), c.expected)
        << name(c.opcode) << std::hex << " x=" << c.x << " y=" << c.y;
  }
  for (const AluCase& c : unary_cases) {
    EXPECT_EQ(bench.word(data + 4 * slot++), c.expected) << name(c.opcode) << std::hex << " x=" << c.x;
  }
}

TEST_P(AluCases, IntegerOnTheSupervisor) {
  Bench bench = make_bench();
  expect_sync(bench.run(integer_program(code, false)));
  expect_integer_results(bench);
}

TEST_P(AluCases, IntegerOnAWorker) {
  Bench bench = make_bench();
  expect_sync(bench.run_worker(integer_program(worker_code, true)));
  expect_integer_results(bench);
}

TEST_P(AluCases, MoveIfNotZero) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(1, 111);
  p.set_m(2, 222);
  p.set_m(3, 0x80000000);  // an integer test: the sign bit alone is not zero
  p.set_m(4, 333);
  p.add(Opcode::movz_mmmn, {3, 1, 4});   // taken
  p.add(Opcode::movz_mmmn, {15, 2, 4});  // not taken
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(Context::supervisor(), 1), 333U);
  EXPECT_EQ(bench.m(Context::supervisor(), 2), 222U);
}

TEST_P(AluCases, SameRegisterAsSourceAndDestination) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(1, 6);
  p.add(Opcode::add_mmmn, {1, 1, 1});
  p.add(Opcode::mul_mmmn, {1, 1, 1});
  p.add(Opcode::swap8_mmmn, {1, 1});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(Context::supervisor(), 1), 0x9000U);  // (6+6)^2 = 0x90, in byte 1
}

TEST_P(AluCases, ReadOnlyRegistersDropWrites) {
  Bench bench = make_bench();
  Program p(code);
  for (const unsigned m : {12U, 13U, 14U, 15U}) {
    p.add(Opcode::setzi_mmmn_zi, {m, 0x12345});
  }
  for (const unsigned m : {12U, 13U, 14U, 15U}) {
    p.add(Opcode::add_mmmn_si, {m - 12, m, 1});
  }
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  for (unsigned m = 0; m < 4; ++m) {
    EXPECT_EQ(bench.m(Context::supervisor(), m), 1U) << "$m" << m + 12;
  }
  for (const RetireRecord& record : bench.recorder().retired) {
    if (record.pc < code + 16) {
      EXPECT_TRUE(record.registers.empty()) << "a dropped write was reported";
    }
  }
}

TEST_P(AluCases, WorkerAndVertexBase) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.set_m(8, data.value());
  worker.add(Opcode::setzi_mmmn_zi, {12, 1});
  worker.add(Opcode::setzi_mmmn_zi, {13, 1});
  worker.add(Opcode::st32_mmmn_zi, {8, 15, 0, 12});
  worker.add(Opcode::st32_mmmn_zi, {8, 15, 1, 13});
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  p.set_m(2, 0x61230);
  p.add(Opcode::put_mmmn_zi, {2, isa::find_csr(isa::Mode::supervisor, "WORKER0_BASE")->index});
  const Program launch = Bench::one_worker();
  for (const Word word : launch.words()) {
    p.add_word(word);
  }
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.word(data), 0x61230U);
  EXPECT_EQ(bench.word(data + 4), data.value());
}

TEST_P(AluCases, ArfLogicAndPermutes) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(8, data.value());
  p.set_m(9, data.value() + 0x800);  // operands
  std::uint32_t i = 0;
  for (const AluCase& c : arf_cases) {
    p.add(Opcode::ld32_mman_zi, {9, 15, 2 * i, 1});
    p.add(Opcode::ld32_mman_zi, {9, 15, 2 * i + 1, 2});
    bench.store_word(data + 0x800 + 8 * i, c.x);
    bench.store_word(data + 0x804 + 8 * i, c.y);
    p.add(c.opcode, {0, 1, has_immediate(c.opcode) ? c.y : 2});
    p.add(Opcode::st32_mbmn_zi, {8, 15, i, 0});
    ++i;
  }
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  i = 0;
  for (const AluCase& c : arf_cases) {
    EXPECT_EQ(bench.word(data + 4 * i++), c.expected) << name(c.opcode);
  }
}

// Pairs: x = a2:3 = (0x11111111, 0x22222222), y = a4:5 = (0x33333333, 0x04444444), result in a0:1.
TEST_P(AluCases, ArfPairs) {
  struct PairCase {
    Opcode opcode;
    bool unary;
    std::uint32_t low;
    std::uint32_t high;
  };
  const PairCase cases[] = {
      {Opcode::and64_aaan, false, 0x11111111, 0x00000000},
      {Opcode::andc64_aaan, false, 0x00000000, 0x22222222},
      {Opcode::or64_aaan, false, 0x33333333, 0x26666666},
      {Opcode::not64_aaan, true, 0xEEEEEEEE, 0xDDDDDDDD},
      {Opcode::sort4x32lo_aaan, false, 0x11111111, 0x33333333},
      {Opcode::sort4x32hi_aaan, false, 0x22222222, 0x04444444},
      {Opcode::roll32_aaan, false, 0x22222222, 0x33333333},
  };
  Bench bench = make_bench();
  const std::uint32_t operands[] = {0x11111111, 0x22222222, 0x33333333, 0x04444444};
  for (std::uint32_t i = 0; i < 4; ++i) {
    bench.store_word(data + 0x800 + 4 * i, operands[i]);
  }
  Program p(worker_code);
  p.set_m(8, data.value());
  p.add(Opcode::ld64_mman_zi, {8, 15, 0x100, 2});
  p.add(Opcode::ld64_mman_zi, {8, 15, 0x101, 4});
  std::uint32_t i = 0;
  for (const PairCase& c : cases) {
    c.unary ? p.add(c.opcode, {0, 2}) : p.add(c.opcode, {0, 2, 4});
    p.add(Opcode::st64_mbmn_zi, {8, 15, i++, 0});
  }
  // Source and destination the same pair: both words are read before either is written.
  p.add(Opcode::roll32_aaan, {2, 2, 2});
  p.add(Opcode::st64_mbmn_zi, {8, 15, i, 2});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  i = 0;
  for (const PairCase& c : cases) {
    EXPECT_EQ(bench.word(data + 8 * i), c.low) << name(c.opcode);
    EXPECT_EQ(bench.word(data + 8 * i++ + 4), c.high) << name(c.opcode);
  }
  EXPECT_EQ(bench.word(data + 8 * i), 0x22222222U);
  EXPECT_EQ(bench.word(data + 8 * i + 4), 0x11111111U);
}

// $a8..$a15 read 0 and drop writes, in singles and in pairs.
TEST_P(AluCases, UpperArfIsZero) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(8, data.value());
  bench.store_word(data, 0xDEADBEEF);
  bench.store_word(data + 4, 0xDEADBEEF);
  for (std::uint32_t a = 8; a < 16; ++a) {
    p.add(Opcode::setzi_aaan_zi, {a, 0x777});
    p.add(Opcode::not_aaan, {0, a});
    p.add(Opcode::st32_mbmn_zi, {8, 15, 8 + a, 0});
  }
  p.add(Opcode::ld64_mman_zi, {8, 15, 0, 14});
  p.add(Opcode::or64_aaan, {8, 14, 14});
  p.add(Opcode::or64_aaan, {2, 8, 14});
  p.add(Opcode::st64_mbmn_zi, {8, 15, 0, 2});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  for (std::uint32_t a = 8; a < 16; ++a) {
    EXPECT_EQ(bench.word(data + 4 * (8 + a)), 0xFFFFFFFFU) << "$a" << a;
  }
  EXPECT_EQ(bench.word(data), 0U);
  EXPECT_EQ(bench.word(data + 4), 0U);
}

TEST_P(AluCases, MovesBetweenFiles) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(8, data.value());
  p.add(Opcode::setzi_aaan_zi, {3, 0xFEDCB});
  p.add(Opcode::not_aaan, {4, 3});
  p.add(Opcode::atom_mamn, {1, 4});
  p.add(Opcode::st32_mmmn_zi, {8, 15, 0, 1});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.word(data), ~0xFEDCBU);
}

}  // namespace
}  // namespace ipusim::tile::test
