// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, 1, for the supervisor. The first instruction issues in first_cycle = 12, a turn of slot 0.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using Cycles = std::vector<std::uint64_t>;

unsigned supervisor_csr(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }

TEST_P(SupervisorTimingCases, OneIndependentInstructionPerCycle) {
  Bench bench = make_bench();
  Program p(code);
  for (unsigned m = 0; m < 8; ++m) {
    p.add(Opcode::setzi_mmmn_zi, {m, m});
  }
  p.add(Opcode::sync, {3});
  const StopReport report = bench.run(p);
  expect_sync(report);
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{12, 13, 14, 15, 16, 17, 18, 19, 20}));
  EXPECT_EQ(report.cycle.value(), 20U);
  EXPECT_EQ(bench.tile().now().value(), 21U);
}

TEST_P(SupervisorTimingCases, AResultIsReadSixCyclesLater) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::setzi_mmmn_zi, {0, 1});   // 12
  p.add(Opcode::setzi_mmmn_zi, {1, 1});   // 13
  p.add(Opcode::add_mmmn, {2, 0, 1});     // 19: $m1 of 13
  p.add(Opcode::setzi_mmmn_zi, {3, 1});   // 20: waits in order only
  p.add(Opcode::add_mmmn, {2, 2, 3});     // 26: $m3 of 20
  p.add(Opcode::setzi_mmmn_zi, {2, 1});   // 27: writing does not wait
  p.add(Opcode::add_mmmn_si, {4, 2, 1});  // 33
  p.add(Opcode::sync, {3});               // 34
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{12, 13, 19, 20, 26, 27, 33, 34}));
}

TEST_P(SupervisorTimingCases, DroppedRegistersNeverWait) {
  Bench bench = make_bench();
  Program p(code);
  for (const unsigned m : {15U, 14U, 13U, 12U}) {
    p.add(Opcode::setzi_mmmn_zi, {m, 1});
    p.add(Opcode::add_mmmn_si, {m - 12, m, 1});
  }
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{12, 13, 14, 15, 16, 17, 18, 19, 20}));
}

TEST_P(SupervisorTimingCases, RegistersReadAndWrittenWait) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(1, data.value());                        // 12
  p.add(Opcode::setzi_mmmn_zi, {2, 0});            // 13
  p.add(Opcode::ld32step_mmmn_si, {1, 2, 1, 3});   // 19
  p.add(Opcode::st32step_mmmn_si, {1, 2, 1, 15});  // 25: the delta stepped at 19
  p.add(Opcode::add_mmmn_si, {3, 3, 1});           // 26: the load of 19
  p.add(Opcode::setzi_mmmn_zi, {4, 1});            // 27
  p.add(Opcode::movz_mmmn, {15, 4, 15});           // 33: a conditional move reads its destination
  p.add(Opcode::sync, {3});                        // 34
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{12, 13, 19, 25, 26, 27, 33, 34}));
}

TEST_P(SupervisorTimingCases, TakenAndNotTakenBranches) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::setzi_mmmn_zi, {10, code.value() + 4 * 8});
  const std::uint32_t base = code.value();
  p.add(Opcode::brz_mmmn_zi, {15, base + 4 * 3});  // 13, taken
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::brnz_mmmn_zi, {15, base});     // 19, not taken
  p.add(Opcode::bri_mmmn_zi, {base + 4 * 6});  // 20
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::br_mmmn, {10});  // 26
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::call_mmmn_zi, {10, base + 4 * 10});  // 32
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::brpos_mmmn_zi, {15, base + 4 * 12});  // 38
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::brneg_mmmn_zi, {15, base});  // 44, not taken
  p.add(Opcode::sync, {3});                  // 45
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{12, 13, 19, 20, 26, 32, 38, 44, 45}));
  EXPECT_EQ(bench.m(Context::supervisor(), 10), base + 4 * 9);
}

// A loop of n passes costs 6 (n - 1) + 1.
TEST_P(SupervisorTimingCases, BrnzdecLoop) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::setzi_mmmn_zi, {0, 4});                                         // 12
  const ByteAddr loop = p.add(Opcode::brnzdec_mmmn_zi, {0, code.value() + 4});  // 18, 24, 30, 36, 42
  const ByteAddr after = p.add(Opcode::setzi_mmmn_zi, {1, 0});                  // 43
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.cycles_at(loop), (Cycles{18, 24, 30, 36, 42}));
  EXPECT_EQ(bench.cycles_at(after), (Cycles{43}));
  EXPECT_EQ(bench.m(Context::supervisor(), 0), 0U);
}

// Whatever follows: instructions that use CSR state and others, another put, one that ends the phase.
TEST_P(SupervisorTimingCases, APutHoldsWhateverFollows) {
  Bench bench = make_bench();
  Program p(code);
  const auto put = [&](std::string_view name) { p.add(Opcode::put_mmmn_zi, {15, supervisor_csr(name)}); };
  p.add(Opcode::get_mmmn_zi, {1, supervisor_csr("SCOUNT_L")});  // 12: holds nothing
  put("CCCSLOAD");                                              // 13
  put("FP_ICTL");                                               // 19
  p.add(Opcode::setzi_mmmn_zi, {3, 1});                         // 25
  put("WORKER0_BASE");                                          // 26
  p.add(Opcode::get_mmmn_zi, {2, supervisor_csr("SCOUNT_L")});  // 32
  p.add(Opcode::get_mmmn_zi, {2, supervisor_csr("SCOUNT_L")});  // 33
  put("INCOMING_BASE");                                         // 34
  p.add(Opcode::delay, {0});                                    // 40
  put("CR");                                                    // 41
  p.add(Opcode::sans, {0});                                     // 47
  put("INCOMING_DELTA");                                        // 48
  p.add(Opcode::delaypic, {0, 0, 0});                           // 54
  put("DBG_DATA");                                              // 55
  p.add(Opcode::send, {0, data.value() / 4, 0});                // 61
  put("OUTGOING_BASE");                                         // 62
  p.add(Opcode::brz_mmmn_zi, {3, code.value()});                // 68: not taken
  p.add(Opcode::setzi_mmmn_zi, {4, 1});                         // 69
  put("DBG_ECLR");                                              // 70
  p.add(Opcode::add_mmmn, {5, 4, 4});                           // 76: the register is there by then
  put("INCOMING_MUX");                                          // 77
  p.add(Opcode::sync, {2});                                     // 83
  put("INCOMING_DCOUNT");                                       // 89
  p.add(Opcode::sync, {3});                                     // 95
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{12, 13, 19, 25, 26, 32, 33, 34, 40, 41, 47, 48,
                                                            54, 55, 61, 62, 68, 69, 70, 76, 77, 83, 89, 95}));
  EXPECT_EQ(bench.m(Context::supervisor(), 1), 12U);
  EXPECT_EQ(bench.m(Context::supervisor(), 2), 33U);
  EXPECT_EQ(bench.port().acknowledged, (std::vector<ScriptedPort::Acknowledged>{{Cycle{47}, 1}}));
}

// Waits for registers go on at the same time.
TEST_P(SupervisorTimingCases, ARegisterMayBeWaitedForLongerThanAPut) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::put_mmmn_zi, {15, supervisor_csr("FP_ICTL")});  // 12
  p.add(Opcode::setzi_mmmn_zi, {1, 0});                         // 18
  p.add(Opcode::put_mmmn_zi, {15, supervisor_csr("FP_ICTL")});  // 19
  p.add(Opcode::add_mmmn_si, {2, 1, 1});                        // 25: $m1 is there from 24 on
  p.add(Opcode::put_mmmn_zi, {2, supervisor_csr("FP_ICTL")});   // 31: $m2 of 25
  p.add(Opcode::sync, {3});                                     // 37
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{12, 18, 19, 25, 31, 37}));
}

// A word that is no instruction waits for no register, but for the put before it.
TEST_P(SupervisorTimingCases, APutHoldsAFaultToo) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::put_mmmn_zi, {15, supervisor_csr("FP_ICTL")});  // 12
  p.add_word(0);
  const StopReport report = bench.run(p);
  ASSERT_EQ(report.reason, StopReason::exception);
  EXPECT_EQ(report.exception.cause, ExceptionCause::illegal_instruction);
  EXPECT_EQ(report.exception.cycle.value(), 18U);
}

// Worker 0 has slot 0; the others are the supervisor's.
TEST_P(SupervisorTimingCases, APutHoldsBetweenTheSlotsOfWorkers) {
  // Issue cycles of a put and of the instruction behind it, `nops` after the launch.
  const auto pair = [&](unsigned nops) {
    Bench bench = make_bench();
    Program worker(worker_code);
    for (unsigned i = 0; i < 20; ++i) worker.add_word(nop().first);
    worker.add(Opcode::exitz_mmmn, {15});
    bench.load(worker);
    Program p(code);
    p.add(Opcode::setzi_mmmn_zi, {0, worker_code.value()});  // 12
    p.add(Opcode::run_mmmn_zi, {0, 15, 0});                  // 18; worker 0 issues from 24 on
    for (unsigned i = 0; i < nops; ++i) p.add_word(nop().first);
    const ByteAddr put = p.add(Opcode::put_mmmn_zi, {15, supervisor_csr("FP_ICTL")});
    p.add_word(nop().first);
    p.add(Opcode::sync, {3});
    expect_sync(bench.run(p));
    return Cycles{bench.cycles_at(put).at(0), bench.cycles_at(put + 4).at(0)};
  };
  EXPECT_EQ(pair(0), (Cycles{25, 31}));  // 24 is the worker's
  EXPECT_EQ(pair(1), (Cycles{26, 32}));
  EXPECT_EQ(pair(4), (Cycles{29, 35}));
  EXPECT_EQ(pair(5), (Cycles{31, 37}));  // 30 is the worker's
}

TEST_P(SupervisorTimingCases, TimedInstructionsTakeTheirEvents) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::delay, {0});                      // 12
  p.add(Opcode::delay, {9});                      // 13
  p.add(Opcode::delaypic, {4, 0, 0});             // 23
  p.add(Opcode::delayxpic, {2, 0, 0x640});        // 28
  p.add(Opcode::send, {5, data.value() / 4, 1});  // 31
  p.add(Opcode::sendoff, {70, 0, 1});             // 37
  p.add(Opcode::sendpic, {1, 2, 0});              // 108
  p.align(8);
  p.add(Opcode::sendpicp, {6, 0, 0, 0, 0x640, 0});  // 111 after one nop at 110
  p.add(Opcode::delay, {1000});                     // 118
  p.add(Opcode::sync, {3});                         // 1119
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.cycles_of(Context::supervisor()),
            (Cycles{12, 13, 23, 28, 31, 37, 108, 110, 111, 118, 1119}));
}

TEST_P(SupervisorTimingCases, SyncOnWorkersWithoutWorkers) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  const StopReport report = bench.run(p);
  expect_sync(report);
  EXPECT_EQ(report.cycle.value(), 18U);
}

TEST_P(SupervisorTimingCases, ReleaseOfASync) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::sync, {4});
  p.add(Opcode::sync, {13});
  p.add(Opcode::sync, {1});
  const StopReport first = bench.run(p);
  expect_sync(first, 4);
  EXPECT_EQ(first.cycle.value(), 12U);
  EXPECT_EQ(bench.tile().now().value(), 13U);
  const StopReport waiting = bench.tile().advance(Cycle{50});
  EXPECT_EQ(waiting.reason, StopReason::limit);
  EXPECT_EQ(waiting.cycle.value(), 50U);
  bench.tile().release_sync(Cycle{61});
  const StopReport second = bench.go_on();
  expect_sync(second, 13);
  EXPECT_EQ(second.cycle.value(), 61U);
  bench.tile().release_sync(Cycle{69});
  const StopReport third = bench.go_on();
  expect_sync(third, 1);
  EXPECT_EQ(third.cycle.value(), 69U);
}

TEST_P(SupervisorTimingCases, ATileNotStartedIsIdle) {
  Bench bench = make_bench();
  const StopReport report = bench.tile().advance(Cycle{100});
  EXPECT_EQ(report.reason, StopReason::idle);
  EXPECT_EQ(bench.tile().context_status(Context::supervisor()), 0U);
}

TEST_P(SupervisorTimingCases, StartInAnyCycle) {
  for (const std::uint64_t at : {6U, 7U, 11U, 100U}) {
    Bench bench = make_bench();
    Program p(code);
    p.add(Opcode::setzi_mmmn_zi, {0, 1});
    p.add(Opcode::sync, {3});
    bench.load(p);
    bench.tile().start(code, Cycle{at});
    const StopReport report = bench.go_on();
    expect_sync(report);
    EXPECT_EQ(report.cycle.value(), at + 1);
  }
}

// A tile is started once, and a sync released once, whatever is still to come of it.
TEST_P(SupervisorTimingCases, OneStartAndOneReleaseOfEachSync) {
  Program p(code);
  p.add(Opcode::sync, {3});
  const ByteAddr behind = p.add(Opcode::setzi_mmmn_zi, {0, 1});
  p.add(Opcode::sync, {3});
  Bench bench = make_bench();
  bench.load(p);
  bench.tile().start(code, Cycle{10});
  EXPECT_THROW(bench.tile().start(code, Cycle{20}), std::logic_error);  // before its first cycle
  EXPECT_THROW(bench.tile().release_sync(Cycle{30}), std::logic_error);
  expect_sync(bench.go_on());
  EXPECT_THROW(bench.tile().start(behind, Cycle{40}), std::logic_error);  // in a sync
  bench.tile().release_sync(Cycle{50});
  EXPECT_THROW(bench.tile().start(behind, Cycle{60}), std::logic_error);  // the release is to come
  EXPECT_THROW(bench.tile().release_sync(Cycle{60}), std::logic_error);
  expect_sync(bench.go_on());
  EXPECT_EQ(bench.cycles_at(behind), (std::vector<std::uint64_t>{50}));
  bench.tile().reset();
  EXPECT_NO_THROW(bench.tile().start(code, Cycle{5}));
}

TEST_P(SupervisorTimingCases, ResetForgetsEverything) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(0, 77);
  p.set_m(1, data.value());
  p.add(Opcode::st32_mmmn_zi, {1, 15, 0, 0});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  bench.tile().reset();
  EXPECT_EQ(bench.tile().now().value(), 0U);
  EXPECT_EQ(bench.word(data), 0U);
  EXPECT_EQ(bench.word(code), 0U);
  EXPECT_EQ(bench.m(Context::supervisor(), 0), 0U);
  EXPECT_EQ(bench.tile().advance(Cycle{20}).reason, StopReason::idle);
}

}  // namespace
}  // namespace ipusim::tile::test
