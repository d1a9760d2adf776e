// SPDX-License-Identifier: Apache-2.0
// docs/timing.md, 6: items of 64 bits, sent and received; the format and its delay; the source of the pair.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

using SentItems = std::vector<ScriptedPort::SentItem>;
using Selected = std::vector<ScriptedPort::Selected>;
using Formats = std::vector<ScriptedPort::Formatted>;
using Received = std::vector<Recorder::Received>;
constexpr auto supervisor = Context::supervisor();
constexpr std::uint64_t delay_of_format = isa::timing::format_delay;

std::uint32_t csr(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }

constexpr std::uint64_t item(std::uint64_t n) { return 0xB0000000'A0000000U + n * 0x00000001'00000001U; }

void fill_items(Bench& bench, ByteAddr at, std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) {
    bench.store_word(at + 8 * i, static_cast<std::uint32_t>(item(i)));
    bench.store_word(at + 8 * i + 4, static_cast<std::uint32_t>(item(i) >> 32U));
  }
}
void append(SentItems& sent, std::uint64_t at, std::uint32_t first, std::uint32_t count,
            unsigned directions) {
  for (std::uint32_t i = 0; i < count; ++i) sent.push_back({Cycle{at + i}, item(first + i), directions});
}

TEST_P(SendCases, ItemsOf64BitsLeaveOnePerCycle) {
  for (const unsigned directions : {1U, 2U, 3U}) {
    Bench bench = make_bench();
    fill_items(bench, data, 8);
    Program p(code);
    p.set_m(1, data.value() - 0x100);                       // 12
    p.add(Opcode::put_mmmn_zi, {1, csr("OUTGOING_BASE")});  // 18
    p.add(Opcode::send, {3, 0x108 / 8, directions | 4U});   // 24: addresses count in items, too
    p.add(Opcode::get_mmmn_zi, {2, csr("OUTGOING_DELTA")});
    p.add(Opcode::get_mmmn_zi, {3, csr("EXCHANGE_CTL")});
    p.add(Opcode::sync, {3});
    expect_sync(bench.run(p));
    SentItems expected;
    append(expected, 24, 1, 4, directions);
    EXPECT_EQ(bench.port().sent_items, expected);
    EXPECT_TRUE(bench.port().sent.empty());
    EXPECT_EQ(bench.m(supervisor, 2), 0x108U + 32U);
    EXPECT_EQ(bench.m(supervisor, 3), directions << 1U | 8U);
  }
}

// sendoff counts in items of its own width, sendpic keeps the width, sendpicp restarts.
TEST_P(SendCases, AStreamOfItemsGoesOn) {
  Bench bench = make_bench();
  fill_items(bench, data, 90);
  Program p(code);
  p.add(Opcode::send, {1, data.value() / 8, 5});                        // 12: items 0, 1
  p.add(Opcode::sendoff, {69, 0, 5});                                   // 14: items 2 .. 71
  p.add(Opcode::sendoff, {0, 3, 6});                                    // 84: item 75
  p.add(Opcode::sendpic, {2, 1, 0x123});                                // 85: items 76 .. 78
  p.add(Opcode::sendoff, {0, static_cast<std::uint32_t>(-4), 5});       // 88: item 75 again
  p.add(Opcode::delay, {0});                                            // 89
  p.add(Opcode::sendpicp, {1, data.value() / 8 + 4, 7, 0, 0x2111, 8});  // 90: items 4, 5
  p.add(Opcode::sendpic, {0, 3, 0});                                    // 92: item 6
  p.add(Opcode::get_mmmn_zi, {1, csr("OUTGOING_DELTA")});
  p.add(Opcode::get_mmmn_zi, {2, csr("INCOMING_MUXPAIR")});
  p.add(Opcode::get_mmmn_zi, {3, csr("INCOMING_MUX")});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  SentItems expected;
  append(expected, 12, 0, 2, 1);
  append(expected, 14, 2, 70, 1);
  append(expected, 84, 75, 1, 2);
  append(expected, 85, 76, 3, 2);
  append(expected, 88, 75, 1, 1);
  append(expected, 90, 4, 2, 3);
  append(expected, 92, 6, 1, 3);
  EXPECT_EQ(bench.port().sent_items, expected);
  EXPECT_EQ(bench.port().selected_pairs, (Selected{{Cycle{85}, 0x123}, {Cycle{90}, 0x111}}));
  EXPECT_TRUE(bench.port().selected.empty());
  EXPECT_EQ(bench.port().formats, (Formats{{Cycle{92 + delay_of_format}, ReceiveFormat::words}}));
  EXPECT_EQ(bench.m(supervisor, 1), data.value() + 8 * 7);
  EXPECT_EQ(bench.m(supervisor, 2), 0x111U);
  EXPECT_EQ(bench.m(supervisor, 3), 0x640U);
}

// The width changes from stream to stream; OUTGOING_DELTA is in bytes.
TEST_P(SendCases, WordsAndItemsTakeTurns) {
  Bench bench = make_bench();
  fill_items(bench, data, 8);
  Program p(code);
  p.add(Opcode::send, {1, data.value() / 4, 1});  // 12: item 0 as two words
  p.add(Opcode::sendoff, {0, 1, 5});              // 14: item 2
  p.add(Opcode::sendoff, {0, 1, 1});              // 15: the upper word of item 3
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.port().sent,
            (std::vector<ScriptedPort::Sent>{
                {Cycle{12}, 0xA0000000, 1}, {Cycle{13}, 0xB0000000, 1}, {Cycle{15}, 0xB0000003, 1}}));
  EXPECT_EQ(bench.port().sent_items, (SentItems{{Cycle{14}, item(2), 1}}));
}

TEST_P(SendCases, ItemsWithoutADirectionAreNotRead) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::send, {3, 1, 4});
  p.add(Opcode::sendpic, {1, 1, 0x55});
  p.add(Opcode::get_mmmn_zi, {1, csr("OUTGOING_DELTA")});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_TRUE(bench.port().sent_items.empty());
  EXPECT_EQ(bench.m(supervisor, 1), 8U * (1 + 4 + 2));
}

TEST_P(SendCases, ItemsLieInMemoryAtMultiplesOf8) {
  const auto& arch = isa::arch_info(isa::Arch::ipu2);
  struct Range {
    std::uint32_t base;
    std::uint32_t first;
    std::uint32_t n;
    bool allowed;
  };
  for (const Range range :
       {Range{4, data.value() / 8, 0, false}, Range{8, data.value() / 8, 0, true},
        Range{0, arch.memory_base / 8 - 1, 0, false}, Range{0, arch.memory_base / 8, 0, true},
        Range{0, arch.memory_end / 8 - 2, 1, true}, Range{0, arch.memory_end / 8 - 2, 2, false},
        Range{0, arch.memory_end / 8, 0, false}}) {
    Bench bench = make_bench();
    Program p(code);
    p.set_m(1, range.base);
    p.add(Opcode::put_mmmn_zi, {1, csr("OUTGOING_BASE")});
    const ByteAddr at = p.add(Opcode::send, {range.n, range.first, 5});
    p.add(Opcode::sync, {3});
    const StopReport report = bench.run(p);
    if (range.allowed) {
      expect_sync(report);
      EXPECT_EQ(bench.port().sent_items.size(), range.n + 1);
      continue;
    }
    expect_exception(report, {ExceptionType::exchange_configuration, ExceptionCause::exchange_address,
                              supervisor, at, ByteAddr{range.base + 8 * range.first}});
    EXPECT_TRUE(bench.port().sent_items.empty());
  }
}

// 0, 1 and 2 are formats.
TEST_P(SendCases, FormatsThatAreNone) {
  struct Mode {
    Opcode opcode;
    std::initializer_list<std::uint32_t> values;
  };
  for (const Mode& mode :
       {Mode{Opcode::delaypic, {0, 1, 3}}, Mode{Opcode::delaypic, {5, 1, 0x20001}},
        Mode{Opcode::sendpic, {0, 3, 4}}, Mode{Opcode::sendpicp, {0, data.value() / 4, 1, 1, 0x640, 3}},
        Mode{Opcode::sendpicp, {0, 0, 1, 1, 0x640, 3}}}) {  // before the address
    Bench bench = make_bench();
    Program p(code);
    p.add(mode.opcode, mode.values);
    expect_exception(bench.run(p), {ExceptionType::exchange_configuration, ExceptionCause::exchange_format,
                                    supervisor, code, std::nullopt, 12});
    EXPECT_TRUE(bench.port().sent.empty());
    EXPECT_TRUE(bench.port().selected.empty());
    EXPECT_TRUE(bench.port().formats.empty());
  }
  Bench bench = make_bench();
  Program p(code);
  p.set_m(1, 3);
  const ByteAddr at = p.add(Opcode::put_mmmn_zi, {1, csr("INCOMING_FORMAT")});
  expect_exception(bench.run(p),
                   {ExceptionType::exchange_configuration, ExceptionCause::exchange_format, supervisor, at});
}

// XPICs of selector 1, and the put.
TEST_P(SendCases, TheSourceOfThePairIsSelectedAtItsEvent) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(1, 0x12);                                          // 12
  p.add(Opcode::put_mmmn_zi, {1, csr("INCOMING_MUXPAIR")});  // 18
  p.add(Opcode::delayxpic, {4, 1, 0x13});                    // 24 -> 28
  p.add(Opcode::delayxpic, {0, 1, 0x14});                    // 29
  p.add(Opcode::sendpic, {3, 1, 0x15});                      // 30
  p.add(Opcode::delay, {0});                                 // 34
  p.add(Opcode::sendpicp, {2, 0, 0, 1, 0x2016, 0});          // 35
  p.add(Opcode::get_mmmn_zi, {2, csr("INCOMING_MUXPAIR")});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(
      bench.port().selected_pairs,
      (Selected{
          {Cycle{18}, 0x12}, {Cycle{28}, 0x13}, {Cycle{29}, 0x14}, {Cycle{30}, 0x15}, {Cycle{35}, 0x16}}));
  EXPECT_TRUE(bench.port().selected.empty());
  EXPECT_EQ(bench.m(supervisor, 2), 0x16U);
}

// ---- Receiving

// INCOMING_BASE := base in cycle 18; what follows issues from 24 on.
Program receiver(ByteAddr base) {
  Program p(code);
  p.set_m(1, base.value());                               // 12
  p.add(Opcode::put_mmmn_zi, {1, csr("INCOMING_BASE")});  // 18
  return p;
}

// A format counts for what is written format_delay after its event.
TEST_P(ReceiveCases, TheFormatTakesEffectAfterItsDelay) {
  struct Pic {
    Opcode opcode;
    std::initializer_list<std::uint32_t> values;
    std::uint64_t event;  // issued at 31
  };
  for (const Pic& pic :
       {Pic{Opcode::delaypic, {0, 1, 1}, 31}, Pic{Opcode::delaypic, {5, 1, 1}, 36},
        Pic{Opcode::sendpic, {3, 3, 1}, 31}, Pic{Opcode::sendpicp, {3, 0, 0, 1, 0x640, 1}, 31}}) {
    Bench bench = make_bench();
    Program p = receiver(data);
    p.add(Opcode::send, {0, data.value() / 4, 0});  // 24: for sendpic
    p.add(Opcode::delay, {5});                      // 25
    p.add(pic.opcode, pic.values);                  // 31
    p.add(Opcode::delay, {20});
    p.add(Opcode::delaypic, {0, 1, 0});
    const ByteAddr last = p.add(Opcode::sync, {3});
    const Cycle effective{pic.event + delay_of_format};
    bench.port().words = {{effective - 2, 0xC0}, {effective - 1, 0xC1}, {Cycle{90}, 0xC3}};
    bench.port().items = {{effective, item(1)}, {effective + 1, item(2)}};
    expect_sync(bench.run(p));
    bench.tile().advance(Cycle{95});
    const std::uint64_t back = bench.cycles_at(last)[0] - 1 + delay_of_format;
    EXPECT_EQ(bench.port().formats,
              (Formats{{effective, ReceiveFormat::items_from_east}, {Cycle{back}, ReceiveFormat::words}}));
    EXPECT_EQ(bench.recorder().received, (Received{{effective - 2, {data, 4, 0xC0}},
                                                   {effective - 1, {data + 4, 4, 0xC1}},
                                                   {effective, {data + 8, 8, item(1)}},
                                                   {effective + 1, {data + 16, 8, item(2)}},
                                                   {Cycle{90}, {data + 24, 4, 0xC3}}}))
        << isa::instruction(pic.opcode).id;
    EXPECT_EQ(bench.word(data + 8), 0xA0000001U);
    EXPECT_EQ(bench.word(data + 12), 0xB0000001U);
    EXPECT_TRUE(bench.recorder().hazards.empty());
  }
}

TEST_P(ReceiveCases, PutOfTheFormatActsLikeAPic) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.set_m(2, 2);                                            // 24
  p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_FORMAT")});  // 30 -> 39
  p.add(Opcode::get_mmmn_zi, {3, csr("INCOMING_FORMAT")});  // 36: the old one still
  p.add(Opcode::delay, {1});                                // 37
  p.add(Opcode::get_mmmn_zi, {4, csr("INCOMING_FORMAT")});  // 39
  p.add(Opcode::sync, {3});
  bench.port().items = {{Cycle{39}, item(3)}};
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(supervisor, 3), 0U);
  EXPECT_EQ(bench.m(supervisor, 4), 2U);
  EXPECT_EQ(bench.csr(supervisor, "INCOMING_FORMAT"), 2U);
  EXPECT_EQ(bench.word(data + 4), 0xB0000003U);
  EXPECT_EQ(bench.port().formats, (Formats{{Cycle{39}, ReceiveFormat::items_from_west}}));
}

// Several formats and pointers on their way at once; each counts from its own cycle on.
TEST_P(ReceiveCases, FormatsAndPointersFollowEachOther) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.add(Opcode::delay, {5});              // 24
  p.add(Opcode::delaypic, {0, 1, 1});     // 30 -> 39
  p.add(Opcode::delaypic, {1, 0, 0x10});  // 32 -> 39
  p.add(Opcode::delaypic, {0, 1, 0});     // 33 -> 42
  p.add(Opcode::delaypic, {1, 0, 0x20});  // 35 -> 42
  p.add(Opcode::delaypic, {0, 1, 2});     // 36 -> 45
  p.add(Opcode::sync, {3});
  for (std::uint32_t t = 36; t <= 47; ++t) {
    bench.port().words[Cycle{t}] = t;
    bench.port().items[Cycle{t}] = item(t);
  }
  expect_sync(bench.run(p));
  bench.tile().advance(Cycle{60});
  Received expected;
  for (std::uint32_t t = 36; t <= 38; ++t) expected.push_back({Cycle{t}, {data + 4 * (t - 36), 4, t}});
  for (std::uint32_t t = 39; t <= 41; ++t)
    expected.push_back({Cycle{t}, {data + 0x40 + 8 * (t - 39), 8, item(t)}});
  for (std::uint32_t t = 42; t <= 44; ++t) expected.push_back({Cycle{t}, {data + 0x80 + 4 * (t - 42), 4, t}});
  // 0x8C is no multiple of 8.
  EXPECT_EQ(bench.recorder().received, expected);
  ASSERT_EQ(bench.recorder().hazards.size(), 3U);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(bench.recorder().hazards[i], (Hazard{HazardKind::receive_address, Cycle{45 + i},
                                                   data + 0x8C + 8 * i, 0xA0000000U + 45 + i}));
  }
  EXPECT_EQ(bench.csr(supervisor, "INCOMING_DELTA"), 0x8CU + 24U);
}

// An item counts as two words; an odd count ends with one of them.
TEST_P(ReceiveCases, ItemsCountAsTwoWords) {
  for (const std::uint32_t words : {3U, 4U}) {
    Bench bench = make_bench();
    Program p = receiver(data);
    p.set_m(2, words);                                        // 24
    p.add(Opcode::put_mmmn_zi, {2, csr("INCOMING_DCOUNT")});  // 30
    p.add(Opcode::delaypic, {0, 1, 1});                       // 36 -> 45
    p.add(Opcode::sync, {0});                                 // 37
    const ByteAddr at = p.add(Opcode::get_mmmn_zi, {3, csr("INCOMING_DCOUNT")});
    p.add(Opcode::sync, {3});
    bench.port().items = {{Cycle{46}, item(0)}, {Cycle{50}, item(1)}};
    expect_sync(bench.run(p));
    EXPECT_EQ(bench.cycles_at(at), (std::vector<std::uint64_t>{50 + isa::timing::sync_receive}));
    EXPECT_EQ(bench.m(supervisor, 3), 0U);
  }
}

// The sum of base and pointer must be a multiple of 8; neither by itself.
TEST_P(ReceiveCases, ItemsLandWhereBaseAndPointerTogetherSay) {
  for (const std::uint32_t base_words : {0U, 1U}) {
    for (const std::uint32_t pointer_words : {0x10U, 0x11U}) {
      Bench bench = make_bench();
      Program p = receiver(data + 4 * base_words);
      p.add(Opcode::delaypic, {0, 1, 1});              // 24 -> 33
      p.add(Opcode::delaypic, {0, 0, pointer_words});  // 25 -> 32
      p.add(Opcode::sync, {3});
      bench.port().items = {{Cycle{40}, item(0)}};
      expect_sync(bench.run(p));
      bench.tile().advance(Cycle{60});
      const ByteAddr address = data + 4 * (base_words + pointer_words);
      Received landed;
      std::vector<Hazard> dropped;
      if ((base_words + pointer_words) % 2 == 0) {
        landed.push_back({Cycle{40}, {address, 8, item(0)}});
      } else {
        dropped.push_back(
            {HazardKind::receive_address, Cycle{40}, address, static_cast<std::uint32_t>(item(0))});
      }
      EXPECT_EQ(bench.recorder().received, landed) << base_words << " and " << pointer_words;
      EXPECT_EQ(bench.recorder().hazards, dropped) << base_words << " and " << pointer_words;
    }
  }
}

TEST_P(ReceiveCases, ItemsOutsideMemoryAreDropped) {
  const auto& arch = isa::arch_info(isa::Arch::ipu2);
  Bench bench = make_bench();
  Program p = receiver(ByteAddr{arch.memory_end - 8});
  p.add(Opcode::delaypic, {0, 1, 1});  // 24 -> 33
  p.add(Opcode::sync, {3});
  bench.port().items = {{Cycle{40}, item(0)}, {Cycle{41}, item(1)}};
  expect_sync(bench.run(p));
  bench.tile().advance(Cycle{60});
  EXPECT_EQ(bench.recorder().received, (Received{{Cycle{40}, {ByteAddr{arch.memory_end - 8}, 8, item(0)}}}));
  ASSERT_EQ(bench.recorder().hazards.size(), 1U);
  EXPECT_EQ(bench.recorder().hazards[0],
            (Hazard{HazardKind::receive_address, Cycle{41}, ByteAddr{arch.memory_end}, 0xA0000001U}));
}

// A 64-bit item that is sent, and one that is received, use their elements as words do.
TEST_P(ReceiveCases, ItemsClashLikeWords) {
  Bench bench = make_bench();
  Program p = receiver(data);
  p.add(Opcode::delaypic, {0, 1, 1});                       // 24 -> 33
  p.add(Opcode::delay, {12});                               // 25
  p.add(Opcode::send, {0, (data.value() + 0x100) / 8, 5});  // 38
  p.add(Opcode::sync, {3});
  bench.port().items = {{Cycle{38}, item(0)}};
  expect_sync(bench.run(p));
  ASSERT_EQ(bench.recorder().hazards.size(), 1U);
  EXPECT_EQ(bench.recorder().hazards[0],
            (Hazard{HazardKind::clash_with_access, Cycle{38}, data, 0xA0000000U}));
}

}  // namespace
}  // namespace ipusim::tile::test
