// SPDX-License-Identifier: Apache-2.0
// How long a word takes from one place to another: one class per published or assumed function, chosen by
// name in the part file, so that a better source replaces data and not code paths.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "ipusim/base/types.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::config {

// Bits of a send's direction field.
inline constexpr std::uint8_t direction_east = 1;
inline constexpr std::uint8_t direction_west = 2;

class LatencyFunction {
 public:
  virtual ~LatencyFunction() = default;

  // M(S, D): cycles from a word leaving `source` to it standing at `destination`'s mux. May be negative,
  // because the skew of sync release is in it; mux_time + mux_delay is positive for any two places.
  virtual int mux_time(TileId source, TileId destination) const = 0;

  // The direction (east or west bit) `source` must drive so that `destination` gets the word.
  virtual std::uint8_t direction(TileId source, TileId destination) const = 0;

  // Cycles from a mux selection to the memory write of the word it shows.
  virtual unsigned mux_delay(TileId destination) const = 0;
};

// A function's name in part files, and its constants: keys that a part file must give, in cycles.
struct LatencyFunctionInfo {
  std::string_view name;
  std::span<const std::string_view> constants;
};
std::span<const LatencyFunctionInfo> latency_functions();

// Throws std::invalid_argument for a name no class implements, std::out_of_range for a missing constant.
std::unique_ptr<LatencyFunction> make_latency_function(const ExchangeConfig& config);

}  // namespace ipusim::config
