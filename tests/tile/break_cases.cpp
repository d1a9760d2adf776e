// SPDX-License-Identifier: Apache-2.0
// Instruction breaks, data breaks and breaks on sync (docs/debug.md): where they stop, in which cycle, before
// which other faults, and that nothing is written.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

constexpr auto supervisor = Context::supervisor();
constexpr auto worker0 = Context::worker(0);

// Fields, from isa/csr.yaml.
constexpr std::uint32_t channel0 = 1;
constexpr std::uint32_t ens = 1, enw = 2, evm = 4;
constexpr std::uint32_t mld = 1, mstni = 2, sic = 4, mdnr = 0x40;
constexpr std::uint32_t size(unsigned log2) { return log2 << 3U; }
constexpr std::uint32_t of(Context context) { return 1U << (15 + context.index()); }
constexpr std::uint32_t of_all = 0x7FU << 15U;
constexpr std::uint32_t break_on_sync = 1U << 5U;

std::uint32_t number(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }

// A put of a constant of up to 20 bits. It begins at t and acts at t + 6: the register is written 6 cycles
// before. The next instruction issues at t + 12.
constexpr std::uint64_t put_cycles = 12;
void put(Program& p, std::string_view name, std::uint32_t value) {
  p.set_m(9, value);
  p.add(Opcode::put_mmmn_zi, {9, number(name)});
}
// 3 of them; what follows issues at 12 + 3 * 12 = 48 at the earliest.
void break_at(Program& p, ByteAddr pc, std::uint32_t control) {
  put(p, "DBG_IBRK0_PC", pc.value());
  put(p, "DBG_IBRK0_CTL", control);
  put(p, "DBG_CTL", channel0);
}
void watch(Program& p, ByteAddr base, std::uint32_t control) {
  put(p, "DBG_DBRK0_BASE", base.value());
  p.set_m(9, control);  // more than 20 bits: two instructions, a cycle and a wait of 6 more
  p.add(Opcode::put_mmmn_zi, {9, number("DBG_DBRK0_CTL")});
  put(p, "DBG_CTL", channel0);
}
// One worker at worker_code with $mvertex_base = data. After break_at(): setzi at 48 and 49, run at 55, 6
// cycles of launch: the worker's first turn is at 66.
void launch(Program& p) {
  p.set_m(0, worker_code.value());
  p.set_m(1, data.value() - isa::arch_info(isa::Arch::ipu2).memory_base);
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
}
constexpr std::uint64_t first_worker_cycle = 66;

StopReport run_with(Bench& bench, const Program& worker, void (*arm)(Program&)) {
  bench.load(worker);
  Program p(code);
  arm(p);
  launch(p);
  return bench.run(p);
}

// ---- Instruction breaks

TEST_P(BreakCases, AnInstructionOfTheSupervisor) {
  Bench bench = make_bench();
  Program p(code);
  const ByteAddr target = code + 4 * (2 * 3 + 2);  // behind three puts and two instructions
  break_at(p, target, ens);
  p.set_m(3, 5);  // 48
  p.set_m(4, 6);  // 49
  ASSERT_EQ(p.set_m(5, 7), target);
  p.add(Opcode::sync, {3});
  expect_exception(bench.run(p), {ExceptionType::instruction_break, ExceptionCause::instruction_break,
                                  supervisor, target, std::nullopt, 50});
  EXPECT_EQ(bench.m(supervisor, 4), 6U);
  EXPECT_EQ(bench.m(supervisor, 5), 0U);
  EXPECT_EQ(bench.tile().context_status(supervisor), 2U);
  EXPECT_EQ(bench.csr(supervisor, "SSR"), 15U << 4U);
  EXPECT_EQ(bench.tile().pc(supervisor), target);
}

// The put acts on the instruction behind it.
TEST_P(BreakCases, ActsOnTheNextInstruction) {
  Bench bench = make_bench();
  Program p(code);
  const ByteAddr target = code + 4 * (2 * 3);
  break_at(p, target, ens);
  ASSERT_EQ(p.add(Opcode::sync, {3}), target);
  expect_exception(bench.run(p), {ExceptionType::instruction_break, ExceptionCause::instruction_break,
                                  supervisor, target, std::nullopt, 42 + 6});  // behind the put
}

// It breaks in the cycle in which it would issue: after its waits.
TEST_P(BreakCases, AfterTheWaitsOfTheInstruction) {
  Bench bench = make_bench();
  Program p(code);
  const ByteAddr target = code + 4 * (2 * 3 + 1);
  break_at(p, target, ens);
  p.set_m(3, 5);                                             // 48
  ASSERT_EQ(p.add(Opcode::add_mmmn_si, {4, 3, 1}), target);  // 54
  expect_exception(bench.run(p), {ExceptionType::instruction_break, ExceptionCause::instruction_break,
                                  supervisor, target, std::nullopt, 54});
}

TEST_P(BreakCases, OfTheEnabledKindAndChannelOnly) {
  struct Case {
    std::uint32_t control, channels;
    bool in_worker;  // or nowhere
  };
  for (const Case& c :
       {Case{ens, channel0, false}, Case{enw, channel0, true}, Case{ens | enw, channel0, true},
        Case{0, channel0, false}, Case{enw, 0, false}, Case{enw, 2, false}}) {
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.set_m(0, 1);                          // 78
    const ByteAddr target = worker.set_m(1, 2);  // 84
    worker.add(Opcode::exitz_mmmn, {15});
    bench.load(worker);
    Program p(code);
    break_at(p, target, c.control);
    put(p, "DBG_CTL", c.channels);
    launch(p);
    const StopReport report = bench.run(p);
    if (!c.in_worker) {
      expect_sync(report);
      continue;
    }
    // A fourth put: run at 67, first turn at or after 73.
    expect_exception(report, {ExceptionType::instruction_break, ExceptionCause::instruction_break, worker0,
                              target, std::nullopt, 84});
    EXPECT_EQ(bench.m(worker0, 0), 1U);
    EXPECT_EQ(bench.m(worker0, 1), 0U);
    EXPECT_EQ(bench.csr(worker0, "WSR"), 15U << 4U);
  }
}

// EVM: only the worker with that vertex.
TEST_P(BreakCases, OfOneVertex) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.set_m(0, 1);
  const ByteAddr target = worker.set_m(1, 2);
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  break_at(p, target, enw | evm);
  put(p, "DBG_IBRK0_VERT", data.value() + 3 * 16);
  p.set_m(0, worker_code.value());
  p.set_m(1, data.value());
  p.add(Opcode::runall_mmmn_zi, {0, 1, 4});  // 16 bytes from vertex to vertex
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  const StopReport report = bench.run(p);
  expect_exception(report, {ExceptionType::instruction_break, ExceptionCause::instruction_break,
                            Context::worker(3), target});
  EXPECT_EQ(bench.m(Context::worker(3), 1), 0U);
}

// Without a vertex of its own the supervisor breaks at the address alone.
TEST_P(BreakCases, TheVertexIsNothingToTheSupervisor) {
  Bench bench = make_bench();
  Program p(code);
  const ByteAddr target = code + 4 * (2 * 4);
  break_at(p, target, ens | evm);
  put(p, "DBG_IBRK0_VERT", data.value());
  ASSERT_EQ(p.set_m(3, 5), target);
  expect_exception(bench.run(p), {ExceptionType::instruction_break, ExceptionCause::instruction_break,
                                  supervisor, target, std::nullopt, 12 + 4 * put_cycles});
}

// Put while workers run: a worker stops at its first bundle there behind the put.
TEST_P(BreakCases, ArmedAndDisarmedUnderWay) {
  for (const bool disarmed : {false, true}) {
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.set_m(0, 100);                 // 66
    const ByteAddr loop = worker.here();  // 72 + 6n
    worker.add(Opcode::brnzdec_mmmn_zi, {0, loop.value()});
    worker.add(Opcode::exitz_mmmn, {15});
    bench.load(worker);
    Program p(code);
    put(p, "DBG_IBRK0_PC", loop.value());
    put(p, "DBG_IBRK0_CTL", enw);
    put(p, "DBG_CTL", 0);
    p.set_m(9, channel0);
    p.set_m(0, worker_code.value());
    p.set_m(1, data.value() - isa::arch_info(isa::Arch::ipu2).memory_base);  // 50
    p.add(Opcode::run_mmmn_zi, {0, 1, 0});                                   // 56, first turn 66
    p.add(Opcode::delay, {50});                                              // 62
    if (disarmed) p.set_m(9, 0);
    p.add(Opcode::put_mmmn_zi, {9, number("DBG_CTL")});  // 113 = 62 + 51, slot 5
    p.add(Opcode::sync, {2});
    p.add(Opcode::sync, {3});
    const StopReport report = bench.run(p);
    if (disarmed) {
      expect_sync(report);
      continue;
    }
    // The worker's next turn is 114. It has issued setzi and (114 - 72) / 6 = 7 branches.
    expect_exception(report, {ExceptionType::instruction_break, ExceptionCause::instruction_break, worker0,
                              loop, std::nullopt, 114});
    EXPECT_EQ(bench.m(worker0, 0), 93U);
  }
}

TEST_P(BreakCases, BeforeWhatTheWordsTell) {
  Bench illegal = make_bench();
  Program p(code);
  const ByteAddr target = code + 4 * (2 * 3);
  break_at(p, target, ens);
  p.add_word(0);
  expect_exception(illegal.run(p), {ExceptionType::instruction_break, ExceptionCause::instruction_break,
                                    supervisor, target, std::nullopt, 48});

  Bench misaligned = make_bench();
  Program q(code);
  break_at(q, target + 4, ens);
  q.add_word(nop().first);
  ASSERT_EQ(q.add(Opcode::sendpicp, {0, 0, 0, 0, 0x640, 0}).value() % 8, 4U);
  expect_exception(misaligned.run(q), {ExceptionType::instruction_break, ExceptionCause::instruction_break,
                                       supervisor, target + 4, std::nullopt, 49});  // behind the nop

  Bench illegal_bundle = make_bench();
  Program worker(worker_code);
  worker.add_word(nop().first);
  worker.add_word(nop().first | coissue_bit);
  worker.add_word(0);
  expect_exception(run_with(illegal_bundle, worker, [](Program& s) { break_at(s, worker_code + 4, enw); }),
                   {ExceptionType::instruction_break, ExceptionCause::instruction_break, worker0,
                    worker_code + 4, std::nullopt, first_worker_cycle + 6});
}

TEST_P(BreakCases, BehindAPcThatIsNoCode) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.set_m(0, wide_data.value());
  worker.add(Opcode::br_mmmn, {0});
  expect_exception(run_with(bench, worker, [](Program& s) { break_at(s, wide_data, enw); }),
                   {ExceptionType::invalid_pc, ExceptionCause::invalid_pc, worker0, wide_data});
}

TEST_P(BreakCases, InARepeat) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add_word(nop().first);
  worker.add(Opcode::rpt_mmmn_zi_zi, {3, 1});
  const ByteAddr first = worker.add_bundle(encode(Opcode::add_mmmn_si, {0, 0, 1}), fnop());
  worker.add_bundle(encode(Opcode::add_mmmn_si, {1, 1, 1}), fnop());
  worker.add(Opcode::exitz_mmmn, {15});
  ASSERT_EQ(first, worker_code + 8);
  expect_exception(run_with(bench, worker, [](Program& s) { break_at(s, worker_code + 16, enw); }),
                   {ExceptionType::instruction_break, ExceptionCause::instruction_break, worker0,
                    worker_code + 16, std::nullopt, first_worker_cycle + 3 * 6});
  EXPECT_EQ(bench.csr(worker0, "WSR"), 15U << 4U | 1U << 9U);  // ERPT
  EXPECT_EQ(bench.csr(worker0, "REPEAT_COUNT"), 3U);
  EXPECT_EQ(bench.m(worker0, 0), 1U);
  EXPECT_EQ(bench.m(worker0, 1), 0U);
}

// ---- Data breaks

struct Watched {
  unsigned log2;
  std::uint32_t base;  // offsets from `data`
  Opcode access;
  std::uint32_t at;
  bool stops;
};

TEST_P(BreakCases, BlocksAndAccessesThatOverlap) {
  using enum Opcode;
  for (const Watched& w :
       {Watched{0, 5, ldz8_mmmn_zi, 5, true}, Watched{0, 5, ldz8_mmmn_zi, 4, false},
        Watched{0, 5, ldz16_mmmn_zi, 4, true}, Watched{0, 5, ldz16_mmmn_zi, 6, false},
        Watched{0, 13, ld64_mman_zi, 8, true}, Watched{0, 13, ld64_mman_zi, 16, false},
        Watched{2, 8, ld32_mmmn_zi, 8, true}, Watched{2, 8, ld32_mmmn_zi, 12, false},
        Watched{2, 8, ldz8_mmmn_zi, 11, true}, Watched{2, 8, ldz8_mmmn_zi, 12, false},
        Watched{2, 10, ld32_mmmn_zi, 8, true},  // the low bits of the base do not count
        Watched{7, 0, ld32_mmmn_zi, 124, true}, Watched{7, 0, ld32_mmmn_zi, 128, false},
        Watched{7, 0x80, ld32_mmmn_zi, 124, false}, Watched{7, 0xFF, ld32_mmmn_zi, 128, true}}) {
    SCOPED_TRACE(::testing::Message() << (1U << w.log2) << " bytes at " << w.base << ", access at " << w.at);
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.set_m(0, w.at);
    const ByteAddr at = worker.add(w.access, {13, 0, 0, 2});
    worker.add(Opcode::exitz_mmmn, {15});
    bench.load(worker);
    Program p(code);
    watch(p, data + w.base, mld | size(w.log2) | of(worker0));
    launch(p);
    const StopReport report = bench.run(p);
    if (w.stops) {
      expect_exception(report,
                       {ExceptionType::data_break, ExceptionCause::data_break, worker0, at, data + w.at});
      EXPECT_EQ(bench.csr(worker0, "WSR"), 11U << 4U);
      EXPECT_EQ(bench.tile().context_status(worker0), 2U);
    } else {
      expect_sync(report);
    }
  }
}

TEST_P(BreakCases, LoadsOrStoresOfTheContextsNamed) {
  struct Case {
    std::uint32_t control;
    bool load, store;  // of worker 0
  };
  for (const Case& c : {Case{mld | of_all, true, false}, Case{mstni | of_all, false, true},
                        Case{mld | mstni | of_all, true, true}, Case{of_all, false, false},
                        Case{mld | mstni | of(supervisor), false, false}}) {
    for (const bool store : {false, true}) {
      Bench bench = make_bench();
      bench.store_word(data, 0x1234);
      Program worker(worker_code);
      worker.set_m(0, 0x99);
      const ByteAddr at = store ? worker.add(Opcode::st32step_mmmn_si, {15, 1, 1, 0})
                                : worker.add(Opcode::ld32step_mmmn_si, {15, 1, 1, 2});
      worker.add(Opcode::exitz_mmmn, {15});
      Program w(worker_code);
      w.set_m(1, data.value());
      for (const Word word : worker.words()) w.add_word(word);
      bench.load(w);
      Program p(code);
      watch(p, data, c.control | size(2));
      launch(p);
      const StopReport report = bench.run(p);
      if (store ? c.store : c.load) {
        expect_exception(report,
                         {ExceptionType::data_break, ExceptionCause::data_break, worker0, at + 4, data});
        EXPECT_EQ(bench.m(worker0, 1), data.value());
        EXPECT_EQ(bench.m(worker0, 2), 0U);
        EXPECT_EQ(bench.word(data), 0x1234U);
      } else {
        expect_sync(report);
        EXPECT_EQ(bench.m(worker0, 1), data.value() + 4);
      }
    }
  }
}

// Of several accesses the first that is watched is told.
TEST_P(BreakCases, InstructionsOfSeveralAccesses) {
  const std::uint32_t first = data.value();
  const std::uint32_t second = first + 0x4000;  // every access in an element of its own
  const std::uint32_t third = first + 0x8000;
  struct Case {
    std::uint32_t control, base;
    std::optional<std::uint32_t> at;
  };
  for (const Case& c :
       {Case{mld, second + 4, second}, Case{mld, third, std::nullopt}, Case{mstni, third, third},
        Case{mstni, second, std::nullopt}, Case{mld | mstni, first, first}}) {
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.set_m(0, first);
    worker.set_m(1, second);
    worker.set_m(2, third);
    worker.add(Opcode::tapack_mmmn, {0, 1, 2, 4});
    const ByteAddr at = worker.add(Opcode::ld2xst64pace_mbbn_ef, {3, 4, 0, 4, 0});
    worker.add(Opcode::exitz_mmmn, {15});
    bench.load(worker);
    Program p(code);
    watch(p, ByteAddr{c.base}, c.control | size(2) | of_all);
    launch(p);
    const StopReport report = bench.run(p);
    if (c.at) {
      expect_exception(report,
                       {ExceptionType::data_break, ExceptionCause::data_break, worker0, at, ByteAddr{*c.at}});
    } else {
      expect_sync(report);
    }
  }
}

// The supervisor's loads of coefficients are loads; what they change is not changed.
TEST_P(BreakCases, LoadsOfCoefficients) {
  Bench bench = make_bench();
  Program p(code);
  watch(p, data + 4, mld | size(0) | of(supervisor));
  put(p, "CCCSLOAD", data.value());
  const ByteAddr at = p.add(Opcode::ld64putcs_mmmn_zi, {0});
  expect_exception(bench.run(p),
                   {ExceptionType::data_break, ExceptionCause::data_break, supervisor, at, data});
  EXPECT_EQ(bench.csr(supervisor, "CCCSLOAD"), data.value());
}

TEST_P(BreakCases, DataBreaksAmongOtherFaults) {
  const auto watch_all = [](Program& p) { watch(p, data, mld | mstni | size(7) | of_all); };
  {  // misaligned: no access
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.set_m(0, 2);
    const ByteAddr at = worker.add(Opcode::ld32_mmmn_zi, {13, 0, 0, 2});
    expect_exception(
        run_with(bench, worker, watch_all),
        {ExceptionType::invalid_address, ExceptionCause::misaligned_address, worker0, at, data + 2});
  }
  {  // the other half is a faulty operation
    Bench bench = make_bench();
    Program worker(worker_code);
    const ByteAddr at = worker.add_bundle(encode(Opcode::ld32_mmmn_zi, {13, 15, 0, 2}),
                                          encode(Opcode::uput_aaan_zi, {0, 0x7F}));
    expect_exception(run_with(bench, worker, watch_all),
                     {ExceptionType::invalid_operation, ExceptionCause::invalid_csr, worker0, at});
  }
  {  // the other half raises a flag that is enabled: it stays down
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.add(Opcode::setzi_aaan_zi, {0, 7});
    worker.add(Opcode::uput_aaan_zi, {0, 2});             // FP_CTL: traps on
    worker.add(Opcode::or_aaan_iz, {1, 15, 0x7F000000});  // 2^127
    worker.align(8);
    const ByteAddr at = worker.add_bundle(encode(Opcode::ld32_mmmn_zi, {13, 15, 0, 2}),
                                          encode(Opcode::f32mul_aaan, {2, 1, 1}));
    expect_exception(run_with(bench, worker, watch_all),
                     {ExceptionType::data_break, ExceptionCause::data_break, worker0, at, data});
    EXPECT_EQ(bench.csr(worker0, "FP_STS"), 0U);
    EXPECT_EQ(bench.a(0, 2), 0U);
  }
}

// Words that the exchange brings are no stores, sends no loads.
TEST_P(BreakCases, TheExchangeIsNotWatched) {
  Bench bench = make_bench();
  bench.port().words = {{Cycle{80}, 0x5555}};
  Program p(code);
  watch(p, data, mld | mstni | size(7) | of_all);
  put(p, "INCOMING_BASE", data.value());
  p.add(Opcode::delay, {30});
  p.add(Opcode::send, {1, data.value() / 4, 1});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.word(data), 0x5555U);
  EXPECT_EQ(bench.port().sent.size(), 2U);
}

// ---- Break on sync

TEST_P(BreakCases, OnEverySync) {
  for (const std::uint32_t zone : {0U, 1U, 2U, 3U, 5U}) {
    Bench bench = make_bench();
    Program p(code);
    put(p, "DBG_ECSR", break_on_sync);                // at 18
    const ByteAddr at = p.add(Opcode::sync, {zone});  // 24
    expect_exception(bench.run(p), {ExceptionType::break_on_sync, ExceptionCause::break_on_sync, supervisor,
                                    at, std::nullopt, 24});
    EXPECT_EQ(bench.csr(supervisor, "SSR"), 4U << 4U);
    EXPECT_EQ(bench.tile().context_status(supervisor), 2U);
  }
}

// The sync did not happen: words of the phase may still come.
TEST_P(BreakCases, ASyncThatBreaksClosesNoPhase) {
  Bench bench = make_bench();
  Program p(code);
  put(p, "INCOMING_DCOUNT", 3);
  p.add(Opcode::sync, {3});
  put(p, "DBG_ECSR", break_on_sync);
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  bench.tile().release_sync(Cycle{100});
  EXPECT_EQ(bench.go_on().exception.cause, ExceptionCause::break_on_sync);
  EXPECT_TRUE(bench.recorder().hazards.empty());
}

// ---- The CSRs

TEST_P(BreakCases, FieldsWithoutAMeaningAreRefused) {
  for (const std::uint32_t field : {sic, mdnr}) {
    Bench bench = make_bench();
    Program p(code);
    p.set_m(9, field);
    const ByteAddr at = p.add(Opcode::put_mmmn_zi, {9, number("DBG_DBRK0_CTL")});
    expect_exception(bench.run(p), {ExceptionType::invalid_operation, ExceptionCause::unimplemented_csr,
                                    supervisor, at, std::nullopt, 18});
    EXPECT_EQ(bench.csr(supervisor, "DBG_DBRK0_CTL"), 0U);
  }
}

TEST_P(BreakCases, ControlOfDataBreaksHoldsItsOtherBits) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(9, ~(sic | mdnr));
  p.add(Opcode::put_mmmn_zi, {9, number("DBG_DBRK0_CTL")});
  p.add(Opcode::get_mmmn_zi, {0, number("DBG_DBRK0_CTL")});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(supervisor, 0), 0x003F803BU);
}

TEST_P(BreakCases, TheChannelAndTheClearingOfExceptions) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(9, 0x7F);
  const ByteAddr clear = p.add(Opcode::put_mmmn_zi, {9, number("DBG_ECLR")});
  p.add(Opcode::get_mmmn_zi, {0, number("DBG_ECLR")});
  p.add(Opcode::get_mmmn_zi, {1, number("DBG_BRK_ID")});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(supervisor, 0), 0U);
  EXPECT_EQ(bench.m(supervisor, 1), 0U);
  for (const RetireRecord& record : bench.recorder().retired) {
    if (record.pc == clear) {
      EXPECT_TRUE(record.registers.empty());
    }
  }
  Bench read_only = make_bench();
  Program q(code);
  q.add(Opcode::put_mmmn_zi, {0, number("DBG_BRK_ID")});
  EXPECT_EQ(read_only.run(q).exception.cause, ExceptionCause::read_only_csr);
}

}  // namespace
}  // namespace ipusim::tile::test
