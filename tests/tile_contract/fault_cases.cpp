// SPDX-License-Identifier: Apache-2.0
// Every exception of docs/timing.md, 2 to 5: type, cause, saved PC, and that nothing was written.
#include <gtest/gtest.h>

#include IPUSIM_TEST_TILE_HEADER
#include "tile_bench.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::tile_test;
using tile::ExceptionCause;
using tile::ExceptionType;

class Faults : public ::testing::Test {
 protected:
  TileBench bench{&IPUSIM_TEST_TILE};
  static std::vector<std::uint32_t> fnop() { return words("setzi_aaan_zi", {13, 0}); }

  tile::ExceptionReport worker_fault(const Program& w) {
    const auto stop = bench.run_workers(w);
    EXPECT_EQ(stop.reason, tile::StopReason::exception);
    return stop.exception;
  }
  void expect_fault(const tile::ExceptionReport& e, ExceptionType type, ExceptionCause cause,
                    std::uint32_t pc) {
    EXPECT_EQ(e.type, type);
    EXPECT_EQ(e.cause, cause);
    EXPECT_EQ(e.pc, ByteAddr{pc});
  }
};

TEST_F(Faults, UnalignedAndOutsideAddresses) {
  Program w(worker_code);
  w.op("ld32_mmmn_zi", {13, 15, 0, 0}).op("ldz16_mmmn_zi", {13, 15, 0, 1}).op("add_mmmn_si", {2, 13, 2});
  w.op("ld32_mmmn_zi", {2, 15, 0, 3});
  const auto e = worker_fault(w);
  expect_fault(e, ExceptionType::invalid_address, ExceptionCause::misaligned_address, worker_code + 12);
  EXPECT_EQ(e.data_address, ByteAddr{data + 2});
  EXPECT_EQ(e.context, Context::worker(1));  // the first slot after the launch is slot 1
  EXPECT_EQ(bench.tile->context_status(Context::worker(1)), 3U);
}

TEST_F(Faults, OutsideMemory) {
  Program w(worker_code);
  w.set(0, 0xE8000).op("ld32_mmmn_zi", {0, 15, 0, 3});
  expect_fault(worker_fault(w), ExceptionType::invalid_address, ExceptionCause::invalid_address,
               worker_code + 4);
}

TEST_F(Faults, Ld128NeedsRegionOne) {
  Program w(worker_code);
  w.set(0, 0x60000).op("ld128_mman_zi", {0, 15, 0, 0});
  expect_fault(worker_fault(w), ExceptionType::invalid_address, ExceptionCause::invalid_region,
               worker_code + 4);
}

TEST_F(Faults, FaultingHalfStopsBothHalves) {
  Program w(worker_code);
  w.set(0, 2).nop();
  w.bundle(words("ld32_mman_zi", {0, 15, 0, 1}), words("setzi_aaan_zi", {2, 5}));
  expect_fault(worker_fault(w), ExceptionType::invalid_address, ExceptionCause::invalid_address,
               worker_code + 8);
  EXPECT_EQ(bench.a(2, Context::worker(1)), 0U);
}

TEST_F(Faults, BadTargets) {
  Program w(worker_code);
  w.set(0, worker_code + 2).op("br_mmmn", {0});
  expect_fault(worker_fault(w), ExceptionType::invalid_pc, ExceptionCause::misaligned_pc, worker_code + 2);
}

TEST_F(Faults, RegionOneIsNotExecutable) {
  Program w(worker_code);
  w.set(0, data).op("br_mmmn", {0});
  expect_fault(worker_fault(w), ExceptionType::invalid_pc, ExceptionCause::invalid_pc, data);
}

TEST_F(Faults, SecondWordOfABundleOutsideExecutableMemory) {
  const std::uint32_t last = isa::arch_info(isa::Arch::ipu2).region1_base - 4;
  Program bundle(last);
  bundle.bundle(words("setzi_mmmn_zi", {0, 1}), fnop());
  bench.load(bundle);
  Program w(worker_code);
  w.op("bri_mmmn_zi", {last / 4});
  expect_fault(worker_fault(w), ExceptionType::invalid_pc, ExceptionCause::invalid_pc, last);
}

TEST_F(Faults, TwoWordInstructionAcrossRows) {
  Program p(code_base);
  p.nop().op("sendpicp", {0, 0, 0, 0, 0x640, 0});
  expect_fault(bench.run(p).exception, ExceptionType::invalid_pc, ExceptionCause::misaligned_pc,
               code_base + 4);
}

TEST_F(Faults, IllegalWord) {
  Program unknown(worker_code);
  unknown.raw(0x6C000000);  // no encoding has major 0x6C
  expect_fault(worker_fault(unknown), ExceptionType::invalid_instruction, ExceptionCause::illegal_instruction,
               worker_code);
}

TEST_F(Faults, SupervisorInstructionInAWorker) {
  Program w(worker_code);
  w.op("run_mmmn_zi", {0, 1, 0});
  expect_fault(worker_fault(w), ExceptionType::invalid_instruction, ExceptionCause::illegal_in_mode,
               worker_code);
}

TEST_F(Faults, WorkerInstructionInTheSupervisor) {
  Program p(code_base);
  p.op("setzi_aaan_zi", {0, 1});
  const auto stop = bench.run(p);
  expect_fault(stop.exception, ExceptionType::invalid_instruction, ExceptionCause::illegal_in_mode,
               code_base);
  EXPECT_EQ(stop.exception.context, Context::supervisor());
}

TEST_F(Faults, BundleOfTwoMainInstructions) {
  Program w(worker_code);
  w.bundle(words("setzi_mmmn_zi", {0, 1}), words("setzi_mmmn_zi", {1, 1}));
  expect_fault(worker_fault(w), ExceptionType::invalid_instruction, ExceptionCause::illegal_bundle,
               worker_code);
}

TEST_F(Faults, OverlappingDestinations) {
  Program w(worker_code);
  w.bundle(words("ld64_mman_zi", {13, 15, 0, 2}), words("setzi_aaan_zi", {3, 1}));
  expect_fault(worker_fault(w), ExceptionType::invalid_operation, ExceptionCause::overlapping_destinations,
               worker_code);
}

TEST_F(Faults, RepeatBodyOfSingleInstructions) {
  Program w(worker_code);
  w.nop().op("rpt_mmmn_zi_zi", {2, 0}).set(0, 1).set(0, 2);
  expect_fault(worker_fault(w), ExceptionType::invalid_instruction, ExceptionCause::illegal_in_repeat,
               worker_code + 8);
  // WSR: worker 1, ETYPE 12, ERPT.
  EXPECT_EQ(bench.tile->read_register(Context::worker(1), tile::RegisterWrite::File::csr, 1),
            1U | 12U << 4 | 1U << 9);
}

TEST_F(Faults, ControlInARepeatBody) {
  Program w(worker_code);
  w.nop().op("rpt_mmmn_zi_zi", {2, 0}).bundle(words("bri_mmmn_zi", {0}), fnop());
  expect_fault(worker_fault(w), ExceptionType::invalid_instruction, ExceptionCause::illegal_in_repeat,
               worker_code + 8);
}

TEST_F(Faults, Csrs) {
  struct Case {
    unsigned number;
    bool write;
    ExceptionCause cause;
  };
  for (const Case& c :
       {Case{0x7F, false, ExceptionCause::invalid_csr}, Case{0x03, true, ExceptionCause::read_only_csr},
        Case{0xAA, false, ExceptionCause::unimplemented_csr}}) {
    TileBench b{&IPUSIM_TEST_TILE};
    Program p(code_base);
    c.write ? p.op("put_mmmn_zi", {0, c.number}) : p.op("get_mmmn_zi", {0, c.number});
    const auto stop = b.run(p);
    EXPECT_EQ(stop.exception.type, ExceptionType::invalid_operation);
    EXPECT_EQ(stop.exception.cause, c.cause) << c.number;
  }
}

TEST_F(Faults, RunallWithLiveWorkers) {
  Program w(worker_code);
  for (int i = 0; i < 50; ++i) w.nop();
  bench.load(w);
  Program p(code_base);
  p.set(0, worker_code).set(1, 0).op("run_mmmn_zi", {0, 1, 0}).op("runall_mmmn_zi", {0, 1, 0});
  const auto stop = bench.run(p);
  expect_fault(stop.exception, ExceptionType::invalid_operation, ExceptionCause::workers_active,
               code_base + 12);
  // SSR: RAERR and ETYPE 9.
  EXPECT_EQ(bench.tile->read_register(Context::supervisor(), tile::RegisterWrite::File::csr, 1),
            1U << 3 | 9U << 4);
}

TEST_F(Faults, RunWithABadEntry) {
  Program p(code_base);
  p.set(0, data).set(1, 0).op("run_mmmn_zi", {0, 1, 0});
  EXPECT_EQ(bench.run(p).exception.cause, ExceptionCause::invalid_worker_pc);
}

TEST_F(Faults, Traps) {
  for (const unsigned n : {0U, 1U, 15U}) {
    TileBench b{&IPUSIM_TEST_TILE};
    Program p(code_base);
    p.op("trap_mmmn_zi", {n});
    const auto stop = b.run(p);
    EXPECT_EQ(stop.exception.type, n % 2 == 0 ? ExceptionType::pbrk0 : ExceptionType::pbrk1);
    EXPECT_EQ(b.tile->context_status(Context::supervisor()), 2U);
  }
}

TEST_F(Faults, EnabledFloatingPointFlagStopsWithoutWriting) {
  bench.poke(data, {0x7F800000, 0xFF800000});  // Inf, -Inf
  Program w(worker_code);
  w.op("ld64_mman_zi", {13, 15, 0, 0}).op("setzi_aaan_zi", {2, 1}).op("uput_aaan_zi", {2, 2});
  w.op("f32add_aaan", {3, 0, 1});
  const auto e = worker_fault(w);
  expect_fault(e, ExceptionType::floating_point, ExceptionCause::floating_point, worker_code + 12);
  EXPECT_EQ(bench.a(3, Context::worker(1)), 0U);
  EXPECT_EQ(bench.tile->read_register(Context::worker(1), tile::RegisterWrite::File::csr, 0x100), 1U);
}

TEST_F(Faults, NothingLaterHappens) {
  Program w(worker_code);
  w.set(0, data + 0x200).op("get_mmmn_zi", {1, 1}).op("stm32_mmmn", {0, 1, 13}).op("trap_mmmn_zi", {0});
  ASSERT_EQ(bench.run_workers(w).reason, tile::StopReason::exception);
  // All six store before worker 1, first in turn, traps one turn later; nobody else gets further.
  std::size_t traps = 0;
  for (const auto& r : bench.recorder.retired) traps += r.pc == ByteAddr{worker_code + 12} ? 1U : 0U;
  EXPECT_EQ(traps, 0U);
}

}  // namespace
