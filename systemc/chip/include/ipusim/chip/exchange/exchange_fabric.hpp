// SPDX-License-Identifier: Apache-2.0
// The exchange between tiles: no queues, no arbitration. A word is found by looking where a receiver's mux
// pointed and what that source had on its bus then (docs/exchange.md).
//
// Tiles may run on several threads: each touches its own port, and reads what others have published. What is
// marked so is for the chip alone, while every tile stands still.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "ipusim/base/state.hpp"
#include "ipusim/base/types.hpp"
#include "ipusim/chip/exchange/bus_source.hpp"
#include "ipusim/config/latency_function.hpp"
#include "ipusim/tile/ports.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::chip {

class TilePort;

struct ExchangeStatistics {
  std::uint64_t words_sent = 0;        // items that left a tile, multicast counted once
  std::uint64_t words_received = 0;    // writes handed to tiles
  std::uint64_t words_unselected = 0;  // sent and taken by nobody (so far): legal, but worth knowing
};

class ExchangeFabric {
 public:
  // Told about words that a receiver had selected but that were driven the other way, by the receiver.
  using HazardSink = std::function<void(TileIndex, const tile::Hazard&)>;
  // Told about sans, by the tile.
  using AcknowledgeSink = std::function<void(TileIndex, Cycle, std::uint32_t)>;

  ExchangeFabric(std::vector<TileId> places, std::unique_ptr<config::LatencyFunction> latency,
                 std::uint16_t null_source, HazardSink hazards, AcknowledgeSink acknowledgements);
  ~ExchangeFabric();
  ExchangeFabric(const ExchangeFabric&) = delete;
  ExchangeFabric& operator=(const ExchangeFabric&) = delete;

  // What tile `index` is attached to; lives as long as the fabric. incoming() throws std::logic_error if it
  // is asked for a cycle that is not known yet.
  tile::ExchangePort& port(TileIndex index);
  // A source that is no tile, an exchange block. Must outlive the fabric. Throws std::invalid_argument if the
  // number is taken, the neutral one, or wider than the mux.
  void attach(tile::MuxSource number, BusSource& source);
  // nullptr: nobody has that number.
  BusSource* source(tile::MuxSource number) const;

  // Everything tile `index` sends before `until` is known (it has been simulated that far, or cannot run).
  // Never moves backwards.
  void set_known_sends(TileIndex index, Cycle until);
  // Tile `index` enters a sync of the chip: it will send nothing before that is over. A tile that has not
  // taken part in that sync yet knows that its own arrival must come first, so to it the bus is quiet for as
  // long as it runs; one that acknowledged in advance knows it up to set_earliest_release() only.
  void enter_sync(TileIndex index);
  bool has_acknowledged(TileIndex index) const;
  // Tile `index` stands at `now` because it needs words that are not known: hangs it on their source. False
  // if they have become known meanwhile: it can go on.
  bool wait_for_words(TileIndex index, Cycle now);
  // Tiles that hang on what tile `index` has published since; they hang no longer.
  std::vector<std::uint32_t> take_waiting(TileIndex index);

  // --- while every tile stands still
  // Tile `index`, which was said to send nothing any more, goes on and may send again from cycle `at` on:
  // takes back that promise and all of set_earliest_release(). No tile may have been simulated past `at`.
  void resume(TileIndex index, Cycle at);
  // Tile `index` stands in a sync of the chip (enter_sync()), or no longer.
  void set_in_sync(TileIndex index, bool waits);
  // No sync that has not happened yet releases its tiles before this cycle. Never moves backwards.
  void set_earliest_release(Cycle at);
  Cycle earliest_release() const { return earliest_release_; }
  // Tile `index` used up one of its acknowledgements.
  void use_acknowledgement(TileIndex index);
  // Every tile that hangs on a source; they hang no longer.
  std::vector<std::uint32_t> take_all_waiting();
  // Tiles keep what they took: brings it to those who sent it. Statistics are complete afterwards.
  void merge();
  // Forgets words and selections that no incoming() at or after `now` can ask for, of any tile.
  void prune(Cycle now);

  // After merge(). Blocks are not of the fabric: what they hold is saved where they are.
  void save(StateWriter& to) const;
  void load(StateReader& from);

  // As of the last merge().
  ExchangeStatistics statistics() const;
  ExchangeStatistics statistics(TileIndex index) const;
  const config::LatencyFunction& latency() const { return *latency_; }
  // The most cycles from a word leaving one tile to its write in another, over all pairs of this system.
  unsigned longest_path() const { return longest_path_; }

  // --- for the ports
  tile::MuxSource null_source() const { return tile::MuxSource{null_source_}; }
  void report(const tile::Hazard& hazard, TileIndex receiver) { hazards_(receiver, hazard); }
  void report_acknowledgement(TileIndex index, Cycle at, std::uint32_t count) {
    acknowledgements_(index, at, count);
  }

 private:
  void measure_paths(const std::vector<TileId>& places);

  std::unique_ptr<config::LatencyFunction> latency_;
  std::uint16_t null_source_;
  HazardSink hazards_;
  AcknowledgeSink acknowledgements_;
  std::vector<BusSource*> sources_;  // by mux number; nullptr: nobody
  std::vector<std::unique_ptr<TilePort>> ports_;
  Cycle earliest_release_{0};
  unsigned longest_path_ = 0;
};

}  // namespace ipusim::chip
