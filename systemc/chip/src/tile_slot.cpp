#include "tile_slot.hpp"

#include <algorithm>

namespace ipusim::chip {

CycleSplit operator+(CycleSplit a, const CycleSplit& b) {
  a.compute += b.compute;
  a.sync += b.sync;
  a.exchange += b.exchange;
  return a;
}

Chip::Slot::Slot(Chip& chip, TileIndex index, std::unique_ptr<tile::TileModel> model)
    : chip_(chip), index_(index), model_(std::move(model)) {
  model_->reset();
  model_->attach(this);
  model_->attach(&chip.fabric_.port(index));
}

void Chip::Slot::observe(tile::TileObserver* observer) {
  observer_ = observer;
  model_->attach(this);  // it asks again whether retire records are wanted
}

void Chip::Slot::on_receive(Cycle at, const tile::MemoryWrite& write) {
  if (observer_ != nullptr) observer_->on_receive(at, write);
}

void Chip::Slot::on_hazard(const tile::Hazard& hazard) {
  chip_.on_hazard(index_, hazard);
  if (observer_ != nullptr) observer_->on_hazard(hazard);
}

bool Chip::Slot::can_move() const {
  return standing == Standing::running || standing == Standing::needs_words;
}

void Chip::Slot::start(Cycle at) {
  released_at_ = at;
  standing = Standing::running;
  model_->start(*entry, at);
}

void Chip::Slot::enter_sync(Cycle at, bool internal) {
  in_internal_sync_ = internal;
  in_sync_ = true;
  standing = Standing::in_sync;
  arrived_at = at;
  cycles_ = cycles_ + split_until(at);
}

void Chip::Slot::acknowledge(Cycle at, std::uint32_t count) {
  acknowledgements_.push_back({count, exchange_until(at)});
}

void Chip::Slot::use_acknowledgement() {
  if (--acknowledgements_.front().count == 0) acknowledgements_.pop_front();
}

void Chip::Slot::release(Cycle at) {
  at = std::max(at, resumed_at);
  in_sync_ = false;
  released_at_ = at;
  in_exchange_phase_ = in_internal_sync_;
  if (standing == Standing::in_sync) {
    cycles_.sync += at - arrived_at;
    standing = Standing::running;
  }
  model_->release_sync(at);
}

void Chip::Slot::end(Cycle at) {
  if (standing == Standing::in_sync) {
    cycles_.sync += at - arrived_at;
  } else if (at < released_at_) {
    cycles_.sync -= released_at_ - at;  // a worker stopped the tile while the supervisor still waited
  } else {
    cycles_ = cycles_ + split_until(at);
  }
  standing = Standing::ended;
  arrived_at = at;
}

// The time it stood still belongs to what the supervisor did: wait in a sync, or compute.
void Chip::Slot::resume(Cycle at) {
  resumed_at = at;
  exception.reset();
  if (in_sync_) {
    cycles_.sync += at - arrived_at;
    arrived_at = at;
    standing = Standing::in_sync;
    return;
  }
  const Cycle from = std::max(at, released_at_);
  (arrived_at < released_at_ ? cycles_.sync : cycles_.compute) += from - arrived_at;
  released_at_ = from;
  standing = Standing::running;
}

Chip::Slot::Interval Chip::Slot::exchange_until(Cycle until) const {
  const Cycle begin = std::min(released_at_, until);
  if (!in_exchange_phase_) return {begin, begin};
  return {begin, std::max(begin, std::min(model_->last_exchange_end(), until))};
}

Chip::Slot::Interval Chip::Slot::exchange_before_next_sync() const {
  return acknowledgements_.empty() ? exchange_until(arrived_at) : acknowledgements_.front().exchange;
}

CycleSplit Chip::Slot::split_until(Cycle until) const {
  const Interval exchange = exchange_until(until);
  CycleSplit split;
  split.exchange = exchange.end - exchange.begin;
  split.compute = (until - std::min(released_at_, until)) - split.exchange;
  return split;
}

Cycle Chip::Slot::rest_cycle() const {
  if (standing == Standing::in_sync || !is_live()) return arrived_at;
  if (standing == Standing::lacks_words) return std::max(released_at_, model_->last_exchange_end());
  return std::max(released_at_, model_->now());
}

CycleSplit Chip::Slot::cycles_until(Cycle until) const {
  if (standing == Standing::in_sync || standing == Standing::ended || standing == Standing::never_started) {
    return cycles_;
  }
  return cycles_ + split_until(std::max(until, released_at_));
}

}  // namespace ipusim::chip
