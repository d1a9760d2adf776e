#include "input_log.hpp"

#include <algorithm>

namespace ipusim::lockstep {

void InputLog::clear() {
  events_.clear();
  words_.clear();
}

void InputLog::replay(tile::TileModel& tile, Cycle end) const {
  ReplayPort port{words_, end};
  tile.attach(&port);
  // A stop before the target (a sync, nothing to do) is followed by another call that goes on from there;
  // one that does not go on any more ends the replay.
  const auto run_to = [&](Cycle target) {
    while (tile.now() < target) {
      const Cycle before = tile.now();
      const tile::StopReport stop = tile.advance(target);
      if (stop.reason == tile::StopReason::exception || tile.now() == before) return;
    }
  };
  for (const Event& event : events_) {
    if (event.now > end) break;
    run_to(event.now);
    event.action(tile);
  }
  run_to(end);
  tile.attach(static_cast<tile::ExchangePort*>(nullptr));
}

Cycle ReplayPort::next_activity(Cycle from) {
  while (next_ < words_.size() && words_[next_].first < from) ++next_;
  return next_ < words_.size() ? std::min(words_[next_].first, known_) : known_;
}

std::optional<std::uint32_t> ReplayPort::incoming(Cycle at) {
  while (next_ < words_.size() && words_[next_].first < at) ++next_;
  if (next_ >= words_.size() || words_[next_].first != at) return std::nullopt;
  return words_[next_].second;
}

}  // namespace ipusim::lockstep
