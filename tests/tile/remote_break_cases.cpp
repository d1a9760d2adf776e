// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, 8: breaks from outside, and going on after an exception.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

constexpr auto supervisor = Context::supervisor();
constexpr ContextMask of_supervisor = 1;
constexpr ContextMask of_worker(unsigned n) { return static_cast<ContextMask>(2U << n); }
constexpr std::uint32_t nop_word = 0x19E00000;  // as the documents patch it over a trap

std::uint32_t number(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }

// ---- Remote breaks

// Of six cycles a turn: 12, 18 ... 48, 54.
TEST_P(RemoteBreakCases, StopsTheSupervisorAtItsNextIssue) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::bri_mmmn_zi, {code.value()});
  bench.tile().debug().set_remote_break({of_supervisor, false}, Cycle{50});
  expect_exception(bench.run(p),
                   {ExceptionType::rbrk, ExceptionCause::remote_break, supervisor, code, std::nullopt, 54});
  EXPECT_EQ(bench.tile().context_status(supervisor), 2U);
  EXPECT_EQ(bench.csr(supervisor, "SSR"), 1U << 4U);
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), 2U);
}

// Not at an issue but after all waits for it: add waits for $m0 until 18.
TEST_P(RemoteBreakCases, CountsWhereTheBundleWouldIssue) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(0, 5);                                              // 12
  const ByteAddr at = p.add(Opcode::add_mmmn_si, {1, 0, 1});  // 18
  bench.tile().debug().set_remote_break({of_supervisor, false}, Cycle{13});
  expect_exception(bench.run(p),
                   {ExceptionType::rbrk, ExceptionCause::remote_break, supervisor, at, std::nullopt, 18});
  EXPECT_EQ(bench.m(supervisor, 1), 0U);
}

TEST_P(RemoteBreakCases, StopsTheWorkersNamedOnly) {
  for (const unsigned named : {0U, 1U}) {
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.add(Opcode::bri_mmmn_zi, {worker_code.value()});
    bench.load(worker);
    bench.load(Bench::one_worker());
    bench.tile().debug().set_remote_break({of_worker(named), false}, Cycle{40});
    bench.tile().start(code, first_cycle);
    const StopReport report = bench.tile().advance(Cycle{300});
    if (named == 0) {
      expect_exception(report, {ExceptionType::rbrk, ExceptionCause::remote_break, Context::worker(0),
                                worker_code, std::nullopt, 42});  // 30, 36, 42
      EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), 2U << 2U | 1U);
    } else {
      EXPECT_EQ(report.reason, StopReason::limit);
    }
  }
}

TEST_P(RemoteBreakCases, TheLastRequestCounts) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::bri_mmmn_zi, {code.value()});
  bench.load(p);
  TileDebug& debug = bench.tile().debug();
  debug.set_remote_break({of_supervisor, false}, Cycle{50});
  debug.set_remote_break({}, Cycle{0});
  bench.tile().start(code, first_cycle);
  EXPECT_EQ(bench.tile().advance(Cycle{100}).reason, StopReason::limit);
  debug.set_remote_break({0x7F, false}, Cycle{0});  // from now on: 102
  expect_exception(bench.tile().advance(Cycle{200}),
                   {ExceptionType::rbrk, ExceptionCause::remote_break, supervisor, code, std::nullopt, 102});
}

// In a sync no bundle would issue.
TEST_P(RemoteBreakCases, WaitsForTheEndOfASync) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::sync, {3});  // 12
  const ByteAddr at = p.set_m(0, 1);
  bench.tile().debug().set_remote_break({of_supervisor, false}, Cycle{13});
  expect_sync(bench.run(p));
  bench.tile().release_sync(Cycle{100});
  expect_exception(bench.go_on(),
                   {ExceptionType::rbrk, ExceptionCause::remote_break, supervisor, at, std::nullopt, 100});
}

TEST_P(RemoteBreakCases, TheExchangeIsInterruptedOnRequestOnly) {
  for (const bool in_exchange : {false, true}) {
    Bench bench = make_bench();
    Program p(code);
    p.add(Opcode::delay, {4});                                            // 12
    const ByteAddr send = p.add(Opcode::send, {1, data.value() / 4, 1});  // 17
    const ByteAddr behind = p.set_m(0, 1);                                // 19
    bench.tile().debug().set_remote_break({of_supervisor, in_exchange}, Cycle{15});
    expect_exception(bench.run(p), {ExceptionType::rbrk, ExceptionCause::remote_break, supervisor,
                                    in_exchange ? send : behind, std::nullopt, in_exchange ? 17U : 19U});
    EXPECT_EQ(bench.port().sent.size(), in_exchange ? 0U : 2U);
  }
}

TEST_P(RemoteBreakCases, RankAmongOtherFaults) {
  {  // before an instruction break and before an unknown word
    Bench bench = make_bench();
    Program p(code);
    p.set_m(9, code.value() + 4 * 6);
    p.add(Opcode::put_mmmn_zi, {9, number("DBG_IBRK0_PC")});
    p.set_m(9, 1);
    p.add(Opcode::put_mmmn_zi, {9, number("DBG_IBRK0_CTL")});
    p.add(Opcode::put_mmmn_zi, {9, number("DBG_CTL")});
    p.add_word(nop_word);
    const ByteAddr at = p.add_word(0);
    bench.tile().debug().set_remote_break({of_supervisor, false},
                                          Cycle{43});  // the puts: 18, 30, 36; nop: 42
    expect_exception(bench.run(p),
                     {ExceptionType::rbrk, ExceptionCause::remote_break, supervisor, at, std::nullopt, 43});
  }
  {  // behind the PC checks
    Bench bench = make_bench();
    Program p(code);
    p.set_m(0, wide_data.value());
    p.add(Opcode::br_mmmn, {0});  // 18
    bench.tile().debug().set_remote_break({of_supervisor, false}, Cycle{19});
    expect_exception(bench.run(p),
                     {ExceptionType::invalid_pc, ExceptionCause::invalid_pc, supervisor, wide_data});
  }
}

// ---- Going on

// As the documents do it: the trap is patched over, its exception cleared.
TEST_P(RemoteBreakCases, GoesOnAtTheSavedPc) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(0, 1);                                           // 12
  const ByteAddr trap = p.add(Opcode::trap_mmmn_zi, {0});  // 13
  p.add(Opcode::add_mmmn_si, {0, 0, 1});
  p.add(Opcode::sync, {3});
  expect_exception(bench.run(p),
                   {ExceptionType::pbrk0, ExceptionCause::trap, supervisor, trap, std::nullopt, 13});
  bench.store_word(trap, nop_word);
  EXPECT_TRUE(bench.tile().debug().clear_exceptions(of_supervisor, Cycle{100}));
  EXPECT_EQ(bench.tile().now(), Cycle{100});
  EXPECT_EQ(bench.tile().context_status(supervisor), 1U);
  EXPECT_EQ(bench.csr(supervisor, "SSR"), 0U);
  const StopReport report = bench.go_on();
  expect_sync(report);
  EXPECT_EQ(report.cycle, Cycle{102});  // nop 100, add 101: nothing to wait for
  EXPECT_EQ(bench.m(supervisor, 0), 2U);
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), 1U);
}

TEST_P(RemoteBreakCases, WhatWasNotPatchedExceptsAgain) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::trap_mmmn_zi, {1});
  bench.run(p);
  for (const std::uint64_t at :
       {12 + min_resume_delay, std::uint64_t{1000}, std::uint64_t{100'000'000'000}}) {
    EXPECT_TRUE(bench.tile().debug().clear_exceptions(of_supervisor, Cycle{at}));
    expect_exception(bench.go_on(),
                     {ExceptionType::pbrk1, ExceptionCause::trap, supervisor, code, std::nullopt, at});
  }
}

TEST_P(RemoteBreakCases, ClearingIsRefusedTooEarly) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::trap_mmmn_zi, {0});  // 12
  bench.run(p);
  TileDebug& debug = bench.tile().debug();
  EXPECT_THROW(debug.clear_exceptions(of_supervisor, Cycle{12 + min_resume_delay - 1}), std::logic_error);
  EXPECT_EQ(bench.tile().context_status(supervisor), 2U);
  EXPECT_FALSE(debug.clear_exceptions(of_worker(0) | of_worker(5), Cycle{60}));
  EXPECT_EQ(bench.tile().context_status(supervisor), 2U);
  EXPECT_EQ(bench.go_on().reason, StopReason::exception);
  EXPECT_TRUE(debug.clear_exceptions(0x7F, Cycle{60}));
}

// Six workers count; worker 2 meets a trap in its third turn. All go on in their first turns from 200 on, 200
// being slot 2's.
TEST_P(RemoteBreakCases, WorkersGoOnInTheirSlots) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::add_mmmn_si, {0, 0, 1});
  worker.add(Opcode::add_mmmn_si, {1, 12, 0});
  worker.add(Opcode::brnz_mmmn_zi, {1, worker_code.value() + 16});
  const ByteAddr trap = worker.add(Opcode::trap_mmmn_zi, {0});
  ASSERT_EQ(worker.add(Opcode::add_mmmn_si, {0, 0, 1}), worker_code + 16);
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, 0);
  p.set_m(2, 7);
  for (unsigned n = 0; n < 6; ++n) {
    if (n != 2) p.add(Opcode::put_mmmn_zi, {2, number("WORKER0_BASE") + n});
  }
  p.add(Opcode::runall_mmmn_zi, {0, 1, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  const StopReport stop = bench.run(p);
  expect_exception(stop, {ExceptionType::pbrk0, ExceptionCause::trap, Context::worker(2), trap});
  std::array<std::size_t, 6> before{};
  for (unsigned n = 0; n < 6; ++n) before.at(n) = bench.cycles_of(Context::worker(n)).size();
  bench.store_word(trap, nop_word);
  EXPECT_TRUE(bench.tile().debug().clear_exceptions(of_worker(2), Cycle{200}));
  const StopReport report = bench.go_on();
  expect_sync(report);
  // Worker 2: nop 200, add 206, exit 212. The others had two turns to go: the first slot that comes back is
  // worker 3's, whose exit is at 207; there `sync 2` issues.
  EXPECT_EQ(report.cycle, Cycle{213 + isa::timing::sync_local});
  for (unsigned n = 0; n < 6; ++n) {
    EXPECT_EQ(bench.m(Context::worker(n), 0), 2U) << n;
    if (!GetParam().observed) continue;
    const auto cycles = bench.cycles_of(Context::worker(n));
    ASSERT_GT(cycles.size(), before.at(n)) << n;
    EXPECT_EQ(cycles.at(before.at(n)), 200 + (n + 6 - 2) % 6) << n;
  }
}

// f32div takes three turns; what was left of them when worker 1 stopped is over when the tile goes on.
TEST_P(RemoteBreakCases, NoTurnsAreLeftOver) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::f32div_aaan, {0, 1, 2});
  const ByteAddr exit = worker.add(Opcode::exitz_mmmn, {15});
  Program other(worker_code + 0x100);
  const ByteAddr trap = other.add(Opcode::trap_mmmn_zi, {0});
  other.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  bench.load(other);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, 0);
  p.set_m(2, other.base().value());
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});
  p.add(Opcode::run_mmmn_zi, {2, 1, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  // run at 18 and 24: worker 0 divides at 24, next turn 42; worker 1 traps at 31.
  expect_exception(bench.run(p),
                   {ExceptionType::pbrk0, ExceptionCause::trap, Context::worker(1), trap, std::nullopt, 31});
  bench.store_word(trap, nop_word);
  EXPECT_TRUE(bench.tile().debug().clear_exceptions(of_worker(1), Cycle{72}));
  expect_sync(bench.go_on());
  expect_cycles_at(bench, exit, {72});
  expect_cycles_at(bench, trap, {73});
  expect_cycles_at(bench, trap + 4, {79});
}

TEST_P(RemoteBreakCases, EveryWorkerInARepeat) {
  for (unsigned n = 0; n < Context::workers; ++n) {
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.add_word(nop().first);
    worker.add(Opcode::rpt_mmmn_zi_zi, {100, 0});
    const ByteAddr body = worker.add_bundle(nop(), fnop());
    worker.add(Opcode::exitz_mmmn, {15});
    bench.load(worker);
    Program p(code);
    p.set_m(0, worker_code.value());
    p.set_m(1, 0);
    p.add(Opcode::runall_mmmn_zi, {0, 1, 0});
    p.add(Opcode::sync, {2});
    const ContextMask mask = of_worker(n);
    bench.tile().debug().set_remote_break({mask, false}, Cycle{60});
    expect_exception(bench.run(p), {ExceptionType::rbrk, ExceptionCause::remote_break, Context::worker(n),
                                    body, std::nullopt, 60 + n});
    EXPECT_EQ(bench.csr(Context::worker(n), "WSR"), n | 1U << 4U | 1U << 9U);
    EXPECT_EQ(bench.tile().context_status(Context::worker(n)), 2U);
  }
}

TEST_P(RemoteBreakCases, ARepeatGoesOn) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add_word(nop().first);
  worker.add(Opcode::rpt_mmmn_zi_zi, {3, 1});
  const ByteAddr first = worker.add_bundle(encode(Opcode::add_mmmn_si, {0, 0, 1}), fnop());
  worker.add_bundle(encode(Opcode::add_mmmn_si, {1, 1, 1}), fnop());
  worker.add(Opcode::exitz_mmmn, {15});
  // nop 30, rpt 36, bodies 42 48, 54 60, 66 72: the break takes the first half of the second round.
  bench.tile().debug().set_remote_break({of_worker(0), false}, Cycle{50});
  expect_exception(bench.run_worker(worker), {ExceptionType::rbrk, ExceptionCause::remote_break,
                                              Context::worker(0), first, std::nullopt, 54});
  EXPECT_EQ(bench.csr(Context::worker(0), "WSR"), 1U << 4U | 1U << 9U);
  bench.tile().debug().set_remote_break({}, Cycle{0});
  EXPECT_TRUE(bench.tile().debug().clear_exceptions(of_worker(0), Cycle{120}));
  EXPECT_EQ(bench.csr(Context::worker(0), "WSR"), 0U);
  const StopReport report = bench.go_on();
  expect_sync(report);
  EXPECT_EQ(report.cycle, Cycle{144 + isa::timing::sync_local});  // 120 126 132 138, exit 144
  EXPECT_EQ(bench.m(Context::worker(0), 0), 3U);
  EXPECT_EQ(bench.m(Context::worker(0), 1), 3U);
}

// A release that was given before the exception, and one that comes after.
TEST_P(RemoteBreakCases, ASyncOfTheChipGoesOn) {
  // 55 to 57: the front end of a pipeline may have seen it when the exception comes to light.
  for (const std::uint64_t release : {55U, 56U, 57U, 60U, 150U, 300U}) {
    for (const bool early : {true, false}) {
      Bench bench = make_bench();
      Program worker(worker_code);
      for (unsigned i = 0; i < 4; ++i) worker.add_word(nop().first);
      const ByteAddr trap = worker.add(Opcode::trap_mmmn_zi, {0});  // 30 + 4 * 6 = 54
      worker.add(Opcode::exitz_mmmn, {15});
      bench.load(worker);
      Program p(code);
      p.set_m(0, worker_code.value());
      p.set_m(1, 0);
      p.add(Opcode::run_mmmn_zi, {0, 1, 0});
      p.add(Opcode::sync, {3});
      const ByteAddr behind = p.set_m(0, 1);
      p.add(Opcode::sync, {5});
      const StopReport sync = bench.run(p);
      expect_sync(sync);
      if (early) bench.tile().release_sync(Cycle{release});
      expect_exception(bench.go_on(), {ExceptionType::pbrk0, ExceptionCause::trap, Context::worker(0), trap,
                                       std::nullopt, 54});
      bench.store_word(trap, nop_word);
      EXPECT_TRUE(bench.tile().debug().clear_exceptions(of_worker(0), Cycle{200}));
      if (!early) bench.tile().release_sync(Cycle{std::max<std::uint64_t>(release, 200)});
      expect_sync(bench.go_on(), 5);
      // Slot 0 is the worker's until it has left, in 210; slot 2 has the turn at 200, slot 0 at 300.
      expect_cycles_at(bench, behind, {std::max<std::uint64_t>(release, 200)});
    }
  }
}

TEST_P(RemoteBreakCases, WordsOfTheTimeBetweenAreLost) {
  Bench bench = make_bench();
  Program worker(worker_code);
  for (unsigned i = 0; i < 5; ++i) worker.add_word(nop().first);
  const ByteAddr trap = worker.add(Opcode::trap_mmmn_zi, {0});
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  p.set_m(0, worker_code.value());                             // 12
  p.set_m(1, 0);                                               // 13
  p.set_m(2, data.value());                                    // 14
  p.set_m(3, 2);                                               // 15
  p.add(Opcode::put_mmmn_zi, {2, number("INCOMING_BASE")});    // 20
  p.add(Opcode::put_mmmn_zi, {3, number("INCOMING_DCOUNT")});  // 26
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});                       // 32
  p.add(Opcode::sync, {0});                                    // 38
  const ByteAddr behind = p.set_m(0, 1);
  p.add(Opcode::sync, {3});
  // The worker's turns: 42 ... 66, trap 72.
  bench.port().words = {{Cycle{100}, 0xA0}, {Cycle{199}, 0xA1}, {Cycle{200}, 0xA2}, {Cycle{230}, 0xA3}};
  expect_exception(bench.run(p),
                   {ExceptionType::pbrk0, ExceptionCause::trap, Context::worker(0), trap, std::nullopt, 72});
  bench.store_word(trap, nop_word);
  EXPECT_TRUE(bench.tile().debug().clear_exceptions(of_worker(0), Cycle{200}));
  expect_sync(bench.go_on());
  expect_cycles_at(bench, behind, {230 + isa::timing::sync_receive});
  EXPECT_EQ(bench.word(data), 0xA2U);
  EXPECT_EQ(bench.word(data + 4), 0xA3U);
  EXPECT_EQ(bench.csr(supervisor, "INCOMING_DELTA"), 8U);
}

TEST_P(RemoteBreakCases, NoGoingOnInsideAnExchangeInstruction) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::send, {5, data.value() / 4, 1});
  bench.tile().debug().set_memory_error(data + 8);
  EXPECT_EQ(bench.run(p).reason, StopReason::exception);
  EXPECT_THROW(bench.tile().debug().clear_exceptions(of_supervisor, Cycle{500}), std::logic_error);
  EXPECT_EQ(bench.tile().context_status(supervisor), 3U);
}

}  // namespace

}  // namespace ipusim::tile::test
