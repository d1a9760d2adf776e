// SPDX-License-Identifier: Apache-2.0
// Byte loads and byte permutes of the A registers, which only ipu21 has: expected values spelled out from the
// definitions of the ISA.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;

constexpr Context worker = Context::worker(0);

// Any 32 bits into an A register.
void set_a(Program& p, unsigned a, U value) {
  p.add(Opcode::setzi_aaan_zi, {a, value & 0xFFFFFU});
  p.add(Opcode::or_aaan_iz, {a, a, value & 0xFFF00000U});
}

TEST_P(ByteCases, PermutesOfTwoRegisters) {
  struct Case {
    Opcode opcode;
    U expected;
  };
  // Bytes from the lowest: x = 11 12 13 14, y = 21 22 23 24.
  for (const Case& c : {Case{Opcode::roll8l_aaan, 0x23222114}, Case{Opcode::roll8r_aaan, 0x21141312},
                        Case{Opcode::shuf8x8lo_aaan, 0x22122111}, Case{Opcode::shuf8x8hi_aaan, 0x24142313},
                        Case{Opcode::sort8x8lo_aaan, 0x23211311}, Case{Opcode::sort8x8hi_aaan, 0x24221412}}) {
    Bench bench = make_bench({TileId{0}, isa::Arch::ipu21});
    Program p(worker_code);
    set_a(p, 0, 0x14131211);
    set_a(p, 1, 0x24232221);
    p.add(c.opcode, {2, 0, 1});
    p.add(c.opcode, {1, 0, 1});  // in place
    p.add(Opcode::exitz_mmmn, {15});
    ASSERT_EQ(bench.run_worker(p).reason, StopReason::sync);
    EXPECT_EQ(bench.a(0, 2), c.expected) << isa::instruction(c.opcode).id;
    EXPECT_EQ(bench.a(0, 1), c.expected) << isa::instruction(c.opcode).id;
  }
}

TEST_P(ByteCases, PermutesOfOneRegister) {
  Bench bench = make_bench({TileId{0}, isa::Arch::ipu21});
  Program p(worker_code);
  set_a(p, 0, 0x14131211);
  p.add(Opcode::sort8_aaan, {1, 0});
  p.add(Opcode::swap8_aaan, {2, 0});
  p.add(Opcode::exitz_mmmn, {15});
  ASSERT_EQ(bench.run_worker(p).reason, StopReason::sync);
  EXPECT_EQ(bench.a(0, 1), 0x14121311U);
  EXPECT_EQ(bench.a(0, 2), 0x13141112U);
}

TEST_P(ByteCases, LoadsFillTheFourBytesOfARegister) {
  Bench bench = make_bench({TileId{0}, isa::Arch::ipu21});
  bench.store_word(data, 0x84838281);
  bench.store_word(data + 4, 0x88878685);
  Program p(worker_code);
  p.set_m(0, data.value());
  p.set_m(1, 2);
  p.set_m(2, 5);
  p.add(Opcode::ldb8_mman_zi, {0, 1, 1, 0});  // data + 2 + 1
  p.add(Opcode::ldb8_mman, {0, 15, 2, 1});    // data + 5
  p.set_m(3, 7);
  p.add(Opcode::ldb8step_mmbn_si, {0, 3, static_cast<U>(-3), 2});  // data + 7
  p.set_m(4, 0);
  p.add(Opcode::ldb8step_mmbn, {0, 4, 2, 3});  // data, then on by 5
  p.add(Opcode::exitz_mmmn, {15});
  ASSERT_EQ(bench.run_worker(p).reason, StopReason::sync);
  EXPECT_EQ(bench.a(0, 0), 0x84848484U);
  EXPECT_EQ(bench.a(0, 1), 0x86868686U);
  EXPECT_EQ(bench.a(0, 2), 0x88888888U);
  EXPECT_EQ(bench.m(worker, 3), 4U);
  EXPECT_EQ(bench.a(0, 3), 0x81818181U);
  EXPECT_EQ(bench.m(worker, 4), 5U);
}

TEST_P(ByteCases, ALoadBehindMemoryFaults) {
  Bench bench = make_bench({TileId{0}, isa::Arch::ipu21});
  Program p(worker_code);
  p.set_m(0, 0xE8000);
  p.set_m(1, 0);
  const ByteAddr at = p.add(Opcode::ldb8step_mmbn_si, {0, 1, 1, 2});
  const StopReport report = bench.run_worker(p);
  ASSERT_EQ(report.reason, StopReason::exception);
  EXPECT_EQ(report.exception.type, ExceptionType::invalid_address);
  EXPECT_EQ(report.exception.cause, ExceptionCause::invalid_address);
  EXPECT_EQ(report.exception.pc, at);
  EXPECT_EQ(report.exception.data_address, ByteAddr{0xE8000});
  EXPECT_EQ(bench.m(worker, 1), 0U);
}

TEST_P(ByteCases, ArchitecturesBeforeDoNotHaveThem) {
  for (const Encoded& instruction :
       {encode(Opcode::ldb8_mman, {0, 1, 2, 3}), encode(Opcode::ldb8step_mmbn_si, {0, 1, 2, 3}),
        encode(Opcode::roll8l_aaan, {0, 1, 2}), encode(Opcode::swap8_aaan, {0, 1})}) {
    Bench bench = make_bench({TileId{0}, isa::Arch::ipu2});
    Program p(worker_code);
    p.add_word(instruction.first);
    const StopReport report = bench.run_worker(p);
    ASSERT_EQ(report.reason, StopReason::exception);
    EXPECT_EQ(report.exception.cause, ExceptionCause::illegal_instruction) << std::hex << instruction.first;
  }
}

}  // namespace
}  // namespace ipusim::tile::test
