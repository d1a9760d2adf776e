// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, 8: memory errors and exchange errors, their status fields, and late stops.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

constexpr auto supervisor = Context::supervisor();
constexpr auto worker0 = Context::worker(0);
constexpr std::uint32_t merr = 1U << 31U;
constexpr std::uint32_t eerr = 1U << 30U;
constexpr std::uint32_t ererr(std::uint32_t code) { return code << 27U; }
constexpr std::uint32_t supervisor_active = 1;

std::uint32_t number(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }
std::uint8_t kind(HazardKind kind) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(kind)); }
TileParameters stopping_at(std::uint8_t hazards) {
  TileParameters parameters;
  parameters.exchange_errors = hazards;
  return parameters;
}

// ---- Memory errors

// A worker's load of any kind stops if it touches the row: 12 to 19 beside `data` + 16 to 23.
TEST_P(ErrorCases, LoadsOfTheRow) {
  struct Case {
    Opcode opcode;
    std::uint32_t destination, at, step;  // a load's offset counts its own size
    bool stops;
  };
  using enum Opcode;
  for (const Case& c : {Case{ldz8_mmmn_zi, 2, 16, 1, true}, Case{ldz8_mmmn_zi, 2, 23, 1, true},
                        Case{ldz8_mmmn_zi, 2, 24, 1, false}, Case{ldz8_mmmn_zi, 2, 15, 1, false},
                        Case{ldz16_mmmn_zi, 2, 22, 2, true}, Case{ld32_mmmn_zi, 2, 20, 4, true},
                        Case{ld32_mmmn_zi, 2, 12, 4, false}, Case{ld64_mman_zi, 2, 16, 8, true},
                        Case{ld64_mman_zi, 2, 24, 8, false}}) {
    SCOPED_TRACE(::testing::Message() << "offset " << c.at << ", size " << c.step);
    Bench bench = make_bench();
    bench.store_word(data + 16, 0x11111111);
    bench.store_word(data + 20, 0x22222222);
    Program worker(worker_code);
    worker.add_word(nop().first);
    const ByteAddr at = worker.add(c.opcode, {13, 15, c.at / c.step, c.destination});
    worker.add(exitz_mmmn, {15});
    bench.tile().debug().set_memory_error(data + 21);
    const StopReport report = bench.run_worker(worker);
    if (!c.stops) {
      expect_sync(report);
      EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), supervisor_active);
      continue;
    }
    expect_exception(
        report, {ExceptionType::memory_error, ExceptionCause::memory_error, worker0, at, data + c.at, 36});
    EXPECT_EQ(bench.m(worker0, 2), 0U);
    EXPECT_EQ(bench.a(0, 2), 0U);
    EXPECT_EQ(bench.csr(worker0, "WSR"), 14U << 4U);
    EXPECT_EQ(bench.tile().context_status(worker0), 3U);
    EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), merr | 3U << 2U | supervisor_active);
    EXPECT_EQ(bench.word(data + 20), 0x22222222U);
  }
}

// Either half of a quad; the address told is the access's.
TEST_P(ErrorCases, LoadsOfQuads) {
  for (const std::uint32_t row : {0U, 8U, 16U}) {
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.set_m(0, wide_data.value());
    const ByteAddr at = worker.add(Opcode::ld128_mman_zi, {0, 15, 0, 0});
    worker.add(Opcode::exitz_mmmn, {15});
    bench.tile().debug().set_memory_error(wide_data + row);
    const StopReport report = bench.run_worker(worker);
    if (row < 16) {
      expect_exception(
          report, {ExceptionType::memory_error, ExceptionCause::memory_error, worker0, at, wide_data, 36});
    } else {
      expect_sync(report);
    }
  }
}

TEST_P(ErrorCases, InstructionsOfSeveralAccesses) {
  const std::uint32_t first = data.value();
  const std::uint32_t second = first + 0x4000;
  const std::uint32_t third = first + 0x8000;
  for (const std::uint32_t row : {first, second, third}) {
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.set_m(0, first);
    worker.set_m(1, second);
    worker.set_m(2, third);
    worker.add(Opcode::tapack_mmmn, {0, 1, 2, 4});
    const ByteAddr at = worker.add(Opcode::ld2xst64pace_mbbn_ef, {3, 4, 0, 4, 0});
    worker.add(Opcode::exitz_mmmn, {15});
    bench.tile().debug().set_memory_error(ByteAddr{row});
    const StopReport report = bench.run_worker(worker);
    if (row == third) {  // is stored to
      expect_sync(report);
    } else {
      expect_exception(
          report, {ExceptionType::memory_error, ExceptionCause::memory_error, worker0, at, ByteAddr{row}});
    }
  }
}

TEST_P(ErrorCases, LoadsOfCoefficients) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(0, data.value());
  p.add(Opcode::put_mmmn_zi, {0, number("CCCSLOAD")});        // 18
  const ByteAddr at = p.add(Opcode::ld64putcs_mmmn_zi, {0});  // 24
  bench.tile().debug().set_memory_error(data);
  expect_exception(bench.run(p),
                   {ExceptionType::memory_error, ExceptionCause::memory_error, supervisor, at, data, 24});
  EXPECT_EQ(bench.csr(supervisor, "CCCSLOAD"), data.value());
  EXPECT_EQ(bench.csr(supervisor, "SSR"), 14U << 4U);
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), merr | 3U);
}

// No words, so nothing to wait for: the add would have issued in 19.
TEST_P(ErrorCases, TheFetch) {
  Bench bench = make_bench();
  Program p(code);
  p.add_word(nop().first);                                    // 12
  p.set_m(0, 1);                                              // 13
  const ByteAddr at = p.add(Opcode::add_mmmn_si, {1, 0, 1});  // 14
  p.add(Opcode::sync, {3});
  bench.tile().debug().set_memory_error(code + 12);
  const StopReport report = bench.run(p);
  expect_exception(report,
                   {ExceptionType::memory_error, ExceptionCause::memory_error, supervisor, at, code + 8, 14});
  EXPECT_EQ(report.exception.words, (std::array<std::uint32_t, 2>{}));
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), merr | 3U);
}

// Marked or overwritten while the add waits for $m0: what stands there now waits for nothing.
TEST_P(ErrorCases, WordsThatChangeUnderAWait) {
  for (const bool marked : {true, false}) {
    Bench bench = make_bench();
    Program p(code);
    p.set_m(0, 1);                                              // 12
    const ByteAddr at = p.add(Opcode::add_mmmn_si, {1, 0, 1});  // 18
    p.add(Opcode::sync, {3});
    bench.load(p);
    bench.tile().start(code, first_cycle);
    ASSERT_EQ(bench.tile().advance(Cycle{15}).reason, StopReason::limit);
    if (marked) {
      bench.tile().debug().set_memory_error(at);
    } else {
      bench.store_word(at, encode(Opcode::trap_mmmn_zi, {0}).first);
    }
    const StopReport report = bench.go_on();
    ASSERT_EQ(report.reason, StopReason::exception);
    EXPECT_EQ(report.exception.cause, marked ? ExceptionCause::memory_error : ExceptionCause::trap);
    EXPECT_EQ(report.cycle, Cycle{15});
  }
}

TEST_P(ErrorCases, TheFetchOfAWorkersBundle) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add_bundle(nop(), fnop());
  const ByteAddr at = worker.add_bundle(nop(), fnop());
  bench.tile().debug().set_memory_error(at);
  bench.tile().debug().set_remote_break({2, false}, Cycle{36});  // ranks behind
  expect_exception(bench.run_worker(worker),
                   {ExceptionType::memory_error, ExceptionCause::memory_error, worker0, at, at, 36});
}

TEST_P(ErrorCases, StoresDoNotReadAndMarksCanBeTakenAway) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.set_m(0, 0x77);
  worker.add(Opcode::st32_mmmn_zi, {13, 15, 0, 0});
  worker.add(Opcode::exitz_mmmn, {15});
  bench.tile().debug().set_memory_error(data);
  expect_sync(bench.run_worker(worker));
  EXPECT_EQ(bench.word(data), 0x77U);
  Bench again = make_bench();
  Program loads(worker_code);
  loads.add(Opcode::ld32_mmmn_zi, {13, 15, 0, 0});
  loads.add(Opcode::exitz_mmmn, {15});
  again.tile().debug().set_memory_error(data);
  again.tile().debug().set_memory_error(std::nullopt);
  expect_sync(again.run_worker(loads));
}

TEST_P(ErrorCases, TheRowLiesInTileMemory) {
  Bench bench = make_bench();
  const isa::ArchInfo& map = isa::arch_info(isa::Arch::ipu2);
  TileDebug& debug = bench.tile().debug();
  EXPECT_NO_THROW(debug.set_memory_error(ByteAddr{map.memory_base}));
  EXPECT_NO_THROW(debug.set_memory_error(ByteAddr{map.memory_end - 1}));
  EXPECT_THROW(debug.set_memory_error(ByteAddr{map.memory_end}), std::out_of_range);
  EXPECT_THROW(debug.set_memory_error(ByteAddr{map.memory_base - 1}), std::out_of_range);
}

// Behind a conflict, before a data break.
TEST_P(ErrorCases, RankOfLoads) {
  {
    Bench bench = make_bench();
    Program worker(worker_code);
    worker.set_m(0, data.value());
    worker.set_m(1, data.value() + 8);
    worker.add(Opcode::tapack_mmmn, {0, 1, 15, 4});
    worker.add(Opcode::ld2x64pace_mmbn_ef, {15, 4, 0, 2, 0});
    worker.add(Opcode::exitz_mmmn, {15});
    bench.tile().debug().set_memory_error(data);
    EXPECT_EQ(bench.run_worker(worker).exception.cause, ExceptionCause::element_conflict);
  }
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::ld32_mmmn_zi, {13, 15, 0, 2});
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  const auto put = [&](std::string_view name, std::uint32_t value) {
    p.set_m(9, value);
    p.add(Opcode::put_mmmn_zi, {9, number(name)});
  };
  put("DBG_DBRK0_BASE", data.value());
  put("DBG_DBRK0_CTL", 1U | 0x7FU << 15U);
  put("DBG_CTL", 1);
  p.set_m(0, worker_code.value());
  p.set_m(1, data.value() - isa::arch_info(isa::Arch::ipu2).memory_base);
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});
  p.add(Opcode::sync, {2});
  bench.tile().debug().set_memory_error(data);
  EXPECT_EQ(bench.run(p).exception.cause, ExceptionCause::memory_error);
}

// The item leaves, and so does nothing after it.
TEST_P(ErrorCases, AnItemSent) {
  Bench bench = make_bench();
  for (std::uint32_t i = 0; i < 4; ++i) bench.store_word(data + 4 * i, 0xD0 + i);
  Program p(code);
  p.add(Opcode::send, {3, data.value() / 4, 1});  // 12
  const ByteAddr behind = p.set_m(0, 1);
  bench.tile().debug().set_memory_error(data + 8);
  const StopReport report = bench.run(p);
  expect_exception(
      report, {ExceptionType::memory_error, ExceptionCause::memory_error, supervisor, behind, data + 8, 14});
  EXPECT_EQ(report.exception.words, (std::array<std::uint32_t, 2>{}));
  EXPECT_EQ(bench.port().sent.size(), 3U);
  EXPECT_EQ(bench.port().sent.back().word, 0xD2U);
  EXPECT_EQ(bench.csr(supervisor, "SSR"), 14U << 4U);
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), merr | 3U);
}

// ---- Exchange errors

// INCOMING_BASE := base, effective from 25 on; what follows issues from 24 on.
void receive_at(Program& p, ByteAddr base) {
  p.set_m(1, base.value());                                  // 12
  p.add(Opcode::put_mmmn_zi, {1, number("INCOMING_BASE")});  // 18
}
// A worker from 42 on: setzi 24 and 25, run 31.
void launch(Program& p) {
  p.set_m(0, worker_code.value());
  p.set_m(2, 0);
  p.add(Opcode::run_mmmn_zi, {0, 2, 0});
}

TEST_P(ErrorCases, AHazardIsSeenInTheStatus) {
  Bench bench = make_bench();
  Program worker(worker_code);
  for (unsigned i = 0; i < 4; ++i) worker.add_word(nop().first);
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  receive_at(p, wide_data);
  launch(p);
  p.add(Opcode::sync, {2});
  p.add(Opcode::get_mmmn_zi, {3, number("CTXT_STS")});
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{40}, 1}};
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(supervisor, 3), eerr | ererr(4) | supervisor_active);
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), eerr | ererr(4) | supervisor_active);
}

// get in cycle 31, 32 and 33; the word and its clash with the fetch in 32.
TEST_P(ErrorCases, TheStatusChangesAfterTheHazard) {
  Bench bench = make_bench();
  Program p(code);
  receive_at(p, code + 0x400);
  p.add(Opcode::delay, {6});  // 24
  const ByteAddr first = p.add(Opcode::get_mmmn_zi, {3, number("CTXT_STS")});
  p.add(Opcode::get_mmmn_zi, {4, number("CTXT_STS")});
  p.add(Opcode::get_mmmn_zi, {5, number("CTXT_STS")});
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{32}, 0}};
  expect_sync(bench.run(p));
  expect_cycles_at(bench, first, {31});
  EXPECT_EQ(bench.m(supervisor, 3), supervisor_active);
  EXPECT_EQ(bench.m(supervisor, 4), supervisor_active);
  EXPECT_EQ(bench.m(supervisor, 5), eerr | ererr(2) | supervisor_active);
}

struct Erring {
  HazardKind kind;
  std::uint32_t code;
};

// One program in which any of the four comes in cycle 40: a word to `base` while worker 0 runs or not.
StopReport provoke(Bench& bench, HazardKind kind, ByteAddr& next) {
  Program p(code);
  const ByteAddr base = kind == HazardKind::clash_with_fetch    ? code + 0x400
                        : kind == HazardKind::receive_address   ? ByteAddr{0x1000}
                        : kind == HazardKind::clash_with_access ? data + 0x100
                                                                : wide_data;
  receive_at(p, base);
  if (kind == HazardKind::live_workers) {
    Program worker(worker_code);
    for (unsigned i = 0; i < 4; ++i) worker.add_word(nop().first);
    worker.add(Opcode::exitz_mmmn, {15});
    bench.load(worker);
    launch(p);
    p.add(Opcode::sync, {2});  // 37
    next = p.here();
  } else {
    p.set_m(0, data.value());                    // 24
    p.add(Opcode::delay, {14});                  // 25: next is 40
    p.add(Opcode::ld32_mmmn_zi, {0, 15, 0, 3});  // 40
    next = p.here();
  }
  p.add(Opcode::sync, {3});
  bench.store_word(data, 0x1234);
  bench.port().words = {{Cycle{40}, 0xAB}, {Cycle{41}, 0xAC}};
  return bench.run(p);
}

constexpr std::array erring{Erring{HazardKind::clash_with_access, 1}, Erring{HazardKind::clash_with_fetch, 2},
                            Erring{HazardKind::receive_address, 3}, Erring{HazardKind::live_workers, 4}};

TEST_P(ErrorCases, AHazardStopsTheTileWhereItShall) {
  for (const Erring& e : erring) {
    SCOPED_TRACE(e.code);
    Bench bench = make_bench(stopping_at(kind(e.kind)));
    ByteAddr next{0};
    const StopReport report = provoke(bench, e.kind, next);
    const ByteAddr to = e.kind == HazardKind::clash_with_access  ? data + 0x100
                        : e.kind == HazardKind::clash_with_fetch ? code + 0x400
                        : e.kind == HazardKind::receive_address  ? ByteAddr{0x1000}
                                                                 : wide_data;
    expect_exception(
        report, {ExceptionType::exchange_error, ExceptionCause::exchange_error, supervisor, next, to, 40});
    EXPECT_EQ(report.exception.words, (std::array<std::uint32_t, 2>{}));
    // What happens in the cycle happens, the word of the next one does not come.
    if (e.kind != HazardKind::live_workers) {
      EXPECT_EQ(bench.m(supervisor, 3), 0x1234U);
    }
    if (e.kind != HazardKind::receive_address) {
      EXPECT_EQ(bench.word(to), 0xABU);
      EXPECT_EQ(bench.word(to + 4), 0U);
    }
    EXPECT_EQ(bench.csr(supervisor, "INCOMING_DELTA"), 4U);
    EXPECT_EQ(bench.csr(supervisor, "SSR"), 13U << 4U);
    EXPECT_EQ(bench.tile().pc(supervisor), next);
    const std::uint32_t worker = e.kind == HazardKind::live_workers ? 1U << 2U : 0U;
    EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), eerr | ererr(e.code) | worker | 3U);
  }
}

TEST_P(ErrorCases, OtherKindsOnlyShow) {
  for (const Erring& e : erring) {
    Bench bench = make_bench(stopping_at(static_cast<std::uint8_t>(0x0F & ~kind(e.kind))));
    ByteAddr next{0};
    EXPECT_EQ(provoke(bench, e.kind, next).reason, StopReason::sync) << e.code;
    EXPECT_EQ(bench.csr(supervisor, "CTXT_STS") & (eerr | ererr(7)), eerr | ererr(e.code));
  }
}

// A word outside memory while a worker runs is two hazards; the lower code stands. A later one does not
// change it.
TEST_P(ErrorCases, TheFirstAndLowestCodeStays) {
  Bench bench = make_bench();
  Program worker(worker_code);
  for (unsigned i = 0; i < 4; ++i) worker.add_word(nop().first);
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  receive_at(p, ByteAddr{0x1000});
  launch(p);
  p.add(Opcode::sync, {2});                                  // 37; 66 exit, 72 goes on
  p.set_m(1, code.value() + 0x400);                          // 72
  p.add(Opcode::put_mmmn_zi, {1, number("INCOMING_BASE")});  // 78, in effect from 85 on
  p.add(Opcode::delay, {50});                                // 84
  p.add(Opcode::sync, {3});                                  // 135: a clash with its fetch
  bench.port().words = {{Cycle{40}, 1}, {Cycle{135}, 0}};
  const StopReport report = bench.run(p);
  expect_sync(report);
  EXPECT_EQ(report.cycle, Cycle{135});
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), eerr | ererr(3) | supervisor_active);
}

TEST_P(ErrorCases, DrivingWhileAWorkerRuns) {
  Bench bench = make_bench(stopping_at(kind(HazardKind::live_workers)));
  Program worker(worker_code);
  worker.add(Opcode::bri_mmmn_zi, {worker_code.value()});
  bench.load(worker);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(2, 0);
  p.add(Opcode::run_mmmn_zi, {0, 2, 0});          // 19
  p.add(Opcode::send, {0, data.value() / 4, 1});  // 25
  const ByteAddr next = p.here();
  p.add(Opcode::sync, {3});
  expect_exception(bench.run(p), {ExceptionType::exchange_error, ExceptionCause::exchange_error, supervisor,
                                  next, std::nullopt, 25});
  EXPECT_EQ(bench.port().sent.size(), 1U);
}

// The bundle of the cycle excepts by itself: that is reported, the error shows.
TEST_P(ErrorCases, TheBundlesOwnExceptionIsReported) {
  Bench bench = make_bench(stopping_at(kind(HazardKind::clash_with_fetch)));
  Program p(code);
  receive_at(p, code + 0x400);
  p.add(Opcode::delay, {15});                              // 24
  const ByteAddr trap = p.add(Opcode::trap_mmmn_zi, {0});  // 40
  bench.port().words = {{Cycle{40}, 0}};
  expect_exception(bench.run(p),
                   {ExceptionType::pbrk0, ExceptionCause::trap, supervisor, trap, std::nullopt, 40});
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), eerr | ererr(2) | 2U);
}

// The sync that issues in the cycle of a late stop has arrived, and is reported when the tile goes on.
TEST_P(ErrorCases, ASyncInTheCycleOfTheError) {
  Bench bench = make_bench(stopping_at(kind(HazardKind::clash_with_fetch)));
  Program p(code);
  receive_at(p, code + 0x400);
  p.add(Opcode::delay, {15});  // 24
  p.add(Opcode::sync, {3});    // 40
  const ByteAddr next = p.set_m(0, 5);
  p.add(Opcode::sync, {5});
  bench.port().words = {{Cycle{40}, 0}};
  expect_exception(bench.run(p), {ExceptionType::exchange_error, ExceptionCause::exchange_error, supervisor,
                                  next, code + 0x400, 40});
  EXPECT_TRUE(bench.tile().debug().clear_exceptions(1, Cycle{80}));
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), supervisor_active);
  const StopReport report = bench.go_on();
  expect_sync(report);
  EXPECT_EQ(report.cycle, Cycle{40});
  bench.tile().release_sync(Cycle{100});
  expect_sync(bench.go_on(), 5);
  expect_cycles_at(bench, next, {100});
}

// Clearing without the supervisor's bit leaves the status.
TEST_P(ErrorCases, TheStatusIsTheSupervisorsToClear) {
  Bench bench = make_bench();
  Program worker(worker_code);
  const ByteAddr at = worker.add(Opcode::ld32_mmmn_zi, {13, 15, 0, 2});  // 30
  worker.add(Opcode::exitz_mmmn, {15});
  bench.tile().debug().set_memory_error(data);
  EXPECT_EQ(bench.run_worker(worker).exception.pc, at);
  bench.tile().debug().set_memory_error(std::nullopt);
  EXPECT_TRUE(bench.tile().debug().clear_exceptions(2, Cycle{90}));
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), merr | 1U << 2U | supervisor_active);
  EXPECT_FALSE(bench.tile().debug().clear_exceptions(1, Cycle{90}));
  EXPECT_EQ(bench.csr(supervisor, "CTXT_STS"), 1U << 2U | supervisor_active);
  expect_sync(bench.go_on());
}

}  // namespace

}  // namespace ipusim::tile::test
