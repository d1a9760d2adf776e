// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, 2 and 8: bundles at 4 mod 8, which lie in two rows of memory. They cost nothing extra; both
// rows count for stores, hazards and memory errors; executable memory may end between the two words.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

constexpr auto supervisor = Context::supervisor();
constexpr auto worker0 = Context::worker(0);
constexpr std::uint64_t visible_after = isa::timing::fetch_after_store;
constexpr std::uint32_t slots = isa::timing::slots;

const isa::ArchInfo& map() { return isa::arch_info(isa::Arch::ipu2); }
ByteAddr end_of_code() { return ByteAddr{map().region1_base}; }
// Where a new memory element begins, behind worker_code.
constexpr ByteAddr element{0x50000};
ByteAddr before(ByteAddr at, std::uint32_t bytes) { return ByteAddr{at.value() - bytes}; }

std::uint32_t number(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }
Encoded count_in_m(unsigned m) { return encode(Opcode::add_mmmn_si, {m, m, 1}); }
Encoded sets_a5_to(std::uint32_t value) { return encode(Opcode::setzi_aaan_zi, {5, value}); }
Word aux_word(Encoded aux) { return aux.first | coissue_bit; }

// `first_turn` + n turns of worker 0.
std::uint64_t turn(std::uint32_t n) { return Bench::first_worker_cycle.value() + n * slots; }

// A worker that goes to `at` in its first turn.
Program goes_to(ByteAddr at) {
  Program p(worker_code);
  p.add(Opcode::bri_mmmn_zi, {at.value()});
  return p;
}
// $m4 counts its passes, $a5 becomes `value`; then the worker exits.
Program target_at(ByteAddr at, std::uint32_t value) {
  Program p(at);
  p.add_bundle(count_in_m(4), sets_a5_to(value));
  p.add(Opcode::exitz_mmmn, {15});
  return p;
}

TEST_P(StraddleCases, TakeOneTurnHoweverTheyAreReached) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(3, 2);
  const ByteAddr first = p.add_bundle(count_in_m(0), encode(Opcode::not_aaan, {0, 0}));
  const ByteAddr second = p.add_bundle(encode(Opcode::brnzdec_mmmn_zi, {3, first.value()}),
                                       encode(Opcode::setzi_aaan_zi, {1, 9}));
  ASSERT_EQ(first.value() % 8, 4U);
  ASSERT_EQ(second, first + 8);
  const ByteAddr end = p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  expect_cycles_at(bench, first, {turn(1), turn(3), turn(5)});
  expect_cycles_at(bench, second, {turn(2), turn(4), turn(6)});
  expect_cycles_at(bench, end, {turn(7)});
  EXPECT_EQ(bench.m(worker0, 0), 3U);
  EXPECT_EQ(bench.a(0, 0), ~0U);
  EXPECT_EQ(bench.a(0, 1), 9U);
}

TEST_P(StraddleCases, ThePcIsTheFirstWords) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add_word(nop().first);
  const ByteAddr get =
      p.add_bundle(encode(Opcode::get_mmmn_zi, {2, isa::find_csr(isa::Mode::worker, "PC")->index}), fnop());
  const ByteAddr call = p.add_bundle(encode(Opcode::call_mmmn_zi, {10, (p.here() + 16).value()}), fnop());
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.m(worker0, 2), get.value());
  EXPECT_EQ(bench.m(worker0, 10), (call + 8).value());
}

TEST_P(StraddleCases, AcrossTwoElementsAndUpToTheEndOfCode) {
  for (const ByteAddr at : {before(element, 4), before(end_of_code(), 12)}) {
    SCOPED_TRACE(::testing::Message() << std::hex << at.value());
    Bench bench = make_bench();
    bench.load(target_at(at, 77));
    expect_sync(bench.run_worker(goes_to(at)));
    expect_cycles_at(bench, at, {turn(1)});
    expect_cycles_at(bench, at + 8, {turn(2)});
    EXPECT_EQ(bench.m(worker0, 4), 1U);
    EXPECT_EQ(bench.a(0, 5), 77U);
  }
}

// ---- Executable memory ends behind the first word

// What stands behind it would do as the second word.
void load_cut_off(Bench& bench) {
  bench.store_word(before(end_of_code(), 4), count_in_m(4).first | coissue_bit);
  bench.store_word(end_of_code(), aux_word(sets_a5_to(1)));
}
ExpectedException cut_off() {
  return {ExceptionType::invalid_pc,
          ExceptionCause::invalid_pc,
          worker0,
          before(end_of_code(), 4),
          std::nullopt,
          turn(1)};
}

TEST_P(StraddleCases, TheSecondWordLiesInExecutableMemory) {
  Bench bench = make_bench();
  load_cut_off(bench);
  const StopReport report = bench.run_worker(goes_to(before(end_of_code(), 4)));
  expect_exception(report, cut_off());
  EXPECT_EQ(report.exception.words, (std::array<Word, 2>{count_in_m(4).first | coissue_bit, 0}));
  EXPECT_EQ(bench.m(worker0, 4), 0U);
  EXPECT_EQ(bench.a(0, 5), 0U);
  EXPECT_EQ(bench.csr(worker0, "WSR"), 10U << 4U);
}

TEST_P(StraddleCases, ALoneInstructionMayBeTheLastWord) {
  Bench bench = make_bench();
  bench.store_word(before(end_of_code(), 4), encode(Opcode::exitz_mmmn, {15}).first);
  bench.store_word(end_of_code(), aux_word(fnop()));
  expect_sync(bench.run_worker(goes_to(before(end_of_code(), 4))));
}

TEST_P(StraddleCases, TheSupervisorHasNoBundlesThereEither) {
  for (const bool two_words : {false, true}) {
    Bench bench = make_bench();
    const Word word =
        two_words ? encode(Opcode::sendpicp, {0, 0, 0, 0, 0x640, 0}).first : nop().first | coissue_bit;
    bench.store_word(before(end_of_code(), 4), word);
    Program p(code);
    p.add(Opcode::bri_mmmn_zi, {(before(end_of_code(), 4)).value()});
    expect_exception(bench.run(p),
                     {two_words ? ExceptionType::invalid_pc : ExceptionType::invalid_instruction,
                      two_words ? ExceptionCause::misaligned_pc : ExceptionCause::illegal_instruction,
                      supervisor, before(end_of_code(), 4)});
  }
}

// The first word must be read to know of the second, and a break looks at no words.
TEST_P(StraddleCases, RankOfTheMissingWord) {
  Bench marked = make_bench();
  load_cut_off(marked);
  marked.tile().debug().set_memory_error(before(end_of_code(), 4));
  expect_exception(marked.run_worker(goes_to(before(end_of_code(), 4))),
                   {ExceptionType::memory_error, ExceptionCause::memory_error, worker0,
                    before(end_of_code(), 4), before(end_of_code(), 8), turn(1)});
  Bench behind = make_bench();
  load_cut_off(behind);
  behind.tile().debug().set_memory_error(end_of_code());
  expect_exception(behind.run_worker(goes_to(before(end_of_code(), 4))), cut_off());
  Bench broken = make_bench();
  load_cut_off(broken);
  broken.tile().debug().set_remote_break({mask_of(worker0), false}, Cycle{turn(1)});
  expect_exception(broken.run_worker(goes_to(before(end_of_code(), 4))),
                   {ExceptionType::rbrk, ExceptionCause::remote_break, worker0, before(end_of_code(), 4),
                    std::nullopt, turn(1)});
}

// ---- Rows that cannot be read

TEST_P(StraddleCases, EitherRowMayErr) {
  const ByteAddr at = worker_code + 0x44;
  for (const std::uint32_t row : {0x40U, 0x48U}) {
    Bench bench = make_bench();
    bench.load(target_at(at, 1));
    bench.tile().debug().set_memory_error(worker_code + row + 4);
    bench.tile().debug().set_remote_break({mask_of(worker0), false}, Cycle{turn(1)});  // ranks behind
    const StopReport report = bench.run_worker(goes_to(at));
    expect_exception(report, {ExceptionType::memory_error, ExceptionCause::memory_error, worker0, at,
                              worker_code + row, turn(1)});
    EXPECT_EQ(report.exception.words, (std::array<Word, 2>{}));
    EXPECT_EQ(bench.csr(supervisor, "CTXT_STS") >> 31U, 1U);
  }
}

// A lone instruction lies in one row, whoever issues it; so does the supervisor's word that is no
// instruction.
TEST_P(StraddleCases, TheRowBehindALoneInstructionMayErr) {
  Bench on_worker = make_bench();
  Program lone(worker_code + 0x44);
  lone.add(Opcode::bri_mmmn_zi, {(worker_code + 0x80).value()});
  Program end(worker_code + 0x80);
  end.add(Opcode::exitz_mmmn, {15});
  on_worker.load(lone);
  on_worker.load(end);
  on_worker.tile().debug().set_memory_error(worker_code + 0x48);
  expect_sync(on_worker.run_worker(goes_to(lone.base())));
  Bench on_supervisor = make_bench();
  Program p(code);
  p.add_word(nop().first);
  const ByteAddr at = p.add_word(nop().first | coissue_bit);
  on_supervisor.tile().debug().set_memory_error(code + 8);
  expect_exception(on_supervisor.run(p),
                   {ExceptionType::invalid_instruction, ExceptionCause::illegal_instruction, supervisor, at});
}

// ---- Words from the exchange

// Launches a worker that goes to `at`, with INCOMING_BASE = base.
Program receiver(ByteAddr base) {
  Program p(code);
  p.set_m(1, base.value());
  p.add(Opcode::put_mmmn_zi, {1, number("INCOMING_BASE")});
  p.set_m(0, worker_code.value());
  p.set_m(1, data.value() - map().memory_base);
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  return p;
}
// Long enough before it for the base to be in effect.
Program delayed(ByteAddr at) {
  Program p(worker_code);
  for (int i = 0; i < 4; ++i) p.add_word(nop().first);
  p.add(Opcode::bri_mmmn_zi, {at.value()});
  return p;
}
// When the worker issues what stands at `at`.
std::uint64_t issue_of(const TileKind& kind, ByteAddr at) {
  Bench bench(kind);
  bench.load(target_at(at, 1));
  bench.load(delayed(at));
  expect_sync(bench.run(receiver(data)));
  const auto cycles = bench.cycles_at(at);
  EXPECT_EQ(cycles.size(), 1U);
  return cycles.empty() ? 0 : cycles[0];
}

// ERERR of CTXT_STS, from isa/csr.yaml; each is counted once, the lowest of a cycle.
std::uint32_t exchange_error(Bench& bench) { return bench.csr(supervisor, "CTXT_STS") >> 27U & 7U; }
constexpr std::uint32_t error_fetch = 2, error_live_workers = 4;

TEST_P(StraddleCases, BothRowsMeetReceivedWords) {
  const ByteAddr at = before(element, 4);
  const std::uint64_t issued = issue_of(GetParam().kind, at);
  struct Case {
    ByteAddr base;
    bool lone;
    std::uint64_t cycle;
    bool clash;
  };
  const ByteAddr lower = before(element, 0x100), upper = element + 0x100, other = element + 0x4000;
  for (const Case& c :
       {Case{lower, false, issued, true}, Case{upper, false, issued, true}, Case{other, false, issued, false},
        Case{lower, true, issued, true}, Case{upper, true, issued, false},
        Case{upper, false, issued - 1, false}, Case{lower, false, issued + 1, false}}) {
    SCOPED_TRACE(::testing::Message()
                 << std::hex << c.base.value() << " lone " << c.lone << " " << c.cycle - issued);
    Bench bench = make_bench();
    bench.load(target_at(at, 1));
    if (c.lone) {
      bench.store_word(at, nop().first);
      bench.store_word(at + 4, nop().first);
    }
    bench.load(delayed(at));
    bench.port().words = {{Cycle{c.cycle}, 0xAB}};
    expect_sync(bench.run(receiver(c.base)));
    EXPECT_EQ(bench.word(c.base), 0xABU);
    EXPECT_EQ(exchange_error(bench), c.clash ? error_fetch : error_live_workers);
    if (!GetParam().observed) continue;
    std::vector<Hazard> expected;
    if (c.clash) expected.push_back({HazardKind::clash_with_fetch, Cycle{c.cycle}, c.base, 0xAB});
    expected.push_back({HazardKind::live_workers, Cycle{c.cycle}, c.base, 0xAB});
    EXPECT_EQ(bench.recorder().hazards, expected);
  }
}

// A bundle one of whose rows cannot be read is not fetched.
TEST_P(StraddleCases, NoRowOfABundleThatErrsMeetsReceivedWords) {
  const ByteAddr at = before(element, 4);
  const std::uint64_t issued = issue_of(GetParam().kind, at);
  for (const ByteAddr row : {before(element, 8), element}) {
    for (const ByteAddr base : {before(element, 0x100), element + 0x100}) {
      Bench bench = make_bench();
      bench.load(target_at(at, 1));
      bench.load(delayed(at));
      bench.port().words = {{Cycle{issued}, 0xAB}};
      bench.tile().debug().set_memory_error(row);
      expect_exception(bench.run(receiver(base)),
                       {ExceptionType::memory_error, ExceptionCause::memory_error, worker0, at, row, issued});
      EXPECT_EQ(exchange_error(bench), error_live_workers);
    }
  }
}

TEST_P(StraddleCases, ReceivedWordsIntoTheSecondWord) {
  for (const ByteAddr at : {worker_code + 0x44, worker_code + 0xFC, before(element, 4)}) {
    const std::uint64_t issued = issue_of(GetParam().kind, at);
    for (const std::uint64_t distance : {visible_after - 1, visible_after}) {
      Bench bench = make_bench();
      bench.load(target_at(at, 1));
      bench.load(delayed(at));
      bench.port().words = {{Cycle{issued - distance}, aux_word(sets_a5_to(2))}};
      expect_sync(bench.run(receiver(at + 4)));
      EXPECT_EQ(bench.m(worker0, 4), 1U);
      EXPECT_EQ(bench.a(0, 5), distance < visible_after ? 1U : 2U) << "distance " << distance;
    }
  }
}

// ---- Stores

// Worker 0 stores $a0 or $a0:1 at `stored` in its 6th issue; the others reach `at`, where they may have been
// before, in their 7th.
void run_workers(Bench& bench, ByteAddr at, ByteAddr stored, bool wide, bool warm) {
  Program routine(at);
  routine.add_bundle(count_in_m(4), sets_a5_to(1));
  routine.add(Opcode::br_mmmn, {10});
  bench.load(routine);
  Program w(worker_code);
  w.set_m(1, data.value());
  w.set_m(2, stored.value());
  w.add(Opcode::get_mmmn_zi, {0, isa::find_csr(isa::Mode::worker, "WSR")->index});
  w.add(Opcode::ld64_mman_zi, {1, 15, 0, 0});
  if (warm) w.add(Opcode::call_mmmn_zi, {10, at.value()});
  w.add(Opcode::brnz_mmmn_zi, {0, (w.here() + 16).value()});
  wide ? w.add(Opcode::st64_mbmn_zi, {2, 15, 0, 0}) : w.add(Opcode::st32_mbmn_zi, {2, 15, 0, 0});
  w.add(Opcode::exitz_mmmn, {15});
  w.add_word(nop().first);
  w.add(Opcode::call_mmmn_zi, {10, at.value()});
  w.add(Opcode::exitz_mmmn, {15});
  bench.load(w);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, data.value() - map().memory_base);
  p.add(Opcode::runall_mmmn_zi, {0, 1, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
}

TEST_P(StraddleCases, StoresOfOtherWorkersIntoTheSecondWord) {
  for (const ByteAddr at : {worker_code + 0x104, worker_code + 0xFC, before(element, 4)}) {
    for (const bool wide : {false, true}) {
      for (const bool warm : {false, true}) {
        SCOPED_TRACE(::testing::Message() << std::hex << at.value() << " wide " << wide << " warm " << warm);
        Bench bench = make_bench();
        bench.store_word(data, aux_word(sets_a5_to(2)));
        bench.store_word(data + 4, encode(Opcode::br_mmmn, {10}).first);
        run_workers(bench, at, at + 4, wide, warm);
        for (std::uint32_t n = 1; n < 6; ++n) {
          // Workers 1..5 start one turn before worker 0.
          EXPECT_EQ(bench.a(n, 5), n < visible_after ? 1U : 2U) << "distance " << n;
          EXPECT_EQ(bench.m(Context::worker(n), 4), warm ? 2U : 1U);
        }
      }
    }
  }
}

// A worker's own store is there in its next turn: into either word, and beside them, where it changes
// nothing.
TEST_P(StraddleCases, OwnStores) {
  struct Case {
    std::uint32_t offset;  // from the bundle
    Word word;
    std::uint32_t m4, a5;
  };
  for (const ByteAddr at : {worker_code + 0x84, worker_code + 0xFC, before(element, 4)}) {
    for (const Case& c :
         {Case{0, encode(Opcode::add_mmmn_si, {4, 4, 16}).first | coissue_bit, 17, 1},
          Case{4, aux_word(sets_a5_to(2)), 2, 2}, Case{8, encode(Opcode::br_mmmn, {10}).first, 2, 1},
          Case{0, encode(Opcode::add_mmmn_si, {4, 4, 16}).first, 17, 1}}) {
      SCOPED_TRACE(::testing::Message() << std::hex << at.value() << " + " << c.offset << ": " << c.word);
      Bench bench = make_bench();
      Program routine(at);
      routine.add_bundle(count_in_m(4), sets_a5_to(1));
      routine.add(Opcode::br_mmmn, {10});
      bench.load(routine);
      bench.store_word(data, c.word);
      Program w(worker_code);
      w.set_m(1, data.value());
      w.set_m(2, (at + c.offset).value());
      w.add(Opcode::ld32_mman_zi, {1, 15, 0, 0});
      w.add(Opcode::call_mmmn_zi, {10, at.value()});
      w.add(Opcode::st32_mbmn_zi, {2, 15, 0, 0});
      w.add(Opcode::call_mmmn_zi, {10, at.value()});
      w.add(Opcode::exitz_mmmn, {15});
      const StopReport report = bench.run_worker(w);
      if (c.offset == 0 && (c.word & coissue_bit) == 0) {
        // The other word is now the first of a bundle of an aux instruction and a lone one.
        expect_exception(
            report, {ExceptionType::invalid_instruction, ExceptionCause::illegal_bundle, worker0, at + 4});
      } else {
        expect_sync(report);
      }
      EXPECT_EQ(bench.m(worker0, 4), c.m4);
      EXPECT_EQ(bench.a(0, 5), c.a5);
    }
  }
}

TEST_P(StraddleCases, HostWritesIntoEitherWord) {
  for (const ByteAddr at : {worker_code + 0x44, worker_code + 0xFC, before(element, 4)}) {
    Bench bench = make_bench();
    bench.load(target_at(at, 1));
    bench.load(goes_to(at));
    Program p = Bench::one_worker();
    p.add(Opcode::bri_mmmn_zi, {code.value()});
    expect_sync(bench.run(p));
    EXPECT_EQ(bench.a(0, 5), 1U);
    bench.store_word(at + 4, aux_word(sets_a5_to(2)));
    bench.tile().release_sync(bench.tile().now() + 20);
    expect_sync(bench.go_on());
    EXPECT_EQ(bench.a(0, 5), 2U);
    EXPECT_EQ(bench.m(worker0, 4), 2U);
    bench.store_word(at, encode(Opcode::add_mmmn_si, {4, 4, 16}).first | coissue_bit);
    bench.tile().release_sync(bench.tile().now() + 20);
    expect_sync(bench.go_on());
    EXPECT_EQ(bench.a(0, 5), 2U);
    EXPECT_EQ(bench.m(worker0, 4), 18U);
  }
}

// ---- Repeats and breaks

// The body alone must begin on a row, bundles before and behind it need not.
TEST_P(StraddleCases, AroundARepeat) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add_word(nop().first);
  p.add_bundle(count_in_m(0), fnop());
  p.add(Opcode::rpt_mmmn_zi_zi, {2, 0});
  const ByteAddr body = p.add_bundle(count_in_m(1), fnop());
  ASSERT_EQ(body.value() % 8, 0U);
  p.add_word(nop().first);
  p.add_bundle(count_in_m(2), fnop());
  const ByteAddr end = p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.m(worker0, 0), 1U);
  EXPECT_EQ(bench.m(worker0, 1), 2U);
  EXPECT_EQ(bench.m(worker0, 2), 1U);
  expect_cycles_at(bench, end, {turn(7)});
}

TEST_P(StraddleCases, ABodyMustBeginOnARow) {
  // In the body's first issue, also if it has been executed outside a repeat before.
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(9, 1);
  p.add(Opcode::bri_mmmn_zi, {(worker_code + 12).value()});
  const ByteAddr rpt = p.add(Opcode::rpt_mmmn_zi_zi, {2, 0});
  const ByteAddr body = p.add_bundle(count_in_m(0), fnop());
  p.add(Opcode::brnzdec_mmmn_zi, {9, rpt.value()});
  expect_exception(bench.run_worker(p), {ExceptionType::invalid_pc, ExceptionCause::misaligned_pc, worker0,
                                         body, std::nullopt, turn(5)});
  EXPECT_EQ(bench.m(worker0, 0), 1U);
  EXPECT_EQ(bench.csr(worker0, "WSR"), 10U << 4U | 1U << 9U);

  // The rpt in a bundle across two rows.
  Bench in_bundle = make_bench();
  Program q(worker_code);
  q.add_word(nop().first);
  q.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {2, 0}), fnop());
  const ByteAddr odd = q.add_bundle(count_in_m(0), fnop());
  expect_exception(in_bundle.run_worker(q), {ExceptionType::invalid_pc, ExceptionCause::misaligned_pc,
                                             worker0, odd, std::nullopt, turn(2)});
}

// No pass, no body to begin on a row.
TEST_P(StraddleCases, ACountOfZeroSkipsABodyThatBeginsOnNone) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add(Opcode::rpt_mmmn_zi_zi, {0, 0});
  p.add_bundle(count_in_m(0), fnop());
  p.add_bundle(count_in_m(1), fnop());
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.m(worker0, 0), 0U);
  EXPECT_EQ(bench.m(worker0, 1), 1U);
}

TEST_P(StraddleCases, ABreakIsOnTheFirstWord) {
  const ByteAddr at = worker_code + 0x44;
  for (const std::uint32_t offset : {0U, 4U}) {
    Bench bench = make_bench();
    bench.load(target_at(at, 1));
    bench.load(goes_to(at));
    Program p(code);
    constexpr std::uint32_t channel0 = 1, workers = 2;  // DBG_CTL, ENW of DBG_IBRK0_CTL
    const auto put = [&](std::string_view name, std::uint32_t value) {
      p.set_m(9, value);
      p.add(Opcode::put_mmmn_zi, {9, number(name)});
    };
    put("DBG_IBRK0_PC", (at + offset).value());
    put("DBG_IBRK0_CTL", workers);
    put("DBG_CTL", channel0);
    p.set_m(0, worker_code.value());
    p.set_m(1, data.value() - map().memory_base);
    p.add(Opcode::run_mmmn_zi, {0, 1, 0});
    p.add(Opcode::sync, {2});
    p.add(Opcode::sync, {3});
    const StopReport report = bench.run(p);
    if (offset == 0) {
      expect_exception(report,
                       {ExceptionType::instruction_break, ExceptionCause::instruction_break, worker0, at});
      EXPECT_EQ(bench.m(worker0, 4), 0U);
    } else {
      expect_sync(report);
      EXPECT_EQ(bench.m(worker0, 4), 1U);
    }
  }
}

}  // namespace
}  // namespace ipusim::tile::test
