// SPDX-License-Identifier: Apache-2.0
#include "tile_slot.hpp"

#include <algorithm>

namespace ipusim::chip {

CycleSplit operator+(CycleSplit a, const CycleSplit& b) {
  a.compute += b.compute;
  a.sync += b.sync;
  a.exchange += b.exchange;
  return a;
}

TileSlot::TileSlot(TileIndex index, std::unique_ptr<tile::TileModel> model,
                   const config::HazardConfig& policies)
    : index_(index), model_(std::move(model)), policies_(policies) {
  model_->reset();
  model_->attach(this);
}

void TileSlot::observe(tile::TileObserver* observer) {
  observer_ = observer;
  observer_wants_retire_ = observer != nullptr && observer->wants_retire();
  model_->attach(this);  // it asks again whether retire records are wanted
}

void TileSlot::measure(tile::Activity* activity) {
  activity_ = activity;
  meter_.reset();
  if (!model_->measure(activity)) {
    meter_.emplace(*activity);
    meter_->restart(*model_);
  }
  model_->attach(this);
}

void TileSlot::on_receive(Cycle at, const tile::MemoryWrite& write) {
  if (observer_ != nullptr) observer_->on_receive(at, write);
}

void TileSlot::on_hazard(const tile::Hazard& hazard) {
  const config::HazardPolicy policy = policies_.of(hazard.kind);
  if (policy != config::HazardPolicy::off) {
    const bool is_error = policy == config::HazardPolicy::error;
    if (is_error) first_error_ = std::min(first_error_, hazard.cycle);
    if (++hazard_count_ <= max_hazards_per_tile) hazards_.push_back({index_, hazard, is_error});
  }
  if (observer_ != nullptr) observer_->on_hazard(hazard);
}

void TileSlot::advance(Cycle until) {
  using tile::StopReason;
  standing = Standing::running;
  const tile::StopReport stop = model_->advance(until);
  switch (stop.reason) {
    case StopReason::limit:
      standing = Standing::at_limit;
      break;
    case StopReason::exchange_wait:
      standing = Standing::needs_words;
      break;
    case StopReason::receive_wait:
      standing = Standing::lacks_words;
      words_missing = stop.words_missing;
      break;
    case StopReason::sync:
    case StopReason::idle:
    case StopReason::exception:
    case StopReason::mismatch:
      stop_ = stop;
      break;
  }
}

void TileSlot::advance_in_sync(Cycle until) {
  const tile::StopReport stop = model_->advance(until);
  if (stop.reason == tile::StopReason::exception || stop.reason == tile::StopReason::mismatch) stop_ = stop;
}

void TileSlot::start(Cycle at) {
  released_at_ = at;
  standing = Standing::running;
  model_->start(*entry, at);
}

void TileSlot::enter_sync(Cycle at, bool opens_exchange) {
  sync_opens_exchange_ = opens_exchange;
  in_sync_ = true;
  standing = Standing::in_sync;
  arrived_at = at;
  cycles_ = cycles_ + split_until(at);
}

void TileSlot::acknowledge(Cycle at, std::uint32_t count) {
  acknowledgements_.push_back({count, exchange_until(at)});
  new_acknowledgements_.push_back({at, count});
}

void TileSlot::use_acknowledgement() {
  if (--acknowledgements_.front().count == 0) acknowledgements_.pop_front();
}

void TileSlot::release(Cycle at) {
  at = std::max(at, resumed_at);
  in_sync_ = false;
  released_at_ = at;
  in_exchange_phase_ = sync_opens_exchange_;
  if (standing == Standing::in_sync) {
    cycles_.sync += at - arrived_at;
    standing = Standing::running;
  }
  model_->release_sync(at);
}

void TileSlot::end(Cycle at) {
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
void TileSlot::resume(Cycle at) {
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

TileSlot::Interval TileSlot::exchange_until(Cycle until) const {
  const Cycle begin = std::min(released_at_, until);
  if (!in_exchange_phase_) return {begin, begin};
  return {begin, std::max(begin, std::min(model_->last_exchange_end(), until))};
}

TileSlot::Interval TileSlot::exchange_before_next_sync() const {
  return acknowledgements_.empty() ? exchange_until(arrived_at) : acknowledgements_.front().exchange;
}

CycleSplit TileSlot::split_until(Cycle until) const {
  const Interval exchange = exchange_until(until);
  CycleSplit split;
  split.exchange = exchange.end - exchange.begin;
  split.compute = (until - std::min(released_at_, until)) - split.exchange;
  return split;
}

Cycle TileSlot::rest_cycle() const {
  if (standing == Standing::in_sync || !is_live()) return arrived_at;
  if (standing == Standing::lacks_words) return std::max(released_at_, model_->last_exchange_end());
  return std::max(released_at_, model_->now());
}

CycleSplit TileSlot::cycles_until(Cycle until) const {
  if (standing == Standing::in_sync || standing == Standing::ended || standing == Standing::never_started) {
    return cycles_;
  }
  return cycles_ + split_until(std::max(until, released_at_));
}

}  // namespace ipusim::chip
