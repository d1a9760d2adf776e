// SPDX-License-Identifier: Apache-2.0
#include "widening.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "ipusim/exchange_planner/timeline.hpp"

namespace ipusim::exchange_planner {
namespace {

constexpr std::uint32_t item_bytes = 8;

class Widener {
 public:
  Widener(const Traffic& traffic, const LatencyTable& latency)
      : traffic_(traffic), latency_(latency), is_receiver_(traffic.tile_count(), false) {}

  // Why a transfer has to leave as words; empty if it need not.
  std::string obstacle(const Transfer& transfer) {
    const auto partner = latency_.partner(transfer.from);
    if (!partner) return "the sender's partner, whose bus it would borrow, is not of the system";
    if (transfer.words % 2 != 0) return "its number of words is odd";
    if (transfer.source_offset % item_bytes != 0 || transfer.destination_offset % item_bytes != 0)
      return "its offsets are not multiples of 8";
    const auto receivers = traffic_.receivers_of(transfer);
    for (const std::uint32_t tile : receivers) is_receiver_[tile] = true;
    std::string text;
    for (const std::uint32_t tile : receivers) {
      if (tile == *partner) continue;
      const auto other = latency_.partner(tile);
      if (!other || !is_receiver_[*other])
        text = fmt::format("tile {} receives it, but not the other tile of its pair", tile);
      else if (falls_together(transfer, tile))
        text = fmt::format("two controls of tile {} would fall on one event; take other words than {}", tile,
                           transfer.words);
      if (!text.empty()) break;
    }
    for (const std::uint32_t tile : receivers) is_receiver_[tile] = false;
    if (text.empty() && receivers.size() == 1) text = "only the sender's partner receives it";
    return text;
  }

 private:
  // [HW] Two controls on one event of such a reception fault.
  bool falls_together(const Transfer& transfer, std::uint32_t tile) const {
    Transfer wide = transfer;
    wide.wide = true;
    const WideControls c = wide_controls(wide.events(), write_delay(wide, tile, latency_));
    return std::set{0, c.release, c.format, c.pointer, c.words}.size() != 5;
  }

  const Traffic& traffic_;
  const LatencyTable& latency_;
  std::vector<bool> is_receiver_;  // of the transfer at hand
};

}  // namespace

Traffic widened(const Phase& phase, Traffic traffic, const LatencyTable& latency) {
  if (phase.width == Width::bits32) return traffic;
  Widener widener(traffic, latency);
  Traffic result = part_of(traffic, {});
  result.sends = traffic.sends;
  result.receives = traffic.receives;
  const auto add = [&](Transfer transfer, std::span<const std::uint32_t> receivers) {
    transfer.first_receiver = static_cast<std::uint32_t>(result.receivers.size());
    transfer.receiver_count = static_cast<std::uint32_t>(receivers.size());
    result.transfers.push_back(transfer);
    result.receivers.insert(result.receivers.end(), receivers.begin(), receivers.end());
  };
  for (Transfer transfer : traffic.transfers) {
    const auto receivers = traffic.receivers_of(transfer);
    const std::string obstacle = widener.obstacle(transfer);
    if (phase.width == Width::bits64 && !obstacle.empty()) {
      throw PlanError(
          fmt::format("{}phase '{}': a message of tile {} with {} words cannot leave as 64-bit items: {}; "
                      "say `width: auto`",
                      phase.where.empty() ? std::string{} : phase.where.place() + ": ", phase.name,
                      transfer.from, transfer.words, obstacle));
    }
    if (!obstacle.empty() || (phase.width == Width::automatic && transfer.words / 2 < least_wide_items)) {
      add(transfer, receivers);
      continue;
    }
    std::vector<std::uint32_t> pairs;
    std::vector<std::uint32_t> partner;
    for (const std::uint32_t tile : receivers)
      (tile == *latency.partner(transfer.from) ? partner : pairs).push_back(tile);
    if (!partner.empty()) add(transfer, partner);
    transfer.wide = true;
    add(transfer, pairs);
  }
  return result;
}

}  // namespace ipusim::exchange_planner
