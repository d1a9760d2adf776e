// SPDX-License-Identifier: Apache-2.0
#include "input_log.hpp"

#include <algorithm>
#include <ranges>

#include "ipusim/base/state.hpp"

namespace ipusim::lockstep {

void InputLog::clear() {
  pieces_.clear();
  pieces_.emplace_back();
}

void InputLog::begin_piece(const tile::TileModel& tile) {
  StateWriter writer;
  tile.save(writer);
  Piece& piece = pieces_.emplace_back();
  piece.from = tile.now();
  piece.state = writer.take();
}

void InputLog::restart(const tile::TileModel& tile) {
  pieces_.clear();
  begin_piece(tile);
}

void InputLog::shorten(const tile::TileModel& tile) {
  if (pieces_.back().bytes < piece_bytes_) return;
  begin_piece(tile);
  constexpr std::size_t kept = 2;
  while (pieces_.size() > kept) pieces_.pop_front();
}

void InputLog::add(Cycle now, Action action, std::size_t bytes) {
  Piece& piece = pieces_.back();
  piece.events.push_back({now, std::move(action)});
  piece.bytes += sizeof(Event) + bytes;
}

void InputLog::incoming(Cycle at, std::uint64_t data) {
  Piece& piece = pieces_.back();
  piece.incoming.emplace_back(at, data);
  piece.bytes += sizeof piece.incoming.front();
}

void InputLog::replay(tile::TileModel& tile, Cycle begin, Cycle end) const {
  auto first =
      std::find_if(pieces_.rbegin(), pieces_.rend(), [&](const Piece& p) { return p.from <= begin; });
  if (first == pieces_.rend()) --first;
  const std::ranges::subrange pieces{std::prev(first.base()), pieces_.end()};
  std::vector<Incoming> incoming;
  for (const Piece& piece : pieces)
    incoming.insert(incoming.end(), piece.incoming.begin(), piece.incoming.end());
  ReplayPort port{incoming, end};
  tile.attach(&port);
  if (!pieces.front().state.empty()) {
    StateReader reader(pieces.front().state);
    tile.load(reader);
    reader.finish();
  }
  // A stop before the target (a sync, nothing to do) is followed by another call that goes on from there;
  // one that does not go on any more ends the replay.
  const auto run_to = [&](Cycle target) {
    while (tile.now() < target) {
      const Cycle before = tile.now();
      const tile::StopReport stop = tile.advance(target);
      if (stop.reason == tile::StopReason::exception || tile.now() == before) return;
    }
  };
  for (const Piece& piece : pieces) {
    for (const Event& event : piece.events) {
      if (event.now > end) break;
      run_to(event.now);
      event.action(tile);
    }
  }
  run_to(end);
  tile.attach(static_cast<tile::ExchangePort*>(nullptr));
}

Cycle ReplayPort::next_activity(Cycle from) {
  while (next_ < incoming_.size() && incoming_[next_].first < from) ++next_;
  return next_ < incoming_.size() ? std::min(incoming_[next_].first, known_) : known_;
}

std::optional<std::uint64_t> ReplayPort::incoming_item(Cycle at) {
  while (next_ < incoming_.size() && incoming_[next_].first < at) ++next_;
  if (next_ >= incoming_.size() || incoming_[next_].first != at) return std::nullopt;
  return incoming_[next_].second;
}

std::optional<std::uint32_t> ReplayPort::incoming(Cycle at) {
  const auto word = incoming_item(at);
  return word ? std::optional{static_cast<std::uint32_t>(*word)} : std::nullopt;
}

}  // namespace ipusim::lockstep
