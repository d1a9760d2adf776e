// SPDX-License-Identifier: Apache-2.0
// The exchange of a Mk2 by itself, between tiles at chosen places.
#pragma once

#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include "ipusim/chip/exchange/exchange_fabric.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::chip_test {

using Hazards = std::vector<std::pair<TileIndex, tile::Hazard>>;

// `hazards` gets what the fabric reports, and must outlive it.
inline std::unique_ptr<chip::ExchangeFabric> mk2_fabric(const std::vector<TileId>& places, Hazards& hazards) {
  const auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  return std::make_unique<chip::ExchangeFabric>(
      places, config::make_latency_function(system.exchange), system.exchange.null_source,
      [&hazards](TileIndex tile, const tile::Hazard& hazard) { hazards.emplace_back(tile, hazard); },
      [](TileIndex, Cycle, std::uint32_t) {});
}

}  // namespace ipusim::chip_test
