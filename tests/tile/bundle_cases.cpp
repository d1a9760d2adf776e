// SPDX-License-Identifier: Apache-2.0
// Bundles: both halves read before either writes, aux halves of branches, and records.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using File = RegisterWrite::File;

TEST_P(BundleCases, LoadAndUseOfTheOldValue) {
  Bench bench = make_bench();
  bench.store_word(data, 0x11111111);
  Program p(worker_code);
  p.set_m(8, data.value());
  p.add(Opcode::setzi_aaan_zi, {0, 0x222});
  p.align(8);
  p.add_bundle(encode(Opcode::ld32_mman_zi, {8, 15, 0, 0}), encode(Opcode::not_aaan, {1, 0}));
  p.add(Opcode::st32_mbmn_zi, {8, 15, 1, 0});
  p.add(Opcode::st32_mbmn_zi, {8, 15, 2, 1});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.word(data + 4), 0x11111111U);
  EXPECT_EQ(bench.word(data + 8), ~0x222U);
}

TEST_P(BundleCases, StoreOfTheOldValue) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(8, data.value());
  p.add(Opcode::setzi_aaan_zi, {2, 0x222});
  p.add(Opcode::setzi_aaan_zi, {3, 0x333});
  p.align(8);
  p.add_bundle(encode(Opcode::st64_mbmn_zi, {8, 15, 0, 2}), encode(Opcode::roll32_aaan, {2, 2, 2}));
  p.add_bundle(encode(Opcode::atom_mamn, {1, 2}), encode(Opcode::setzi_aaan_zi, {2, 0x444}));
  p.add(Opcode::st32_mmmn_zi, {8, 15, 3, 1});
  p.add(Opcode::st64_mbmn_zi, {8, 15, 2, 2});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.word(data), 0x222U);
  EXPECT_EQ(bench.word(data + 4), 0x333U);
  EXPECT_EQ(bench.word(data + 12), 0x333U) << "atom read what roll32 left, not what its partner wrote";
  EXPECT_EQ(bench.word(data + 16), 0x444U);
  EXPECT_EQ(bench.word(data + 20), 0x222U);
}

// Bit 31 is part of sendpicp, and the mark of a bundle to a worker: it has no such instruction, in neither
// half.
TEST_P(BundleCases, SendpicpIsNoHalfOfABundle) {
  const Word sendpicp = encode(Opcode::sendpicp, {0, 0, 0, 0, 0x640, 0}).first;
  for (const bool first : {true, false}) {
    Bench bench = make_bench();
    Program p(worker_code);
    p.add_word(first ? sendpicp : nop().first | coissue_bit);
    p.add_word(first ? fnop().first | coissue_bit : sendpicp);
    expect_exception(bench.run_worker(p),
                     {ExceptionType::invalid_instruction, ExceptionCause::illegal_instruction,
                      Context::worker(0), worker_code});
  }
}

TEST_P(BundleCases, TheAuxHalfOfABranchAlwaysExecutes) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(8, data.value());
  p.align(8);
  const ByteAddr taken = p.here();
  p.add_bundle(encode(Opcode::bri_mmmn_zi, {(taken + 16).value()}), encode(Opcode::setzi_aaan_zi, {0, 1}));
  p.add(Opcode::trap_mmmn_zi, {0});
  p.align(8);
  p.add_bundle(encode(Opcode::brnz_mmmn_zi, {15, taken.value()}), encode(Opcode::setzi_aaan_zi, {1, 2}));
  const ByteAddr call = p.add_bundle(encode(Opcode::call_mmmn_zi, {10, (taken + 40).value()}),
                                     encode(Opcode::setzi_aaan_zi, {2, 3}));
  p.add(Opcode::trap_mmmn_zi, {0});
  p.align(8);
  p.add(Opcode::st32_mmmn_zi, {8, 15, 3, 10});
  for (std::uint32_t a = 0; a < 3; ++a) {
    p.add(Opcode::st32_mbmn_zi, {8, 15, a, a});
  }
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.word(data), 1U);
  EXPECT_EQ(bench.word(data + 4), 2U);
  EXPECT_EQ(bench.word(data + 8), 3U);
  EXPECT_EQ(bench.word(data + 12), (call + 8).value()) << "the return address of a call in a bundle";
}

TEST_P(BundleCases, OneTurnAndOneRecord) {
  Bench bench = make_bench();
  bench.store_word(data + 4, 0x99);
  Program p(worker_code);
  p.set_m(8, data.value());
  p.set_m(2, 4);
  p.align(8);
  const ByteAddr at =
      p.add_bundle(encode(Opcode::ld32step_mmmn_si, {8, 2, 2, 1}), encode(Opcode::or64_aaan, {4, 14, 14}));
  const ByteAddr next = p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  ASSERT_EQ(bench.cycles_at(at).size(), 1U);
  EXPECT_EQ(bench.cycles_at(next)[0], bench.cycles_at(at)[0] + 6);
  for (const RetireRecord& record : bench.recorder().retired) {
    if (record.pc == at) {
      EXPECT_EQ(record.registers,
                (std::vector<RegisterWrite>{
                    {File::m, 1, 0x99}, {File::m, 2, 12}, {File::a, 4, 0}, {File::a, 5, 0}}));
      EXPECT_EQ(record.words[0], p.words()[(at - worker_code) / 4]);
      EXPECT_EQ(record.words[1], p.words()[(at - worker_code) / 4 + 1]);
    }
  }
}

TEST_P(BundleCases, ASystemHalfSeesTheOldCsr) {
  Bench bench = make_bench();
  const std::uint32_t tas = isa::find_csr(isa::Mode::worker, "TAS")->index - 0x100U;
  Program p(worker_code);
  p.set_m(8, data.value());
  p.add(Opcode::setzi_aaan_zi, {0, 5});
  p.add(Opcode::uput_aaan_zi, {0, tas});
  p.align(8);
  p.add_bundle(nop(), encode(Opcode::uget_aaan_zi, {1, tas}));
  p.add(Opcode::st32_mbmn_zi, {8, 15, 0, 1});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.word(data), 5U);
}

struct Overlap {
  Encoded main;
  Encoded aux;
};

TEST_P(BundleCases, OverlappingDestinations) {
  const Overlap cases[] = {
      {encode(Opcode::ld32_mman_zi, {15, 15, 0, 0}), encode(Opcode::setzi_aaan_zi, {0, 1})},
      {encode(Opcode::ld64_mman_zi, {15, 15, 0, 2}), encode(Opcode::setzi_aaan_zi, {3, 1})},
      {encode(Opcode::ld128_mman_zi, {15, 15, 0, 4}), encode(Opcode::or64_aaan, {6, 14, 14})},
      {encode(Opcode::ld32_mman_zi, {15, 15, 0, 15}), encode(Opcode::setzi_aaan_zi, {15, 1})},
      {encode(Opcode::ld64_mman_zi, {15, 15, 0, 14}), encode(Opcode::setzi_aaan_zi, {14, 1})},
      {encode(Opcode::ld128_mman_zi, {15, 15, 0, 12}), encode(Opcode::setzi_aaan_zi, {13, 1})},
      {encode(Opcode::ld32step_mmbn_si, {15, 15, 0, 1}), encode(Opcode::or64_aaan, {0, 14, 14})},
  };
  for (const Overlap& c : cases) {
    Bench bench = make_bench();
    Program p(worker_code);
    const ByteAddr at = p.add_bundle(c.main, c.aux);
    // The addresses are bad too, but destinations come first.
    expect_exception(bench.run_worker(p),
                     {ExceptionType::invalid_operation, ExceptionCause::overlapping_destinations,
                      Context::worker(0), at, std::nullopt, 30});
  }
}

TEST_P(BundleCases, NeighbouringDestinationsDoNotOverlap) {
  Bench bench = make_bench();
  bench.store_word(wide_data, 7);
  Program p(worker_code);
  p.set_m(8, wide_data.value());
  p.align(8);
  p.add_bundle(encode(Opcode::ld64_mman_zi, {8, 15, 0, 2}), encode(Opcode::setzi_aaan_zi, {4, 1}));
  p.add_bundle(encode(Opcode::ld128_mman_zi, {8, 15, 0, 0}), encode(Opcode::or64_aaan, {4, 14, 14}));
  // Same number in the two files.
  p.add_bundle(encode(Opcode::setzi_mmmn_zi, {5, 9}), encode(Opcode::setzi_aaan_zi, {5, 8}));
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.a(0, 0), 7U);
  EXPECT_EQ(bench.a(0, 5), 8U);
  EXPECT_EQ(bench.m(Context::worker(0), 5), 9U);
}

// One half faults: neither writes, with an observer or (where a model may execute otherwise, what it has
// executed before) without.
TEST_P(BundleCases, AFaultUndoesBothHalves) {
  const std::uint32_t fp_clr = isa::find_csr(isa::Mode::worker, "FP_CLR")->index & 0xFFU;
  for (const bool observed : {true, false}) {
    Bench bench = make_bench(observed);
    bench.store_word(data, 0x7F7FFFFF);
    Program p(worker_code);
    p.set_m(8, data.value());
    p.set_m(2, 16);
    p.set_m(3, 1);
    p.add(Opcode::ld32_mman_zi, {8, 15, 0, 3});
    p.add(Opcode::setzi_aaan_zi, {4, 7});
    p.align(8);
    // The first pass writes a pair and raises OFLO; both are taken back before the second, which faults.
    const ByteAddr at = p.add_bundle(encode(Opcode::ld32step_mmmn_si, {8, 2, 1, 1}),
                                     encode(Opcode::f32v2add_aaat, {0, 3, 2}));
    p.add(Opcode::add_mmmn_si, {2, 2, 2});
    p.add(Opcode::uput_aaan_zi, {4, fp_clr});
    p.add(Opcode::or64_aaan, {0, 14, 14});
    p.add(Opcode::brnzdec_mmmn_zi, {3, at.value()});
    expect_exception(bench.run_worker(p), {ExceptionType::invalid_address, ExceptionCause::misaligned_address,
                                           Context::worker(0), at, data + 22});
    EXPECT_EQ(bench.a(0, 3), 0x7F7FFFFFU);
    EXPECT_EQ(bench.a(0, 0), 0U);
    EXPECT_EQ(bench.a(0, 1), 0U);
    EXPECT_EQ(bench.m(Context::worker(0), 2), 22U);
    EXPECT_EQ(bench.csr(Context::worker(0), "FP_STS"), 0U);
  }
}

}  // namespace
}  // namespace ipusim::tile::test
