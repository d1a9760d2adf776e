// SPDX-License-Identifier: Apache-2.0
#include "pair_mux.hpp"

#include <algorithm>

namespace ipusim::chip {

PairMux::PairMux(const ExchangeFabric& fabric, TileId place)
    : fabric_(fabric), place_(place), upper_((place.value() & pair_bit) != 0) {
  selections_.push_back({Cycle{0}, false, fabric.null_source(), nullptr, {}, {}, 0});
}

tile::MuxSource PairMux::sender(bool upper, tile::MuxSource number) const {
  if (number == fabric_.null_source() || !upper) return number;
  return tile::MuxSource{static_cast<std::uint16_t>(number.value() ^ pair_bit)};
}

PairMux::Selection PairMux::selection_of(Cycle at, bool upper, tile::MuxSource number) const {
  Selection selection{at, upper, number, fabric_.source(sender(upper, number)), {}, {}, 0};
  if (selection.source == nullptr) return selection;
  selection.path = selection.source->path_to(place_);
  const int own = selection.path.mux_time;
  const int other = selection.source->path_to(partner_of(place_)).mux_time;
  selection.path.mux_time = std::max(own, other);
  const auto lag = [&](int mux_time) { return static_cast<unsigned>(selection.path.mux_time - mux_time); };
  selection.lag = upper_ ? std::array{lag(other), lag(own)} : std::array{lag(own), lag(other)};
  return selection;
}

void PairMux::insert(const Selection& selection) {
  auto place = selections_.end();
  const auto comes_before = [](const Selection& a, const Selection& b) {
    return a.at != b.at ? a.at < b.at : a.upper && !b.upper;
  };
  while (place != selections_.begin() + 1 && comes_before(selection, *(place - 1))) --place;
  if (static_cast<std::size_t>(place - selections_.begin()) <= current_) current_ = 0;
  selections_.insert(place, selection);
}

void PairMux::write(Cycle at, tile::MuxSource number) {
  written_.append({at, number});
  insert(selection_of(at, upper_, number));
}

void PairMux::absorb(const PairMux& partner) {
  for (const PairWrite* write; (write = partner.written_.find(absorbed_)) != nullptr; ++absorbed_) {
    insert(selection_of(write->left, !upper_, write->number));
  }
}

// What was written at `at` counts from here on. To release the mux counts as what it releases does.
Cycle PairMux::from(std::size_t index) const {
  const Selection& selection = selections_[index];
  const Selection& timed = selection.source != nullptr || index == 0 ? selection : selections_[index - 1];
  return selection.at + timed.lag[selection.upper ? 1 : 0];
}

PairMux::Window PairMux::window(std::size_t index) const {
  const Selection& selection = selections_[index];
  Window window{from(index), Cycle::never(), selection.source, selection.path, selection.next_item};
  if (index + 1 == selections_.size()) return window;
  const Selection& next = selections_[index + 1];
  window.until = std::min(from(index + 1), next.at + selection.lag[next.upper ? 1 : 0]);
  return window;
}

std::size_t PairMux::index_at(Cycle seen) {
  if (from(current_) > seen) current_ = 0;
  while (current_ + 1 < selections_.size() && from(current_ + 1) <= seen) ++current_;
  return current_;
}

void PairMux::prune(Cycle seen, Cycle written) {
  written_.forget_before(written);
  while (selections_.size() > 2 && from(2) <= seen) selections_.pop_front();
  current_ = 0;
}

}  // namespace ipusim::chip
