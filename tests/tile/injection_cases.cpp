// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, 8: instructions and values given to a tile from outside.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

constexpr auto supervisor = Context::supervisor();
constexpr auto worker0 = Context::worker(0);

std::uint32_t number(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }
std::uint32_t upper(std::string_view name) { return isa::find_csr(isa::Mode::worker, name)->index & 0xFFU; }
Word word_of(Opcode opcode, std::initializer_list<std::uint32_t> values) {
  return encode(opcode, values).first;
}

// A supervisor that stops at a trap at code + 4, in cycle 13, with $m0 = 5.
StopReport stop_at_trap(Bench& bench) {
  Program p(code);
  p.set_m(0, 5);
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::sync, {3});
  return bench.run(p);
}
// Worker 0 stops at a trap at worker_code, in cycle 30.
StopReport stop_worker(Bench& bench) {
  Program worker(worker_code);
  worker.add(Opcode::trap_mmmn_zi, {0});
  worker.add(Opcode::exitz_mmmn, {15});
  return bench.run_worker(worker);
}

// The way the documents read and write memory: DBG_DATA takes the address there and the word back.
TEST_P(InjectionCases, MemoryThroughTheMailbox) {
  Bench bench = make_bench();
  bench.store_word(data + 4, 0xCAFE);
  ASSERT_EQ(stop_at_trap(bench).reason, StopReason::exception);
  TileDebug& debug = bench.tile().debug();
  const auto inject = [&](Opcode opcode, std::initializer_list<std::uint32_t> values) {
    EXPECT_EQ(debug.inject(supervisor, word_of(opcode, values)), Injection::done);
  };
  debug.write_debug_csr(number("DBG_DATA"), data.value() + 4);
  EXPECT_EQ(bench.csr(supervisor, "DBG_DATA"), data.value() + 4);
  inject(Opcode::get_mmmn_zi, {1, number("DBG_DATA")});
  inject(Opcode::ld32_mmmn_zi, {1, 15, 0, 2});
  inject(Opcode::put_mmmn_zi, {2, number("DBG_DATA")});
  EXPECT_EQ(bench.csr(supervisor, "DBG_DATA"), 0xCAFEU);
  debug.write_debug_csr(number("DBG_DATA"), 0xBEEF);
  inject(Opcode::get_mmmn_zi, {2, number("DBG_DATA")});
  inject(Opcode::st32_mmmn_zi, {1, 15, 1, 2});
  EXPECT_EQ(bench.word(data + 8), 0xBEEFU);
}

TEST_P(InjectionCases, NoTimePassesAndNothingRetires) {
  Bench bench = make_bench();
  stop_at_trap(bench);
  const auto retired = bench.recorder().retired.size();
  TileDebug& debug = bench.tile().debug();
  EXPECT_EQ(debug.inject(supervisor, word_of(Opcode::add_mmmn_si, {0, 0, 3})), Injection::done);
  EXPECT_EQ(debug.inject(supervisor, word_of(Opcode::add_mmmn_si, {1, 0, 1})), Injection::done);
  EXPECT_EQ(debug.inject(supervisor, word_of(Opcode::get_mmmn_zi, {2, 0})), Injection::done);  // PC
  EXPECT_EQ(debug.inject(supervisor, word_of(Opcode::get_mmmn_zi, {3, number("SCOUNT_L")})), Injection::done);
  EXPECT_EQ(bench.m(supervisor, 0), 8U);
  EXPECT_EQ(bench.m(supervisor, 1), 9U);
  EXPECT_EQ(bench.m(supervisor, 2), code.value() + 4);
  EXPECT_EQ(bench.m(supervisor, 3), 14U);
  EXPECT_EQ(bench.tile().now(), Cycle{14});
  EXPECT_EQ(bench.tile().pc(supervisor), code + 4);
  EXPECT_EQ(bench.recorder().retired.size(), retired);
  EXPECT_EQ(bench.tile().context_status(supervisor), 2U);
  const StopReport report = bench.go_on();
  EXPECT_EQ(report.exception.cycle, Cycle{13});
  EXPECT_EQ(bench.recorder().retired.size(), retired);
}

TEST_P(InjectionCases, BranchesMoveThePc) {
  Bench bench = make_bench();
  stop_at_trap(bench);
  TileDebug& debug = bench.tile().debug();
  EXPECT_EQ(debug.inject(supervisor, word_of(Opcode::brz_mmmn_zi, {0, data.value()})), Injection::done);
  EXPECT_EQ(bench.tile().pc(supervisor), code + 4);
  EXPECT_EQ(debug.inject(supervisor, word_of(Opcode::bri_mmmn_zi, {code.value() + 8})), Injection::done);
  EXPECT_EQ(bench.tile().pc(supervisor), code + 8);
  EXPECT_TRUE(debug.clear_exceptions(1, Cycle{60}));
  const StopReport report = bench.go_on();
  expect_sync(report);
  EXPECT_EQ(report.cycle, Cycle{60});
}

TEST_P(InjectionCases, WorkersTakeFloatingPointToo) {
  Bench bench = make_bench();
  ASSERT_EQ(stop_worker(bench).exception.context, worker0);
  TileDebug& debug = bench.tile().debug();
  const auto inject = [&](Opcode opcode, std::initializer_list<std::uint32_t> values) {
    return debug.inject(worker0, word_of(opcode, values));
  };
  EXPECT_EQ(inject(Opcode::or_aaan_iz, {0, 15, 0x3F800000}), Injection::done);  // 1.0
  EXPECT_EQ(inject(Opcode::f32add_aaan, {1, 0, 0}), Injection::done);
  EXPECT_EQ(bench.a(0, 1), 0x40000000U);
  EXPECT_EQ(inject(Opcode::or_aaan_iz, {2, 15, 0x7F000000}), Injection::done);  // 2^127
  EXPECT_EQ(inject(Opcode::f32mul_aaan, {3, 2, 2}), Injection::done);
  EXPECT_EQ(bench.csr(worker0, "FP_STS"), 4U);  // overflow
  // With the trap on it would except, and does nothing.
  EXPECT_EQ(inject(Opcode::setzi_aaan_zi, {4, 7}), Injection::done);
  EXPECT_EQ(inject(Opcode::uput_aaan_zi, {4, upper("FP_CLR")}), Injection::done);
  EXPECT_EQ(bench.csr(worker0, "FP_STS"), 0U);
  EXPECT_EQ(inject(Opcode::uput_aaan_zi, {4, upper("FP_CTL")}), Injection::done);
  EXPECT_EQ(inject(Opcode::f32mul_aaan, {5, 2, 2}), Injection::faulted);
  EXPECT_EQ(bench.csr(worker0, "FP_STS"), 0U);
  EXPECT_EQ(bench.a(0, 5), 0U);
  EXPECT_EQ(bench.tile().context_status(worker0), 2U);
  EXPECT_EQ(bench.csr(worker0, "WSR"), 2U << 4U);
}

TEST_P(InjectionCases, WhatWouldExceptIsNotDone) {
  Bench bench = make_bench();
  stop_at_trap(bench);
  TileDebug& debug = bench.tile().debug();
  for (const Word word : {word_of(Opcode::ld32step_mmmn_si, {15, 0, 1, 3}),      // $m0 = 5: misaligned
                          word_of(Opcode::st32_mmmn_zi, {15, 15, 0, 0}),         // address 0
                          word_of(Opcode::put_mmmn_zi, {0, 0x7F}),               // no such CSR
                          word_of(Opcode::put_mmmn_zi, {0, number("TILE_ID")}),  // read only
                          word_of(Opcode::get_mmmn_zi, {3, 0x7F})}) {
    EXPECT_EQ(debug.inject(supervisor, word), Injection::faulted) << std::hex << word;
  }
  EXPECT_EQ(bench.m(supervisor, 0), 5U);
  EXPECT_EQ(bench.m(supervisor, 3), 0U);
  EXPECT_EQ(bench.csr(supervisor, "SSR"), 2U << 4U);
  EXPECT_EQ(bench.tile().pc(supervisor), code + 4);
}

TEST_P(InjectionCases, WhatCannotBeInjectedIsRefused) {
  using enum Opcode;
  {
    Bench bench = make_bench();
    stop_at_trap(bench);
    TileDebug& debug = bench.tile().debug();
    for (const Word word : {word_of(sync, {3}),
                            word_of(sync, {2}),
                            word_of(sans, {0}),
                            word_of(delay, {3}),
                            word_of(send, {0, data.value() / 4, 1}),
                            word_of(sendoff, {0, 0, 1}),
                            word_of(sendpic, {0, 0, 0}),
                            word_of(delaypic, {0, 0, 0}),
                            word_of(delayxpic, {0, 0, 0x640}),
                            word_of(sendpicp, {0, 0, 0, 0, 0x640, 0}),
                            word_of(run_mmmn_zi, {0, 1, 0}),
                            word_of(runall_mmmn_zi, {0, 1, 0}),
                            word_of(trap_mmmn_zi, {0}),
                            word_of(ld64putcs_mmmn_zi, {0}),
                            word_of(put_mmmn_zi, {0, number("INCOMING_DELTA")}),
                            word_of(put_mmmn_zi, {0, number("OUTGOING_BASE")}),
                            word_of(put_mmmn_zi, {0, number("EXCHANGE_CTL")}),
                            word_of(f32add_aaan, {0, 1, 2}),
                            Word{0},
                            Word{0xFFFFFFFF},
                            word_of(add_mmmn_si, {0, 0, 1}) | coissue_bit}) {
      EXPECT_EQ(debug.inject(supervisor, word), Injection::refused) << std::hex << word;
    }
    EXPECT_EQ(bench.m(supervisor, 0), 5U);
    EXPECT_TRUE(bench.port().sent.empty());
    EXPECT_EQ(bench.tile().context_status(supervisor), 2U);
  }
  Bench bench = make_bench();
  stop_worker(bench);
  for (const Word word :
       {word_of(exitz_mmmn, {15}), word_of(rpt_mmmn_zi_zi, {3, 1}), word_of(trap_mmmn_zi, {1}),
        word_of(add_mmmn_si, {0, 0, 1}) | coissue_bit, word_of(sync, {2}), word_of(ld64putcs_mmmn_zi, {0})}) {
    EXPECT_NE(bench.tile().debug().inject(worker0, word), Injection::done) << std::hex << word;
  }
  EXPECT_EQ(bench.tile().context_status(worker0), 2U);
}

TEST_P(InjectionCases, OnlyIntoAContextThatStandsStill) {
  Bench bench = make_bench();
  stop_worker(bench);
  TileDebug& debug = bench.tile().debug();
  const Word add = word_of(Opcode::add_mmmn_si, {0, 15, 9});
  EXPECT_EQ(debug.inject(supervisor, add), Injection::not_quiescent);  // waits in sync 2
  EXPECT_EQ(debug.inject(worker0, add), Injection::done);
  EXPECT_EQ(debug.inject(Context::worker(3), add), Injection::done);  // never launched
  EXPECT_EQ(bench.m(supervisor, 0), worker_code.value());
  EXPECT_EQ(bench.m(worker0, 0), 9U);
  EXPECT_EQ(bench.m(Context::worker(3), 0), 9U);
  EXPECT_EQ(bench.tile().context_status(Context::worker(3)), 0U);
}

TEST_P(InjectionCases, BeforeTheStartAndBesideOthersThatRun) {
  Bench bench = make_bench();
  TileDebug& debug = bench.tile().debug();
  const auto add = [](std::uint32_t value) { return word_of(Opcode::add_mmmn_si, {5, 15, value}); };
  EXPECT_EQ(debug.inject(supervisor, add(1)), Injection::done);
  EXPECT_EQ(debug.inject(Context::worker(5), add(2)), Injection::done);
  EXPECT_EQ(bench.m(supervisor, 5), 1U);
  Program p(code);
  for (unsigned i = 0; i < 20; ++i) p.add(Opcode::add_mmmn_si, {i % 2, i % 2, 1});
  p.add(Opcode::sync, {3});
  bench.load(p);
  bench.tile().start(code, first_cycle);
  EXPECT_EQ(bench.tile().advance(Cycle{40}).reason, StopReason::limit);
  EXPECT_EQ(debug.inject(Context::worker(2), add(3)), Injection::done);
  EXPECT_EQ(debug.inject(supervisor, add(3)), Injection::not_quiescent);
  expect_sync(bench.go_on());
  EXPECT_EQ(bench.m(Context::worker(2), 5), 3U);
  EXPECT_EQ(bench.m(Context::worker(5), 5), 2U);
  EXPECT_EQ(bench.m(supervisor, 5), 1U);
  EXPECT_EQ(bench.m(supervisor, 0), 10U);
  // Two sums a round, each waiting six cycles for the last of its register: 12, 13, 18, 19 ...
  expect_cycles_at(bench, code + 4 * 20, {12U + 9 * 6 + 2});
}

TEST_P(InjectionCases, ARepeatIsLeftAlone) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add_word(nop().first);
  worker.add(Opcode::rpt_mmmn_zi_zi, {3, 0});
  const ByteAddr body = worker.add_bundle(encode(Opcode::add_mmmn_si, {0, 0, 1}), fnop());
  worker.add(Opcode::exitz_mmmn, {15});
  bench.tile().debug().set_remote_break({2, false}, Cycle{48});  // before the second round
  ASSERT_EQ(bench.run_worker(worker).exception.pc, body);
  TileDebug& debug = bench.tile().debug();
  debug.set_remote_break({}, Cycle{0});
  for (unsigned i = 0; i < 5; ++i) {
    EXPECT_EQ(debug.inject(worker0, word_of(Opcode::add_mmmn_si, {1, 1, 1})), Injection::done);
  }
  EXPECT_EQ(bench.csr(worker0, "REPEAT_COUNT"), 2U);
  EXPECT_TRUE(debug.clear_exceptions(2, Cycle{96}));
  expect_sync(bench.go_on());
  EXPECT_EQ(bench.m(worker0, 0), 3U);
  EXPECT_EQ(bench.m(worker0, 1), 5U);
}

// An instruction put where it stands is what the next fetch finds.
TEST_P(InjectionCases, StoresChangeCode) {
  Bench bench = make_bench();
  stop_at_trap(bench);
  TileDebug& debug = bench.tile().debug();
  debug.write_debug_csr(number("DBG_DATA"), nop().first);
  EXPECT_EQ(debug.inject(supervisor, word_of(Opcode::get_mmmn_zi, {1, number("DBG_DATA")})), Injection::done);
  debug.write_debug_csr(number("DBG_DATA"), code.value() + 4);
  EXPECT_EQ(debug.inject(supervisor, word_of(Opcode::get_mmmn_zi, {2, number("DBG_DATA")})), Injection::done);
  EXPECT_EQ(debug.inject(supervisor, word_of(Opcode::st32_mmmn_zi, {2, 15, 0, 1})), Injection::done);
  EXPECT_TRUE(debug.clear_exceptions(1, Cycle{60}));
  const StopReport report = bench.go_on();
  expect_sync(report);
  EXPECT_EQ(report.cycle, Cycle{61});
}

// ---- CSRs

TEST_P(InjectionCases, BreaksOnSyncCanBeSetFromOutside) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::get_mmmn_zi, {0, number("DBG_ECSR")});
  const ByteAddr at = p.add(Opcode::sync, {3});
  bench.tile().debug().write_debug_csr(number("DBG_ECSR"), 0xFFFFFFFF);
  expect_exception(bench.run(p), {ExceptionType::break_on_sync, ExceptionCause::break_on_sync, supervisor, at,
                                  std::nullopt, 13});
  EXPECT_EQ(bench.m(supervisor, 0), 0x2FU);  // its fields
}

TEST_P(InjectionCases, NoOtherCsrIsWrittenFromOutside) {
  Bench bench = make_bench();
  for (const std::string_view name : {"DBG_CTL", "CCCSLOAD", "INCOMING_DCOUNT"}) {
    EXPECT_THROW(bench.tile().debug().write_debug_csr(number(name), 1), std::invalid_argument) << name;
  }
}

}  // namespace

}  // namespace ipusim::tile::test
