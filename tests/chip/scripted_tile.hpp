// SPDX-License-Identifier: Apache-2.0
// A TileModel that follows a list of actions instead of code: a test double for the chip.
#pragma once

#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "ipusim/base/state.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::chip_test {

struct Action {
  enum class Kind { send, select, sync, acknowledge, exception, hazard } kind;
  std::uint64_t after;      // cycles after the last release (or the start)
  std::uint32_t value = 0;  // word, source, zone, number of syncs
  std::uint8_t directions = 3;
};

// Runs one list of actions per phase; a phase ends with its sync. Records what arrives.
class ScriptedTile : public tile::TileModel {
 public:
  explicit ScriptedTile(std::vector<Action> actions) : actions_(std::move(actions)) {}

  std::map<std::uint64_t, std::uint32_t> received;
  Cycle last_release() const { return base_; }

  void reset() override {}
  void attach(tile::ExchangePort* port) override { port_ = port; }
  void attach(tile::TileObserver* observer) override { observer_ = observer; }
  void read_memory(ByteAddr, std::span<std::byte>) const override {}
  void write_memory(ByteAddr, std::span<const std::byte>) override {}
  void start(ByteAddr, Cycle at) override { started_ = true, base_ = at; }
  void release_sync(Cycle at) override { waiting_ = false, base_ = at; }
  Cycle now() const override { return now_; }
  Cycle last_exchange_end() const override { return exchange_end_; }
  std::uint32_t read_register(Context, tile::RegisterWrite::File, unsigned) const override { return 0; }
  ByteAddr pc(Context) const override { return {}; }
  unsigned context_status(Context) const override { return 0; }
  void save(StateWriter& to) const override { visit_state(to, *this); }
  void load(StateReader& from) override { visit_state(from, *this); }
  tile::TileDebug& debug() override { throw std::logic_error("a scripted tile has no debug side"); }
  std::string kind() const override { return "scripted"; }

  tile::StopReport advance(Cycle limit) override {
    tile::StopReport stop;
    stop.cycle = now_;
    if (!started_) return stop.reason = tile::StopReason::idle, stop;
    for (; !dead_ && now_ < limit; now_ += 1) {
      if (now_ >= port_->known_until()) return stop.reason = tile::StopReason::exchange_wait, stop;
      if (const auto word = port_->incoming(now_)) received[now_.value()] = *word;
      for (; !waiting_ && next_ < actions_.size() && base_ + actions_[next_].after == now_; ++next_) {
        if (act(actions_[next_], stop)) {
          ++next_;
          stop.cycle = now_;
          now_ += 1;
          return stop;
        }
      }
    }
    stop.reason = tile::StopReason::limit;
    return stop;
  }

 private:
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [words, actions, next, port, observer, started, waiting, dead, base, now, exchange_end] = self;
    archive(words, next, started, waiting, dead, base, now, exchange_end);
  }
  // True if the action stops the tile.
  bool act(const Action& action, tile::StopReport& stop) {
    switch (action.kind) {
      case Action::Kind::send:
        port_->send(now_, action.value, tile::Directions{action.directions});
        exchange_end_ = now_ + 1;
        return false;
      case Action::Kind::select:
        port_->select_source(now_, tile::MuxSource{static_cast<std::uint16_t>(action.value)});
        exchange_end_ = now_ + 1;
        return false;
      case Action::Kind::acknowledge:
        port_->pre_acknowledge(now_, action.value);
        return false;
      case Action::Kind::hazard:
        observer_->on_hazard({tile::HazardKind::live_workers, now_, ByteAddr{0}, action.value});
        return false;
      case Action::Kind::sync:
        waiting_ = true;
        stop.reason = tile::StopReason::sync;
        stop.sync_zone = action.value;
        return true;
      case Action::Kind::exception:
        dead_ = true;
        stop.reason = tile::StopReason::exception;
        stop.exception.type = tile::ExceptionType::pbrk0;
        stop.exception.cycle = now_;
        return true;
    }
    return false;
  }

  std::vector<Action> actions_;
  std::size_t next_ = 0;
  tile::ExchangePort* port_ = nullptr;
  tile::TileObserver* observer_ = nullptr;
  bool started_ = false;
  bool waiting_ = false;
  bool dead_ = false;
  Cycle base_;
  Cycle now_;
  Cycle exchange_end_;
};

}  // namespace ipusim::chip_test
