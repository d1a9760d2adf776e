// SPDX-License-Identifier: Apache-2.0
// From the RTL's retire port to the reports of a TileModel.
#pragma once

#include <optional>

#include <array>
#include <deque>

#include "model.hpp"

namespace ipusim::rtl {

class Reports {
 public:
  void reset();
  void attach(tile::TileObserver* observer, const Model& model);
  // Changes so far are nobody's to report.
  void take_over_accumulators(const Model& model);

  // Takes in what the ports show after a clock.
  void collect(const Model& model, tile::ExchangePort& exchange) {
    if (model.ports().w_tick_o != 0) collect_cycle(model, exchange);
  }

  const std::optional<tile::ExceptionReport>& exception() const { return exception_; }
  void clear_exception() { exception_.reset(); }
  unsigned sync_zone() const { return sync_zone_; }  // of the last sync
  // Cycle of the last sync of the chip.
  std::optional<Cycle> last_sync() const { return last_sync_; }
  Cycle last_exchange_end() const { return last_exchange_end_; }
  // Whether the tile takes 64-bit items in this cycle, at or after the one it was asked for last: what
  // changes the format is reported long before.
  bool takes_items(Cycle at);
  // Without the accumulators: take_over_accumulators() after a load.
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [observer, records, accumulators, exception, sync_zone, last_sync, last_exchange_end, view_changed,
           formats] = self;
    archive(exception, sync_zone, last_sync, last_exchange_end, view_changed, formats);
  }
  // Whether what the port says of the cycles to come may have changed since the last call.
  bool take_view_changed();

 private:
  struct Format {
    Cycle from;
    tile::ReceiveFormat format;

    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [from, format] = self;
      archive(from, format);
    }
  };
  void collect_cycle(const Model& model, tile::ExchangePort& exchange);
  void collect_retire(const Model& model, Cycle at);
  void add_accumulators(const Model& model, std::vector<tile::RegisterWrite>& out);
  void collect_exchange(const Vipu_tile_top& ports, tile::ExchangePort& exchange, Cycle at);
  void collect_receive(const Vipu_tile_top& ports, Cycle at);
  void collect_exception(const Vipu_tile_top& ports, Cycle at);
  void hazard(tile::HazardKind kind, Cycle at, std::uint32_t address, std::uint32_t word);

  tile::TileObserver* observer_ = nullptr;
  bool records_ = false;
  // As they were last reported; the ports only tell that some were written.
  std::array<std::array<std::uint32_t, Model::accumulators>, Context::workers> accumulators_{};
  std::optional<tile::ExceptionReport> exception_;
  unsigned sync_zone_ = 0;
  std::optional<Cycle> last_sync_;
  Cycle last_exchange_end_{0};
  bool view_changed_ = false;
  std::deque<Format> formats_;  // the one in effect, if any, and those to come
};

}  // namespace ipusim::rtl
