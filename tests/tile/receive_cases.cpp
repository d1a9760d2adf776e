// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, 6: what arrives at the tile, the receive pointer and its delay, sync 0, hazards.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using Received = std::vector<Recorder::Received>;
constexpr auto supervisor = Context::supervisor();
constexpr std::uint64_t delay_of_pointer = isa::timing::pointer_delay;

std::uint32_t csr(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }

// INCOMING_BASE := base in cycle 18, in effect from 25 on; what follows issues from 24 on.
Program receiver(ByteAddr base) {
  Program p(code);
  p.set_m(1, base.value());                               // 12
  p.add(Opcode::put_mmmn_zi, {1, csr("INCOMING_BASE")});  // 18
  return p;
}

TEST_P(ReceiveCases, WordsGoToThePointerOneAfterTheOther) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.add(Opcode::sync, {3});  // 24
  bench.port().words = {{Cycle{30}, 0xA0}, {Cycle{31}, 0xA1}, {Cycle{40}, 0xA2}, {Cycle{100}, 0xA3}};
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.tile().advance(Cycle{101}).reason, StopReason::limit);
  EXPECT_EQ(bench.recorder().received, (Received{{Cycle{30}, {data, 4, 0xA0}},
                                                 {Cycle{31}, {data + 4, 4, 0xA1}},
                                                 {Cycle{40}, {data + 8, 4, 0xA2}},
                                                 {Cycle{100}, {data + 12, 4, 0xA3}}}));
  EXPECT_EQ(bench.word(data + 12), 0xA3U);
  EXPECT_EQ(bench.csr(supervisor, "INCOMING_DELTA"), 16U);
  EXPECT_TRUE(bench.recorder().hazards.empty());
}

// put INCOMING_BASE at 18 acts on words from 25 on.
TEST_P(ReceiveCases, TheBaseTakesEffectAfterThePointerDelay) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.set_m(2, wide_data.value());                          // 24
  p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_BASE")});  // 30 -> 37
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{18 + delay_of_pointer}, 0xB0},
                        {Cycle{30 + delay_of_pointer - 1}, 0xB1},
                        {Cycle{30 + delay_of_pointer}, 0xB2}};
  expect_sync(bench.run(p));
  bench.tile().advance(Cycle{60});
  EXPECT_EQ(bench.recorder().received, (Received{{Cycle{25}, {data, 4, 0xB0}},
                                                 {Cycle{36}, {data + 4, 4, 0xB1}},
                                                 {Cycle{37}, {wide_data + 8, 4, 0xB2}}}));
}

// PIC at p: the words at p + pointer_delay - 1 and p + pointer_delay fall on both sides of it.
TEST_P(ReceiveCases, ThePointerTakesEffectAfterItsDelay) {
  struct Pic {
    Opcode opcode;
    std::initializer_list<std::uint32_t> values;
    std::uint64_t event;  // cycle of the PIC, issued at 31
  };
  for (const Pic& pic :
       {Pic{Opcode::delaypic, {0, 0, 0x40}, 31}, Pic{Opcode::delaypic, {5, 0, 0x40}, 36},
        Pic{Opcode::sendpic, {3, 2, 0x40}, 31}, Pic{Opcode::sendpicp, {3, 0, 0, 0, 0x640, 0x40}, 31}}) {
    Bench bench = make_bench();
    Program p = receiver(data);
    p.add(Opcode::send, {0, data.value() / 4, 0});  // 24: for sendpic
    p.add(Opcode::delay, {5});                      // 25
    while (p.here().value() % 8 != 0) {
      ADD_FAILURE() << "the program should be aligned";
    }
    const ByteAddr at = p.add(pic.opcode, pic.values);  // 31
    p.add(Opcode::sync, {3});
    const Cycle effective{pic.event + delay_of_pointer};
    bench.port().words = {{effective - 1, 0xC0}, {effective, 0xC1}, {effective + 1, 0xC2}};
    expect_sync(bench.run(p));
    bench.tile().advance(Cycle{80});
    EXPECT_EQ(bench.cycles_at(at), (std::vector<std::uint64_t>{31}));
    EXPECT_EQ(bench.recorder().received, (Received{{effective - 1, {data, 4, 0xC0}},
                                                   {effective, {data + 0x100, 4, 0xC1}},
                                                   {effective + 1, {data + 0x104, 4, 0xC2}}}))
        << isa::instruction(pic.opcode).id;
  }
}

TEST_P(ReceiveCases, PutOfThePointerActsLikeAPic) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.set_m(2, 0x200);                                       // 24
  p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_DELTA")});  // 30 -> 37
  p.add(Opcode::get_mmmn_zi, {3, csr("INCOMING_DELTA")});  // 36: the old one still
  p.add(Opcode::get_mmmn_zi, {4, csr("INCOMING_DELTA")});  // 37
  p.add(Opcode::get_mmmn_zi, {5, csr("INCOMING_DELTA")});  // 38: after the word of 37
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{35}, 1}, {Cycle{37}, 2}};
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(supervisor, 3), 4U);
  EXPECT_EQ(bench.m(supervisor, 4), 0x200U);
  EXPECT_EQ(bench.m(supervisor, 5), 0x204U);
  EXPECT_EQ(bench.word(data), 1U);
  EXPECT_EQ(bench.word(data + 0x200), 2U);
}

// Two pointers on their way at once.
TEST_P(ReceiveCases, PointersFollowEachOtherThroughTheDelay) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.add(Opcode::delay, {5});              // 24
  p.add(Opcode::delaypic, {0, 0, 0x10});  // 30 -> 37
  p.add(Opcode::delaypic, {1, 0, 0x20});  // 31 -> 39
  p.add(Opcode::delaypic, {0, 0, 0x30});  // 33 -> 40
  p.add(Opcode::sync, {3});
  for (std::uint32_t t = 36; t <= 41; ++t) {
    bench.port().words[Cycle{t}] = t;
  }
  expect_sync(bench.run(p));
  bench.tile().advance(Cycle{60});
  std::vector<ByteAddr> addresses;
  for (const Recorder::Received& received : bench.recorder().received) {
    addresses.push_back(received.write.address);
  }
  EXPECT_EQ(addresses,
            (std::vector<ByteAddr>{data, data + 0x40, data + 0x44, data + 0x80, data + 0xC0, data + 0xC4}));
}

// A load issued at T does not see the word of T, one issued at T + 1 does.
TEST_P(ReceiveCases, LoadsAroundTheWrite) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.set_m(8, data.value());                    // 24
  p.add(Opcode::delay, {4});                   // 25
  p.add(Opcode::ld32_mmmn_zi, {8, 15, 0, 2});  // 30
  p.add(Opcode::ld32_mmmn_zi, {8, 15, 0, 3});  // 31
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{30}, 0x77}};
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(supervisor, 2), 0U);
  EXPECT_EQ(bench.m(supervisor, 3), 0x77U);
}

TEST_P(ReceiveCases, TheCountOfWordsToCome) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.set_m(2, 2);                                            // 24
  p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_DCOUNT")});  // 30
  p.add(Opcode::get_mmmn_zi, {3, csr("INCOMING_DCOUNT")});  // 36: before the write of 36
  p.add(Opcode::get_mmmn_zi, {4, csr("INCOMING_DCOUNT")});  // 37
  p.add(Opcode::delay, {9});
  p.add(Opcode::get_mmmn_zi, {5, csr("INCOMING_DCOUNT")});
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{36}, 1}, {Cycle{40}, 2}, {Cycle{41}, 3}};
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(supervisor, 3), 2U);
  EXPECT_EQ(bench.m(supervisor, 4), 1U);
  EXPECT_EQ(bench.m(supervisor, 5), 0U) << "it stays at 0";
  EXPECT_EQ(bench.word(data + 8), 3U);
}

// put DCOUNT at 30, sync 0 at 36.
Program waits_for(std::uint32_t words) {
  Program p = receiver(data);
  p.set_m(2, words);
  p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_DCOUNT")});
  p.add(Opcode::sync, {0});
  p.add(Opcode::sync, {3});
  return p;
}

TEST_P(ReceiveCases, SyncOnReceiveWaitsForTheLastWord) {
  Bench bench = make_bench();
  bench.port().words = {{Cycle{40}, 1}, {Cycle{50}, 2}, {Cycle{55}, 3}};
  const StopReport report = bench.run(waits_for(2));
  expect_sync(report);
  EXPECT_EQ(report.cycle.value(), 56U);
  EXPECT_TRUE(bench.recorder().hazards.empty());
}

TEST_P(ReceiveCases, SyncOnReceiveWithNothingToCome) {
  Bench bench = make_bench();
  const StopReport none = bench.run(waits_for(0));
  expect_sync(none);
  EXPECT_EQ(none.cycle.value(), 42U);
  Bench early = make_bench();
  early.port().words = {{Cycle{33}, 1}};
  const StopReport arrived = early.run(waits_for(1));
  expect_sync(arrived);
  EXPECT_EQ(arrived.cycle.value(), 42U);
  Bench same = make_bench();
  same.port().words = {{Cycle{36}, 1}};
  const StopReport meanwhile = same.run(waits_for(1));
  expect_sync(meanwhile);
  EXPECT_EQ(meanwhile.cycle.value(), 42U);
}

TEST_P(ReceiveCases, SyncOnReceiveThatNothingCompletes) {
  Bench bench = make_bench();
  bench.port().words = {{Cycle{40}, 1}};
  bench.load(waits_for(3));
  bench.tile().start(code, first_cycle);
  const StopReport report = bench.go_on();
  EXPECT_EQ(report.reason, StopReason::receive_wait);
  EXPECT_EQ(report.words_missing, 2U);
  EXPECT_EQ(bench.word(data), 1U);
}

TEST_P(ReceiveCases, ATileStopsBeforeWhatIsNotKnown) {
  Bench bench = make_bench();
  bench.port().words = {{Cycle{40}, 1}};
  bench.port().known = Cycle{20};
  bench.load(waits_for(1));
  bench.tile().start(code, first_cycle);
  const StopReport first = bench.go_on();
  EXPECT_EQ(first.reason, StopReason::exchange_wait);
  EXPECT_EQ(first.cycle.value(), 20U);
  EXPECT_EQ(bench.tile().now().value(), 20U);
  EXPECT_EQ(bench.go_on().reason, StopReason::exchange_wait);
  EXPECT_EQ(bench.tile().now().value(), 20U);
  bench.port().known = Cycle{41};
  const StopReport second = bench.go_on();
  EXPECT_EQ(second.reason, StopReason::exchange_wait);
  EXPECT_EQ(second.cycle.value(), 41U);
  EXPECT_EQ(bench.word(data), 1U);
  bench.port().known = Cycle::never();
  const StopReport third = bench.go_on();
  expect_sync(third);
  EXPECT_EQ(third.cycle.value(), 46U);
}

// ---- Hazards

std::vector<Hazard> hazards_of(Bench& bench, const Program& p) {
  expect_sync(bench.run(p));
  return bench.recorder().hazards;
}

TEST_P(ReceiveCases, ClashWithALoadOrStore) {
  struct Access {
    std::uint32_t address;
    bool clash;
  };
  // data = 0x60000 begins an element of 16 KiB; wide_data = 0x90000 a pair of 32 KiB.
  for (const Access access : {Access{data.value(), true}, Access{data.value() + 0x3FFC, true},
                              Access{data.value() + 0x4000, false}, Access{data.value() - 4, false}}) {
    for (const Opcode opcode : {Opcode::ld32_mmmn_zi, Opcode::st32_mmmn_zi}) {
      Bench bench = make_bench();
      Program p = receiver(data);
      p.set_m(8, access.address);     // 24
      p.add(Opcode::delay, {4});      // 25
      p.add(opcode, {8, 15, 0, 15});  // 30
      p.add(Opcode::sync, {3});
      bench.port().words = {{Cycle{29}, 1}, {Cycle{30}, 2}, {Cycle{31}, 3}};
      std::vector<Hazard> expected;
      if (access.clash) {
        expected.push_back({HazardKind::clash_with_access, Cycle{30}, data + 4, 2});
      }
      EXPECT_EQ(hazards_of(bench, p), expected) << std::hex << access.address;
      EXPECT_EQ(bench.word(data + 4), 2U) << "the word is written all the same";
    }
  }
  const std::uint32_t region1 = isa::arch_info(isa::Arch::ipu2).region1_base;
  const std::tuple<ByteAddr, std::uint32_t, bool> pairs[] = {{wide_data, wide_data.value() + 0x7FF8, true},
                                                             {wide_data, wide_data.value() + 0x8000, false},
                                                             {ByteAddr{region1}, region1 + 0x4000, true},
                                                             {ByteAddr{region1}, region1 - 4, false}};
  for (const auto& [base, address, clash] : pairs) {
    Bench bench = make_bench();
    Program p = receiver(base);
    p.set_m(8, address);
    p.add(Opcode::delay, {4});
    p.add(Opcode::ld32_mmmn_zi, {8, 15, 0, 15});
    p.add(Opcode::sync, {3});
    bench.port().words = {{Cycle{30}, 2}};
    EXPECT_EQ(hazards_of(bench, p).size(), clash ? 1U : 0U) << std::hex << address;
  }
}

TEST_P(ReceiveCases, ClashWithASendRead) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.add(Opcode::delay, {6});                           // 24
  p.add(Opcode::send, {3, data.value() / 4 + 64, 1});  // 31 .. 34
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{30}, 1}, {Cycle{33}, 2}, {Cycle{34}, 3}, {Cycle{35}, 4}};
  EXPECT_EQ(hazards_of(bench, p),
            (std::vector<Hazard>{{HazardKind::clash_with_access, Cycle{33}, data + 4, 2},
                                 {HazardKind::clash_with_access, Cycle{34}, data + 8, 3}}));
}

TEST_P(ReceiveCases, ClashWithAFetch) {
  Bench bench = make_bench();
  const ByteAddr near_code{0x4C800};  // the element of the supervisor's code
  Program p = receiver(near_code);
  p.add(Opcode::delay, {5});   // 24
  p.add_word(nop().first);     // 30
  p.add(Opcode::delay, {10});  // 31
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{29}, 1}, {Cycle{30}, 2}, {Cycle{35}, 3}};
  EXPECT_EQ(hazards_of(bench, p),
            (std::vector<Hazard>{{HazardKind::clash_with_fetch, Cycle{30}, near_code + 4, 2}}));
}

TEST_P(ReceiveCases, LiveWorkers) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add_word(nop().first);
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  p.set_m(1, data.value());                               // 12
  p.set_m(0, worker_code.value());                        // 13
  p.add(Opcode::put_mmmn_zi, {1, csr("INCOMING_BASE")});  // 18
  p.set_m(1, 0x10);                                       // 24
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});                  // 30: waits for $m1
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  // Active from the launch at 30 on; issues at 36 and exits at 42.
  for (const std::uint32_t t : {24U, 30U, 42U, 43U}) {
    bench.port().words[Cycle{t}] = t;
  }
  // The word of 24 goes where the old base points: outside memory.
  EXPECT_EQ(hazards_of(bench, p),
            (std::vector<Hazard>{{HazardKind::receive_address, Cycle{24}, ByteAddr{0}, 24},
                                 {HazardKind::live_workers, Cycle{30}, data + 4, 30},
                                 {HazardKind::live_workers, Cycle{42}, data + 8, 42}}));
  EXPECT_EQ(bench.cycles_of(Context::worker(0)), (std::vector<std::uint64_t>{36, 42}));
}

TEST_P(ReceiveCases, AddressOutsideMemory) {
  Bench bench = make_bench();
  const std::uint32_t end = isa::arch_info(isa::Arch::ipu2).memory_end;
  Program p = receiver(ByteAddr{end - 4});
  p.set_m(2, 5);
  p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_DCOUNT")});  // 30
  p.add(Opcode::delay, {30});
  p.add(Opcode::get_mmmn_zi, {3, csr("INCOMING_DCOUNT")});
  p.add(Opcode::get_mmmn_zi, {4, csr("INCOMING_DELTA")});
  p.add(Opcode::put_mmmn_zi, {15, csr("INCOMING_DCOUNT")});
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{40}, 0xF0}, {Cycle{41}, 0xF1}, {Cycle{42}, 0xF2}};
  EXPECT_EQ(hazards_of(bench, p),
            (std::vector<Hazard>{{HazardKind::receive_address, Cycle{41}, ByteAddr{end}, 0xF1},
                                 {HazardKind::receive_address, Cycle{42}, ByteAddr{end + 4}, 0xF2}}));
  EXPECT_EQ(bench.recorder().received, (Received{{Cycle{40}, {ByteAddr{end - 4}, 4, 0xF0}}}));
  EXPECT_EQ(bench.m(supervisor, 3), 2U);
  EXPECT_EQ(bench.m(supervisor, 4), 12U);
}

// The sum of base and pointer is taken modulo 2^21.
TEST_P(ReceiveCases, TheWriteAddressWraps) {
  Bench bench = make_bench();
  Program p = receiver(ByteAddr{0x1FFF00});  // in two instructions: the put is at 24
  p.set_m(2, data.value() + 0x100);
  p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_DELTA")});  // 36, in effect from 43 on
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{43}, 0x99}};
  expect_sync(bench.run(p));
  bench.tile().advance(Cycle{50});
  EXPECT_EQ(bench.recorder().received, (Received{{Cycle{43}, {data, 4, 0x99}}}));
}

// The count is put before the sync that opens a phase; the one that closes it must find 0.
TEST_P(ReceiveCases, WordsMissingAtABarrier) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.set_m(2, 3);
  p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_DCOUNT")});  // 30
  p.add(Opcode::sync, {3});                                 // 36: opens
  p.add(Opcode::sync, {3});                                 // 131: closes
  p.add(Opcode::sync, {3});
  bench.port().words = {{Cycle{33}, 1}, {Cycle{131}, 2}, {Cycle{200}, 3}};
  EXPECT_TRUE(hazards_of(bench, p).empty());
  bench.tile().release_sync(Cycle{131});
  expect_sync(bench.go_on());
  // The word of the sync's own cycle is not counted yet.
  EXPECT_EQ(bench.recorder().hazards,
            (std::vector<Hazard>{{HazardKind::receive_incomplete, Cycle{131}, ByteAddr{}, 2}}));
  bench.tile().release_sync(Cycle{231});
  expect_sync(bench.go_on());
  EXPECT_EQ(bench.recorder().hazards.size(), 1U);
}

TEST_P(ReceiveCases, OneWordMissingAtABarrier) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.set_m(2, 1);
  p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_DCOUNT")});
  p.add(Opcode::sync, {3});
  p.add(Opcode::sync, {3});
  EXPECT_TRUE(hazards_of(bench, p).empty());
  bench.tile().release_sync(Cycle{131});
  expect_sync(bench.go_on());
  EXPECT_EQ(bench.recorder().hazards,
            (std::vector<Hazard>{{HazardKind::receive_incomplete, Cycle{131}, ByteAddr{}, 1}}));
}

}  // namespace
}  // namespace ipusim::tile::test
