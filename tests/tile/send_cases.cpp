// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, 6: what leaves the tile. Event e of an instruction issued at t is cycle t + e.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using Sent = std::vector<ScriptedPort::Sent>;
using Selected = std::vector<ScriptedPort::Selected>;
constexpr auto supervisor = Context::supervisor();

std::uint32_t csr(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }

void fill(Bench& bench, ByteAddr at, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    bench.store_word(at + 4 * i, 0xD0000000 + i);
  }
}

// Items first .. first + count - 1 of fill(), from cycle `at` on.
void append_items(Sent& sent, std::uint64_t at, std::uint32_t first, std::uint32_t count,
                  unsigned directions) {
  for (std::uint32_t i = 0; i < count; ++i) {
    sent.push_back({Cycle{at + i}, 0xD0000000 + first + i, directions});
  }
}

TEST_P(SendCases, ItemsLeaveOnePerCycleFromTheIssueOn) {
  for (const unsigned directions : {1U, 2U, 3U}) {
    Bench bench = make_bench();
    fill(bench, data, 8);
    Program p(code);
    p.add(Opcode::delay, {4});                                     // 12
    p.add(Opcode::send, {3, (data.value() + 4) / 4, directions});  // 17
    p.add(Opcode::get_mmmn_zi, {1, csr("OUTGOING_DELTA")});        // 21
    p.add(Opcode::get_mmmn_zi, {2, csr("EXCHANGE_CTL")});
    p.add(Opcode::sync, {3});
    expect_sync(bench.run(p));
    Sent expected;
    append_items(expected, 17, 1, 4, directions);
    EXPECT_EQ(bench.port().sent, expected);
    EXPECT_EQ(bench.m(supervisor, 1), data.value() + 20);
    EXPECT_EQ(bench.m(supervisor, 2), directions << 1U);
    EXPECT_EQ(bench.cycles_at(code + 8), (std::vector<std::uint64_t>{21}));
  }
}

TEST_P(SendCases, TheAddressIsRelativeToOutgoingBase) {
  Bench bench = make_bench();
  fill(bench, data, 8);
  Program p(code);
  p.set_m(1, data.value() - 0x100);
  p.add(Opcode::put_mmmn_zi, {1, csr("OUTGOING_BASE")});  // 18
  p.add(Opcode::send, {0, 0x108 / 4, 1});                 // 24
  p.add(Opcode::get_mmmn_zi, {2, csr("OUTGOING_DELTA")});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.port().sent, (Sent{{Cycle{24}, 0xD0000002, 1}}));
  EXPECT_EQ(bench.m(supervisor, 2), 0x10CU);
}

TEST_P(SendCases, AStreamGoesOn) {
  Bench bench = make_bench();
  fill(bench, data, 200);
  Program p(code);
  p.add(Opcode::send, {1, data.value() / 4, 1});  // 12: items 0, 1
  p.add(Opcode::sendoff, {69, 0, 1});             // 14: items 2 .. 71
  p.add(Opcode::sendoff, {0, 3, 2});              // 84: item 75, the other direction
  p.add(Opcode::sendpic, {2, 0, 0x123});          // 85: items 76 .. 78, direction kept; XPIC at 85
  p.add(Opcode::delay, {0});                      // 88
  p.add(Opcode::sendpic, {0, 2, 0x123});          // 89: item 79; PIC
  p.add(Opcode::get_mmmn_zi, {1, csr("OUTGOING_DELTA")});
  p.add(Opcode::get_mmmn_zi, {2, csr("INCOMING_MUX")});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  Sent expected;
  append_items(expected, 12, 0, 2, 1);
  append_items(expected, 14, 2, 70, 1);
  append_items(expected, 84, 75, 1, 2);
  append_items(expected, 85, 76, 3, 2);
  append_items(expected, 89, 79, 1, 2);
  EXPECT_EQ(bench.port().sent, expected);
  EXPECT_EQ(bench.port().selected, (Selected{{Cycle{85}, 0x123}}));
  EXPECT_EQ(bench.m(supervisor, 1), data.value() + 4 * 80);
  EXPECT_EQ(bench.m(supervisor, 2), 0x123U);
}

TEST_P(SendCases, ANegativeItemDelta) {
  Bench bench = make_bench();
  fill(bench, data, 8);
  Program p(code);
  p.add(Opcode::send, {3, data.value() / 4, 1});
  p.add(Opcode::sendoff, {0, static_cast<std::uint32_t>(-3), 1});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  Sent expected;
  append_items(expected, 12, 0, 4, 1);
  append_items(expected, 16, 1, 1, 1);
  EXPECT_EQ(bench.port().sent, expected);
}

TEST_P(SendCases, SendWithBothControls) {
  Bench bench = make_bench();
  fill(bench, data, 4);
  Program p(code);
  p.add(Opcode::sendpicp, {2, data.value() / 4, 3, 0, 0x234, 0x1000});  // 12
  p.add(Opcode::delay, {9});                                            // 15
  p.add(Opcode::get_mmmn_zi, {1, csr("INCOMING_DELTA")});               // 25
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  Sent expected;
  append_items(expected, 12, 0, 3, 3);
  EXPECT_EQ(bench.port().sent, expected);
  EXPECT_EQ(bench.port().selected, (Selected{{Cycle{12}, 0x234}}));
  EXPECT_EQ(bench.m(supervisor, 1), 0x4000U);
}

TEST_P(SendCases, SendpicpWithoutControlSendsNothing) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::sendpicp, {51, 0, 0, 0, 192, 0x14048});  // address 0 would be outside memory
  p.add(Opcode::get_mmmn_zi, {1, csr("OUTGOING_DELTA")});
  p.add(Opcode::sync, {3});
  const StopReport report = bench.run(p);
  expect_sync(report);
  EXPECT_EQ(report.cycle.value(), 12U + 52U + 1U);
  EXPECT_TRUE(bench.port().sent.empty());
  EXPECT_EQ(bench.port().selected, (Selected{{Cycle{12}, 192}}));
  EXPECT_EQ(bench.m(supervisor, 1), 0U);
}

TEST_P(SendCases, AStreamThatDrivesNoBus) {
  Bench bench = make_bench();
  fill(bench, data, 4);
  Program p(code);
  p.add(Opcode::send, {2, data.value() / 4, 0});
  p.add(Opcode::get_mmmn_zi, {1, csr("OUTGOING_DELTA")});
  p.add(Opcode::sync, {3});
  const StopReport report = bench.run(p);
  expect_sync(report);
  EXPECT_EQ(report.cycle.value(), 16U);
  EXPECT_TRUE(bench.port().sent.empty());
  EXPECT_EQ(bench.m(supervisor, 1), data.value() + 12);
}

TEST_P(SendCases, MuxSelectionsActAtTheirEvent) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::delayxpic, {9, 0, 0x111});               // 12: acts at 21
  p.add(Opcode::delayxpic, {0, 0, 0x640});               // 22
  p.set_m(1, 0x222);                                     // 23
  p.add(Opcode::put_mmmn_zi, {1, csr("INCOMING_MUX")});  // 29
  p.add(Opcode::get_mmmn_zi, {2, csr("INCOMING_MUX")});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.port().selected, (Selected{{Cycle{21}, 0x111}, {Cycle{22}, 0x640}, {Cycle{29}, 0x222}}));
  EXPECT_EQ(bench.m(supervisor, 2), 0x222U);
}

TEST_P(SendCases, TheLongestDelays) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::delayxpic, {0xFFF, 0, 0x111});  // 12 to 4107
  p.add(Opcode::delayxpic, {0x500, 0, 0x222});  // 4108 to 5388
  p.add(Opcode::delay, {0x7FFFF});              // 5389 to 529676
  p.add(Opcode::sync, {3});
  const StopReport report = bench.run(p, 1'000'000);
  expect_sync(report);
  EXPECT_EQ(report.cycle, Cycle{529677});
  EXPECT_EQ(bench.port().selected, (Selected{{Cycle{4107}, 0x111}, {Cycle{5388}, 0x222}}));
}

// Each item is read in the cycle it leaves in: a word received at T is in items read from T + 1 on.
TEST_P(SendCases, ItemsAreReadWhenTheyLeave) {
  Bench bench = make_bench();
  fill(bench, data, 8);
  Program p(code);
  p.set_m(1, data.value());
  p.add(Opcode::put_mmmn_zi, {1, csr("INCOMING_BASE")});  // 18
  p.add(Opcode::delay, {6});                              // 24: 24 + 7 = 31
  p.add(Opcode::send, {3, data.value() / 4, 1});          // 31
  p.add(Opcode::sync, {3});
  // Word 0 at 30 (before item 0), word 1 at 32 (the cycle of item 1), word 2 at 33 (that of item 2).
  bench.port().words = {{Cycle{30}, 0xE0}, {Cycle{32}, 0xE1}, {Cycle{33}, 0xE2}};
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.port().sent, (Sent{{Cycle{31}, 0xE0, 1},
                                     {Cycle{32}, 0xD0000001, 1},
                                     {Cycle{33}, 0xD0000002, 1},
                                     {Cycle{34}, 0xD0000003, 1}}));
  EXPECT_EQ(bench.word(data + 4), 0xE1U);
}

TEST_P(SendCases, AddressesOutsideMemory) {
  const isa::ArchInfo& arch = isa::arch_info(isa::Arch::ipu2);
  struct Range {
    std::uint32_t first;
    std::uint32_t n;
  };
  for (const Range range :
       {Range{arch.memory_base - 4, 0}, Range{arch.memory_end, 0}, Range{arch.memory_end - 8, 2}}) {
    Bench bench = make_bench();
    Program p(code);
    const ByteAddr at = p.add(Opcode::send, {range.n, range.first / 4, 1});
    const StopReport report = bench.run(p);
    ASSERT_EQ(report.reason, StopReason::exception);
    EXPECT_EQ(report.exception.type, ExceptionType::exchange_configuration);
    EXPECT_EQ(report.exception.cause, ExceptionCause::exchange_address);
    EXPECT_EQ(report.exception.pc, at);
    EXPECT_EQ(report.cycle.value(), 12U);
    EXPECT_TRUE(bench.port().sent.empty());
  }
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::send, {1, (arch.memory_end - 8) / 4, 1});
  const ByteAddr at = p.add(Opcode::sendoff, {0, 0, 1});
  const StopReport report = bench.run(p);
  ASSERT_EQ(report.reason, StopReason::exception);
  EXPECT_EQ(report.exception.cause, ExceptionCause::exchange_address);
  EXPECT_EQ(report.exception.pc, at);
  EXPECT_EQ(bench.port().sent.size(), 2U);
}

TEST_P(SendCases, PreAcknowledgement) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::sans, {0});
  p.add(Opcode::sans, {4});
  p.add(Opcode::sync, {3});
  const StopReport report = bench.run(p);
  expect_sync(report);
  EXPECT_EQ(bench.port().acknowledged,
            (std::vector<ScriptedPort::Acknowledged>{{Cycle{12}, 1}, {Cycle{13}, 5}}));
  EXPECT_EQ(report.cycle.value(), 14U);
}

TEST_P(SendCases, SendingWithALiveWorkerIsAHazard) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::bri_mmmn_zi, {worker_code.value()});
  bench.load(worker);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, 0);
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});          // 19
  p.add(Opcode::send, {3, data.value() / 4, 1});  // 25
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.recorder().hazards,
            (std::vector<Hazard>{{HazardKind::live_workers, Cycle{25}, ByteAddr{}, 0}}));
  EXPECT_EQ(bench.port().sent.size(), 4U);
}

}  // namespace
}  // namespace ipusim::tile::test
