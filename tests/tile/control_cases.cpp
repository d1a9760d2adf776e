// SPDX-License-Identifier: Apache-2.0
// Branches, calls, exits and traps.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

struct BranchCase {
  Opcode opcode;
  std::uint32_t value;
  bool taken;
};

const BranchCase branches[] = {
    {Opcode::brz_mmmn_zi, 0, true},
    {Opcode::brz_mmmn_zi, 0x80000000, false},
    {Opcode::brz_mmmn_zi, 1, false},
    {Opcode::brnz_mmmn_zi, 0, false},
    {Opcode::brnz_mmmn_zi, 0x80000000, true},
    {Opcode::brnz_mmmn_zi, 1, true},
    {Opcode::brneg_mmmn_zi, 0, false},
    {Opcode::brneg_mmmn_zi, 0x80000000, true},
    {Opcode::brneg_mmmn_zi, 0x7FFFFFFF, false},
    {Opcode::brpos_mmmn_zi, 0, true},
    {Opcode::brpos_mmmn_zi, 0x80000000, false},
    {Opcode::brpos_mmmn_zi, 0x7FFFFFFF, true},
};

// $m7 collects one bit per branch: 1 if it was taken.
Program branch_program(ByteAddr base) {
  Program p(base);
  p.set_m(7, 0);
  for (const BranchCase& c : branches) {
    p.set_m(1, c.value);
    p.add(Opcode::shl_mmmn_zi, {7, 7, 1});
    p.add(Opcode::setzi_mmmn_zi, {2, 1});
    p.add(c.opcode, {1, (p.here() + 8).value()});
    p.add(Opcode::setzi_mmmn_zi, {2, 0});
    p.add(Opcode::or_mmmn, {7, 7, 2});
  }
  return p;
}

std::uint32_t expected_branches() {
  std::uint32_t bits = 0;
  for (const BranchCase& c : branches) {
    bits = bits << 1U | static_cast<std::uint32_t>(c.taken);
  }
  return bits;
}

TEST_P(ControlCases, ConditionalBranchesOnTheSupervisor) {
  Bench bench = make_bench();
  Program p = branch_program(code);
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(Context::supervisor(), 7), expected_branches());
}

TEST_P(ControlCases, ConditionalBranchesOnAWorker) {
  Bench bench = make_bench();
  Program p = branch_program(worker_code);
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.m(Context::worker(0), 7), expected_branches());
}

TEST_P(ControlCases, BrnzdecCountsDownToZeroAndStaysThere) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(1, 2);
  const ByteAddr loop = p.here();
  p.add(Opcode::add_mmmn_si, {2, 2, 1});
  p.add(Opcode::brnzdec_mmmn_zi, {1, loop.value()});
  p.add(Opcode::brnzdec_mmmn_zi, {15, loop.value()});  // the zero register never branches
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.m(Context::worker(0), 2), 3U);
  EXPECT_EQ(bench.m(Context::worker(0), 1), 0U);
}

TEST_P(ControlCases, CallAndReturn) {
  Bench bench = make_bench();
  Program p(code);
  const ByteAddr call = p.add(Opcode::call_mmmn_zi, {10, (code + 16).value()});
  p.add(Opcode::sync, {3});
  p.align(16);
  p.add(Opcode::setzi_mmmn_zi, {1, 5});
  p.add(Opcode::br_mmmn, {10});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(Context::supervisor(), 10), (call + 4).value());
  EXPECT_EQ(bench.m(Context::supervisor(), 1), 5U);
}

// The call's field has 20 bits, its highest is ignored.
TEST_P(ControlCases, CallIgnoresBit19) {
  Bench bench = make_bench();
  Program p(code);
  p.add_word(encode(Opcode::call_mmmn_zi, {10, (code + 8).value()}).first | 1U << 19U);
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
}

TEST_P(ControlCases, BranchToARegister) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(3, (code + 12).value());
  p.add(Opcode::br_mmmn, {3});
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
}

struct ExitCase {
  Opcode opcode;
  std::uint32_t value;
  bool status;
};

// SSR.LC: set through CR, then the AND of the exit statuses.
TEST_P(ControlCases, ExitStatusGoesIntoTheLocalCondition) {
  const ExitCase cases[] = {
      {Opcode::exitz_mmmn, 0, true},
      {Opcode::exitz_mmmn, 1, false},
      {Opcode::exitnz_mmmn, 0, false},
      {Opcode::exitnz_mmmn, 0x80000000, true},
      {Opcode::exitpos_mmmn, 0, true},
      {Opcode::exitpos_mmmn, 0x80000000, false},
      {Opcode::exitneg_mmmn, 0x80000000, true},
      {Opcode::exitneg_mmmn, 1, false},
  };
  const std::uint32_t cr = isa::find_csr(isa::Mode::supervisor, "CR")->index;
  const std::uint32_t ssr = isa::find_csr(isa::Mode::supervisor, "SSR")->index;
  for (const ExitCase& c : cases) {
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.set_m(1, c.value);
    worker.add(c.opcode, {1});
    bench.load(worker);
    Program p(code);
    p.set_m(2, 2);  // LC_SET
    p.add(Opcode::put_mmmn_zi, {2, cr});
    const Program launch = Bench::one_worker();
    for (std::size_t i = 0; i + 1 < launch.words().size(); ++i) {
      p.add_word(launch.words()[i]);
    }
    p.add(Opcode::get_mmmn_zi, {3, ssr});
    p.set_m(2, 1);  // LC_CLR
    p.add(Opcode::put_mmmn_zi, {2, cr});
    p.add(Opcode::get_mmmn_zi, {4, ssr});
    p.add(Opcode::sync, {3});
    expect_sync(bench.run(p));
    EXPECT_EQ(bench.m(Context::supervisor(), 3), c.status ? 1U : 0U) << isa::instruction(c.opcode).id;
    EXPECT_EQ(bench.m(Context::supervisor(), 4), 0U);
    EXPECT_EQ(bench.tile().context_status(Context::worker(0)), 0U);
  }
}

TEST_P(ControlCases, RegistersSurviveFromOneLaunchToTheNext) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::add_mmmn_si, {1, 1, 1});
  worker.add(Opcode::setzi_aaan_zi, {7, 0x5A5});
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  const Program launch = Bench::one_worker();
  for (unsigned pass = 0; pass < 2; ++pass) {
    for (std::size_t i = 0; i + 1 < launch.words().size(); ++i) {
      p.add_word(launch.words()[i]);
    }
  }
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(Context::worker(0), 1), 2U);
  EXPECT_EQ(bench.a(0, 7), 0x5A5U);
}

TEST_P(ControlCases, Traps) {
  struct TrapCase {
    std::uint32_t number;
    ExceptionType type;
  };
  for (const TrapCase c : {TrapCase{0, ExceptionType::pbrk0}, TrapCase{1, ExceptionType::pbrk1},
                           TrapCase{15, ExceptionType::pbrk1}, TrapCase{14, ExceptionType::pbrk0}}) {
    Bench on_supervisor = make_bench();
    Program p(code);
    p.set_m(1, 1);
    const ByteAddr at = p.add(Opcode::trap_mmmn_zi, {c.number});
    expect_exception(on_supervisor.run(p),
                     {c.type, ExceptionCause::trap, Context::supervisor(), at, std::nullopt, 13});
    EXPECT_EQ(on_supervisor.tile().context_status(Context::supervisor()), 2U);
    EXPECT_EQ(on_supervisor.tile().pc(Context::supervisor()), at);
    EXPECT_EQ(on_supervisor.csr(Context::supervisor(), "SSR"), static_cast<std::uint32_t>(c.type) << 4U);

    Bench on_worker = make_bench();
    Program worker(worker_code);
    worker.add(Opcode::trap_mmmn_zi, {c.number});
    expect_exception(on_worker.run_worker(worker),
                     {c.type, ExceptionCause::trap, Context::worker(0), worker_code, std::nullopt, 30});
    EXPECT_EQ(on_worker.tile().context_status(Context::worker(0)), 2U);
  }
}

}  // namespace
}  // namespace ipusim::tile::test
