// SPDX-License-Identifier: Apache-2.0
#include "mesh.hpp"

#include <algorithm>

#include "ipusim/isa/csr.hpp"

namespace ipusim::random {
namespace {

// From the mux's selection to the write.
constexpr std::uint64_t mux_delay = 4;
constexpr unsigned nobody = isa::csr_reset::incoming_mux;
constexpr unsigned pair_bit = 2;  // partners' places differ in it alone

}  // namespace

class Mesh::Port : public tile::ExchangePort {
 public:
  Port(Mesh& mesh, std::size_t tile) : mesh_(mesh), tile_(tile) {}
  Cycle known_until() override { return mesh_.known_until(tile_); }
  Cycle next_activity(Cycle from) override {
    if (mesh_.tiles_.size() > 1) return from;
    const auto& words = *mesh_.tiles_[tile_].incoming;
    const auto next = words.lower_bound(from);
    return next == words.end() ? Cycle::never() : next->first;
  }
  std::optional<std::uint32_t> incoming(Cycle at) override {
    const auto word = mesh_.arrival(tile_, at);
    return word ? std::optional{static_cast<std::uint32_t>(*word)} : std::nullopt;
  }
  std::optional<std::uint64_t> incoming_item(Cycle at) override { return mesh_.arrival(tile_, at); }
  void send(Cycle at, std::uint32_t word, tile::Directions directions) override {
    if (directions.value() != 0) mesh_.tiles_[tile_].sent.push_back({at, word, false});
  }
  void send_item(Cycle at, std::uint64_t item, tile::Directions directions) override {
    if (directions.value() != 0) mesh_.tiles_[tile_].sent.push_back({at, item, true});
  }
  void select_source(Cycle at, tile::MuxSource source) override {
    mesh_.tiles_[tile_].selected.push_back({at, source.value()});
  }
  void select_pair(Cycle at, tile::MuxSource source) override {
    mesh_.tiles_[tile_].selected_pairs.push_back({at, source.value()});
  }
  void set_format(Cycle from, tile::ReceiveFormat format) override {
    mesh_.tiles_[tile_].formats.push_back({from, format});
  }
  void pre_acknowledge(Cycle, std::uint32_t) override {}

 private:
  Mesh& mesh_;
  std::size_t tile_;
};

Mesh::Mesh(const Scenario& scenario) {
  for (const TileSetup& setup : scenario.tiles) {
    Tile tile;
    tile.place = setup.place;
    tile.incoming = &setup.incoming;
    tile.port = std::make_unique<Port>(*this, tiles_.size());
    tiles_.push_back(std::move(tile));
  }
}
Mesh::~Mesh() = default;

tile::ExchangePort& Mesh::port(std::size_t tile) { return *tiles_[tile].port; }

std::optional<Cycle> Mesh::last_arrival() const {
  std::optional<Cycle> last;
  for (const Tile& tile : tiles_) {
    if (tile.state == State::waiting) last = std::max(last.value_or(tile.arrival), tile.arrival);
  }
  return last;
}

std::uint64_t Mesh::latency(const Tile& from, const Tile& to) const {
  const unsigned rows =
      std::max(from.place.row(), to.place.row()) - std::min(from.place.row(), to.place.row());
  return mux_delay + 2 + rows + to.place.lane();
}

Cycle Mesh::next_send(std::size_t tile) const {
  const Tile& sender = tiles_[tile];
  if (sender.state == State::ended) return Cycle::never();
  if (sender.state == State::running) return sender.now;
  // The sync ends when the slowest of the others has come to it, too.
  Cycle earliest = Cycle::never();
  for (const Tile& other : tiles_) {
    if (other.state == State::running) earliest = std::min(earliest, other.now);
  }
  return earliest == Cycle::never() ? sender.arrival : std::max(sender.arrival, earliest);
}

Cycle Mesh::known_until(std::size_t tile) const {
  Cycle known = Cycle::never();
  for (std::size_t s = 0; s < tiles_.size(); ++s) {
    if (s == tile || next_send(s) == Cycle::never()) continue;
    const bool is_partner = tiles_[s].place.value() == (tiles_[tile].place.value() ^ pair_bit);
    // What a partner selects counts at once.
    const std::uint64_t ahead = is_partner ? mux_delay : latency(tiles_[s], tiles_[tile]);
    known = std::min(known, next_send(s) + ahead);
  }
  return known;
}

const Mesh::Tile* Mesh::at_place(unsigned place) const {
  const auto found =
      std::find_if(tiles_.begin(), tiles_.end(), [&](const Tile& t) { return t.place.value() == place; });
  return found == tiles_.end() ? nullptr : &*found;
}

std::optional<std::uint64_t> Mesh::arrival(std::size_t tile, Cycle at) const {
  const Tile& receiver = tiles_[tile];
  bool items = false;
  for (const Formatted& f : receiver.formats) {
    if (f.from <= at) items = f.format != tile::ReceiveFormat::words;
  }
  if (const auto outside = receiver.incoming->find(at); outside != receiver.incoming->end()) {
    const std::uint64_t word = outside->second;
    return items ? word | (word ^ 0xFFFFFFFFU) << 32U : word;
  }
  return items ? item(receiver, at) : word(receiver, at);
}

std::optional<std::uint64_t> Mesh::word(const Tile& receiver, Cycle at) const {
  if (at.value() < mux_delay) return std::nullopt;
  unsigned source = nobody;
  for (const Selected& s : receiver.selected) {
    if (s.from <= at - mux_delay) source = s.source;
  }
  // Half an item may be on the bus of its sender's partner.
  for (const unsigned place : {source, source ^ pair_bit}) {
    const Tile* const sender = source == nobody ? nullptr : at_place(place);
    if (sender == nullptr || sender == &receiver) continue;
    const std::uint64_t wires = latency(*sender, receiver);
    const auto found =
        std::lower_bound(sender->sent.begin(), sender->sent.end(), at,
                         [&](const Sent& sent, Cycle cycle) { return sent.at + wires < cycle; });
    if (found == sender->sent.end() || found->at + wires != at) continue;
    if (place == source) return found->data;
    if (found->is_item) return found->data >> 32U;
  }
  return std::nullopt;
}

// Whether, of all that the two of a pair have selected before this item, the last counts for it and is its
// sender; of one cycle, what the lower of them selects.
bool Mesh::selects_items(const Tile& pair, const Tile& other, const Tile& sender, Cycle left) const {
  std::optional<Cycle> last;
  unsigned selected = nobody;
  for (const Tile* const writer : {&pair, &other}) {
    const Cycle seen = left + (latency(sender, *writer) - mux_delay);
    for (const Selected& s : writer->selected_pairs) {
      const bool lower = (writer->place.value() & pair_bit) == 0;
      if (s.from > seen || (last && (s.from < *last || (s.from == *last && !lower)))) continue;
      last = s.from;
      selected = s.source == nobody ? nobody : s.source ^ (writer->place.value() & pair_bit);
    }
  }
  return selected == sender.place.value();
}

std::optional<std::uint64_t> Mesh::item(const Tile& receiver, Cycle at) const {
  const Tile* const partner = at_place(receiver.place.value() ^ pair_bit);
  Tile nobody_there;
  nobody_there.place = TileId{static_cast<std::uint16_t>(receiver.place.value() ^ pair_bit)};
  const Tile& other = partner != nullptr ? *partner : nobody_there;
  for (const Tile& sender : tiles_) {
    if (&sender == &receiver || &sender == partner) continue;
    const std::uint64_t wires = std::max(latency(sender, receiver), latency(sender, other));
    for (const Sent& sent : sender.sent) {
      if (sent.is_item && sent.at + wires == at && selects_items(receiver, other, sender, sent.at))
        return sent.data;
    }
  }
  return std::nullopt;
}

}  // namespace ipusim::random
