// SPDX-License-Identifier: Apache-2.0
// The exchange of a tile that stands alone: nothing arrives, and what leaves is lost.
#pragma once

#include "ipusim/tile/ports.hpp"

namespace ipusim::tile {

class NoExchange : public ExchangePort {
 public:
  Cycle known_until() override { return Cycle::never(); }
  Cycle next_activity(Cycle) override { return Cycle::never(); }
  std::optional<std::uint32_t> incoming(Cycle) override { return std::nullopt; }
  std::optional<std::uint64_t> incoming_item(Cycle) override { return std::nullopt; }
  void send(Cycle, std::uint32_t, Directions) override {}
  void send_item(Cycle, std::uint64_t, Directions) override {}
  void select_source(Cycle, MuxSource) override {}
  void select_pair(Cycle, MuxSource) override {}
  void set_format(Cycle, ReceiveFormat) override {}
  void pre_acknowledge(Cycle, std::uint32_t) override {}
};

}  // namespace ipusim::tile
