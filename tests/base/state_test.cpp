// SPDX-License-Identifier: Apache-2.0
// Saved state: what comes back, and what is said of bytes that are none.
#include "ipusim/base/state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace ipusim {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

enum class Colour : std::uint8_t { red, green, blue };
[[maybe_unused]] constexpr Colour last_enumerator(Colour) { return Colour::blue; }

struct Point {
  std::int32_t x = 0;
  std::int32_t y = 0;
  friend bool operator==(const Point&, const Point&) = default;
};
// A struct of another floor: its function stands beside it.
template <class Archive, StateOf<Point> Self>
void visit_state(Archive& archive, Self& self) {
  auto& [x, y] = self;
  archive(x, y);
}

// One of everything.
class Everything {
 public:
  Everything() = default;
  explicit Everything(std::uint32_t seed) {
    std::minstd_rand random(seed);
    const auto some = [&](std::size_t most) { return random() % (most + 1); };
    yes_ = some(1) != 0;
    small_ = static_cast<std::uint8_t>(random());
    negative_ = -static_cast<std::int64_t>(random()) << 20U;
    cycle_ = some(1) != 0 ? Cycle::never() : Cycle{random()};
    colour_ = static_cast<Colour>(some(2));
    context_ = Context::from_index(static_cast<unsigned>(some(6)));
    for (auto& word : words_) word = static_cast<std::uint32_t>(random());
    for (std::size_t n = some(4); n != 0; --n) points_.push_back({static_cast<std::int32_t>(random()), -1});
    for (std::size_t n = some(4); n != 0; --n) queue_.emplace_back(Cycle{random()}, some(1) != 0);
    if (some(1) != 0) address_ = ByteAddr{static_cast<std::uint32_t>(random())};
    for (std::size_t n = some(4); n != 0; --n)
      names_[TileId{static_cast<std::uint16_t>(n)}] = std::string(n, 'x');
    for (auto& byte : memory_) byte = some(9) == 0 ? static_cast<std::byte>(random()) : std::byte{0};
    std::fill_n(memory_.begin() + 20, some(100), std::byte{0});
  }

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    archive.section("everything", 1, [&](Archive& a) {
      auto& [yes, small, negative, cycle, colour, context, words, points, queue, address, names, memory] =
          self;
      a(yes, small, negative, cycle, colour, context);
      a.section("words", 1, [&](Archive& b) { b(self.words_); });
      a(points, queue, address, names);
      a.sparse(memory);
    });
  }
  friend bool operator==(const Everything&, const Everything&) = default;

 private:
  bool yes_ = false;
  std::uint8_t small_ = 0;
  std::int64_t negative_ = 0;
  Cycle cycle_;
  Colour colour_ = Colour::red;
  Context context_;
  std::array<std::uint32_t, 3> words_{};
  std::vector<Point> points_;
  std::deque<std::pair<Cycle, bool>> queue_;
  std::optional<ByteAddr> address_;
  std::map<TileId, std::string> names_;
  std::array<std::byte, 200> memory_{};
};

std::vector<std::byte> saved(const Everything& everything) {
  StateWriter writer;
  writer(everything);
  return writer.take();
}

// What a reader says of bytes; empty if nothing.
template <class T>
std::string complaint(std::span<const std::byte> bytes, T& to) {
  try {
    StateReader reader(bytes);
    reader(to);
    reader.finish();
  } catch (const StateError& error) {
    EXPECT_LE(error.byte(), bytes.size());
    return error.what();
  }
  return {};
}

std::vector<std::byte> bytes_of(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}
// What was written after the head of the archive.
std::vector<std::byte> body_of(const StateWriter& writer) {
  constexpr std::ptrdiff_t head = 10;
  return {writer.bytes().begin() + head, writer.bytes().end()};
}

TEST(State, EverythingComesBack) {
  for (std::uint32_t seed = 1; seed < 500; ++seed) {
    const Everything before(seed);
    Everything after(seed + 1000);  // of which nothing may stay
    ASSERT_EQ(complaint(saved(before), after), "") << "seed " << seed;
    ASSERT_EQ(after, before) << "seed " << seed;
    ASSERT_EQ(saved(after), saved(before)) << "seed " << seed;
  }
}

TEST(State, EncodingIsLittleEndianAndFixed) {
  StateWriter writer;
  writer(std::uint32_t{0x11223344}, std::int16_t{-2}, true, Cycle{5}, Colour::blue, std::string{"ab"},
         std::optional<std::uint8_t>{}, std::optional<std::uint8_t>{7});
  EXPECT_EQ(body_of(writer), bytes_of({0x44, 0x33, 0x22, 0x11, 0xFE, 0xFF, 1, 5, 0, 0,   0,   0, 0, 0, 0,
                                       2,    2,    0,    0,    0,    0,    0, 0, 0, 'a', 'b', 0, 1, 7}));
}

TEST(State, ZerosOfMemoryTakeNoSpace) {
  std::vector<std::byte> memory(1 << 20);
  memory[1000] = std::byte{1};
  memory[500000] = std::byte{2};
  StateWriter writer;
  writer.sparse(memory);
  EXPECT_LT(writer.bytes().size(), 100U);
  std::vector<std::byte> back(memory.size(), std::byte{0xFF});
  StateReader reader(writer.bytes());
  reader.sparse(back);
  reader.finish();
  EXPECT_EQ(back, memory);
}

TEST(State, EveryTruncationIsNoticed) {
  const Everything everything(7);
  const std::vector<std::byte> whole = saved(everything);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    Everything to;
    ASSERT_NE(complaint(std::span{whole}.first(size), to), "") << size << " of " << whole.size() << " bytes";
  }
}

TEST(State, BytesBehindTheEndAreNoticed) {
  std::vector<std::byte> bytes = saved(Everything(7));
  bytes.push_back(std::byte{0});
  Everything to;
  EXPECT_THAT(complaint(bytes, to), HasSubstr("1 bytes follow the end"));
}

TEST(State, NoDamagedBitIsTakenForTheSameState) {
  const Everything everything(7);
  const std::vector<std::byte> whole = saved(everything);
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    std::vector<std::byte> damaged = whole;
    damaged[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    Everything to;
    if (!complaint(damaged, to).empty()) continue;
    ASSERT_NE(saved(to), whole) << "bit " << bit;
  }
}

TEST(State, RandomBytesNeverDoHarm) {
  std::minstd_rand random(3);
  const std::vector<std::byte> whole = saved(Everything(7));
  for (unsigned i = 0; i < 20000; ++i) {
    std::vector<std::byte> bytes = whole;
    for (std::size_t n = 1 + random() % 8; n != 0; --n)
      bytes[random() % bytes.size()] = static_cast<std::byte>(random() % 3 == 0 ? 0xFF : random());
    Everything to;
    static_cast<void>(complaint(bytes, to));
  }
}

TEST(State, ForeignBytesAreRefused) {
  Everything to;
  const auto text = std::as_bytes(std::span{"some text that is no archive"});
  EXPECT_THAT(complaint(text, to), StartsWith("saved state, byte 0: this is no saved state"));
  EXPECT_THAT(complaint({}, to), HasSubstr("no saved state"));
  std::vector<std::byte> newer = saved(Everything(1));
  newer[8] = std::byte{2};
  EXPECT_EQ(complaint(newer, to), "saved state, byte 8: the encoding has version 2, this program reads 1");
}

TEST(State, OtherSectionsAreNamed) {
  StateWriter writer;
  writer.section("rtl tile", 1, [](StateWriter& w) { w(true); });
  StateReader reader(writer.bytes());
  try {
    reader.section("fast tile", 1, [](StateReader&) { FAIL(); });
    FAIL();
  } catch (const StateError& error) {
    EXPECT_STREQ(error.what(),
                 R"(saved state, byte 10: expected section "fast tile", found section "rtl tile")");
    EXPECT_EQ(error.byte(), 10U);
  }
}

TEST(State, NewerSectionsAreRefusedAndOlderOnesTellTheirVersion) {
  StateWriter writer;
  writer.section("tile", 2, [](StateWriter& w) { w(w.version()); });
  std::uint16_t written = 0;
  StateReader reader(writer.bytes());
  reader.section("tile", 3, [&](StateReader& r) {
    EXPECT_EQ(r.version(), 2U);
    r(written);
  });
  EXPECT_EQ(written, 2U);
  StateReader old(writer.bytes());
  try {
    old.section("tile", 1, [](StateReader&) { FAIL(); });
    FAIL();
  } catch (const StateError& error) {
    EXPECT_THAT(error.what(), HasSubstr(R"(section "tile" has version 2, this program reads up to 1)"));
  }
}

TEST(State, ASectionIsReadWhole) {
  StateWriter writer;
  writer.section("a", 1, [](StateWriter& w) { w(std::uint32_t{1}); });
  writer(std::uint32_t{2});
  std::uint16_t half = 0;
  std::uint64_t wide = 0;
  StateReader shorter(writer.bytes());
  EXPECT_THROW(shorter.section("a", 1, [&](StateReader& r) { r(half); }), StateError);
  StateReader longer(writer.bytes());  // must not go on into what follows
  EXPECT_THROW(longer.section("a", 1, [&](StateReader& r) { r(wide); }), StateError);
}

TEST(State, ImpossibleValuesAreRefused) {
  StateWriter writer;
  writer(std::uint8_t{3});
  bool flag = false;
  Colour colour{};
  Context context;
  EXPECT_THAT(complaint(writer.bytes(), flag), HasSubstr("byte 10: 3 where 0 or 1 is possible"));
  EXPECT_THAT(complaint(writer.bytes(), colour), HasSubstr("byte 10: 3 where at most 2 is possible"));
  EXPECT_EQ(complaint(writer.bytes(), context), "");
  EXPECT_EQ(context, Context::worker(2));
  StateWriter seventh;
  seventh(std::uint8_t{7});
  EXPECT_THAT(complaint(seventh.bytes(), context), HasSubstr("there is no context 7"));
}

TEST(State, ALengthThatCannotBeIsRefusedBeforeAnythingIsAllocated) {
  StateWriter writer;
  writer(std::uint64_t{1} << 60U, std::uint64_t{0});
  std::vector<std::uint64_t> list;
  EXPECT_THAT(complaint(writer.bytes(), list),
              HasSubstr("a list of 1152921504606846976 elements cannot lie in the 8 bytes that are left"));
  EXPECT_EQ(list.capacity(), 0U);
}

TEST(State, PiecesOfMemoryStayInside) {
  const auto refused = [](std::uint64_t size, std::uint64_t zeros, std::uint64_t literals) {
    StateWriter writer;
    writer(size, zeros, literals, std::uint64_t{0}, std::uint64_t{0});
    std::array<std::byte, 16> memory{};
    StateReader reader(writer.bytes());
    EXPECT_THROW(reader.sparse(memory), StateError) << size << ' ' << zeros << ' ' << literals;
  };
  refused(17, 17, 0);
  refused(16, 17, 0);
  refused(16, 8, 9);
  refused(16, ~std::uint64_t{0}, 17);  // the sum wraps
  refused(16, 0, 0);                   // would never end
  refused(16, 1, ~std::uint64_t{0});
}

TEST(State, WhatMustBeTheSameIs) {
  StateWriter writer;
  writer.same("tile", TileId{5});
  StateReader good(writer.bytes());
  good.same("tile", TileId{5});
  good.finish();
  StateReader bad(writer.bytes());
  try {
    bad.same("tile", TileId{6});
    FAIL();
  } catch (const StateError& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("the tile of what was saved is not that of what it is loaded into: 5, not 6"));
  }
}

}  // namespace
}  // namespace ipusim
