// SPDX-License-Identifier: Apache-2.0
#include "tile_port.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::chip {

TilePort::TilePort(ExchangeFabric& fabric, TileIndex index, TileId place)
    : fabric_(fabric),
      index_(index),
      place_(place),
      mux_delay_(fabric.latency().mux_delay(place)),
      pair_(fabric, place) {
  selections_.push_back({Cycle{0}, fabric.null_source(), nullptr, nullptr, {}, 0});
}

BusPath TilePort::path_to(TileId receiver) const {
  return {fabric_.latency().mux_time(place_, receiver), fabric_.latency().direction(place_, receiver)};
}

std::optional<std::uint32_t> TilePort::incoming(Cycle at) {
  next_asked_ = at + 1;
  if (at.value() < mux_delay_) return std::nullopt;
  const Cycle seen = at - mux_delay_;
  Selection& selection = selections_[selection_at(seen)];
  if (selection.source == nullptr) return std::nullopt;
  const int mux_time = selection.path.mux_time;
  if (shifted(known_sends_of(*selection.source), mux_time) <= seen) {
    throw std::logic_error(
        fmt::format("tile {} asked for the word of cycle {} before it is known", index_.value(), at.value()));
  }
  // A word that would have left before cycle 0.
  if (mux_time > 0 && seen.value() < static_cast<std::uint64_t>(mux_time)) return std::nullopt;
  const Cycle left = shifted(seen, -mux_time);
  const std::uint64_t number = selection.source->first_at_or_after(left, selection.next_word);
  selection.next_word = number;
  const BusWord* word = selection.source->word(number);
  if (word == nullptr || word->left != left) return incoming_half(selection, at, left);
  take(selection.source, number);
  if ((word->directions & selection.path.direction) == 0) {
    report(tile::HazardKind::wrong_direction, at, word->word);
    return std::nullopt;
  }
  ++statistics_.words_received;
  return word->word;
}

void TilePort::report(tile::HazardKind kind, Cycle at, std::uint32_t word) {
  fabric_.report({kind, at, ByteAddr{0}, word}, index_);
}

void TilePort::take(BusSource* source, std::uint64_t number, bool items) {
  if (!taken_.empty() && taken_.back().source == source && taken_.back().items == items &&
      taken_.back().last + 1 == number) {
    taken_.back().last = number;
  } else {
    taken_.push_back({source, items, number, number});
  }
}

void TilePort::merge_taken() {
  for (const Taken& taken : taken_) {
    if (taken.items) {
      taken.source->mark_items_taken(taken.first, taken.last);
    } else {
      taken.source->mark_taken(taken.first, taken.last);
    }
  }
  taken_.clear();
}

void TilePort::send(Cycle at, std::uint32_t word, tile::Directions directions) {
  if ((!sent_.empty() && sent_.back().left >= at) || (!items_.empty() && items_.back().left >= at))
    throw std::logic_error("sends must come with rising cycles");
  sent_.append({at, word, directions.value()});
  ++statistics_.words_sent;
  ++statistics_.words_unselected;
}

void TilePort::select_source(Cycle at, tile::MuxSource number) {
  while (!selections_.empty() && selections_.back().from >= at) selections_.pop_back();
  selections_.push_back(selection_of(at, number));
  current_ = 0;
}

TilePort::Selection TilePort::selection_of(Cycle at, tile::MuxSource number) const {
  Selection selection{at, number, fabric_.source(number), nullptr, {}, 0};
  if (selection.source != nullptr) {
    selection.path = selection.source->path_to(place_);
    selection.partner = selection.source->partner();
  }
  return selection;
}

void TilePort::pre_acknowledge(Cycle at, std::uint32_t count) {
  // This tile's part in the next sync; it can release nobody before that is through.
  if (acknowledged_ == 0) own_part_ends_ = at + tile::min_release_delay;
  acknowledged_ += count;
  fabric_.report_acknowledgement(index_, at, count);
}

bool TilePort::wait_for_words(Cycle now) {
  for (;;) {
    BusSource* source = awaited(now);
    if (source == nullptr) return false;
    // What it has published meanwhile may leave this tile waiting for another.
    if (source->waiting().hang(index_.value(), [&] { return awaited(now) == source; })) return true;
  }
}

// The source whose words this tile, standing at `now`, needs first; nullptr if it can go on.
BusSource* TilePort::awaited(Cycle now) {
  const Scan next = scan(next_asked_, false);
  return next.cycle <= now ? next.unknown : nullptr;
}

void TilePort::publish(Cycle until) {
  if (until > published()) published_.store(until.value(), std::memory_order_release);
}

// Index of the selection that the mux shows at `seen`.
std::size_t TilePort::selection_at(Cycle seen) {
  const auto shows = [&](std::size_t i) {
    return i < selections_.size() && selections_[i].from <= seen &&
           (i + 1 == selections_.size() || seen < selections_[i + 1].from);
  };
  if (shows(current_)) return current_;
  if (shows(current_ + 1)) return ++current_;
  const auto after = std::upper_bound(selections_.begin(), selections_.end(), seen,
                                      [](Cycle c, const Selection& s) { return c < s.from; });
  current_ = after == selections_.begin() ? 0 : static_cast<std::size_t>(after - selections_.begin()) - 1;
  return current_;
}

// Up to where this tile knows what `source` sends.
Cycle TilePort::known_sends_of(const BusSource& source) const {
  // What it sends itself always leaves well before it is seen.
  if (&source == this) return Cycle::never();
  if (!source.waits_in_sync()) return source.published();
  if (acknowledged_ == 0) return Cycle::never();
  return std::max({source.published(), fabric_.earliest_release(), own_part_ends_});
}

TilePort::Scan TilePort::scan(Cycle from, bool words) {
  constexpr auto plain = tile::ReceiveFormat::words;
  if (formats_.size() == 1 && formats_.front().format == plain) return scan_words(from, words);
  std::size_t i = formats_.size() - 1;
  while (i > 0 && formats_[i].from > from) --i;
  for (; i < formats_.size(); ++i) {
    const Cycle until = i + 1 == formats_.size() ? Cycle::never() : formats_[i + 1].from;
    const Cycle first = std::max(from, formats_[i].from);
    const Scan found = formats_[i].format == plain ? scan_words(first, words) : scan_items(first, words);
    if (found.cycle < until) return found;
  }
  return {Cycle::never(), nullptr};
}

TilePort::Scan TilePort::scan_words(Cycle from, bool words) {
  const Cycle seen_from = from.value() < mux_delay_ ? Cycle{0} : from - mux_delay_;
  for (std::size_t i = selection_at(seen_from); i < selections_.size(); ++i) {
    Selection& s = selections_[i];
    if (s.source == nullptr) continue;
    const Cycle end = i + 1 == selections_.size() ? Cycle::never() : selections_[i + 1].from;
    const Cycle first = std::max(s.from, seen_from);
    Scan unknown{known_sends_of(*s.source), s.source};
    // Whoever may borrow the bus.
    if (s.partner != nullptr) {
      const Cycle lent = known_sends_of(*s.partner);
      if (lent < unknown.cycle) unknown = {lent, s.partner};
    }
    const Cycle known = shifted(unknown.cycle, s.path.mux_time);
    if (words) {
      const Cycle left = shifted(first, -s.path.mux_time);
      const std::uint64_t number = s.source->first_at_or_after(left, s.next_word);
      s.next_word = number;
      const BusWord* const word = s.source->word(number);
      std::optional<Cycle> next = next_half(s, left);
      if (word != nullptr) next = std::min(next.value_or(word->left), word->left);
      const Cycle seen = next ? shifted(*next, s.path.mux_time) : Cycle::never();
      if (seen < end && seen < known) return {std::max(from, seen + mux_delay_), nullptr};
    }
    if (known < end) return {std::max(from, std::max(first, known) + mux_delay_), unknown.unknown};
  }
  return {Cycle::never(), nullptr};
}

void TilePort::prune(Cycle oldest_sent, Cycle now) {
  sent_.forget_before(oldest_sent);
  items_.forget_before(oldest_sent);
  const Cycle oldest_seen = shifted(now, -static_cast<std::int64_t>(mux_delay_));
  while (selections_.size() > 1 && selections_[1].from <= oldest_seen) selections_.pop_front();
  current_ = 0;
  pair_.prune(oldest_seen, oldest_sent);
  while (formats_.size() > 1 && formats_[1].from <= now) formats_.pop_front();
}

}  // namespace ipusim::chip
