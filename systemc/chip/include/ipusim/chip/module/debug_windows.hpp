// The debug windows of a chip's tiles: the registers control::Tdi, put onto TileDebug (docs/debug.md).
#pragma once

#include <tlm.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "ipusim/chip/chip.hpp"
#include "ipusim/chip/module/control_map.hpp"

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
  DebugWindows(Chip& chip, std::function<void()> resumed);

  // Responses: address error where no register is, command error for a read of a write-only register or a
  // write of a read-only one, generic error for what the register refuses.
  tlm::tlm_response_status read(TileIndex tile, control::Tdi which, const Moment& moment,
                                std::uint32_t& value) const;
  tlm::tlm_response_status write(TileIndex tile, control::Tdi which, const Moment& moment,
                                 std::uint32_t value);

 private:
  // What a window keeps beside its tile.
  struct Window {
    std::uint32_t remote_break = 0;  // DBG_RBRK
    unsigned owner = 0;              // DBG_IOWNER
    bool invalid = false;            // TDI_STS.INV
  };
  bool answers(TileIndex tile, control::Tdi which, const Moment& moment) const;
  std::uint32_t status(TileIndex tile) const;
  bool request_break(TileIndex tile, Cycle at, std::uint32_t value);
  bool choose_owner(TileIndex tile, std::uint32_t value);
  bool inject(TileIndex tile, control::ChipStatus chip, std::uint32_t word);
  bool clear_exceptions(TileIndex tile, Cycle at, std::uint32_t contexts);

  Chip& chip_;
  std::function<void()> resumed_;
  std::vector<Window> windows_;  // by tile index
};

}  // namespace ipusim::chip
