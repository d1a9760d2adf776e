// SPDX-License-Identifier: Apache-2.0
// The debug windows of a chip's tiles: the registers control::Tdi, put onto TileDebug (docs/debug.md).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ipusim/chip/chip_model.hpp"
#include "ipusim/chip/module/control_map.hpp"
#include "ipusim/device/registers/register_block.hpp"

namespace ipusim::chip {

class DebugWindows {
 public:
  // When an access happens.
  struct Moment {
    control::ChipStatus status = control::ChipStatus::reset;
    Cycle under_way;  // the cycle that is under way
    Cycle next;       // the first that begins now or later
  };

  // `resumed` is called when a tile goes on and the chip has to run.
  DebugWindows(ChipModel& chip, std::function<void()> resumed);

  // Adds the windows' registers. `now`: when an access happens.
  void add_to(device::RegisterBlock& registers, std::function<Moment()> now);

  // What the windows keep beside their tiles.
  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    for (auto& window : self.windows_) archive(window);
  }

 private:
  // What a window keeps beside its tile.
  struct Window {
    std::uint32_t remote_break = 0;  // DBG_RBRK
    unsigned owner = 0;              // DBG_IOWNER
    bool invalid = false;            // TDI_STS.INV
    template <class Archive, class Self>
    static void visit_state(Archive& archive, Self& self) {
      auto& [remote_break, owner, invalid] = self;
      archive(remote_break, owner, invalid);
      if constexpr (Archive::is_reader) {
        if (owner >= Context::count) archive.fail("there is no context " + std::to_string(owner));
      }
    }
  };
  device::AccessResult answers(TileId place, std::uint32_t offset, const Moment& moment) const;
  Window& window(TileIndex tile) { return windows_[tile.value()]; }
  const Window& window(TileIndex tile) const { return windows_[tile.value()]; }
  std::uint32_t status(TileIndex tile) const;
  bool clear_status(TileIndex tile, std::uint32_t value);
  bool request_break(TileIndex tile, Cycle at, std::uint32_t value);
  bool choose_owner(TileIndex tile, std::uint32_t value);
  bool inject(TileIndex tile, control::ChipStatus chip, std::uint32_t word);
  bool clear_exceptions(TileIndex tile, Cycle at, std::uint32_t contexts);

  ChipModel& chip_;
  std::function<void()> resumed_;
  std::vector<Window> windows_;  // by tile index
};

}  // namespace ipusim::chip
