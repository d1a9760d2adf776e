// SPDX-License-Identifier: Apache-2.0
// The recorded inputs of a tile: old ones are forgotten, and the rest repeats the end of the run.
#include "input_log.hpp"

#include <gtest/gtest.h>

#include "ipusim/tile/fast_tile.hpp"
#include "reloading_tile.hpp"

namespace ipusim::lockstep {
namespace {

using isa::Opcode;
using tile::test::Bench;
using tile::test::Program;
using tile::test::saved;

// A supervisor that counts while words arrive and memory is written from outside.
class RecordedRun {
 public:
  explicit RecordedRun(std::size_t log_bytes)
      : bench_(tile::test::TileKind{"fast", tile::make_fast_tile}, false), log_(log_bytes) {
    Program p(tile::test::code);
    p.set_m(3, tile::test::data.value());
    p.add(Opcode::put_mmmn_zi, {3, isa::find_csr(isa::Mode::supervisor, "INCOMING_BASE")->index});
    p.set_m(0, 0x7FFFF);
    const ByteAddr loop = p.add(Opcode::add_mmmn_si, {1, 1, 3});
    p.add(Opcode::brnzdec_mmmn_zi, {0, loop.value()});
    act([words = p.words()](tile::TileModel& t) {
      t.write_memory(tile::test::code, std::as_bytes(std::span{words}));
    });
    act([](tile::TileModel& t) { t.start(tile::test::code, tile::test::first_cycle); });
  }

  void run_to(std::uint32_t end) {
    constexpr std::uint32_t word_every = 7;
    constexpr std::uint32_t slice = 100;
    while (tile().now() < Cycle{end}) {
      log_.shorten(tile());
      const auto now = static_cast<std::uint32_t>(tile().now().value());
      for (std::uint32_t t = now + (word_every - now % word_every) % word_every; t < now + slice;
           t += word_every) {
        bench_.port().words[Cycle{t}] = t;
        log_.incoming(Cycle{t}, t);
      }
      tile().advance(Cycle{now + slice});
      act([now](tile::TileModel& t) {
        t.write_memory(tile::test::wide_data + now, std::as_bytes(std::span{&now, 1}));
      });
    }
  }
  const InputLog& log() const { return log_; }
  tile::TileModel& tile() { return bench_.tile(); }
  // The state that a fresh tile comes to by what was recorded.
  std::vector<std::byte> repeated(Cycle begin) {
    const auto again = tile::make_fast_tile({});
    log_.replay(*again, begin, tile().now());
    return saved(*again);
  }

 private:
  void act(const InputLog::Action& action) {
    log_.add(tile().now(), action);
    action(tile());
  }
  Bench bench_;
  InputLog log_;
};

constexpr std::uint32_t end = 20000;

TEST(InputLog, AShortRunIsKeptFromItsBeginning) {
  RecordedRun run(std::size_t{1} << 20U);
  run.run_to(end);
  EXPECT_EQ(run.log().first(), Cycle{0});
  EXPECT_TRUE(run.repeated(Cycle{0}) == saved(run.tile()));
  EXPECT_TRUE(run.repeated(Cycle{end - 50}) == saved(run.tile()));
}

TEST(InputLog, OfALongRunTheEndIsKept) {
  constexpr std::size_t bytes = 4000;  // of 16 for each word
  RecordedRun run(bytes);
  run.run_to(end);
  EXPECT_GT(run.log().first(), Cycle{end - 2 * 7 * bytes / 16});
  EXPECT_LT(run.log().first(), Cycle{end - 500});
  for (const Cycle begin : {Cycle{0}, run.log().first(), Cycle{end - 50}}) {
    EXPECT_TRUE(run.repeated(begin) == saved(run.tile())) << "from cycle " << begin.value();
  }
}

TEST(InputLog, ALoadedTileBeginsAnew) {
  RecordedRun run(std::size_t{1} << 20U);
  run.run_to(1000);
  InputLog log(std::size_t{1} << 20U);
  log.restart(run.tile());
  EXPECT_EQ(log.first(), run.tile().now());
  const auto again = tile::make_fast_tile({});
  log.replay(*again, Cycle{0}, run.tile().now());
  EXPECT_TRUE(saved(*again) == saved(run.tile()));
}

}  // namespace
}  // namespace ipusim::lockstep
