// SPDX-License-Identifier: Apache-2.0
// Everything a tile reports within a stretch of time, and the first difference between two such reports.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ipusim/tile/state.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::lockstep {

using Disassemble = std::function<std::string(std::array<std::uint32_t, 2>)>;

struct Sent {
  Cycle cycle;
  std::uint64_t data;
  unsigned directions;
  bool is_item;  // of 64 bits
  friend bool operator==(const Sent&, const Sent&) = default;

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [cycle, data, directions, is_item] = self;
    archive(cycle, data, directions, is_item);
  }
};
struct Selected {
  enum class What : std::uint8_t { source, pair, format };
  friend constexpr What last_enumerator(What) { return What::format; }

  Cycle cycle;
  What what;
  unsigned value;
  friend bool operator==(const Selected&, const Selected&) = default;

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [cycle, what, value] = self;
    archive(cycle, what, value);
  }
};
struct Acknowledged {
  Cycle cycle;
  std::uint32_t count;
  friend bool operator==(const Acknowledged&, const Acknowledged&) = default;

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [cycle, count] = self;
    archive(cycle, count);
  }
};
struct Received {
  Cycle cycle;
  tile::MemoryWrite write;
  friend bool operator==(const Received&, const Received&) = default;

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [cycle, write] = self;
    archive(cycle, write);
  }
};

struct Difference {
  Cycle cycle;
  std::string text;
};

class Trace : public tile::TileObserver {
 public:
  std::vector<tile::RetireRecord> retired;
  std::vector<Received> received;
  std::vector<tile::Hazard> hazards;
  std::vector<Sent> sent;
  std::vector<Selected> selected;  // the mux and the one of the pair
  std::vector<Selected> formats;   // by the cycle from which they count
  std::vector<Acknowledged> acknowledged;

  void on_retire(const tile::RetireRecord& record) override;
  void on_receive(Cycle at, const tile::MemoryWrite& write) override;
  void on_hazard(const tile::Hazard& hazard) override;

  // Reports go on to this observer as well; may be null.
  void pass_on(tile::TileObserver* observer);

  // Forgets what lies before `end`. A model may report a mux selection of the future: that stays.
  void clear_before(Cycle end);

  // The reports that are kept; not the observer.
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [retired, received, hazards, sent, selected, formats, acknowledged, next, next_wants_retire] = self;
    archive(retired, received, hazards, sent, selected, formats, acknowledged);
  }

 private:
  tile::TileObserver* next_ = nullptr;
  bool next_wants_retire_ = false;
};

// The earliest difference before cycle `end`.
std::optional<Difference> first_difference(Trace& reference, Trace& candidate, Cycle end,
                                           const std::array<std::string, 2>& names,
                                           const Disassemble& disassemble);

std::string describe(const tile::ExceptionReport& exception);

}  // namespace ipusim::lockstep
