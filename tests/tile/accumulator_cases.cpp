// SPDX-License-Identifier: Apache-2.0
// Accumulators on a whole tile: clearing, keeping, faults beside them, retire records, the order of the
// halves of a bundle; with an observer and without, for which a model may have a quicker path.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using File = RegisterWrite::File;

constexpr std::uint32_t f(float value) { return std::bit_cast<std::uint32_t>(value); }
std::uint32_t upper(std::string_view name) { return isa::find_csr(isa::Mode::worker, name)->index & 0xFFU; }

class AccumulatorBench {
 public:
  AccumulatorBench(const TileKind& kind, bool observed) : bench_(kind, observed) {}

  Bench* operator->() { return &bench_; }
  // $m8 = data; `words` lie there.
  Program program(std::initializer_list<std::uint32_t> words) {
    std::uint32_t offset = 0;
    for (const std::uint32_t word : words) {
      bench_.store_word(data + offset, word);
      offset += 4;
    }
    Program p(worker_code);
    p.set_m(8, data.value());
    return p;
  }
  StopReport run(Program& p) {
    p.add(Opcode::exitz_mmmn, {15});
    const StopReport report = bench_.run_worker(p);
    EXPECT_TRUE(report.reason == StopReason::sync || report.reason == StopReason::exception);
    return report;
  }
  std::uint32_t accumulator(unsigned n) {
    return bench_.tile().read_register(Context::worker(0), File::accumulator, n);
  }

 private:
  Bench bench_;
};

TEST_P(AccumulatorCases, SumInARepeatAndLeaveThroughGina) {
  for (const bool observed : {true, false}) {
    AccumulatorBench bench(GetParam(), observed);
    Program p = bench.program({f(2), f(3), f(5), f(7)});
    p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
    p.add(Opcode::ld64_mman_zi, {8, 15, 1, 2});
    p.align(8);
    p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {10, 0}), fnop());
    p.add_bundle(nop(), encode(Opcode::f32v2mac_aaan, {0, 2}));
    p.add(Opcode::f32v2gina_aaan_zi, {4, 0, 0});
    EXPECT_EQ(bench.run(p).reason, StopReason::sync);
    EXPECT_EQ(bench->a(0, 4), f(100));
    EXPECT_EQ(bench->a(0, 5), f(210));
    EXPECT_EQ(bench.accumulator(0), 0U);
    EXPECT_EQ(bench.accumulator(12), f(2));
    EXPECT_EQ(bench.accumulator(14), f(3));
  }
}

TEST_P(AccumulatorCases, StayFromExitToTheNextLaunchUntilCleared) {
  for (const bool observed : {true, false}) {
    AccumulatorBench bench(GetParam(), observed);
    Program p = bench.program({f(2), f(3), 8});
    p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
    p.add(Opcode::f32mac_aaan, {0, 1});
    p.add(Opcode::exitz_mmmn, {15});
    bench->load(p);
    Program q(worker_code + 0x400);
    q.set_m(8, data.value());
    q.add(Opcode::f32v2gina_aaan_zi, {2, 14, 1});  // the chain, untouched: all zero
    q.add(Opcode::ld32_mman_zi, {8, 15, 2, 0});
    q.add(Opcode::uput_aaan_zi, {0, upper("FP_CLR")});
    q.add(Opcode::exitz_mmmn, {15});
    bench->load(q);
    Program s(code);  // p twice, then q
    s.add(Opcode::setzi_mmmn_zi, {1, 0});
    for (const ByteAddr entry : {p.base(), p.base(), q.base()}) {
      s.add(Opcode::setzi_mmmn_zi, {0, entry.value()});
      s.add(Opcode::run_mmmn_zi, {0, 1, 0});
      s.add(Opcode::sync, {2});
      s.add(Opcode::sync, {3});
    }
    EXPECT_EQ(bench->run(s).reason, StopReason::sync);
    EXPECT_EQ(bench.accumulator(0), f(6));
    bench->tile().release_sync(bench->tile().now() + 100);
    EXPECT_EQ(bench->go_on().reason, StopReason::sync);
    EXPECT_EQ(bench.accumulator(0), f(12));
    bench->tile().release_sync(bench->tile().now() + 100);
    EXPECT_EQ(bench->go_on().reason, StopReason::sync);
    for (unsigned n = 0; n < 32; ++n) EXPECT_EQ(bench.accumulator(n), 0U) << n;
  }
}

// FP exceptions leave nothing behind but the flag: no store beside, no accumulator, no register, no TAS.
TEST_P(AccumulatorCases, AnEnabledFlagUndoesTheBundle) {
  for (const bool observed : {true, false}) {
    AccumulatorBench bench(GetParam(), observed);
    Program p = bench.program({f(2), f(3), 4, 0x7F800001, f(5)});  // FP_CTL: OFLO; a NaN
    p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
    p.add(Opcode::f32mac_aaan, {0, 1});
    p.add(Opcode::setzi_aaan_zi, {2, 1});  // FP_CTL: INV
    p.add(Opcode::uput_aaan_zi, {2, upper("FP_CTL")});
    p.add(Opcode::uput_aaan_zi, {1, upper("TAS")});
    p.add(Opcode::ld64_mman_zi, {8, 15, 1, 2});  // a3 = NaN
    p.align(8);
    p.add_bundle(encode(Opcode::st32_mbmn_zi, {8, 15, 8, 0}), encode(Opcode::f32mac_aaan, {0, 0}));
    const ByteAddr at = p.add_bundle(encode(Opcode::st32_mbmn_zi, {8, 15, 9, 0}),
                                     encode(Opcode::f32sisoamp_aaan_ef, {6, 3, 0, 0}));
    const StopReport report = bench.run(p);
    EXPECT_EQ(report.reason, StopReason::exception);
    EXPECT_EQ(report.exception.cause, ExceptionCause::floating_point);
    EXPECT_EQ(report.exception.pc, at);
    EXPECT_EQ(bench->csr(Context::worker(0), "FP_STS"), 1U);
    EXPECT_EQ(bench->csr(Context::worker(0), "TAS"), f(3));
    EXPECT_EQ(bench->word(data + 32), f(2));
    EXPECT_EQ(bench->word(data + 36), 0U);
    EXPECT_EQ(bench.accumulator(0), f(10));
    EXPECT_EQ(bench.accumulator(1), 0U);
    EXPECT_EQ(bench->a(0, 6), 0U);
  }
}

// A fault of the main half, in the second pass of a repeat: the aux half must not have happened either.
TEST_P(AccumulatorCases, AFaultOfTheMainHalfUndoesTheAuxHalf) {
  for (const bool observed : {true, false}) {
    AccumulatorBench bench(GetParam(), observed);
    Program p = bench.program({f(2), f(3), 0, 0});
    p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
    p.set_m(2, 8);
    p.set_m(3, 0x40000);  // the second address lies outside memory
    p.align(8);
    p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {3, 0}), fnop());
    p.add_bundle(encode(Opcode::ld32step_mmbn, {8, 2, 3, 1}),
                 encode(Opcode::f32sisoamp_aaan_ef, {6, 1, 0, 1}));
    const StopReport report = bench.run(p);
    EXPECT_EQ(report.reason, StopReason::exception);
    EXPECT_EQ(report.exception.cause, ExceptionCause::invalid_address);
    // The first pass used $a1 = 3 and loaded 0 over it, which the second must not have put into TAS.
    EXPECT_EQ(bench->csr(Context::worker(0), "TAS"), f(3));
    EXPECT_EQ(bench->csr(Context::worker(0), "REPEAT_COUNT"), 2U);
  }
}

TEST_P(AccumulatorCases, AFaultOfTheMainHalfUndoesASum) {
  for (const bool observed : {true, false}) {
    AccumulatorBench bench(GetParam(), observed);
    Program p = bench.program({f(2), f(3), 0, 0});
    p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
    p.set_m(2, 8);
    p.set_m(3, 0x40000);
    p.align(8);
    p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {3, 0}), fnop());
    p.add_bundle(encode(Opcode::ld32step_mmbn, {8, 2, 3, 4}), encode(Opcode::f32mac_aaan, {0, 1}));
    EXPECT_EQ(bench.run(p).exception.cause, ExceptionCause::invalid_address);
    EXPECT_EQ(bench.accumulator(0), f(6));  // of the first pass
  }
}

// Every bit of the flags alone, and the mode that does not exist: see docs/arithmetic.md (O34, O38, O39).
TEST_P(AccumulatorCases, UnsupportedFlagsExcept) {
  struct Form {
    Opcode opcode;
    std::vector<std::uint32_t> good;
    std::uint32_t bits;
  };
  const Form forms[] = {{Opcode::f16v4sisoamp_aaan_ef, {1, 2, 8, 16}, 6},
                        {Opcode::f32sisoamp_aaan_ef, {1, 2, 4, 8, 16}, 6},
                        {Opcode::f16v4sisoslic_aaan_ef, {1, 2, 4}, 6},
                        {Opcode::f32sisoslic_aaan_ef, {1, 2, 4, 8}, 6},
                        {Opcode::f16v4istacc_aaan_ef, {1}, 6},
                        {Opcode::f16v4stacc_aaan_ef, {1}, 8}};
  for (const Form& form : forms) {
    std::vector<std::uint32_t> all{24};
    for (std::uint32_t bit = 0; bit < form.bits; ++bit) all.push_back(1U << bit);
    for (const std::uint32_t flags : all) {
      AccumulatorBench bench(GetParam(), true);
      Program p = bench.program({});
      const ByteAddr at = form.opcode == Opcode::f16v4stacc_aaan_ef ? p.add(form.opcode, {0, flags})
                                                                    : p.add(form.opcode, {0, 2, 4, flags});
      const StopReport report = bench.run(p);
      if (std::ranges::count(form.good, flags) != 0) {
        EXPECT_EQ(report.reason, StopReason::sync) << flags;
        continue;
      }
      EXPECT_EQ(report.exception.type, ExceptionType::invalid_operation) << flags;
      EXPECT_EQ(report.exception.cause, ExceptionCause::invalid_engine_flags) << flags;
      EXPECT_EQ(report.exception.pc, at) << flags;
    }
  }
}

// Halves of a place, and a little: of 1 in f32 (0x8005A9 * 0xFFF4AF = 2^47 + 4190855, scaled to just above
// 2^-24), of 2^39 in f16 (2^15 * 1 + 2^-14 * 2^-14). A tie would stay at the even neighbour below.
TEST_P(AccumulatorCases, SumsJustAboveATieAreRoundedUp) {
  for (const bool observed : {true, false}) {
    AccumulatorBench bench(GetParam(), observed);
    Program p = bench.program(
        {f(0x1p20F), f(1), f(0x1p19F), f(1), 0, 0x3F8005A9, 0, 0x337FF4AF, 0x04007800, 0x04003C00});
    for (unsigned pair = 0; pair < 4; ++pair) p.add(Opcode::ld64_mman_zi, {8, 15, pair, 2 * pair});
    p.add(Opcode::f32v2mac_aaan, {0, 2});
    p.add(Opcode::f32v2mac_aaan, {4, 6});
    p.add(Opcode::ld64_mman_zi, {8, 15, 4, 0});
    p.add(Opcode::f16v2cmac_aaan, {0, 1});
    EXPECT_EQ(bench.run(p).reason, StopReason::sync);
    EXPECT_EQ(bench.accumulator(0), f(0x1p39F) + 1);
    EXPECT_EQ(bench.accumulator(2), f(1) + 1);  // E[1]
  }
}

// All other phases leave the sum where it is, and give what the chain has: nothing.
TEST_P(AccumulatorCases, OnlyPhase0SwapsPartialSums) {
  for (const bool observed : {true, false}) {
    for (unsigned phase = 1; phase < 8; ++phase) {
      AccumulatorBench bench(GetParam(), observed);
      Program p = bench.program({f(2), f(3)});
      p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
      p.add(Opcode::f32mac_aaan, {0, 1});
      p.add(Opcode::f32sisoamp_aaan_ef, {2, 1, 0, phase});
      EXPECT_EQ(bench.run(p).reason, StopReason::sync);
      EXPECT_EQ(bench.accumulator(0), f(6)) << phase;
      EXPECT_EQ(bench->a(0, 2), 0U) << phase;
      EXPECT_EQ(bench->a(0, 3), 0U) << phase;
    }
  }
}

// A bundle that stores what the engine's result replaces, and loads what the engine reads.
TEST_P(AccumulatorCases, BothHalvesReadBeforeEitherWrites) {
  for (const bool observed : {true, false}) {
    AccumulatorBench bench(GetParam(), observed);
    Program p = bench.program({f(2), f(3), f(5), f(7), 0, 0, 0, 0, 0, 0, 0, 0});
    p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
    p.add(Opcode::ld64_mman_zi, {8, 15, 1, 2});
    p.set_m(2, 16);
    p.align(8);
    p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {4, 0}), fnop());
    // The chain gives (0, 0), then what went in: each pass puts in the pair it takes out of $a0:1.
    p.add_bundle(encode(Opcode::st64step_mbmn_si, {8, 2, 1, 0}),
                 encode(Opcode::f32v2gina_aaan_zi, {0, 0, 0}));
    p.align(8);
    p.add_bundle(encode(Opcode::ld64_mman_zi, {8, 15, 1, 4}), encode(Opcode::f32v2gina_aaan_zi, {6, 4, 0}));
    EXPECT_EQ(bench.run(p).reason, StopReason::sync);
    EXPECT_EQ(bench->word(data + 16), f(2));
    EXPECT_EQ(bench->word(data + 20), f(3));
    for (unsigned offset = 24; offset < 48; offset += 4) EXPECT_EQ(bench->word(data + offset), 0U) << offset;
    EXPECT_EQ(bench->a(0, 6), f(2));  // entered four passes ago
    EXPECT_EQ(bench->a(0, 7), f(3));
    EXPECT_EQ(bench->a(0, 4), f(5));
    EXPECT_EQ(bench.accumulator(12), 0U);  // $a4 as it was before the load
  }
}

// Four rows of four 16-bit elements become columns.
TEST_P(AccumulatorCases, SortTransposesBlocks) {
  for (const bool observed : {true, false}) {
    AccumulatorBench bench(GetParam(), observed);
    Program p = bench.program(
        {0x00010000, 0x00030002, 0x00110010, 0x00130012, 0x00210020, 0x00230022, 0x00310030, 0x00330032});
    for (std::uint32_t row = 0; row < 4; ++row) p.add(Opcode::ld64_mman_zi, {8, 15, row, 2 * row});
    p.add(Opcode::f16v4istacc_aaan_ef, {14, 0, 2, 0});
    p.add(Opcode::f16v4istacc_aaan_ef, {14, 4, 6, 1});
    p.add(Opcode::f16v4stacc_aaan_ef, {0, 0});
    p.add(Opcode::f16v4stacc_aaan_ef, {2, 1});
    p.add(Opcode::f16v4istacc_aaan_ef, {4, 14, 14, 0});
    p.add(Opcode::f16v4istacc_aaan_ef, {6, 14, 14, 1});
    EXPECT_EQ(bench.run(p).reason, StopReason::sync);
    const std::uint32_t expected[] = {0x00100000, 0x00300020, 0x00110001, 0x00310021,
                                      0x00120002, 0x00320022, 0x00130003, 0x00330023};
    for (unsigned n = 0; n < 8; ++n) EXPECT_EQ(bench->a(0, n), expected[n]) << n;
  }
}

TEST_P(AccumulatorCases, RetireRecordsListWhatChanged) {
  for (const bool observed : {true, false}) {
    AccumulatorBench bench(GetParam(), observed);
    Program p = bench.program({f(2), f(3)});
    p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
    const ByteAddr mac = p.add(Opcode::f32v2mac_aaan, {0, 14});
    const ByteAddr first = p.add(Opcode::f32mac_aaan, {0, 1});
    const ByteAddr amp = p.add(Opcode::f32sisoamp_aaan_ef, {2, 1, 0, 0});
    EXPECT_EQ(bench.run(p).reason, StopReason::sync);
    EXPECT_EQ(bench.accumulator(13), f(2));
    if (!observed) continue;  // nobody listens
    const auto writes_at = [&](ByteAddr pc) {
      for (const RetireRecord& r : bench->recorder().retired) {
        if (r.pc == pc) return r.registers;
      }
      return std::vector<RegisterWrite>{};
    };
    EXPECT_EQ(writes_at(mac), (std::vector<RegisterWrite>{}));  // + 2 * 0, + 3 * 0
    EXPECT_EQ(writes_at(first), (std::vector<RegisterWrite>{{File::accumulator, 0, f(6)}}));
    // Phase 0: the sum 6 leaves through the chain at once, (2, 3) enter it at the back.
    EXPECT_EQ(writes_at(amp), (std::vector<RegisterWrite>{{File::a, 2, f(6)},
                                                          {File::a, 3, 0},
                                                          {File::csr, 0x108, f(3)},
                                                          {File::accumulator, 0, 0},
                                                          {File::accumulator, 13, f(2)},
                                                          {File::accumulator, 15, f(3)}}));
  }
}

}  // namespace
}  // namespace ipusim::tile::test
