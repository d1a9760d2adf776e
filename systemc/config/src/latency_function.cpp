// SPDX-License-Identifier: Apache-2.0
#include "ipusim/config/latency_function.hpp"

#include <cstdlib>
#include <stdexcept>

namespace ipusim::config {
namespace {

// The Mk2's columns are folded: 0..7 run out along one side, 8..15 back along the other.
constexpr unsigned columns_per_side = 8;

int folded(TileId place) {
  const unsigned c = place.column();
  return static_cast<int>(c < columns_per_side ? c : 2 * columns_per_side - 1 - c);
}
unsigned side(TileId place) { return place.column() / columns_per_side; }

// docs/exchange.md, "The word rule". [SDK] through ipu-stack; exact on every published vector.
class Mk2Columns : public LatencyFunction {
 public:
  explicit Mk2Columns(const ExchangeConfig& config) : config_(config) {}

  int mux_time(TileId source, TileId destination) const override {
    const unsigned low = source.column() % columns_per_side;
    const int local = static_cast<int>((source.column() & columns_per_side) + ((source.column() / 2) & 3U));
    const int turn =
        static_cast<int>(side(source) == side(destination) ? low + 1 : 2 * columns_per_side - low);
    const int rows = static_cast<int>(source.row()) - static_cast<int>(destination.row());
    return local - static_cast<int>(destination.column()) + static_cast<int>((low / 2) ^ 3U) +
           config_.fold_cycles * (folded(source) - folded(destination)) + turn + config_.row_cycles * rows +
           std::abs(displacement(source, destination)) + config_.offset_cycles;
  }

  std::uint8_t direction(TileId source, TileId destination) const override {
    return displacement(source, destination) < 1 ? direction_west : direction_east;
  }

  unsigned mux_delay(TileId destination) const override {
    return config_.mux_delay_base_cycles + config_.mux_delay_per_row_cycles * destination.row();
  }

 private:
  // Signed distance along the folded columns, in cycles; its sign is the direction.
  int displacement(TileId source, TileId destination) const {
    const unsigned lane = destination.lane();
    const bool near = side(destination) == (lane & 1U);
    const int entry = lane > 1 ? (near ? config_.entry_high_near_cycles : config_.entry_high_far_cycles)
                               : (near ? config_.entry_low_near_cycles : config_.entry_low_far_cycles);
    const int far_half = static_cast<int>(side(source) ^ (source.lane() & 1U));
    return config_.column_cycles * (folded(destination) - folded(source) - far_half) + entry;
  }

  ExchangeConfig config_;
};

}  // namespace

std::unique_ptr<LatencyFunction> make_latency_function(const ExchangeConfig& config) {
  if (config.latency_function == "mk2-columns") return std::make_unique<Mk2Columns>(config);
  throw std::invalid_argument("no exchange latency function is called '" + config.latency_function + "'");
}

}  // namespace ipusim::config
