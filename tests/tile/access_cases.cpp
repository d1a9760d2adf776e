// SPDX-License-Identifier: Apache-2.0
// Instructions with several memory accesses in their surroundings: faults, rpt bodies, bundles, what they
// report, and their accesses against arriving words. Expected values from small models written here.
#include <gtest/gtest.h>

#include <array>
#include <set>

#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;

constexpr Context worker = Context::worker(0);
// Buffers in elements of their own.
constexpr U first = 0x80100, second = 0x88200, third = 0x90300, elsewhere = 0x98000;
constexpr U memory_end = 0xE8000;

struct Pair {
  U low, high;
};
// Three 21-bit addresses by the definition.
Pair packed(U a, U b, U c) { return {a | (c & 0x7FFU) << 21U, b | (c >> 11U) << 21U}; }

// ---- Faults of the loads by deltas

struct Wrong {
  Opcode opcode;
  std::array<U, 3> m;  // $m0 base, $m1, $m2
  ExceptionCause cause;
  U data;
};

constexpr auto word = Opcode::ldd16a32_mmbn;
constexpr auto pair = Opcode::ldd16a64_mmbn;
constexpr auto half = Opcode::ldd16b16_mmbn;
constexpr auto high = Opcode::ldd16v2a32_mmbn;
constexpr auto low = Opcode::ld64a32_mmbn;
constexpr auto halves = Opcode::ldb16b16_mmbn;

constexpr Wrong wrong[] = {
    {word, {first, second, 2}, ExceptionCause::misaligned_address, first + 2},
    {pair, {first, second, 4}, ExceptionCause::misaligned_address, first + 4},
    {half, {first, second, 1}, ExceptionCause::misaligned_address, first + 1},
    {word, {first, second + 1, 0}, ExceptionCause::misaligned_address, second + 1},
    // The next delta is two bytes, or four of a pair of deltas; the pair behind a low delta is eight.
    {high, {first, second + 2, 0}, ExceptionCause::misaligned_address, second + 2},
    {high, {first, second, 0x00020000}, ExceptionCause::misaligned_address, first + 2},
    {low, {first, second + 4, 0}, ExceptionCause::misaligned_address, second + 4},
    {low, {first, second, 2}, ExceptionCause::misaligned_address, first + 2},
    {halves, {first, 0, 0x81010000}, ExceptionCause::misaligned_address, first + 0x8101},
    {halves, {first, 0, 0x80000003}, ExceptionCause::misaligned_address, first + 3},
    // Of two misaligned accesses the first is told.
    {word, {first, second + 1, 2}, ExceptionCause::misaligned_address, first + 2},
    {word, {memory_end - 4, second, 4}, ExceptionCause::invalid_address, memory_end},
    {word, {0xFFFFFFF0, second, 0x20}, ExceptionCause::invalid_address, 0x10},
    {pair, {first, 0x1000, 0}, ExceptionCause::invalid_address, 0x1000},
    {halves, {memory_end - 0x10, 0, 0x00100000}, ExceptionCause::invalid_address, memory_end},
    // Outside memory comes before misaligned, whichever access it is.
    {word, {first + 2, memory_end, 0}, ExceptionCause::invalid_address, memory_end},
    {word, {first + 2, first + 0x12, 0}, ExceptionCause::misaligned_address, first + 2},
    // Region 1: pairs of elements of 32 KiB, address bit 3 picks one. Region 0: 16 KiB.
    {word, {first, first + 0x10, 0}, ExceptionCause::element_conflict, first + 0x10},
    {high, {first, 0x87FF4, 0x00040000}, ExceptionCause::element_conflict, 0x87FF4},
    {low, {first, first + 0x40, 4}, ExceptionCause::element_conflict, first + 0x40},
    {half, {0x60000, 0x63FFE, 0}, ExceptionCause::element_conflict, 0x63FFE},
    {halves, {first, 0, 0x00020000}, ExceptionCause::element_conflict, first + 2},
};

TEST_P(AccessCases, FaultsOfDeltaLoadsWriteNothing) {
  for (const Wrong& w : wrong) {
    SCOPED_TRACE(std::string{isa::instruction(w.opcode).id} + " at " + std::to_string(&w - wrong));
    Bench bench = make_bench();
    Program p(worker_code);
    for (U i = 0; i < 4; ++i) p.add(Opcode::setzi_aaan_zi, {i, 0x500 + i});
    for (unsigned i = 0; i < 3; ++i) p.set_m(i, w.m[i]);
    const ByteAddr at = p.add(w.opcode, {0, 1, 2, 0});
    const StopReport report = bench.run_worker(p);
    ASSERT_EQ(report.reason, StopReason::exception);
    EXPECT_EQ(report.exception.type, w.cause == ExceptionCause::element_conflict
                                         ? ExceptionType::conflict
                                         : ExceptionType::invalid_address);
    EXPECT_EQ(report.exception.cause, w.cause);
    EXPECT_EQ(report.exception.pc, at);
    EXPECT_EQ(report.exception.data_address, ByteAddr{w.data});
    for (U i = 0; i < 4; ++i) EXPECT_EQ(bench.a(0, i), 0x500 + i);
    for (unsigned i = 0; i < 3; ++i) EXPECT_EQ(bench.m(worker, i), w.m[i]);
  }
}

TEST_P(AccessCases, NeighbouringElementsDoNotConflict) {
  for (const std::array<U, 3>& m : {std::array<U, 3>{first, first + 8, 0},  // the two halves of a pair
                                    std::array<U, 3>{0x7FFF0, 0x80000, 0},  // the last of region 0
                                    std::array<U, 3>{0x60000, 0x64000, 0x3FF0}}) {
    Bench bench = make_bench();
    Program p(worker_code);
    for (unsigned i = 0; i < 3; ++i) p.set_m(i, m[i]);
    p.add(Opcode::ldd16a64_mmbn, {0, 1, 2, 0});
    p.add(Opcode::exitz_mmmn, {15});
    EXPECT_EQ(bench.run_worker(p).reason, StopReason::sync) << std::hex << m[0];
  }
}

TEST_P(AccessCases, OneRegisterInTwoPlaces) {
  Bench bench = make_bench();
  bench.store_word(ByteAddr{second}, 0x0000BEEF);
  bench.store_word(ByteAddr{first}, 0x00001111);
  Program p(worker_code);
  p.set_m(0, first - (second & 0xFFFFU));  // $m1 is both where the next delta stands and the delta
  p.set_m(1, second);
  p.add(Opcode::ldd16a32_mmbn, {0, 1, 1, 0});
  // $m4 is both the two deltas and their steps: shifting them wins. Data at first + 8 and first.
  p.set_m(3, first - 0x10);
  p.set_m(4, 0x00100018);
  p.add(Opcode::ldb16b16_mmbn, {3, 4, 4, 2});
  p.add(Opcode::exitz_mmmn, {15});
  ASSERT_EQ(bench.run_worker(p).reason, StopReason::sync);
  EXPECT_EQ(bench.a(0, 0), 0x1111U);
  EXPECT_EQ(bench.m(worker, 1), 0xBEEFU);
  EXPECT_EQ(bench.a(0, 3), 0x11111111U);
  EXPECT_EQ(bench.m(worker, 4), 0x00010001U);
}

TEST_P(AccessCases, DeltasWrapIn16Bits) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(0, 0x80000);
  p.set_m(1, 0xFF);
  p.set_m(2, 0xFFFEFFF0);
  p.add(Opcode::ldb16b16_mmbn, {0, 1, 2, 0});
  p.add(Opcode::exitz_mmmn, {15});
  // 0x8FFF0 has bit 3 clear, 0x8FFFE has it set. No carry goes from the low delta to the high one.
  ASSERT_EQ(bench.run_worker(p).reason, StopReason::sync);
  EXPECT_EQ(bench.m(worker, 2), 0x0000000EU);  // 0xFFFE + 2, 0xFFF0 + 2 * 15
  EXPECT_EQ(bench.m(worker, 1), 0xFU);
}

TEST_P(AccessCases, DroppedDestinationsStillMovePointers) {
  Bench bench = make_bench();
  bench.store_word(ByteAddr{second}, 0x00240010);
  Program p(worker_code);
  p.set_m(0, first);
  p.set_m(1, second);
  p.set_m(2, 0);
  p.add(Opcode::ld64a32_mmbn, {0, 1, 2, 12});
  p.set_m(3, second);
  p.set_m(4, 0);
  p.add(Opcode::ldd16v2a32_mmbn, {0, 3, 4, 15});
  p.add(Opcode::exitz_mmmn, {15});
  ASSERT_EQ(bench.run_worker(p).reason, StopReason::sync);
  EXPECT_EQ(bench.m(worker, 1), second + 8);
  EXPECT_EQ(bench.m(worker, 3), second + 4);
  EXPECT_EQ(bench.m(worker, 4), 0x00240010U);
  for (U i = 0; i < 8; ++i) EXPECT_EQ(bench.a(0, i), 0U);
}

TEST_P(AccessCases, TapackOverItsOwnSources) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(0, first);
  p.set_m(1, second);
  p.set_m(2, 0xFFFFFFFF);
  p.add(Opcode::tapack_mmmn, {1, 0, 2, 0});
  p.add(Opcode::exitz_mmmn, {15});
  ASSERT_EQ(bench.run_worker(p).reason, StopReason::sync);
  EXPECT_EQ(bench.m(worker, 0), second | 0xFFE00000U);
  EXPECT_EQ(bench.m(worker, 1), first | 0x7FE00000U);  // 10 bits: bit 31 is 0
}

// ---- In a rpt body, beside an aux half

TEST_P(AccessCases, AStreamOfBundles) {
  constexpr U count = 9;
  const auto x = [](U i) { return std::uint64_t{0xF0F0F0F1} * (i + 3) ^ std::uint64_t{i} << 40U; };
  const auto y = [](U i) { return std::uint64_t{0x0123456789ABCDEF} * (2 * i + 1); };
  Bench bench = make_bench();
  const auto store = [&](U at, std::uint64_t value) {
    bench.store_word(ByteAddr{at}, static_cast<U>(value));
    bench.store_word(ByteAddr{at + 4}, static_cast<U>(value >> 32U));
  };
  // x rising by one, y falling by two, z rising by three atoms. `second` has y's start.
  for (U i = 0; i < count; ++i) {
    store(first + 8 * i, x(i));
    store(second - 16 * i, y(i));
  }
  const U strides = (static_cast<U>(-2) & 0x3FFU) << 10U | 3U << 20U;
  constexpr U selectors = 0U | 2U << 2U | 3U << 4U;
  Program p(worker_code);
  for (U i = 0; i < 6; ++i) p.add(Opcode::setzi_aaan_zi, {i, 0xC0 + i});
  const Pair addresses = packed(first, second, third);
  p.set_m(6, addresses.low);
  p.set_m(7, addresses.high);
  p.set_m(5, strides);
  p.align(8);
  p.add_word(nop().first);
  p.add(Opcode::rpt_mmmn_zi_zi, {count, 0});
  const ByteAddr body = p.add_bundle(encode(Opcode::ld2xst64pace_mbbn_ef, {5, 6, 0, 4, selectors}),
                                     encode(Opcode::and64_aaan, {4, 0, 2}));
  p.add(Opcode::exitz_mmmn, {15});
  ASSERT_EQ(bench.run_worker(p).reason, StopReason::sync);
  // Both halves read what stood in the registers before the bundle.
  std::uint64_t in_x = 0xC0 | std::uint64_t{0xC1} << 32U;
  std::uint64_t in_y = 0xC2 | std::uint64_t{0xC3} << 32U;
  std::uint64_t out = 0xC4 | std::uint64_t{0xC5} << 32U;
  for (U i = 0; i < count; ++i) {
    const U at = third + 24 * i;
    EXPECT_EQ(bench.word(ByteAddr{at}), static_cast<U>(out)) << i;
    EXPECT_EQ(bench.word(ByteAddr{at + 4}), static_cast<U>(out >> 32U)) << i;
    out = in_x & in_y;
    in_x = x(i);
    in_y = y(i);
  }
  EXPECT_EQ(bench.a(0, 4), static_cast<U>(out));
  EXPECT_EQ(bench.a(0, 5), static_cast<U>(out >> 32U));
  EXPECT_EQ(bench.a(0, 3), static_cast<U>(in_y >> 32U));
  const Pair end = packed(first + 8 * count, second - 16 * count, third + 24 * count);
  EXPECT_EQ(bench.m(worker, 6), end.low);
  EXPECT_EQ(bench.m(worker, 7), end.high);
  if (!GetParam().observed) return;
  const auto cycles = bench.cycles_at(body);
  ASSERT_EQ(cycles.size(), count);
  EXPECT_EQ(cycles.back() - cycles.front(), 6 * (count - 1));
}

TEST_P(AccessCases, AConflictStopsBothHalvesAndTheirFlags) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add(Opcode::setzi_aaan_zi, {4, 0x77});
  p.add(Opcode::setzi_aaan_zi, {0, 0});
  p.add(Opcode::or_aaan_iz, {0, 0, 0x7F000000});  // 2^127: its square overflows
  const Pair addresses = packed(first, first + 0x20, third);
  p.set_m(6, addresses.low);
  p.set_m(7, addresses.high);
  p.align(8);
  const ByteAddr at = p.add_bundle(encode(Opcode::ld2x64pace_mmbn_ef, {15, 6, 0, 2, 0}),
                                   encode(Opcode::f32mul_aaan, {4, 0, 0}));
  const StopReport report = bench.run_worker(p);
  ASSERT_EQ(report.reason, StopReason::exception);
  EXPECT_EQ(report.exception.type, ExceptionType::conflict);
  EXPECT_EQ(report.exception.pc, at);
  EXPECT_EQ(bench.a(0, 4), 0x77U);
  EXPECT_EQ(bench.a(0, 0), 0x7F000000U);
  EXPECT_EQ(bench.csr(worker, "FP_STS"), 0U);
  EXPECT_EQ(bench.m(worker, 6), addresses.low);
}

TEST_P(AccessCases, HalvesMayNotWriteOneRegister) {
  // The quad of ld2xst64pace and the whole quad ld64a32 names, its kept register included.
  for (const auto main :
       {encode(Opcode::ld2xst64pace_mbbn_ef, {15, 6, 0, 4, 0}), encode(Opcode::ld64a32_mmbn, {0, 1, 2, 0})})
    for (const U destination : {0U, 3U}) {
      Bench bench = make_bench();
      Program p(worker_code);
      p.add_bundle(main, encode(Opcode::setzi_aaan_zi, {destination, 1}));
      EXPECT_EQ(bench.run_worker(p).exception.cause, ExceptionCause::overlapping_destinations);
    }
}

// ---- What they report

TEST_P(AccessReportCases, ARetiredPaceListsAllItWrote) {
  Bench bench = make_bench();
  bench.store_word(ByteAddr{first}, 0x11);
  bench.store_word(ByteAddr{second + 4}, 0x22);
  Program p(worker_code);
  p.add(Opcode::setzi_aaan_zi, {1, 0x501});
  const Pair addresses = packed(first, second, third);
  p.set_m(6, addresses.low);
  p.set_m(7, addresses.high);
  const ByteAddr at = p.add(Opcode::ld2xst64pace_mbbn_ef, {15, 6, 0, 0, 0b010000});
  p.add(Opcode::exitz_mmmn, {15});
  bench.run_worker(p);
  const auto& retired = bench.recorder().retired;
  const auto record =
      std::find_if(retired.begin(), retired.end(), [&](const RetireRecord& r) { return r.pc == at; });
  ASSERT_NE(record, retired.end());
  const Pair next = packed(first + 8, second + 8, third);
  using enum RegisterWrite::File;
  const std::vector<RegisterWrite> registers{{m, 6, next.low}, {m, 7, next.high}, {a, 0, 0x11},
                                             {a, 1, 0},        {a, 2, 0},         {a, 3, 0x22}};
  EXPECT_EQ(record->registers, registers);
  const std::vector<MemoryWrite> memory{{ByteAddr{third}, 8, std::uint64_t{0x501} << 32U}};
  EXPECT_EQ(record->memory, memory);
}

// Cycles in which words that arrive at `incoming`, one in every cycle, meet an access of the instruction at
// `instruction`; $m0..7 of the worker as given.
struct Meetings {
  std::set<std::uint64_t> clashes, issues;
};
Meetings meetings(const TileKind& kind, const Encoded& instruction, const std::array<U, 8>& m, U incoming) {
  Bench bench(kind);
  Program w(worker_code);
  for (unsigned i = 0; i < 8; ++i) w.set_m(i, m[i]);
  const ByteAddr at = w.add_word(instruction.first);
  w.add(Opcode::exitz_mmmn, {15});
  bench.load(w);
  Program p(code);
  p.set_m(0, incoming);
  p.add(Opcode::put_mmmn_zi, {0, isa::find_csr(isa::Mode::supervisor, "INCOMING_BASE")->index});
  p.set_m(1, worker_code.value());
  p.add(Opcode::run_mmmn_zi, {1, 15, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  for (std::uint64_t t = 40; t < 200; ++t) bench.port().words[Cycle{t}] = 0;
  bench.run(p);
  Meetings out;
  for (const std::uint64_t t : bench.cycles_at(at)) out.issues.insert(t);
  for (const Hazard& h : bench.recorder().hazards)
    if (h.kind == HazardKind::clash_with_access) out.clashes.insert(h.cycle.value());
  EXPECT_EQ(out.issues.size(), 1U);
  return out;
}

TEST_P(AccessReportCases, EveryAccessMeetsArrivingWords) {
  const Pair addresses = packed(first, second, third);
  struct Case {
    Encoded instruction;
    std::array<U, 8> m;
    std::vector<U> accesses;
  };
  const std::array<U, 8> paced{0, 0, 0, 0, 0, 0, addresses.low, addresses.high};
  const std::array<U, 8> delta{first, second, 0, 0, 0, 0, 0, 0};
  for (const Case& c :
       {Case{encode(Opcode::ld2xst64pace_mbbn_ef, {15, 6, 0, 4, 0}), paced, {first, second, third}},
        Case{encode(Opcode::ldst64pace_mbbn_ef, {15, 6, 0, 4, 0}), paced, {first, third}},
        Case{encode(Opcode::ld64b16pace_mmbn_ef, {15, 6, 0, 4, 0}), paced, {first, second}},
        Case{encode(Opcode::st64pace_mbmn_ef, {15, 6, 0, 0}), paced, {third}},
        Case{encode(Opcode::ldd16a64_mmbn, {0, 1, 2, 0}), delta, {first, second}},
        Case{encode(Opcode::ld64a32_mmbn, {0, 1, 2, 0}), delta, {first, second}},
        Case{encode(Opcode::ldb16b16_mmbn, {0, 1, 2, 0}), {first, 0, 0x81000000}, {first, second}}}) {
    for (const U place : {first, second, third, elsewhere}) {
      // The other half of the pair of elements counts too.
      const Meetings found = meetings(GetParam(), c.instruction, c.m, (place & ~0x7FFFU) + 0x4000);
      const bool meets = std::count(c.accesses.begin(), c.accesses.end(), place) != 0;
      EXPECT_EQ(found.clashes, meets ? found.issues : std::set<std::uint64_t>{}) << std::hex << place;
    }
  }
}

}  // namespace
}  // namespace ipusim::tile::test
