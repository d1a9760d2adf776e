// The exchange between tiles: no queues, no arbitration. A word is found by looking where a receiver's mux
// pointed and what that sender had on its bus then (docs/exchange.md).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/config/latency_function.hpp"
#include "ipusim/tile/ports.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::chip {

struct ExchangeStatistics {
  std::uint64_t words_sent = 0;        // items that left a tile, multicast counted once
  std::uint64_t words_received = 0;    // writes handed to tiles
  std::uint64_t words_unselected = 0;  // sent and taken by nobody (so far): legal, but worth knowing
};

class ExchangeFabric {
 public:
  // Told about words that a receiver had selected but that were driven the other way.
  using HazardSink = std::function<void(TileIndex, const tile::Hazard&)>;
  // Told about sans.
  using AcknowledgeSink = std::function<void(TileIndex, Cycle, std::uint32_t)>;

  ExchangeFabric(std::vector<TileId> places, std::unique_ptr<config::LatencyFunction> latency,
                 std::uint16_t null_source, HazardSink hazards, AcknowledgeSink acknowledgements);
  ~ExchangeFabric();
  ExchangeFabric(const ExchangeFabric&) = delete;
  ExchangeFabric& operator=(const ExchangeFabric&) = delete;

  // What tile `index` is attached to; lives as long as the fabric. incoming() throws std::logic_error if it
  // is asked for a cycle that is not known yet.
  tile::ExchangePort& port(TileIndex index);

  // Everything tile `index` sends before `until` is known (it has been simulated that far, or cannot run).
  // Never moves backwards.
  void set_known_sends(TileIndex index, Cycle until);
  // Tile `index`, which was said to send nothing any more, goes on and may send again from cycle `at` on:
  // takes back that promise and all of set_earliest_release(). No tile may have been simulated past `at`.
  void resume(TileIndex index, Cycle at);

  // Tile `index` stands in a sync of the chip, or no longer. While it does, it sends nothing. A tile that has
  // not taken part in that sync yet knows that its own arrival must come first, so to it the bus is quiet for
  // as long as it runs; one that acknowledged in advance knows it up to set_earliest_release() only.
  void set_in_sync(TileIndex index, bool waits);
  // No sync that has not happened yet releases its tiles before this cycle. Never moves backwards.
  void set_earliest_release(Cycle at);
  // Tile `index` used up one of its acknowledgements.
  void use_acknowledgement(TileIndex index);

  // Forgets words and selections that no incoming() at or after `now` can ask for, of any tile.
  void prune(Cycle now);

  ExchangeStatistics statistics() const;
  ExchangeStatistics statistics(TileIndex index) const;
  const config::LatencyFunction& latency() const { return *latency_; }
  // The most cycles from a word leaving one tile to its write in another, over all pairs of this system.
  unsigned longest_path() const { return longest_path_; }

 private:
  class Port;
  std::vector<TileId> places_;
  std::unique_ptr<config::LatencyFunction> latency_;
  std::uint16_t null_source_;
  HazardSink hazards_;
  AcknowledgeSink acknowledgements_;
  std::vector<std::int32_t> index_of_place_;  // -1: no tile there
  std::vector<std::unique_ptr<Port>> ports_;
  Cycle earliest_release_{0};
  unsigned longest_path_ = 0;
};

}  // namespace ipusim::chip
