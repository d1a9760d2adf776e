// SPDX-License-Identifier: Apache-2.0
// A tile that is saved, thrown away and loaded again over and over, wherever it stands: nobody who uses it
// may be able to tell.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <utility>

#include "ipusim/base/state.hpp"
#include "tile_bench.hpp"

namespace ipusim::tile::test {

inline std::vector<std::byte> saved(const TileModel& tile) {
  StateWriter writer;
  tile.save(writer);
  return writer.take();
}

inline void load(TileModel& tile, std::span<const std::byte> state) {
  StateReader reader(state);
  tile.load(reader);
  reader.finish();
}

class ReloadingTile : public TileModel, private TileDebug {
 public:
  // advance() runs in slices of at most so many cycles, between which the tile is reloaded, too; 0: in one.
  ReloadingTile(TileFactory make, const TileParameters& parameters, std::uint64_t longest_slice)
      : make_(std::move(make)),
        parameters_(parameters),
        longest_slice_(longest_slice),
        tile_(make_(parameters)) {}

  void reset() override { tile_->reset(); }
  void attach(ExchangePort* exchange) override { tile_->attach(exchange_ = exchange); }
  void attach(TileObserver* observer) override { tile_->attach(observer_ = observer); }
  void read_memory(ByteAddr address, std::span<std::byte> to) const override {
    tile_->read_memory(address, to);
  }
  void write_memory(ByteAddr address, std::span<const std::byte> from) override {
    tile_->write_memory(address, from);  // benches do so word by word
  }
  void start(ByteAddr pc, Cycle at) override {
    tile_->start(pc, at);
    reload_at_times();
  }
  void release_sync(Cycle at) override {
    tile_->release_sync(at);
    reload_at_times();
  }
  StopReport advance(Cycle limit) override {
    for (unsigned slices = 0;; ++slices) {
      reload_at_times();
      // Without a limit the tile says when there is nothing left to do.
      const bool whole = limit == Cycle::never() || longest_slice_ == 0 || slices == most_slices;
      const Cycle slice = whole ? limit : std::min(limit, tile_->now() + 1 + random_() % longest_slice_);
      const StopReport report = tile_->advance(slice);
      if (report.reason != StopReason::limit || whole || slice >= limit) return report;
    }
  }
  Cycle now() const override { return tile_->now(); }
  Cycle last_exchange_end() const override { return tile_->last_exchange_end(); }
  std::uint32_t read_register(Context context, RegisterWrite::File file, unsigned index) const override {
    return tile_->read_register(context, file, index);
  }
  ByteAddr pc(Context context) const override { return tile_->pc(context); }
  unsigned context_status(Context context) const override { return tile_->context_status(context); }
  void save(StateWriter& to) const override { tile_->save(to); }
  void load(StateReader& from) override { tile_->load(from); }
  TileDebug& debug() override { return *this; }
  std::string kind() const override { return tile_->kind(); }

 private:
  static constexpr unsigned most_slices = 100;  // then the rest in one

  void set_remote_break(const RemoteBreak& request, Cycle at) override {
    tile_->debug().set_remote_break(request, at);
    reload_at_times();
  }
  void set_memory_error(std::optional<ByteAddr> row) override {
    tile_->debug().set_memory_error(row);
    reload_at_times();
  }
  void write_debug_csr(unsigned csr, std::uint32_t value) override {
    tile_->debug().write_debug_csr(csr, value);
    reload_at_times();
  }
  Injection inject(Context context, std::uint32_t word) override {
    const Injection result = tile_->debug().inject(context, word);
    reload_at_times();
    return result;
  }
  bool clear_exceptions(ContextMask contexts, Cycle at) override {
    const bool goes_on = tile_->debug().clear_exceptions(contexts, at);
    reload_at_times();
    return goes_on;
  }

  void reload_at_times() {
    // Often at first, so that short cases have their share, and long ones come to an end.
    constexpr unsigned often = 20;
    constexpr unsigned seldom = 16;
    if (random_() % (reloads_ < often ? 2 : seldom) != 0) return;
    ++reloads_;
    const std::vector<std::byte> state = saved(*tile_);
    tile_ = make_(parameters_);
    // Nothing of what it was may stay, nor what is attached matter to what is loaded.
    const bool attached_before = random_() % 2 != 0;
    if (attached_before) attach_all();
    test::load(*tile_, state);
    if (!attached_before) attach_all();
    EXPECT_TRUE(saved(*tile_) == state) << "what was loaded saves other bytes in cycle " << now().value();
  }
  void attach_all() {
    tile_->attach(exchange_);
    tile_->attach(observer_);
  }

  TileFactory make_;
  TileParameters parameters_;
  std::uint64_t longest_slice_;
  std::unique_ptr<TileModel> tile_;
  ExchangePort* exchange_ = nullptr;
  TileObserver* observer_ = nullptr;
  std::minstd_rand random_;
  unsigned reloads_ = 0;
};

inline TileKind reloading(const TileKind& kind, std::uint64_t longest_slice = 200) {
  return {kind.name, [=](const TileParameters& parameters) -> std::unique_ptr<TileModel> {
            return std::make_unique<ReloadingTile>(kind.make, parameters, longest_slice);
          }};
}

}  // namespace ipusim::tile::test
