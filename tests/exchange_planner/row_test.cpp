// SPDX-License-Identifier: Apache-2.0
// Rows against the published words, and random timelines against what their rows mean when read back.
#include "ipusim/exchange_planner/row.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "row_reader.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::exchange_planner;
using planner_test::RowMeaning;
using planner_test::RowReader;

constexpr std::uint16_t null_source = 0x640;

std::vector<std::uint32_t> encoded(const std::vector<RowInstruction>& row) {
  std::vector<std::uint32_t> words;
  for (const RowInstruction& instruction : row) {
    const isa::Instruction& info = isa::instruction(instruction.opcode);
    const std::size_t begin = words.size();
    words.resize(begin + info.words, 0);
    words[begin] = info.match;
    for (std::size_t i = 0; i < info.operands.size(); ++i) {
      for (unsigned s = 0; s < info.operands[i].slice_count; ++s) {
        const isa::BitSlice& slice = info.operands[i].slices[s];
        words[begin + slice.word] |=
            ((instruction.operands[i] >> slice.value_lsb) & ((1U << slice.width) - 1U)) << slice.word_lsb;
      }
    }
  }
  return words;
}

// [SDK] A receiver of four messages of 52 words, in row 0 of the chip: selections at events 0, 52, 104, 156,
// each pointer 52 events after its selection, end after 266 events.
TEST(PublishedRow, FourMessagesBackToBack) {
  Timeline t;
  t.controls = {{0, 130, {}},
                {52, 192, 0x14048},
                {104, 194, 0x15000},
                {156, 256, 0x16000},
                {208, null_source, 0x17000}};
  t.end = 266;
  EXPECT_EQ(encoded(build_row(t, null_source)),
            (std::vector<std::uint32_t>{0x64000082, 0x40A00032, 0xF6600000, 0x03014048, 0xF6600000,
                                        0x03095000, 0xF6600000, 0x04016000, 0xF7200000, 0x19017000}));
}

TEST(PublishedRow, SendOfTwoWordsBothWays) {
  Timeline t;
  t.sends = {{0, 2, 82041, 3}};
  t.end = 2;
  EXPECT_EQ(encoded(build_row(t, null_source)), (std::vector<std::uint32_t>{0x782A03CB}));
}

TEST(PublishedRow, SendWithBothControlsOnItsFirstWord) {
  Timeline t;
  t.sends = {{0, 43, 0x14021, 1}};
  t.controls = {{0, 0x640, 0x15000}};
  t.end = 43;
  EXPECT_EQ(encoded(build_row(t, 5)), (std::vector<std::uint32_t>{0xF54A0109, 0x19015000}));
}

TEST(PublishedRow, LongestWaitForASource) {
  Timeline t;
  t.controls = {{4095, 0x640, {}}};
  t.end = 4096;
  EXPECT_EQ(encoded(build_row(t, 5)), (std::vector<std::uint32_t>{0x67FFC640}));
}

// What a timeline means, written out event by event.
RowMeaning meaning_of(const Timeline& t) {
  RowMeaning m;
  m.events = t.end;
  std::uint32_t selected = null_source;
  for (const Send& send : t.sends) {
    for (std::uint32_t i = 0; i < send.items; ++i) {
      m.items[send.event + static_cast<std::int32_t>(i)] = {send.item + i, send.directions};
    }
  }
  for (const Control& control : t.controls) {
    if (control.source && *control.source != selected) m.sources[control.event] = selected = *control.source;
    if (control.pointer) m.pointers[control.event] = *control.pointer;
  }
  return m;
}

void expect_faithful(const Timeline& t) {
  EXPECT_EQ(RowReader(null_source).read(build_row(t, null_source)), meaning_of(t));
}

// A tile with nothing to do waits as long as its row lasts, by the published word for it, 0x40A00000 + events
// - 1.
TEST(Row, EmptyTimelineOnlyWaits) {
  EXPECT_TRUE(build_row({}, null_source).empty());
  for (const std::int32_t events : {1, 23, 51}) {
    Timeline t;
    t.end = events;
    EXPECT_EQ(encoded(build_row(t, null_source)),
              (std::vector<std::uint32_t>{0x40A00000 + static_cast<std::uint32_t>(events) - 1}))
        << events;
    expect_faithful(t);
  }
  Timeline long_one;
  long_one.end = 10'000'000;  // more than one instruction can wait
  EXPECT_GT(build_row(long_one, null_source).size(), 1U);
  expect_faithful(long_one);
}

TEST(Row, GapsAndMessagesLongerThanTheFields) {
  Timeline t;
  t.sends = {{600'000, 64 + 4096 + 4096 + 1, 7, 1}, {700'000, 5000, 100, 3}};
  t.controls = {{5000, 3, {}},     {5200, {}, 9},   {700'001, 4, {}},
                {700'300, {}, 77}, {704'999, 5, 6}, {1'400'000, null_source, {}}};
  t.end = 2'000'000;
  expect_faithful(t);
}

TEST(Row, EveryControlOnEveryEventOfASend) {
  Timeline t;
  t.sends = {{2, 9, 40, 2}};
  t.controls = {{0, {}, 1}, {1, 11, {}}, {2, {}, 2}, {3, 12, {}},  {4, {}, 3},
                {5, 13, 4}, {6, {}, 5},  {7, 14, 6}, {10, 15, {}}, {11, 16, 7}};
  t.end = 12;
  expect_faithful(t);
}

// sendpicp after an odd number of one-event instructions: nothing can be cut in two.
TEST(Row, OddNumberOfOneEventInstructionsBeforeSendpicp) {
  for (const bool with_pointer_first : {false, true}) {
    Timeline t;
    t.controls = {{0, 11, {}}, {1, {}, 5}, {2, 12, {}}, {3, 13, 6}, {4, 14, {}}, {5, 15, 7}};
    if (with_pointer_first) t.controls[0] = {0, {}, 4};
    t.end = 6;
    expect_faithful(t);
  }
}

Timeline random_timeline(std::mt19937& random) {
  const auto pick = [&random](std::uint32_t n) { return static_cast<std::int32_t>(random() % n); };
  const std::uint32_t spread = std::array{2U, 3U, 20U, 300U, 9000U}[random() % 5];
  Timeline t;
  std::int32_t event = pick(spread);
  while (random() % 8 != 0) {
    Send send{event, 1 + static_cast<std::uint32_t>(pick(spread)), static_cast<std::uint32_t>(pick(1000)),
              static_cast<std::uint8_t>(1 + random() % 3)};
    event += static_cast<std::int32_t>(send.items) + (random() % 3 == 0 ? 0 : pick(spread));
    t.sends.push_back(send);
    t.end = send.event + static_cast<std::int32_t>(send.items);
  }
  const std::uint32_t gap = std::array{1U, 2U, 30U, 1000U, 9000U}[random() % 5];
  event = pick(gap);
  while (random() % 16 != 0) {
    Control control{event, {}, {}};
    const auto kind = random() % 3;
    if (kind != 0) control.source = static_cast<std::uint16_t>(random() % 1472);
    if (kind != 1) control.pointer = static_cast<std::uint32_t>(random() % 4000);
    t.controls.push_back(control);
    t.end = std::max(t.end, event + 1);
    event += 1 + pick(gap);
  }
  t.end += pick(100);
  return t;
}

TEST(Row, RandomTimelinesReadBackAsTheyWere) {
  std::mt19937 random(7);
  for (int i = 0; i < 500 && !testing::Test::HasFailure(); ++i) {
    SCOPED_TRACE(i);
    expect_faithful(random_timeline(random));
  }
}

}  // namespace
