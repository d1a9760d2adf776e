// SPDX-License-Identifier: Apache-2.0
#include "mesh.hpp"

#include <algorithm>

#include "ipusim/isa/csr.hpp"

namespace ipusim::random {
namespace {

// From the mux's selection to the write.
constexpr std::uint64_t mux_delay = 4;
constexpr unsigned nobody = isa::csr_reset::incoming_mux;

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
  std::optional<std::uint32_t> incoming(Cycle at) override { return mesh_.word(tile_, at); }
  void send(Cycle at, std::uint32_t word, tile::Directions directions) override {
    if (directions.value() != 0) mesh_.tiles_[tile_].sent.push_back({at, word});
  }
  void select_source(Cycle at, tile::MuxSource source) override {
    mesh_.tiles_[tile_].selected.push_back({at, source.value()});
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
    known = std::min(known, next_send(s) + latency(tiles_[s], tiles_[tile]));
  }
  return known;
}

std::optional<std::uint32_t> Mesh::word(std::size_t tile, Cycle at) const {
  const Tile& receiver = tiles_[tile];
  if (const auto outside = receiver.incoming->find(at); outside != receiver.incoming->end())
    return outside->second;
  if (at.value() < mux_delay) return std::nullopt;
  unsigned source = nobody;
  for (const Selected& s : receiver.selected) {
    if (s.from <= at - mux_delay) source = s.source;
  }
  for (const Tile& sender : tiles_) {
    if (&sender == &receiver || sender.place.value() != source) continue;
    const std::uint64_t wires = latency(sender, receiver);
    const auto found =
        std::lower_bound(sender.sent.begin(), sender.sent.end(), at,
                         [&](const Sent& sent, Cycle cycle) { return sent.at + wires < cycle; });
    if (found != sender.sent.end() && found->at + wires == at) return found->word;
  }
  return std::nullopt;
}

}  // namespace ipusim::random
