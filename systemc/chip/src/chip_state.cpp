// SPDX-License-Identifier: Apache-2.0
// A chip's state as bytes (docs/state.md).
#include <utility>

#include "ipusim/chip/chip.hpp"
#include "tile_slot.hpp"

namespace ipusim::chip {

template <class Archive, class Self>
void Chip::visit_state(Archive& archive, Self& self) {
  std::vector<std::string> kinds;
  for (const auto& slot : self.slots_) kinds.push_back(slot->model().kind());
  archive.section("chip", 1, [&](Archive& a) {
    a.same("places of tiles", self.system_.places);
    a.same("kinds of tiles", kinds);
    auto& words = self.told_words_;
    a(self.problems_, self.told_arrival_, self.critical_path_, self.start_, self.path_end_, words.words_sent,
      words.words_received, self.supersteps_, self.state_);
    for (const auto& slot : self.slots_) {
      if constexpr (Archive::is_reader) {
        TileSlot::visit_state(a, *slot);
      } else {
        TileSlot::visit_state(a, std::as_const(*slot));
      }
    }
    if constexpr (Archive::is_reader) {
      self.sync_.load(a);
      self.fabric_.load(a);
    } else {
      self.sync_.save(a);
      self.fabric_.save(a);
    }
  });
}

void Chip::save(StateWriter& to) const { visit_state(to, *this); }
void Chip::load(StateReader& from) { visit_state(from, *this); }

}  // namespace ipusim::chip
