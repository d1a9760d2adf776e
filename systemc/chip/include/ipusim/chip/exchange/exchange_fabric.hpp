// The exchange between tiles: no queues, no arbitration. A word is found by looking where a receiver's mux
// pointed and what that sender had on its bus then (docs/exchange.md).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/chip/exchange/latency_function.hpp"
#include "ipusim/tile/ports.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::chip {

struct ExchangeStatistics {
  std::uint64_t words_sent = 0;        // items that left a tile, multicast counted once
  std::uint64_t words_received = 0;    // writes handed to tiles
  std::uint64_t words_unselected = 0;  // sent and taken by nobody: legal, but worth knowing
};

class ExchangeFabric {
 public:
  // Told about words that a receiver had selected but that were driven the other way.
  using HazardSink = std::function<void(TileIndex, const tile::Hazard&)>;
  // Told about sans.
  using AcknowledgeSink = std::function<void(TileIndex, Cycle, std::uint32_t)>;

  ExchangeFabric(std::vector<TileId> places, std::unique_ptr<LatencyFunction> latency,
                 std::uint16_t null_source, HazardSink hazards, AcknowledgeSink acknowledgements);
  ~ExchangeFabric();
  ExchangeFabric(const ExchangeFabric&) = delete;
  ExchangeFabric& operator=(const ExchangeFabric&) = delete;

  // What tile `index` is attached to; lives as long as the fabric.
  tile::ExchangePort& port(TileIndex index);

  // Everything tile `index` sends before `until` is known (it has been simulated that far, or cannot run).
  // Never moves backwards.
  void set_known_sends(TileIndex index, Cycle until);

  // Forgets words and selections that no incoming() at or after `now` can ask for.
  void prune(Cycle now);

  // Words still on a bus count as unselected only once they are pruned; call prune(Cycle::never()) at the
  // end.
  const ExchangeStatistics& statistics() const { return statistics_; }
  const LatencyFunction& latency() const { return *latency_; }

 private:
  class Port;
  std::vector<TileId> places_;
  std::unique_ptr<LatencyFunction> latency_;
  std::uint16_t null_source_;
  HazardSink hazards_;
  AcknowledgeSink acknowledgements_;
  ExchangeStatistics statistics_;
  std::vector<std::int32_t> index_of_place_;  // -1: no tile there
  std::vector<std::unique_ptr<Port>> ports_;
};

}  // namespace ipusim::chip
