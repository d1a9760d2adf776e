#include "input_log.hpp"

#include <algorithm>

namespace ipusim::lockstep {

void InputLog::clear() {
  events_.clear();
  words_.clear();
}

void InputLog::write(Cycle now, ByteAddr address, std::span<const std::byte> data) {
  events_.push_back({now, Write{address, {data.begin(), data.end()}}});
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
    if (const auto* start = std::get_if<Start>(&event.what)) tile.start(start->pc, start->at);
    if (const auto* release = std::get_if<Release>(&event.what)) tile.release_sync(release->at);
    if (const auto* write = std::get_if<Write>(&event.what)) tile.write_memory(write->address, write->data);
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
