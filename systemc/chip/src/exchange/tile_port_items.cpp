// SPDX-License-Identifier: Apache-2.0
// 64-bit items: sent over two buses, taken by pairs of tiles, or half by half by tiles that take words.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "tile_port.hpp"

namespace ipusim::chip {

void TilePort::send_item(Cycle at, std::uint64_t item, tile::Directions directions) {
  if ((!sent_.empty() && sent_.back().left >= at) || (!items_.empty() && items_.back().left >= at))
    throw std::logic_error("sends must come with rising cycles");
  items_.append({at, item, directions.value()});
  set_sends_items();
  statistics_.words_sent += words_per_item;
  statistics_.words_unselected += words_per_item;
}

void TilePort::set_format(Cycle from, tile::ReceiveFormat format) {
  while (formats_.size() > 1 && formats_.back().from >= from) formats_.pop_back();
  if (formats_.back().format != format) formats_.push_back({from, format});
}

const BusItem* TilePort::item_left_at(BusSource& source, Cycle left) {
  const std::uint64_t number = source.first_item_at_or_after(left, 0);
  const BusItem* const item = source.item(number);
  if (item == nullptr || item->left != left) return nullptr;
  take(&source, number, true);
  return item;
}

// When the next half of an item is on the bus of a source of words.
std::optional<Cycle> TilePort::next_half(const Selection& selection, Cycle from) const {
  std::optional<Cycle> next;
  for (const BusSource* const source : {selection.source, selection.partner}) {
    if (source == nullptr || !source->sends_items()) continue;
    if (const BusItem* item = source->item(source->first_item_at_or_after(from, 0)))
      next = std::min(next.value_or(item->left), item->left);
  }
  return next;
}

// The word of `at` on a bus that carries no word of its tile: half an item of that tile, or of its partner.
std::optional<std::uint32_t> TilePort::incoming_half(const Selection& selection, Cycle at, Cycle left) {
  for (BusSource* const source : {selection.source, selection.partner}) {
    if (source == nullptr || !source->sends_items()) continue;
    const BusItem* const item = item_left_at(*source, left);
    if (item == nullptr) continue;
    const std::uint32_t word = source == selection.source ? item->low() : item->high();
    if ((item->directions & selection.path.direction) == 0) {
      report(tile::HazardKind::wrong_direction, at, word);
      return std::nullopt;
    }
    ++statistics_.words_received;
    return word;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> TilePort::incoming_item(Cycle at) {
  next_asked_ = at + 1;
  if (at.value() < mux_delay_) return std::nullopt;
  const Cycle seen = at - mux_delay_;
  const bool pair_known = known_pair() > seen;  // before what it has written is read
  absorb_pair();
  const std::size_t index = pair_.index_at(seen);
  const PairMux::Window window = pair_.window(index);
  const bool selected = window.source != nullptr && window.from <= seen && seen < window.until;
  if (!pair_known || (selected && shifted(known_sends_of(*window.source), window.path.mux_time) <= seen)) {
    throw std::logic_error(
        fmt::format("tile {} asked for the item of cycle {} before it is known", index_.value(), at.value()));
  }
  const int mux_time = window.path.mux_time;
  if (!selected || (mux_time > 0 && seen.value() < static_cast<std::uint64_t>(mux_time))) return std::nullopt;
  const Cycle left = shifted(seen, -mux_time);
  const std::uint64_t number = window.source->first_item_at_or_after(left, window.next_item);
  pair_.guess(index, number);
  const BusItem* const item = window.source->item(number);
  if (item == nullptr || item->left != left) return std::nullopt;
  take(window.source, number, true);
  std::size_t format = formats_.size() - 1;
  while (format > 0 && formats_[format].from > at) --format;
  if ((item->directions & window.path.direction) == 0) {
    report(tile::HazardKind::wrong_direction, at, item->low());
    return std::nullopt;
  }
  // The format's number is the direction it takes items from.
  if (static_cast<unsigned>(formats_[format].format) != window.path.direction) {
    report(tile::HazardKind::wrong_format, at, item->low());
    return std::nullopt;
  }
  statistics_.words_received += words_per_item;
  return item->item;
}

TilePort::Scan TilePort::scan_items(Cycle from, bool words) {
  const Cycle pair = known_pair();  // before what it has written is read
  absorb_pair();
  const Cycle seen_from = from.value() < mux_delay_ ? Cycle{0} : from - mux_delay_;
  if (pair <= seen_from) return {from, partner_};
  for (std::size_t i = pair_.index_at(seen_from); i < pair_.size(); ++i) {
    const PairMux::Window window = pair_.window(i);
    const Cycle first = std::max(window.from, seen_from);
    const Cycle end = std::min(window.until, pair);
    if (window.source == nullptr || first >= end) continue;
    const int mux_time = window.path.mux_time;
    const Cycle known = shifted(known_sends_of(*window.source), mux_time);
    if (words) {
      const std::uint64_t number =
          window.source->first_item_at_or_after(shifted(first, -mux_time), window.next_item);
      pair_.guess(i, number);
      if (const BusItem* const item = window.source->item(number)) {
        const Cycle seen = shifted(item->left, mux_time);
        if (seen < end && seen < known) return {std::max(from, seen + mux_delay_), nullptr};
      }
    }
    if (known < end) return {std::max(from, std::max(first, known) + mux_delay_), window.source};
  }
  if (pair == Cycle::never()) return {Cycle::never(), nullptr};
  return {std::max(from, pair + mux_delay_), partner_};
}

void TilePort::report_conflicts() {
  if (partner_ == nullptr) return;
  const Cycle known = std::min(published(), partner_->published());
  for (const BusItem* item; (item = items_.find(checked_item_)) != nullptr && item->left < known;
       ++checked_item_) {
    // Of two tiles that borrow from each other one reports.
    const bool both = index_ < partner_->index_ && partner_->sends_items() && [&] {
      const auto* other = partner_->item(partner_->first_item_at_or_after(item->left, 0));
      return other != nullptr && other->left == item->left;
    }();
    const BusWord* const word = partner_->word(partner_->first_at_or_after(item->left, 0));
    if (both || (word != nullptr && word->left == item->left))
      report(tile::HazardKind::bus_conflict, item->left, item->high());
  }
  if (index_ < partner_->index_) {
    pair_.find_conflicts(partner_->pair_, known, [&](Cycle at, tile::MuxSource number) {
      report(tile::HazardKind::pair_conflict, at, number.value());
    });
  }
}

}  // namespace ipusim::chip
