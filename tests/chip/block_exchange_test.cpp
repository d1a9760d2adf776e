// SPDX-License-Identifier: Apache-2.0
// An exchange block plays words to tiles of every kind, while the receive pointer and its base change by PICs
// and by puts, in all orders: where every word goes follows from the cycles in which those issued.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <span>

#include "ipusim/chip/chip.hpp"
#include "ipusim/chip/edge/host_marks.hpp"
#include "ipusim/isa/csr.hpp"
#include "program.hpp"
#include "tile_kinds.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using tile_test::Program;

constexpr std::uint32_t code = 0x4C000;
constexpr std::uint32_t destination = 0x90000;
constexpr unsigned path = 40;                  // from this block to the mux
constexpr unsigned mux_delay = 59;             // docs/exchange.md: of row 0
constexpr std::uint16_t block_number = 0x615;  // of place 21 and its column: 0x600 + (p & 0x3D)
constexpr std::uint16_t place = 21;

// One word a cycle, from `first` on.
class Player : public BusSource {
 public:
  Player(std::uint64_t first, std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i)
      words_.push_back({Cycle{first + i}, static_cast<std::uint32_t>(0xB10C0000 + i), 1});
  }
  Cycle published() const override { return Cycle::never(); }
  bool waits_in_sync() const override { return false; }
  std::uint64_t first_at_or_after(Cycle from, std::uint64_t) const override {
    const std::uint64_t first = words_.front().left.value();
    return from.value() <= first ? 0 : std::min<std::uint64_t>(from.value() - first, words_.size());
  }
  const BusWord* word(std::uint64_t n) const override { return n < words_.size() ? &words_[n] : nullptr; }
  BusPath path_to(TileId) const override { return {path, 1}; }
  void mark_taken(std::uint64_t first, std::uint64_t last) override { taken += last - first + 1; }
  std::uint64_t taken = 0;

 private:
  std::vector<BusWord> words_;
};

struct Watch : tile::TileObserver {
  std::map<std::uint32_t, Cycle> issued;  // by PC
  std::vector<std::pair<Cycle, tile::MemoryWrite>> writes;
  std::size_t hazards = 0;
  void on_retire(const tile::RetireRecord& record) override {
    issued.emplace(record.pc.value(), record.cycle);
  }
  void on_receive(Cycle at, const tile::MemoryWrite& write) override { writes.emplace_back(at, write); }
  void on_hazard(const tile::Hazard&) override { ++hazards; }
};

// Something that changes where words go: at its event, in effect 7 cycles later (docs/timing.md, 6).
struct Change {
  std::uint32_t pc;
  std::uint32_t event;  // of its instruction
  bool base;
  std::uint32_t value;
};

class Receiver {
 public:
  explicit Receiver(const std::string& kind) : kind_(kind) {}

  Receiver& put(unsigned index, std::uint32_t value) {
    program_.set(1, value);
    if (index == isa::csr::incoming_base || index == isa::csr::incoming_delta)
      changes_.push_back({program_.here(), 0, index == isa::csr::incoming_base, value});
    program_.op("put_mmmn_zi", {1, index});
    return *this;
  }
  Receiver& pic(std::uint32_t events, std::uint32_t words) {
    changes_.push_back({program_.here(), events - 1, false, 4 * words});
    program_.op("delaypic", {events - 1, 0, words});
    return *this;
  }
  Receiver& wait(std::uint32_t events) {
    program_.op("delay", {events - 1});
    return *this;
  }

  // Runs with a block of which every word is taken; compares where they went.
  void check(std::uint64_t first, std::uint64_t count) {
    auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
    system.places = {TileId{place}};
    Chip chip(system, {kind_}, chip_test::tile_factories());
    HostMarks marks(system.sync);
    chip.attach(marks);
    Player block(first, count);
    chip.exchange().attach(tile::MuxSource{block_number}, block);
    program_.op("sync", {7});
    chip.tile(TileIndex{0}).write_memory(ByteAddr{code}, std::as_bytes(std::span{program_.code()}));
    chip.set_entry(TileIndex{0}, ByteAddr{code});
    Watch watch;
    chip.observe(TileIndex{0}, &watch);
    chip.start();
    ASSERT_EQ(chip.run(Cycle{100000}), ChipState::waits_for_host);
    EXPECT_EQ(watch.hazards, 0U);
    EXPECT_EQ(block.taken, count);
    ASSERT_EQ(watch.writes.size(), count);
    std::map<Cycle, const Change*> effective;
    for (const Change& change : changes_)
      effective[watch.issued.at(change.pc) + change.event + isa::timing::pointer_delay] = &change;
    std::uint32_t base = 0, pointer = 0;
    auto next = effective.begin();
    for (std::uint64_t i = 0; i < count; ++i) {
      const Cycle at{first + i + path + mux_delay};
      for (; next != effective.end() && next->first <= at; ++next)
        (next->second->base ? base : pointer) = next->second->value;
      ASSERT_EQ(watch.writes[i].first, at);
      ASSERT_EQ(watch.writes[i].second,
                (tile::MemoryWrite{ByteAddr{base + pointer}, 4, 0xB10C0000 + static_cast<std::uint32_t>(i)}))
          << i;
      pointer += 4;
    }
  }

 private:
  std::string kind_;
  Program program_{code};
  std::vector<Change> changes_;
};

class BlockExchange : public ::testing::TestWithParam<std::string> {
 protected:
  Receiver receiver_ = [] {
    Receiver r(GetParam());
    r.put(isa::csr::incoming_mux, block_number).put(isa::csr::incoming_base, destination);
    return r;
  }();
};

TEST_P(BlockExchange, WordsFollowEachOther) {
  receiver_.wait(400);
  receiver_.check(100, 60);
}

TEST_P(BlockExchange, PointerByPic) {
  receiver_.wait(120).pic(1, 0x100).pic(1, 0x200).pic(3, 0x300).pic(20, 0x400).wait(300);
  receiver_.check(20, 200);
}

TEST_P(BlockExchange, PointerAndBaseByPut) {
  receiver_.wait(100)
      .put(isa::csr::incoming_delta, 0x1000)
      .put(isa::csr::incoming_base, destination + 0x8000)
      .put(isa::csr::incoming_delta, 0x2000)
      .wait(300);
  receiver_.check(20, 200);
}

TEST_P(BlockExchange, PutsAndPicsInTurn) {
  receiver_.wait(100)
      .put(isa::csr::incoming_delta, 0x1000)
      .pic(1, 0x500)
      .pic(2, 0x600)
      .put(isa::csr::incoming_base, destination + 0x8000)
      .pic(1, 0x700)
      .put(isa::csr::incoming_delta, 0x2000)
      .put(isa::csr::incoming_base, destination)
      .wait(300);
  receiver_.check(20, 250);
}

INSTANTIATE_TEST_SUITE_P(Kinds, BlockExchange, ::testing::ValuesIn(chip_test::tile_kinds()),
                         [](const auto& c) { return c.param; });

// Blocks have no partner: as a source of 64-bit items there is nobody.
TEST(BlockExchange64, ABlockSendsNoItems) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  system.places = {TileId{place}};
  Chip chip(system, {"fast"}, chip_test::tile_factories());
  HostMarks marks(system.sync);
  chip.attach(marks);
  Player block(20, 200);
  chip.exchange().attach(tile::MuxSource{block_number}, block);
  Program p(code);
  p.set(1, block_number).op("put_mmmn_zi", {1, isa::csr::incoming_muxpair});
  p.set(1, 1).op("put_mmmn_zi", {1, isa::csr::incoming_format});
  p.op("delay", {300}).op("sync", {7});
  chip.tile(TileIndex{0}).write_memory(ByteAddr{code}, std::as_bytes(std::span{p.code()}));
  chip.set_entry(TileIndex{0}, ByteAddr{code});
  chip.start();
  ASSERT_EQ(chip.run(Cycle{100000}), ChipState::waits_for_host);
  EXPECT_EQ(chip.report().exchange.words_received, 0U);
  EXPECT_EQ(block.taken, 0U);
}

}  // namespace
