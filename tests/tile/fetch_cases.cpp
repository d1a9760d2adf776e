// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, 2: a bundle issued at t is fetched with what was written up to t - 5 and nothing later.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

constexpr std::uint32_t visible_after = isa::timing::fetch_after_store;

Word sets_m5_to(std::uint32_t value) { return encode(Opcode::setzi_mmmn_zi, {5, value}).first; }

// The supervisor stores $m2 over an instruction that issues `distance` cycles after the store and sets $m5.
// `warm` executes the routine once before, with the old word, so that a model may have decoded it.
std::uint32_t supervisor_sees(Bench& bench, std::uint32_t distance, bool warm) {
  Program routine(code + 0x400);
  routine.add(Opcode::st32_mmmn_zi, {1, 15, 0, 2});
  for (std::uint32_t i = 1; i < distance; ++i) {
    routine.add_word(nop().first);
  }
  const ByteAddr target = routine.add_word(sets_m5_to(1));
  routine.add(Opcode::br_mmmn, {10});
  bench.load(routine);
  Program p(code);
  p.set_m(1, target.value());
  if (warm) {
    p.set_m(2, sets_m5_to(1));
    p.add(Opcode::call_mmmn_zi, {10, routine.base().value()});
  }
  p.set_m(2, sets_m5_to(2));
  p.add(Opcode::call_mmmn_zi, {10, routine.base().value()});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.word(target), sets_m5_to(2));
  return bench.m(Context::supervisor(), 5);
}

TEST_P(FetchCases, SupervisorStores) {
  for (const bool warm : {false, true}) {
    for (std::uint32_t distance = 1; distance <= visible_after + 2; ++distance) {
      Bench bench = make_bench();
      EXPECT_EQ(supervisor_sees(bench, distance, warm), distance < visible_after ? 1U : 2U)
          << "distance " << distance << " warm " << warm;
    }
  }
}

// The same without an observer, where a model may run faster.
TEST_P(FetchCases, SupervisorStoresUnobserved) {
  for (const bool warm : {false, true}) {
    for (std::uint32_t distance = 1; distance <= visible_after + 2; ++distance) {
      Bench bench = make_bench(false);
      EXPECT_EQ(supervisor_sees(bench, distance, warm), distance < visible_after ? 1U : 2U)
          << "distance " << distance << " warm " << warm;
    }
  }
}

// Two stores in a row: each becomes visible on its own.
TEST_P(FetchCases, ASecondStoreDoesNotDelayTheFirst) {
  for (std::uint32_t distance = visible_after - 1; distance <= visible_after + 2; ++distance) {
    Bench bench = make_bench();
    Program routine(code + 0x400);
    routine.add(Opcode::st32_mmmn_zi, {1, 15, 0, 2});
    routine.add(Opcode::st32_mmmn_zi, {1, 15, 0, 3});
    for (std::uint32_t i = 2; i < distance; ++i) {
      routine.add_word(nop().first);
    }
    const ByteAddr target = routine.add_word(sets_m5_to(1));
    routine.add(Opcode::sync, {3});
    bench.load(routine);
    Program p(code);
    p.set_m(1, target.value());
    p.set_m(2, sets_m5_to(2));
    p.set_m(3, sets_m5_to(3));
    p.add(Opcode::delay, {10});
    p.add(Opcode::bri_mmmn_zi, {routine.base().value()});
    expect_sync(bench.run(p));
    const std::uint32_t expected = distance < visible_after ? 1 : (distance == visible_after ? 2 : 3);
    EXPECT_EQ(bench.m(Context::supervisor(), 5), expected) << "distance " << distance;
  }
}

// Worker 0 stores over an instruction that the others execute 1, 2, .. 5 cycles later.
void workers_see(Bench& bench, bool wide) {
  Program w(worker_code);
  const std::uint32_t wsr = isa::find_csr(isa::Mode::worker, "WSR")->index;
  const ByteAddr values = data;
  w.set_m(1, values.value());
  w.set_m(2, worker_code.value() + 0x100);
  w.add(Opcode::get_mmmn_zi, {0, wsr});
  w.add(Opcode::ld64_mman_zi, {1, 15, 0, 0});
  w.add(Opcode::brnz_mmmn_zi, {0, (w.here() + 16).value()});
  wide ? w.add(Opcode::st64_mbmn_zi, {2, 15, 0, 0}) : w.add(Opcode::st32_mbmn_zi, {2, 15, 0, 0});
  w.add(Opcode::exitz_mmmn, {15});
  w.add_word(nop().first);
  w.add(Opcode::bri_mmmn_zi, {worker_code.value() + 0x100});
  bench.load(w);
  Program target(worker_code + 0x100);
  target.add_word(sets_m5_to(1));
  target.add(Opcode::setzi_mmmn_zi, {6, 1});
  target.add(Opcode::exitz_mmmn, {15});
  bench.load(target);
  bench.store_word(values, sets_m5_to(2));
  bench.store_word(values + 4, encode(Opcode::setzi_mmmn_zi, {6, 2}).first);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, data.value());
  p.add(Opcode::runall_mmmn_zi, {0, 1, 0});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
}

TEST_P(FetchCases, WorkerStores) {
  Bench bench = make_bench();
  workers_see(bench, true);
  // Workers 1..5 start one turn before worker 0; its store is its 6th issue, their target their 7th.
  const auto stored = bench.cycles_at(worker_code + 20);
  ASSERT_EQ(stored.size(), 1U);
  const auto executed = bench.cycles_at(worker_code + 0x100);
  ASSERT_EQ(executed.size(), 5U);
  for (unsigned n = 1; n < 6; ++n) {
    const std::uint64_t distance = executed[n - 1] - stored[0];
    EXPECT_EQ(bench.m(Context::worker(n), 5), distance < visible_after ? 1U : 2U) << "distance " << distance;
    EXPECT_EQ(bench.m(Context::worker(n), 6), 2U) << "a turn later";
  }
}

TEST_P(FetchCases, WorkerStoresUnobserved) {
  Bench bench = make_bench(false);
  workers_see(bench, true);
  for (unsigned n = 1; n < 6; ++n) {
    EXPECT_EQ(bench.m(Context::worker(n), 5), n < visible_after ? 1U : 2U) << "distance " << n;
    EXPECT_EQ(bench.m(Context::worker(n), 6), 2U);
  }
}

// A store into the second word of a bundle changes the bundle; one into its neighbours does not.
TEST_P(FetchCases, StoreIntoTheSecondWordOfABundle) {
  Bench bench = make_bench();
  Program w(worker_code);
  w.set_m(1, data.value());
  w.set_m(3, 2);
  w.add(Opcode::ld32_mman_zi, {1, 15, 0, 0});
  w.add(Opcode::call_mmmn_zi, {10, worker_code.value() + 0x40});
  w.set_m(2, worker_code.value() + 0x44);
  w.add(Opcode::st32_mbmn_zi, {2, 15, 0, 0});
  w.add(Opcode::call_mmmn_zi, {10, worker_code.value() + 0x40});
  w.add(Opcode::exitz_mmmn, {15});
  bench.load(w);
  Program target(worker_code + 0x40);
  target.add_bundle(encode(Opcode::add_mmmn_si, {4, 4, 1}), encode(Opcode::setzi_aaan_zi, {3, 1}));
  target.add_bundle(encode(Opcode::br_mmmn, {10}), encode(Opcode::or_aaan, {4, 4, 3}));
  bench.load(target);
  bench.store_word(data, encode(Opcode::setzi_aaan_zi, {3, 6}).first | coissue_bit);
  expect_sync(bench.run(Bench::one_worker()));
  EXPECT_EQ(bench.m(Context::worker(0), 4), 2U);
  EXPECT_EQ(bench.a(0, 4), 7U);
}

TEST_P(FetchCases, IncomingWords) {
  for (const std::uint32_t distance : {visible_after - 1, visible_after}) {
    Bench bench = make_bench();
    Program p(code);
    p.set_m(1, (code + 0x80).value());
    p.add(Opcode::put_mmmn_zi, {1, isa::find_csr(isa::Mode::supervisor, "INCOMING_BASE")->index});
    p.add(Opcode::bri_mmmn_zi, {(code + 0x40).value()});
    bench.load(p);
    Program target(code + 0x40);
    target.add(Opcode::delay, {50});
    while (target.here() < code + 0x80) {
      target.add_word(nop().first);
    }
    target.add_word(sets_m5_to(1));
    target.add(Opcode::sync, {3});
    bench.load(target);
    // setzi 12, put 18, bri 24, delay 30, 15 nops from 81, the target at 96.
    bench.port().words[Cycle{96 - distance}] = sets_m5_to(2);
    expect_sync(bench.run(p));
    EXPECT_EQ(bench.cycles_at(code + 0x80), (std::vector<std::uint64_t>{96}));
    EXPECT_EQ(bench.m(Context::supervisor(), 5), distance < visible_after ? 1U : 2U);
  }
}

// A worker overwrites what the supervisor executes next while that waits in a sync; the release is for now().
TEST_P(FetchCases, WorkersStoresAndAReleaseForNow) {
  constexpr std::uint64_t stored = 48;
  for (const bool observed : {true, false}) {
    for (std::uint64_t release = stored - 4; release <= stored + 14; ++release) {
      SCOPED_TRACE(release);
      Bench bench = make_bench(observed);
      Program p(code);
      p.set_m(0, worker_code.value());
      p.set_m(1, data.value() - isa::arch_info(isa::Arch::ipu2).memory_base);
      p.add(Opcode::run_mmmn_zi, {0, 1, 0});  // 19: the worker's first turn is 30
      p.add(Opcode::sync, {3});               // 25
      const ByteAddr target = p.add_word(sets_m5_to(1));
      p.add(Opcode::sync, {3});
      Program worker(worker_code);
      worker.add(Opcode::setzi_mmmn_zi, {1, target.value()});              // 30
      worker.add(Opcode::setzi_mmmn_zi, {2, sets_m5_to(2) & 0xFFFFF});     // 36
      worker.add(Opcode::or_mmmn_iz, {2, 2, sets_m5_to(2) & 0xFFF00000});  // 42
      worker.add(Opcode::st32_mmmn_zi, {1, 15, 0, 2});                     // 48
      for (int i = 0; i < 6; ++i) worker.add_word(nop().first);
      worker.add(Opcode::exitz_mmmn, {15});
      bench.load(worker);
      ASSERT_EQ(bench.run(p).cycle.value(), 25U);
      ASSERT_EQ(bench.tile().advance(Cycle{release}).reason, StopReason::limit);
      ASSERT_EQ(bench.tile().now().value(), release);
      bench.tile().release_sync(Cycle{release});
      const StopReport report = bench.go_on();
      expect_sync(report);
      // The worker has every sixth cycle.
      const auto free_from = [](std::uint64_t cycle) { return cycle % 6 == 0 ? cycle + 1 : cycle; };
      const std::uint64_t issued = free_from(release);
      EXPECT_EQ(report.cycle.value(), free_from(issued + 1));
      EXPECT_EQ(bench.m(Context::supervisor(), 5), issued < stored + visible_after ? 1U : 2U);
    }
  }
}

// What the debug side wrote is executed by a tile that starts, or goes on, afterwards.
TEST_P(FetchCases, HostWrites) {
  Bench bench = make_bench();
  Program p(code);
  const ByteAddr target = p.add_word(sets_m5_to(1));
  p.add(Opcode::sync, {3});
  const ByteAddr back = p.add(Opcode::bri_mmmn_zi, {code.value()});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(Context::supervisor(), 5), 1U);
  bench.store_word(target, sets_m5_to(2));
  EXPECT_EQ(bench.word(target), sets_m5_to(2));
  bench.tile().release_sync(bench.tile().now() + 20);
  expect_sync(bench.go_on());
  EXPECT_EQ(bench.cycles_at(back).size(), 1U);
  EXPECT_EQ(bench.m(Context::supervisor(), 5), 2U);
}

}  // namespace
}  // namespace ipusim::tile::test
