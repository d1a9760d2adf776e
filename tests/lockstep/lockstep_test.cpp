// SPDX-License-Identifier: Apache-2.0
// The lockstep checker finds differences: a model with one fault put in is caught at the right cycle, with a
// message that shows both sides and a wave file.
#include "ipusim/lockstep/lockstep_tile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "tile_bench.hpp"

namespace ipusim::lockstep {
namespace {

using isa::Opcode;
using ::testing::HasSubstr;
using tile::RetireRecord;
using tile::StopReason;
using tile::test::Bench;
using tile::test::Program;

// A tile whose reports are changed on their way out.
class FaultyTile : public tile::TileModel, private tile::TileObserver {
 public:
  using Change = std::function<void(RetireRecord&)>;
  FaultyTile(std::unique_ptr<tile::TileModel> inner, Change change)
      : inner_(std::move(inner)), change_(std::move(change)) {
    inner_->attach(static_cast<tile::TileObserver*>(this));
  }
  void reset() override { inner_->reset(); }
  void attach(tile::ExchangePort* exchange) override { inner_->attach(exchange); }
  void attach(tile::TileObserver* observer) override { observer_ = observer; }
  void read_memory(ByteAddr address, std::span<std::byte> to) const override {
    inner_->read_memory(address, to);
  }
  void write_memory(ByteAddr address, std::span<const std::byte> from) override {
    inner_->write_memory(address, from);
  }
  void start(ByteAddr pc, Cycle at) override { inner_->start(pc, at); }
  void release_sync(Cycle at) override { inner_->release_sync(at); }
  tile::StopReport advance(Cycle limit) override { return inner_->advance(limit); }
  Cycle now() const override { return inner_->now(); }
  Cycle last_exchange_end() const override { return inner_->last_exchange_end(); }
  std::uint32_t read_register(Context context, tile::RegisterWrite::File file,
                              unsigned index) const override {
    return inner_->read_register(context, file, index);
  }
  ByteAddr pc(Context context) const override { return inner_->pc(context); }
  unsigned context_status(Context context) const override { return inner_->context_status(context); }
  void save(StateWriter& to) const override { inner_->save(to); }
  void load(StateReader& from) override { inner_->load(from); }
  tile::TileDebug& debug() override { return inner_->debug(); }
  std::string kind() const override { return "faulty"; }

 private:
  void on_retire(const RetireRecord& record) override {
    RetireRecord changed = record;
    change_(changed);
    observer_->on_retire(changed);
  }
  void on_receive(Cycle at, const tile::MemoryWrite& write) override { observer_->on_receive(at, write); }
  void on_hazard(const tile::Hazard& hazard) override { observer_->on_hazard(hazard); }

  std::unique_ptr<tile::TileModel> inner_;
  Change change_;
  tile::TileObserver* observer_ = nullptr;
};

class Lockstep : public ::testing::Test {
 protected:
  // A directory of this test's own.
  std::filesystem::path directory_ =
      std::filesystem::temp_directory_path() / ("ipusim-lockstep-" + std::to_string(getpid()));

  LockstepOptions options(FaultyTile::Change change) {
    LockstepOptions o;
    o.candidate = [change](const tile::TileParameters& p) -> std::unique_ptr<tile::TileModel> {
      return std::make_unique<FaultyTile>(rtl::make_rtl_tile(p), change);
    };
    o.wave_directory = directory_;
    return o;
  }
  // Runs a counting loop of the supervisor on a lockstep tile with these options.
  tile::StopReport run_loop(const LockstepOptions& o) {
    Bench bench(tile::test::TileKind{
        "lockstep", [&](const tile::TileParameters& p) { return make_lockstep_tile(p, o); }});
    Program p(tile::test::code);
    p.set_m(0, 10);
    p.set_m(1, 0);
    const ByteAddr loop = p.add(Opcode::add_mmmn_si, {1, 1, 3});
    p.add(Opcode::brnzdec_mmmn_zi, {0, loop.value()});
    p.add(Opcode::sync, {3});
    bench.load(p);
    bench.tile().start(tile::test::code, tile::test::first_cycle);
    return bench.tile().advance(Cycle{10000});
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }
};

TEST_F(Lockstep, EqualModelsAgree) {
  const tile::StopReport stop = run_loop(options([](RetireRecord&) {}));
  EXPECT_EQ(stop.reason, StopReason::sync);
  EXPECT_FALSE(std::filesystem::exists(directory_)) << "waves without a difference";
}

TEST_F(Lockstep, OneFlippedRegisterBitIsFoundAndShown) {
  const Cycle at{53};
  bool changed = false;
  LockstepOptions o = options([&](RetireRecord& r) {
    if (r.cycle < at || r.registers.empty() || changed) return;
    changed = true;
    r.registers[0].value ^= 0x400U;
  });
  o.disassemble = [](std::array<std::uint32_t, 2>) { return std::string{"some text"}; };
  const tile::StopReport stop = run_loop(o);
  ASSERT_TRUE(changed);
  ASSERT_EQ(stop.reason, StopReason::mismatch);
  EXPECT_GE(stop.cycle, at);
  EXPECT_THAT(stop.message, HasSubstr("fast: retires cycle " + std::to_string(stop.cycle.value())));
  EXPECT_THAT(stop.message, HasSubstr("faulty: retires cycle " + std::to_string(stop.cycle.value())));
  EXPECT_THAT(stop.message, HasSubstr("some text"));
  const auto waves = directory_ / ("lockstep-tile0-cycle" + std::to_string(stop.cycle.value()) + ".fst");
  EXPECT_THAT(stop.message, HasSubstr(waves.string()));
  ASSERT_TRUE(std::filesystem::exists(waves));
  EXPECT_GT(std::filesystem::file_size(waves), 1000U);
}

// Inputs that lie far back are no longer known, the cycles around the difference are.
TEST_F(Lockstep, WavesOfALongRunBeginAtAStateThatWasKept) {
  const Cycle at{6000};
  LockstepOptions o = options([&](RetireRecord& r) {
    if (r.cycle >= at && !r.registers.empty()) r.registers[0].value ^= 1U;
  });
  o.input_log_bytes = 500;
  Bench bench(tile::test::TileKind{"lockstep",
                                   [&](const tile::TileParameters& p) { return make_lockstep_tile(p, o); }});
  Program p(tile::test::code);
  p.set_m(0, 0x7FFFF);
  const ByteAddr loop = p.add(Opcode::add_mmmn_si, {1, 1, 3});
  p.add(Opcode::brnzdec_mmmn_zi, {0, loop.value()});
  bench.load(p);
  bench.tile().start(tile::test::code, tile::test::first_cycle);
  tile::StopReport stop;
  for (std::uint32_t t = 100; stop.reason == StopReason::limit && t < 10000; t += 100) {
    stop = bench.tile().advance(Cycle{t});
    bench.store_word(tile::test::data + t, t);
  }
  ASSERT_EQ(stop.reason, StopReason::mismatch);
  EXPECT_GE(stop.cycle, at);
  EXPECT_THAT(stop.message, HasSubstr("waves of cycles " + std::to_string(stop.cycle.value() - 200)));
  const auto waves = directory_ / ("lockstep-tile0-cycle" + std::to_string(stop.cycle.value()) + ".fst");
  EXPECT_GT(std::filesystem::file_size(waves), 1000U);
}

TEST_F(Lockstep, OneCycleLaterIsFound) {
  int records = 0;
  const tile::StopReport stop = run_loop(options([&](RetireRecord& r) {
    if (++records == 7) r.cycle += 1;
  }));
  ASSERT_EQ(stop.reason, StopReason::mismatch);
  EXPECT_THAT(stop.message, HasSubstr("models differ at cycle " + std::to_string(stop.cycle.value())));
}

TEST_F(Lockstep, ADifferenceInStateIsFoundAtTheNextSync) {
  LockstepOptions o;
  // Reports nothing wrong, but its memory changes behind its back.
  o.candidate = [](const tile::TileParameters& p) -> std::unique_ptr<tile::TileModel> {
    auto tile = rtl::make_rtl_tile(p);
    tile::TileModel* inner = tile.get();
    return std::make_unique<FaultyTile>(std::move(tile), [inner](RetireRecord&) {
      inner->write_memory(tile::test::data, std::array{std::byte{1}});
    });
  };
  const tile::StopReport stop = run_loop(o);
  ASSERT_EQ(stop.reason, StopReason::mismatch);
  EXPECT_THAT(stop.message, HasSubstr("memory at 0x60000"));
}

TEST_F(Lockstep, StaysStoppedAfterADifference) {
  Bench bench(tile::test::TileKind{"lockstep", [&](const tile::TileParameters& p) {
                                     return make_lockstep_tile(
                                         p, options([](RetireRecord& r) { r.words[1] = 1; }));
                                   }});
  Program p(tile::test::code);
  p.set_m(0, 10);
  p.add(Opcode::sync, {3});
  bench.load(p);
  bench.tile().start(tile::test::code, Cycle{0});
  ASSERT_EQ(bench.tile().advance(Cycle{100}).reason, StopReason::mismatch);
  EXPECT_EQ(bench.tile().advance(Cycle{200}).reason, StopReason::mismatch);
}

}  // namespace
}  // namespace ipusim::lockstep
