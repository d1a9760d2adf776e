// SPDX-License-Identifier: Apache-2.0
// The edge of a chip that is alone with its host: a zone of the system joins this chip's tiles only, and one
// with host needs a mark of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "ipusim/base/state.hpp"
#include "ipusim/base/types.hpp"
#include "ipusim/chip/edge/chip_edge.hpp"
#include "ipusim/config/system_config.hpp"

namespace ipusim::chip {

// A sync that the host granted.
struct HostSync {
  unsigned zone;
  Cycle at;  // last arrival or grant, whichever was later
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [zone, at] = self;
    archive(zone, at);
  }
};

class HostMarks : public ChipEdge {
 public:
  explicit HostMarks(const config::SyncConfig& zones);

  // The host grants `count` more syncs of the zone, from cycle `at` on. Replaces what was left, as writing
  // the mark register does. Throws std::invalid_argument if the host takes no part in the zone, or `at` is
  // before the horizon.
  void grant(unsigned zone, std::uint32_t count, Cycle at);
  // Whether the host takes part in syncs of the zone.
  bool takes_part(unsigned zone) const { return marks_.contains(zone); }
  // What is left of the mark, as far as the chip has run; with `at`, as it reads in that cycle (the chip runs
  // ahead of its host: a sync that happens later still counts as granted). 0 for a zone without host.
  std::uint32_t left(unsigned zone) const;
  std::uint32_t left(unsigned zone, Cycle at) const;
  // The host will grant nothing before cycle `at`: lets tiles go on that depend on that. Never moves
  // backwards.
  void set_horizon(Cycle at);
  Cycle horizon() const { return horizon_; }

  // The zone in which every tile waits while its mark is used up, if that is so.
  std::optional<unsigned> waits_for_mark() const;
  // Syncs granted by the host that happened, oldest first.
  const std::vector<HostSync>& syncs() const { return syncs_; }

  void save(StateWriter& to) const;
  void load(StateReader& from);

  void arrived(unsigned zone, Cycle at) override;
  std::optional<Release> released(unsigned zone) override;
  Cycle silent_until() const override;

 private:
  struct Mark {
    std::uint32_t count = 0;
    Cycle since;
    std::vector<Cycle> taken;  // when the syncs it granted happened
    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [count, since, taken] = self;
      archive(count, since, taken);
    }
  };
  struct Arrival {
    unsigned zone;
    Cycle at;
    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [zone, at] = self;
      archive(zone, at);
    }
  };
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self);

  config::SyncConfig zones_;
  std::map<unsigned, Mark> marks_;  // by zone
  std::optional<Arrival> arrival_;
  Cycle horizon_;
  std::vector<HostSync> syncs_;
};

}  // namespace ipusim::chip
