// SPDX-License-Identifier: Apache-2.0
// The debug mailbox and the states of the contexts.
#include <algorithm>

#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;

constexpr Context supervisor = Context::supervisor();
constexpr U dbg_data = 0x70, ctxt_sts = 0x72;

TEST_P(DebugCsrCases, TheMailboxIsOneForAllContexts) {
  Bench bench = make_bench();
  Program w(worker_code);
  w.add(Opcode::get_mmmn_zi, {2, dbg_data});
  w.set_m(3, 0xCAFE0001);
  w.add(Opcode::put_mmmn_zi, {3, dbg_data});
  w.add(Opcode::get_mmmn_zi, {4, dbg_data});
  w.add(Opcode::exitz_mmmn, {15});
  bench.load(w);
  Program p(code);
  p.add(Opcode::get_mmmn_zi, {5, dbg_data});
  p.set_m(0, 0x12345678);
  p.add(Opcode::put_mmmn_zi, {0, dbg_data});
  p.set_m(1, worker_code.value());
  p.add(Opcode::run_mmmn_zi, {1, 15, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::get_mmmn_zi, {6, dbg_data});
  p.add(Opcode::sync, {3});
  ASSERT_EQ(bench.run(p).reason, StopReason::sync);
  EXPECT_EQ(bench.m(supervisor, 5), 0U);
  EXPECT_EQ(bench.m(Context::worker(0), 2), 0x12345678U);
  EXPECT_EQ(bench.m(Context::worker(0), 4), 0xCAFE0001U);
  EXPECT_EQ(bench.m(supervisor, 6), 0xCAFE0001U);
  for (unsigned i = 0; i < Context::count; ++i)
    EXPECT_EQ(bench.csr(Context::from_index(i), "DBG_DATA"), 0xCAFE0001U);
  if (GetParam().observed) {
    const auto listed = [](const RetireRecord& r) {
      return r.context == Context::worker(0) && !r.registers.empty() &&
             r.registers[0] == RegisterWrite{RegisterWrite::File::csr, dbg_data, 0xCAFE0001};
    };
    const auto& retired = bench.recorder().retired;
    EXPECT_EQ(std::count_if(retired.begin(), retired.end(), listed), 1);
  }
  bench.tile().reset();
  EXPECT_EQ(bench.csr(supervisor, "DBG_DATA"), 0U);
}

TEST_P(DebugCsrCases, AFaultOfTheOtherHalfKeepsTheMailbox) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(3, 0xCAFE);
  p.add(Opcode::setzi_aaan_zi, {0, 7});
  p.add(Opcode::uput_aaan_zi, {0, 2});             // FP_CTL: traps on
  p.add(Opcode::or_aaan_iz, {1, 15, 0x7F000000});  // 2^127
  p.align(8);
  p.add_bundle(encode(Opcode::put_mmmn_zi, {3, dbg_data}), encode(Opcode::f32mul_aaan, {2, 1, 1}));
  const StopReport report = bench.run_worker(p);
  ASSERT_EQ(report.reason, StopReason::exception);
  EXPECT_EQ(report.exception.type, ExceptionType::floating_point);
  EXPECT_EQ(bench.csr(supervisor, "DBG_DATA"), 0U);
}

// put and uput in one bundle: both are reported.
TEST_P(DebugCsrCases, BothLanesPut) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(3, 0xCAFE);
  p.add(Opcode::setzi_aaan_zi, {0, 0x70007});
  p.align(8);
  const ByteAddr at =
      p.add_bundle(encode(Opcode::put_mmmn_zi, {3, dbg_data}), encode(Opcode::uput_aaan_zi, {0, 2}));
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.csr(supervisor, "DBG_DATA"), 0xCAFEU);
  EXPECT_EQ(bench.csr(Context::worker(0), "FP_CTL"), 0x70007U);
  for (const RetireRecord& record : bench.recorder().retired) {
    if (record.pc != at) continue;
    EXPECT_EQ(record.registers, (std::vector<RegisterWrite>{{RegisterWrite::File::csr, dbg_data, 0xCAFE},
                                                            {RegisterWrite::File::csr, 0x102, 0x70007}}));
  }
}

TEST_P(DebugCsrCases, StatesOfTheContexts) {
  Bench bench = make_bench();
  Program w(worker_code);
  for (int i = 0; i < 20; ++i) w.add_word(nop().first);
  w.add(Opcode::exitz_mmmn, {15});
  bench.load(w);
  Program p(code);
  p.set_m(1, worker_code.value());
  p.add(Opcode::get_mmmn_zi, {2, ctxt_sts});
  p.add(Opcode::run_mmmn_zi, {1, 15, 0});
  p.add(Opcode::get_mmmn_zi, {3, ctxt_sts});
  p.add(Opcode::run_mmmn_zi, {1, 15, 0});
  p.add(Opcode::get_mmmn_zi, {4, ctxt_sts});
  p.add(Opcode::sync, {2});
  p.add(Opcode::get_mmmn_zi, {5, ctxt_sts});
  p.add(Opcode::sync, {3});
  ASSERT_EQ(bench.run(p).reason, StopReason::sync);
  EXPECT_EQ(bench.m(supervisor, 2), 0b00'00'01U);
  EXPECT_EQ(bench.m(supervisor, 3), 0b00'01'01U);
  EXPECT_EQ(bench.m(supervisor, 4), 0b01'01'01U);
  EXPECT_EQ(bench.m(supervisor, 5), 0b00'00'01U);
}

TEST_P(DebugCsrCases, StatesAfterExceptions) {
  Bench broken = make_bench();
  Program trap(worker_code);
  trap.add(Opcode::trap_mmmn_zi, {0});
  broken.run_worker(trap);
  EXPECT_EQ(broken.csr(supervisor, "CTXT_STS"), 0b10'01U);
  Bench faulty = make_bench();
  Program fault(worker_code);
  fault.add(Opcode::ld32_mmmn_zi, {15, 15, 0, 0});
  faulty.run_worker(fault);
  EXPECT_EQ(faulty.csr(supervisor, "CTXT_STS"), 0b11'01U);
}

TEST_P(DebugCsrCases, NobodyWritesTheStates) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::put_mmmn_zi, {15, ctxt_sts});
  EXPECT_EQ(bench.run(p).exception.cause, ExceptionCause::read_only_csr);
}

}  // namespace
}  // namespace ipusim::tile::test
