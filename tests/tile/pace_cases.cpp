// SPDX-License-Identifier: Apache-2.0
// Instructions with several memory accesses, and loads of the coefficient store: expected values from the
// definitions of the ISA, with small models of the address arithmetic written here.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;

constexpr Context worker = Context::worker(0);
// Three buffers in elements of their own, and a word that tells where it stands.
constexpr U first = 0x80100, second = 0x88200, third = 0x90300;
constexpr U mark(U address) { return 0xA0000000U | address; }

// $m0 low, $m1 high by the definition: three 21-bit addresses.
struct Pair {
  U low, high;
  friend bool operator==(const Pair&, const Pair&) = default;
};
Pair packed(U a, U b, U c) {
  const std::uint64_t bits = std::uint64_t{a} | std::uint64_t{b} << 32U | std::uint64_t{c & 0x7FFU} << 21U |
                             std::uint64_t{c >> 11U} << 53U;
  return {static_cast<U>(bits), static_cast<U>(bits >> 32U)};
}
constexpr U strides(int one, int two, int three) {
  const auto field = [](int n) { return static_cast<U>(n) & 0x3FFU; };
  return field(one) | field(two) << 10U | field(three) << 20U;
}
// Units that a selector moves an address on.
int moved(U selector, int one, int two, int three) { return std::array{1, one, two, three}[selector]; }

// One instruction on a worker with $m6:7 = addresses, $m5 = strides, $m2..4 and $a0..3 set; once with a
// watcher and once without, which takes the tile's other way through.
class PaceCase {
 public:
  PaceCase(const Way& way, Opcode opcode, std::initializer_list<U> operands, Pair addresses, U stride)
      : bench_(way.kind, way.observed) {
    for (const U base : {first, second, third})
      for (U at = base - 0x80; at < base + 0x80; at += 4) bench_.store_word(ByteAddr{at}, mark(at));
    Program p(worker_code);
    for (U i = 0; i < 4; ++i) p.add(Opcode::setzi_aaan_zi, {i, 0x500 + i});
    p.set_m(6, addresses.low);
    p.set_m(7, addresses.high);
    p.set_m(5, stride);
    at_ = p.add(opcode, operands);
    p.add(Opcode::exitz_mmmn, {15});
    report_ = bench_.run_worker(p);
  }
  const StopReport& report() const { return report_; }
  ByteAddr at() const { return at_; }
  Pair addresses() const { return {bench_.m(worker, 6), bench_.m(worker, 7)}; }
  U a(unsigned i) const { return bench_.a(0, i); }
  U word(U address) const { return bench_.word(ByteAddr{address}); }

 private:
  Bench bench_;
  StopReport report_;
  ByteAddr at_;
};

TEST_P(PaceCases, TapackPutsThreeAddressesIntoTwoRegisters) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(0, 0xFFE81234);  // bits above 20 are dropped
  p.set_m(1, 0x0009ABC8);
  p.set_m(2, 0x001A5555);
  p.add(Opcode::tapack_mmmn, {0, 1, 2, 6});
  p.add(Opcode::exitz_mmmn, {15});
  bench.run_worker(p);
  const Pair expected = packed(0x081234, 0x09ABC8, 0x1A5555);
  EXPECT_EQ(bench.m(worker, 6), expected.low);
  EXPECT_EQ(bench.m(worker, 7), expected.high);
}

TEST_P(PaceCases, TwoLoadsWithEverySelector) {
  for (U selectors = 0; selectors < 16; ++selectors) {
    const PaceCase run(GetParam(), Opcode::ld2x64pace_mmbn_ef, {5, 6, 0, 2, selectors},
                       packed(first, second, third), strides(3, -2, 511));
    EXPECT_EQ(run.a(0), mark(first)) << selectors;
    EXPECT_EQ(run.a(1), mark(first + 4));
    EXPECT_EQ(run.a(2), mark(second));
    EXPECT_EQ(run.a(3), mark(second + 4));
    const auto next = [](U base, U selector) {
      return base + static_cast<U>(8 * moved(selector, 3, -2, 511));
    };
    EXPECT_EQ(run.addresses(), packed(next(first, selectors & 3U), next(second, selectors >> 2U), third))
        << selectors;
  }
}

TEST_P(PaceCases, AStrideRegisterOfZeroStaysInPlace) {
  const PaceCase run(GetParam(), Opcode::ld2x64pace_mmbn_ef, {15, 6, 0, 2, 0b0001},
                     packed(first, second, third), 0);
  EXPECT_EQ(run.addresses(), packed(first, second + 8, third));
}

// An address that was accessed lies too far inside the 21 bits for a step to wrap.
TEST_P(PaceCases, TheLongestSteps) {
  const PaceCase run(GetParam(), Opcode::ldst64pace_mbbn_ef, {5, 6, 0, 2, 0b1001},
                     packed(first, second, third), strides(-512, 511, 0));
  EXPECT_EQ(run.addresses(), packed(first - 4096, second, third + 4088));
  const PaceCase alone(GetParam(), Opcode::st64pace_mbmn_ef, {5, 6, 3, 0}, packed(0, 0x1FFFFF, third),
                       strides(0, 0, -512));
  EXPECT_EQ(alone.addresses(), packed(0, 0x1FFFFF, third - 4096));  // the others are not touched
}

TEST_P(PaceCases, TwoLoadsAndAStoreReadTheStoredPairBeforeTheyWriteIt) {
  for (U selectors = 0; selectors < 64; ++selectors) {
    const PaceCase run(GetParam(), Opcode::ld2xst64pace_mbbn_ef, {5, 6, 0, 2, selectors},
                       packed(first, second, third), strides(-1, 7, 0));
    EXPECT_EQ(run.word(third), 0x502U);
    EXPECT_EQ(run.word(third + 4), 0x503U);
    EXPECT_EQ(run.a(0), mark(first));
    EXPECT_EQ(run.a(3), mark(second + 4));
    const auto next = [](U base, U selector) {
      return base + static_cast<U>(8 * moved(selector & 3U, -1, 7, 0));
    };
    EXPECT_EQ(run.addresses(),
              packed(next(first, selectors), next(second, selectors >> 2U), next(third, selectors >> 4U)))
        << selectors;
  }
}

TEST_P(PaceCases, LoadAndStore) {
  const PaceCase run(GetParam(), Opcode::ldst64pace_mbbn_ef, {5, 6, 0, 0, 0b1100},
                     packed(first, second, third), strides(0, 0, -3));
  EXPECT_EQ(run.a(0), mark(first));
  EXPECT_EQ(run.a(1), mark(first + 4));
  EXPECT_EQ(run.word(third), 0x500U);
  EXPECT_EQ(run.word(third + 4), 0x501U);
  EXPECT_EQ(run.addresses(), packed(first + 8, second, third - 24));
}

TEST_P(PaceCases, StoreAloneIgnoresUpperSelectorBits) {
  const PaceCase run(GetParam(), Opcode::st64pace_mbmn_ef, {5, 6, 0xFD, 2}, packed(first, second, third),
                     strides(4, 0, 0));
  EXPECT_EQ(run.word(third), 0x502U);
  EXPECT_EQ(run.addresses(), packed(first, second, third + 32));
}

TEST_P(PaceCases, AnAddressThatIsNotAccessedKeepsEveryBit) {
  for (U bit = 0; bit < 21; ++bit) {
    for (const U odd : {1U << bit, 0x1FFFFF ^ 1U << bit}) {
      const PaceCase loads(GetParam(), Opcode::ld2x64pace_mmbn_ef, {5, 6, 0, 2, 0},
                           packed(first, second, odd), 0);
      EXPECT_EQ(loads.addresses(), packed(first + 8, second + 8, odd));
      const PaceCase store(GetParam(), Opcode::st64pace_mbmn_ef, {5, 6, 0, 2},
                           packed(odd, ~odd & 0x1FFFFFU, third), 0);
      EXPECT_EQ(store.addresses(), packed(odd, ~odd & 0x1FFFFFU, third + 8));
    }
  }
}

TEST_P(PaceCases, SecondLoadsOfWordsAndHalvesMoveByTheirOwnSize) {
  const PaceCase word(GetParam(), Opcode::ld64a32pace_mmbn_ef, {5, 6, 0, 3, 0b0100},
                      packed(first, second + 4, third), strides(3, 0, 0));
  EXPECT_EQ(word.a(1), mark(first + 4));
  EXPECT_EQ(word.a(3), mark(second + 4));
  EXPECT_EQ(word.addresses(), packed(first + 8, second + 4 + 12, third));
  const PaceCase half(GetParam(), Opcode::ld64b16pace_mmbn_ef, {5, 6, 0, 3, 0b0000},
                      packed(first, second + 2, third), 0);
  EXPECT_EQ(half.a(3), (mark(second) >> 16U) * 0x10001U);
  EXPECT_EQ(half.addresses(), packed(first + 8, second + 4, third));
}

TEST_P(PaceCases, FaultsWriteNothing) {
  struct Case {
    Opcode opcode;
    std::initializer_list<U> operands;
    Pair addresses;
    ExceptionType type;
    ExceptionCause cause;
    std::optional<ByteAddr> data;
  };
  constexpr auto ld2 = Opcode::ld2x64pace_mmbn_ef;
  constexpr auto ld2st = Opcode::ld2xst64pace_mbbn_ef;
  using enum ExceptionCause;
  for (const Case& c : {// Region 1: pairs of 32 KiB, bit 3 picks the element.
                        Case{ld2,
                             {5, 6, 0, 2, 0},
                             packed(first, first + 16, third),
                             ExceptionType::conflict,
                             element_conflict,
                             ByteAddr{first + 16}},
                        Case{ld2st,
                             {5, 6, 0, 2, 0},
                             packed(first, second, first),
                             ExceptionType::conflict,
                             element_conflict,
                             ByteAddr{first}},
                        Case{ld2,
                             {5, 6, 0, 2, 0},
                             packed(first, second + 4, third),
                             ExceptionType::invalid_address,
                             misaligned_address,
                             ByteAddr{second + 4}},
                        Case{ld2st,
                             {5, 6, 0, 2, 0},
                             packed(first, second, third + 1),
                             ExceptionType::invalid_address,
                             misaligned_address,
                             ByteAddr{third + 1}},
                        Case{ld2st,
                             {5, 6, 0, 2, 0},
                             packed(first + 4, second, 0xE8000),
                             ExceptionType::invalid_address,
                             invalid_address,
                             ByteAddr{0xE8000}},
                        Case{ld2,
                             {5, 6, 2, 2, 0},
                             packed(first, second, third),
                             ExceptionType::invalid_operation,
                             overlapping_destinations,
                             std::nullopt},
                        Case{Opcode::ld64a32pace_mmbn_ef,
                             {5, 6, 2, 3, 0},
                             packed(first, second, third),
                             ExceptionType::invalid_operation,
                             overlapping_destinations,
                             std::nullopt}}) {
    const PaceCase run(GetParam(), c.opcode, c.operands, c.addresses, 0);
    ASSERT_EQ(run.report().reason, StopReason::exception);
    EXPECT_EQ(run.report().exception.type, c.type);
    EXPECT_EQ(run.report().exception.cause, c.cause);
    EXPECT_EQ(run.report().exception.pc, run.at());
    EXPECT_EQ(run.report().exception.data_address, c.data);
    EXPECT_EQ(run.addresses(), c.addresses);
    for (U i = 0; i < 4; ++i) EXPECT_EQ(run.a(i), 0x500 + i);
    EXPECT_EQ(run.word(first), mark(first));
  }
  // Other halves of one pair of elements, and zero destinations, are no faults.
  EXPECT_EQ(PaceCase(GetParam(), ld2, {5, 6, 0, 2, 0}, packed(first, first + 8, third), 0).report().reason,
            StopReason::sync);
  EXPECT_EQ(PaceCase(GetParam(), ld2, {5, 6, 14, 14, 0}, packed(first, second, third), 0).report().reason,
            StopReason::sync);
}

// ---- Delta loads

// The instruction on a worker with base $m0 = first, $m1 = second, $m2 = `delta`.
class DeltaCase {
 public:
  DeltaCase(const Way& way, Opcode opcode, U destination, U delta, U next) : bench_(way.kind, way.observed) {
    for (U at = first; at < first + 0x80; at += 4) bench_.store_word(ByteAddr{at}, mark(at));
    bench_.store_word(ByteAddr{second}, next);
    bench_.store_word(ByteAddr{second + 4}, 0x44444444);
    Program p(worker_code);
    for (U i = 0; i < 4; ++i) p.add(Opcode::setzi_aaan_zi, {i, 0x500 + i});
    p.set_m(0, first);
    p.set_m(1, second);
    p.set_m(2, delta);
    p.add(opcode, {0, 1, 2, destination});
    p.add(Opcode::exitz_mmmn, {15});
    EXPECT_EQ(bench_.run_worker(p).reason, StopReason::sync);
  }
  U m(unsigned i) const { return bench_.m(worker, i); }
  U a(unsigned i) const { return bench_.a(0, i); }

 private:
  Bench bench_;
};

TEST_P(PaceCases, DeltaLoadsUseTheOldDeltaAndFetchTheNext) {
  const DeltaCase word(GetParam(), Opcode::ldd16a32_mmbn, 3, 0xFFFF0010, 0x5678ABCD);
  EXPECT_EQ(word.a(3), mark(first + 0x10));
  EXPECT_EQ(word.m(2), 0xABCDU);
  EXPECT_EQ(word.m(1), second + 2);
  const DeltaCase pair(GetParam(), Opcode::ldd16a64_mmbn, 2, 0x18, 0x00000008);
  EXPECT_EQ(pair.a(2), mark(first + 0x18));
  EXPECT_EQ(pair.a(3), mark(first + 0x1C));
  EXPECT_EQ(pair.m(2), 8U);
  const DeltaCase half(GetParam(), Opcode::ldd16b16_mmbn, 1, 0x22, 0x00000008);
  EXPECT_EQ(half.a(1), (mark(first + 0x20) >> 16U) * 0x10001U);
  EXPECT_EQ(half.m(1), second + 2);
}

TEST_P(PaceCases, HighAndLowDeltasOfOneWord) {
  const DeltaCase high(GetParam(), Opcode::ldd16v2a32_mmbn, 0, 0x00240010, 0x00300028);
  EXPECT_EQ(high.a(0), mark(first + 0x24));
  EXPECT_EQ(high.m(2), 0x00300028U);
  EXPECT_EQ(high.m(1), second + 4);
  const DeltaCase low(GetParam(), Opcode::ld64a32_mmbn, 0, 0x00240010, 0x33333333);
  EXPECT_EQ(low.a(0), 0x500U);  // kept
  EXPECT_EQ(low.a(1), mark(first + 0x10));
  EXPECT_EQ(low.a(2), 0x33333333U);
  EXPECT_EQ(low.a(3), 0x44444444U);
  EXPECT_EQ(low.m(2), 0x00240010U);
  EXPECT_EQ(low.m(1), second + 8);
}

TEST_P(PaceCases, TwoHalvesByDenseAndSparseDelta) {
  Bench bench = make_bench();
  bench.store_word(ByteAddr{first + 0x10}, 0x00001111);
  bench.store_word(ByteAddr{first + 0x18}, 0x22220000);
  Program p(worker_code);
  p.set_m(0, first);
  p.set_m(1, 0x000000A5);
  p.set_m(2, 0x001A0010);  // dense 0x1A, sparse 0x10
  p.add(Opcode::ldb16b16_mmbn, {0, 1, 2, 2});
  p.add(Opcode::exitz_mmmn, {15});
  EXPECT_EQ(bench.run_worker(p).reason, StopReason::sync);
  EXPECT_EQ(bench.a(0, 2), 0x11111111U);
  EXPECT_EQ(bench.a(0, 3), 0x22222222U);
  EXPECT_EQ(bench.m(worker, 2), 0x001C001AU);  // dense + 2, sparse + 2 * 5
  EXPECT_EQ(bench.m(worker, 1), 0xAU);
}

// ---- The coefficient store

TEST_P(CoefficientCases, AreLoadedByTheSupervisorAndReadByTheEngine) {
  for (const bool wide : {false, true}) {
    Bench bench = make_bench();
    // 1, 2, 3, 4 for unit 0 and 5, 6, 7, 8 for unit 1, in f16; the others keep 0.
    bench.store_word(wide_data, 0x40003C00);
    bench.store_word(wide_data + 4, 0x44004200);
    bench.store_word(wide_data + 8, 0);
    bench.store_word(wide_data + 12, 0);
    bench.store_word(wide_data + 16, 0x46004500);
    bench.store_word(wide_data + 20, 0x48004700);
    Program w(worker_code);
    constexpr U one_engine_phase0 = 2U << 3U;
    w.add(Opcode::setzi_aaan_zi, {0, 8});
    w.add(Opcode::uput_aaan_zi, {0, 1});  // FP_CLR: zero the accumulators
    for (const U i : {0U, 1U}) {
      w.add(Opcode::setzi_aaan_zi, {i, 0x3C00});
      w.add(Opcode::or_aaan_iz, {i, i, 0x3C000000});
    }
    w.add(Opcode::f16v4sisoamp_aaan_ef, {4, 0, 14, one_engine_phase0});
    w.add(Opcode::f16v4sisoamp_aaan_ef, {4, 14, 14, one_engine_phase0});
    w.add(Opcode::exitz_mmmn, {15});
    bench.load(w);
    Program p(code);
    p.set_m(0, wide_data.value());
    p.add(Opcode::put_mmmn_zi, {0, 80});
    if (wide) {
      p.add(Opcode::ld128putcs_mmmn_zi, {0});
      p.add(Opcode::ld128putcs_mmmn_zi, {4});
    } else {
      for (const U index : {0U, 1U, 4U}) p.add(Opcode::ld64putcs_mmmn_zi, {index});
    }
    p.add(Opcode::get_mmmn_zi, {3, 80});
    p.set_m(1, worker_code.value());
    p.add(Opcode::run_mmmn_zi, {1, 15, 0});
    p.add(Opcode::sync, {2});
    p.add(Opcode::sync, {3});
    ASSERT_EQ(bench.run(p).reason, StopReason::sync);
    EXPECT_EQ(bench.m(Context::supervisor(), 3), wide_data.value() + (wide ? 32U : 24U));
    EXPECT_EQ(bench.a(0, 4), 0x41200000U) << wide;  // 1 + 2 + 3 + 4 = 10.0
    EXPECT_EQ(bench.a(0, 5), 0x41D00000U) << wide;  // 5 + 6 + 7 + 8 = 26.0
  }
}

TEST_P(CoefficientCases, LoadsWaitForTheirAddress) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(0, wide_data.value());
  const ByteAddr put = p.add(Opcode::put_mmmn_zi, {0, 80});
  const ByteAddr load = p.add(Opcode::ld64putcs_mmmn_zi, {0});
  const ByteAddr next = p.add(Opcode::ld64putcs_mmmn_zi, {1});
  p.add(Opcode::sync, {3});
  bench.run(p);
  EXPECT_EQ(bench.cycles_at(load).at(0), bench.cycles_at(put).at(0) + 6);
  EXPECT_EQ(bench.cycles_at(next).at(0), bench.cycles_at(load).at(0) + 1);
}

TEST_P(CoefficientCases, BadIndicesAndAddressesFault) {
  struct Case {
    Opcode opcode;
    U index, address;
    ExceptionType type;
    ExceptionCause cause;
  };
  using enum ExceptionCause;
  constexpr auto narrow = Opcode::ld64putcs_mmmn_zi;
  constexpr auto wide = Opcode::ld128putcs_mmmn_zi;
  for (const Case& c :
       {Case{narrow, 64, wide_data.value(), ExceptionType::invalid_operation, invalid_coefficient_index},
        Case{wide, 63, wide_data.value(), ExceptionType::invalid_operation, invalid_coefficient_index},
        Case{wide, 1, wide_data.value(), ExceptionType::invalid_operation, invalid_coefficient_index},
        Case{wide, 0, data.value(), ExceptionType::invalid_address, invalid_region},
        Case{wide, 0, wide_data.value() + 8, ExceptionType::invalid_address, misaligned_address},
        Case{narrow, 0, wide_data.value() + 4, ExceptionType::invalid_address, misaligned_address},
        Case{narrow, 0, 0x1000, ExceptionType::invalid_address, invalid_address}}) {
    Bench bench = make_bench();
    Program p(code);
    p.set_m(0, c.address);
    p.add(Opcode::put_mmmn_zi, {0, 80});
    p.add(c.opcode, {c.index});
    const StopReport report = bench.run(p);
    ASSERT_EQ(report.reason, StopReason::exception);
    EXPECT_EQ(report.exception.type, c.type);
    EXPECT_EQ(report.exception.cause, c.cause);
  }
  // Region 0 is good enough for 64 bits.
  Bench bench = make_bench();
  Program p(code);
  p.set_m(0, data.value());
  p.add(Opcode::put_mmmn_zi, {0, 80});
  p.add(narrow, {63});
  p.add(Opcode::sync, {3});
  EXPECT_EQ(bench.run(p).reason, StopReason::sync);
}

TEST_P(AccessReportCases, EveryAccessOfAnInstructionCounts) {
  // Words arrive in the element of the first address while the worker loads and stores.
  Bench bench = make_bench();
  Program w(worker_code);
  const Pair addresses = packed(first, second, third);
  w.set_m(6, addresses.low);
  w.set_m(7, addresses.high);
  for (int i = 0; i < 4; ++i) w.add(Opcode::ld2xst64pace_mbbn_ef, {15, 6, 0, 2, 0});
  w.add(Opcode::exitz_mmmn, {15});
  bench.load(w);
  Program p(code);
  p.set_m(0, first + 0x40);
  p.add(Opcode::put_mmmn_zi, {0, isa::find_csr(isa::Mode::supervisor, "INCOMING_BASE")->index});
  p.set_m(1, worker_code.value());
  p.add(Opcode::run_mmmn_zi, {1, 15, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  for (std::uint64_t at = 60; at < 84; ++at) bench.port().words[Cycle{at}] = 7;
  bench.run(p);
  const auto& hazards = bench.recorder().hazards;
  EXPECT_TRUE(std::any_of(hazards.begin(), hazards.end(),
                          [](const Hazard& h) { return h.kind == HazardKind::clash_with_access; }));
}

}  // namespace
}  // namespace ipusim::tile::test
