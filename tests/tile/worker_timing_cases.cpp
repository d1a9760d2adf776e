// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, 1, for workers and for what the supervisor and its workers share.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using Cycles = std::vector<std::uint64_t>;

// Setting $m0 and $m1 takes cycles 12 and 13, so the launch behind it issues at 19.
Program launcher(Opcode launch, std::uint32_t immediate) {
  Program p(code);
  p.add(Opcode::setzi_mmmn_zi, {0, worker_code.value()});
  p.add(Opcode::setzi_mmmn_zi,
        {1, launch == Opcode::run_mmmn_zi ? data.value() - isa::arch_info(isa::Arch::ipu2).memory_base
                                          : data.value()});
  p.add(launch, {0, 1, immediate});
  return p;
}

TEST_P(WorkerTimingCases, EveryInstructionTakesOneTurn) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(1, data.value());                                // 30
  p.add(Opcode::ld32_mmmn_zi, {1, 15, 0, 2});              // 36
  p.add(Opcode::add_mmmn_si, {2, 2, 3});                   // 42: no wait for the load
  p.add(Opcode::bri_mmmn_zi, {worker_code.value() + 20});  // 48
  p.add(Opcode::trap_mmmn_zi, {0});
  p.add(Opcode::brnzdec_mmmn_zi, {2, worker_code.value() + 20});  // 54 60 66 72
  p.add(Opcode::exitz_mmmn, {15});                                // 78
  const StopReport report = bench.run_worker(p);
  expect_sync(report);
  EXPECT_EQ(bench.cycles_of(Context::worker(0)), (Cycles{30, 36, 42, 48, 54, 60, 66, 72, 78}));
  // sync 2 issued at 25; the slot comes back 6 cycles after the exit, and so does the sync.
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{12, 13, 19, 25, 84}));
  EXPECT_EQ(report.cycle.value(), 84U);
}

TEST_P(WorkerTimingCases, RunallStartsAllSixInTheirSlots) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.set_m(0, 5);
  worker.add(Opcode::st32_mmmn_zi, {13, 15, 0, 13});
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p = launcher(Opcode::runall_mmmn_zi, 3);
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  const StopReport report = bench.run(p);
  expect_sync(report);
  // Launched at 19: first turns at or after 25. Exit is the third instruction.
  for (unsigned n = 0; n < 6; ++n) {
    const std::uint64_t first = n == 0 ? 30 : 24 + n;
    EXPECT_EQ(bench.cycles_of(Context::worker(n)), (Cycles{first, first + 6, first + 12})) << n;
    EXPECT_EQ(bench.word(data + 12 * n), data.value() + 12 * n) << "vertex base " << n;
  }
  // All slots are lent until worker 1 has left at 37: sync 2 at 43. Worker 0 leaves at 42: 43 + 6.
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{12, 13, 19, 43, 49}));
}

TEST_P(WorkerTimingCases, SyncOnWorkersWaitsForTheLastExit) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::get_mmmn_zi, {0, isa::find_csr(isa::Mode::worker, "WSR")->index});
  worker.add(Opcode::cmpeq_mmmn_zi, {1, 0, 2});
  worker.add(Opcode::mul_mmmn_si, {1, 1, 50});
  worker.add(Opcode::brnzdec_mmmn_zi, {1, worker_code.value() + 12});
  const ByteAddr exit = worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p = launcher(Opcode::runall_mmmn_zi, 0);
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  const StopReport report = bench.run(p);
  expect_sync(report);
  // Worker 2 starts at 26; 3 instructions, 51 brnzdec, exit.
  const std::uint64_t last_exit = 26 + 6 * (3 + 51);
  EXPECT_EQ(bench.cycles_at(exit).back(), last_exit);
  EXPECT_EQ(report.cycle.value(), last_exit + 6);
}

TEST_P(WorkerTimingCases, TheSupervisorKeepsTheFreeSlots) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.set_m(0, 3);
  worker.add(Opcode::brnzdec_mmmn_zi, {0, worker_code.value() + 4});
  worker.add(Opcode::exitz_mmmn, {15});  // 30 + 6 * 5 = 60
  bench.load(worker);
  Program p = launcher(Opcode::run_mmmn_zi, 0);
  for (unsigned i = 0; i < 40; ++i) {
    p.add(Opcode::setzi_mmmn_zi, {2, i});
  }
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  Cycles expected{12, 13, 19};
  for (std::uint64_t t = 25; expected.size() < 3 + 41; ++t) {
    // Slot 0 is the worker's from the launch until 6 cycles after its exit at 60.
    if (t % 6 != 0 || t >= 66) {
      expected.push_back(t);
    }
  }
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), expected);
  EXPECT_EQ(bench.cycles_of(Context::worker(0)), (Cycles{30, 36, 42, 48, 54, 60}));
}

TEST_P(WorkerTimingCases, RunTakesTheLowestFreeWorker) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p = launcher(Opcode::run_mmmn_zi, 0);  // 19: worker 0, which issues and exits at 30
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});         // 25: worker 1, exits at 31
  p.add(Opcode::setzi_mmmn_zi, {2, 0});          // 32: slots 0 and 1 are lent until 36 and 37
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});         // 33: worker 0 is inactive but not back before 36: worker 2
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});         // 39: worker 0 again
  p.add(Opcode::sync, {2});                      // 45
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.cycles_of(Context::worker(0)), (Cycles{30, 48}));
  EXPECT_EQ(bench.cycles_of(Context::worker(1)), (Cycles{31}));
  EXPECT_EQ(bench.cycles_of(Context::worker(2)), (Cycles{44}));
  EXPECT_EQ(bench.cycles_of(Context::supervisor()), (Cycles{12, 13, 19, 25, 32, 33, 39, 45, 54}));
}

TEST_P(WorkerTimingCases, SixRunsTakeSixWorkers) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::get_mmmn_zi, {0, isa::find_csr(isa::Mode::worker, "WSR")->index});
  worker.set_m(8, data.value());
  worker.set_m(1, 7);
  worker.add(Opcode::stm32_mmmn, {8, 0, 1});
  worker.set_m(2, 40);
  const ByteAddr loop = worker.here();
  worker.add(Opcode::brnzdec_mmmn_zi, {2, loop.value()});
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, 0);
  for (unsigned n = 0; n < Context::workers; ++n) p.add(Opcode::run_mmmn_zi, {0, 1, 0});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  bench.tile().advance(bench.tile().now() + 1000);
  for (std::uint32_t n = 0; n < Context::workers; ++n) EXPECT_EQ(bench.word(data + 4 * n), 7U) << n;
}

TEST_P(WorkerTimingCases, ASyncIsReleasedIntoAFreeSlot) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::bri_mmmn_zi, {worker_code.value()});
  bench.load(worker);
  Program p = launcher(Opcode::run_mmmn_zi, 0);
  p.add(Opcode::sync, {3});  // 25
  const ByteAddr after = p.add(Opcode::setzi_mmmn_zi, {2, 0});
  p.add(Opcode::sync, {3});
  const StopReport report = bench.run(p);
  expect_sync(report);
  EXPECT_EQ(report.cycle.value(), 25U);
  // The worker goes on while the supervisor waits.
  EXPECT_EQ(bench.tile().advance(Cycle{60}).reason, StopReason::limit);
  EXPECT_EQ(bench.cycles_of(Context::worker(0)), (Cycles{30, 36, 42, 48, 54}));
  bench.tile().release_sync(Cycle{66});  // a turn of the worker
  expect_sync(bench.go_on());
  EXPECT_EQ(bench.cycles_at(after), (Cycles{67}));
}

TEST_P(WorkerTimingCases, CycleCounters) {
  Bench bench = make_bench();
  const auto csr = [](std::string_view name) { return isa::find_csr(isa::Mode::worker, name)->index; };
  Program p(worker_code);
  p.set_m(8, data.value());                         // 30
  p.add(Opcode::get_mmmn_zi, {1, csr("COUNT_L")});  // 36
  p.add(Opcode::get_mmmn_zi, {2, csr("COUNT_U")});  // 42
  p.add(Opcode::st32_mmmn_zi, {8, 15, 0, 1});
  p.add(Opcode::st32_mmmn_zi, {8, 15, 1, 2});
  p.add(Opcode::exitz_mmmn, {15});
  bench.store_word(data + 4, 99);
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.word(data), 36U);
  EXPECT_EQ(bench.word(data + 4), 0U);
}

TEST_P(WorkerTimingCases, CycleCountersCarryIntoTheUpperHalf) {
  Bench bench = make_bench();
  const auto csr = [](std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; };
  Program p(code);
  p.add(Opcode::sync, {3});
  p.add(Opcode::get_mmmn_zi, {1, csr("SCOUNT_L")});
  p.add(Opcode::get_mmmn_zi, {2, csr("SCOUNT_U")});
  p.add(Opcode::sync, {3});
  if (GetParam().name != "fast") {
    GTEST_SKIP() << "billions of cycles are for models that skip idle time";
  }
  expect_sync(bench.run(p));
  bench.tile().release_sync(Cycle{0x100000004});
  expect_sync(bench.go_on(0x200000000));
  EXPECT_EQ(bench.m(Context::supervisor(), 1), 4U);
  EXPECT_EQ(bench.m(Context::supervisor(), 2), 1U);
}

}  // namespace
}  // namespace ipusim::tile::test
