// SPDX-License-Identifier: Apache-2.0
#include "ipusim/chip/exchange/exchange_fabric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tile_port.hpp"

namespace ipusim::chip {

namespace {
constexpr std::size_t mux_numbers = 1U << 13U;  // INCOMING_MUX: 13 bits
}

ExchangeFabric::ExchangeFabric(std::vector<TileId> places, std::unique_ptr<config::LatencyFunction> latency,
                               std::uint16_t null_source, HazardSink hazards,
                               AcknowledgeSink acknowledgements)
    : latency_(std::move(latency)),
      null_source_(null_source),
      hazards_(std::move(hazards)),
      acknowledgements_(std::move(acknowledgements)),
      sources_(mux_numbers, nullptr) {
  for (std::uint32_t i = 0; i < places.size(); ++i) {
    ports_.push_back(std::make_unique<TilePort>(*this, TileIndex{i}, places[i]));
    sources_.at(places[i].value()) = ports_.back().get();
  }
  sources_.at(null_source_) = nullptr;
  for (std::size_t i = 0; i < places.size(); ++i) {
    // So far there are tiles only.
    ports_[i]->set_partner(static_cast<TilePort*>(sources_.at(partner_of(places[i]).value())));
  }
  measure_paths(places);
}

ExchangeFabric::~ExchangeFabric() = default;

void ExchangeFabric::measure_paths(const std::vector<TileId>& places) {
  for (const TileId source : places) {
    for (const TileId destination : places) {
      const int path =
          latency_->mux_time(source, destination) + static_cast<int>(latency_->mux_delay(destination));
      // Tiles are run apart from each other on the strength of this.
      if (path < 1) {
        throw std::invalid_argument(fmt::format(
            "exchange latencies: a word from place {} would be written at place {} {} cycles after it left; "
            "at least 1 is needed",
            source.value(), destination.value(), path));
      }
      longest_path_ = std::max(longest_path_, static_cast<unsigned>(path));
    }
  }
}

tile::ExchangePort& ExchangeFabric::port(TileIndex index) { return *ports_.at(index.value()); }

void ExchangeFabric::attach(tile::MuxSource number, BusSource& source) {
  if (number.value() >= mux_numbers || number.value() == null_source_) {
    throw std::invalid_argument(fmt::format("no source can have the mux number {:#x}", number.value()));
  }
  if (sources_[number.value()] != nullptr) {
    throw std::invalid_argument(fmt::format("the mux number {:#x} is taken", number.value()));
  }
  sources_[number.value()] = &source;
}

BusSource* ExchangeFabric::source(tile::MuxSource number) const {
  return number.value() < sources_.size() ? sources_[number.value()] : nullptr;
}

void ExchangeFabric::set_known_sends(TileIndex index, Cycle until) {
  ports_.at(index.value())->publish(until);
}
void ExchangeFabric::enter_sync(TileIndex index) { ports_.at(index.value())->enter_sync(); }
bool ExchangeFabric::has_acknowledged(TileIndex index) const {
  return ports_.at(index.value())->has_acknowledged();
}
bool ExchangeFabric::wait_for_words(TileIndex index, Cycle now) {
  return ports_.at(index.value())->wait_for_words(now);
}
std::vector<std::uint32_t> ExchangeFabric::take_waiting(TileIndex index) {
  return ports_.at(index.value())->waiting().take();
}

void ExchangeFabric::resume(TileIndex index, Cycle at) {
  ports_.at(index.value())->resume(at);
  earliest_release_ = Cycle{0};
}
void ExchangeFabric::set_in_sync(TileIndex index, bool waits) {
  ports_.at(index.value())->set_in_sync(waits);
}
void ExchangeFabric::set_earliest_release(Cycle at) { earliest_release_ = std::max(earliest_release_, at); }
void ExchangeFabric::use_acknowledgement(TileIndex index) { ports_.at(index.value())->use_acknowledgement(); }
std::vector<std::uint32_t> ExchangeFabric::take_all_waiting() {
  std::vector<std::uint32_t> all;
  for (BusSource* source : sources_) {
    if (source == nullptr) continue;
    const auto some = source->waiting().take();
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

void ExchangeFabric::merge() {
  for (const auto& port : ports_) {
    port->merge_taken();
    port->report_conflicts();
  }
}

void ExchangeFabric::prune(Cycle now) {
  // An item waits for the half of a partner's place, which may have no tile.
  const std::uint64_t longest = longest_path_ + 1;
  const Cycle oldest = now.value() < longest ? Cycle{0} : now - longest;
  for (const auto& port : ports_) port->absorb_pair();
  for (const auto& port : ports_) port->prune(oldest, now);
}

void ExchangeFabric::save(StateWriter& to) const {
  to.section("exchange", 2, [&](StateWriter& a) {
    a(earliest_release_);
    for (const auto& port : ports_) TilePort::visit_state(a, std::as_const(*port));
  });
}

void ExchangeFabric::load(StateReader& from) {
  from.section("exchange", 2, [&](StateReader& a) {
    a(earliest_release_);
    for (const auto& port : ports_) TilePort::visit_state(a, *port);
  });
  take_all_waiting();
}

ExchangeStatistics ExchangeFabric::statistics(TileIndex index) const {
  return ports_.at(index.value())->statistics();
}

ExchangeStatistics ExchangeFabric::statistics() const {
  ExchangeStatistics sum;
  for (const auto& port : ports_) {
    sum.words_sent += port->statistics().words_sent;
    sum.words_received += port->statistics().words_received;
    sum.words_unselected += port->statistics().words_unselected;
  }
  return sum;
}

}  // namespace ipusim::chip
