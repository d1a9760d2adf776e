// SPDX-License-Identifier: Apache-2.0
#include "ipusim/config/latency_function.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>

namespace ipusim::config {
namespace {

// Columns are folded: 0..7 run out along one side of the chip, 8..15 back along the other.
constexpr unsigned columns_per_side = 8;

int folded(TileId place) {
  const unsigned c = place.column();
  return static_cast<int>(c < columns_per_side ? c : 2 * columns_per_side - 1 - c);
}
unsigned side(TileId place) { return place.column() / columns_per_side; }

// What both functions know of the way behind the mux.
class Columns : public LatencyFunction {
 public:
  explicit Columns(const ExchangeConfig& config)
      : mux_delay_base_(config.mux_delay_base_cycles), mux_delay_per_row_(config.mux_delay_per_row_cycles) {}
  unsigned mux_delay(TileId destination) const override {
    return mux_delay_base_ + mux_delay_per_row_ * destination.row();
  }

 private:
  unsigned mux_delay_base_;
  unsigned mux_delay_per_row_;
};

// docs/exchange.md, "The word rule". [SDK] through ipu-stack; exact on every published vector.
class Mk2Columns : public Columns {
 public:
  static constexpr std::array<std::string_view, 8> constants{
      "column_cycles",          "fold_cycles",           "row_cycles",
      "offset_cycles",          "entry_low_near_cycles", "entry_low_far_cycles",
      "entry_high_near_cycles", "entry_high_far_cycles"};

  explicit Mk2Columns(const ExchangeConfig& config)
      : Columns(config),
        column_(config.latency_cycles.at("column_cycles")),
        fold_(config.latency_cycles.at("fold_cycles")),
        row_(config.latency_cycles.at("row_cycles")),
        offset_(config.latency_cycles.at("offset_cycles")),
        entry_low_near_(config.latency_cycles.at("entry_low_near_cycles")),
        entry_low_far_(config.latency_cycles.at("entry_low_far_cycles")),
        entry_high_near_(config.latency_cycles.at("entry_high_near_cycles")),
        entry_high_far_(config.latency_cycles.at("entry_high_far_cycles")) {}

  int mux_time(TileId source, TileId destination) const override {
    const unsigned low = source.column() % columns_per_side;
    const int local = static_cast<int>((source.column() & columns_per_side) + ((source.column() / 2) & 3U));
    const int turn =
        static_cast<int>(side(source) == side(destination) ? low + 1 : 2 * columns_per_side - low);
    const int rows = static_cast<int>(source.row()) - static_cast<int>(destination.row());
    return local - static_cast<int>(destination.column()) + static_cast<int>((low / 2) ^ 3U) +
           fold_ * (folded(source) - folded(destination)) + turn + row_ * rows +
           std::abs(displacement(source, destination)) + offset_;
  }

  std::uint8_t direction(TileId source, TileId destination) const override {
    return displacement(source, destination) < 1 ? direction_west : direction_east;
  }

 private:
  // Signed distance along the folded columns, in cycles; its sign is the direction.
  int displacement(TileId source, TileId destination) const {
    const unsigned lane = destination.lane();
    const bool near = side(destination) == (lane & 1U);
    const int entry =
        lane > 1 ? (near ? entry_high_near_ : entry_high_far_) : (near ? entry_low_near_ : entry_low_far_);
    const int far_half = static_cast<int>(side(source) ^ (source.lane() & 1U));
    return column_ * (folded(destination) - folded(source) - far_half) + entry;
  }

  int column_, fold_, row_, offset_;  // travel along a column, per folded column, per row, always
  // From the column's bus to a destination: lanes 0-1 and 2-3, on their own side or the other.
  int entry_low_near_, entry_low_far_, entry_high_near_, entry_high_far_;
};

// docs/exchange.md, "Mk1". [RE] constants, put together as nobody published [chosen]. Times are absolute: no
// skew of sync release is in them.
class Mk1Columns : public Columns {
 public:
  static constexpr std::array<std::string_view, 6> constants{
      "send_to_exchange_cycles", "put_to_exchange_cycles",       "row_cycles",
      "column_cycles",           "base_to_opposite_side_cycles", "opposite_side_to_base_cycles"};

  explicit Mk1Columns(const ExchangeConfig& config)
      : Columns(config),
        send_(config.latency_cycles.at("send_to_exchange_cycles")),
        put_(config.latency_cycles.at("put_to_exchange_cycles")),
        row_(config.latency_cycles.at("row_cycles")),
        column_(config.latency_cycles.at("column_cycles")),
        to_opposite_(config.latency_cycles.at("base_to_opposite_side_cycles")),
        from_opposite_(config.latency_cycles.at("opposite_side_to_base_cycles")) {}

  // The word goes down to its column's base, along the spine, perhaps across it; the selection goes down the
  // receiver's column, at whose base the mux is.
  int mux_time(TileId source, TileId destination) const override {
    int across = column_ * std::abs(folded(destination) - folded(source));
    if (side(source) < side(destination)) across += to_opposite_;
    if (side(source) > side(destination)) across += from_opposite_;
    return send_ + row_ * static_cast<int>(source.row()) + across -
           (put_ + row_ * static_cast<int>(destination.row()));
  }

  std::uint8_t direction(TileId source, TileId destination) const override {
    return folded(destination) < folded(source) ? direction_west : direction_east;
  }

 private:
  int send_, put_, row_, column_, to_opposite_, from_opposite_;
};

constexpr std::array<LatencyFunctionInfo, 2> functions{
    {{"mk1-columns", Mk1Columns::constants}, {"mk2-columns", Mk2Columns::constants}}};

}  // namespace

std::span<const LatencyFunctionInfo> latency_functions() { return functions; }

std::unique_ptr<LatencyFunction> make_latency_function(const ExchangeConfig& config) {
  if (config.latency_function == "mk1-columns") return std::make_unique<Mk1Columns>(config);
  if (config.latency_function == "mk2-columns") return std::make_unique<Mk2Columns>(config);
  throw std::invalid_argument("no exchange latency function is called '" + config.latency_function + "'");
}

}  // namespace ipusim::config
