// SPDX-License-Identifier: Apache-2.0
// A chip in SystemC. The chip itself runs without SystemC from one need for the host to the next; this module
// gives it a place in simulated time and the two sockets a PCIe endpoint drives.
//
// Time: cycle c of the chip begins at ChipClock::time_of(c). When the chip is started or a host sync is
// granted, the module runs it until nothing can move, and then lets SystemC time pass up to the cycle in
// which that was reached; until then CHIP_STATUS says `running`. A mark written at time t grants from the
// first cycle that begins at or after t. No tile is simulated past the next multiple of run_ahead_cycles:
// there, at the latest, DBG_RBRK stops what runs.
#pragma once

#include <tlm.h>
#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <systemc>
#include <vector>

#include "ipusim/chip/chip_model.hpp"
#include "ipusim/chip/edge/host_marks.hpp"
#include "ipusim/chip/module/chip_clock.hpp"
#include "ipusim/chip/module/control_map.hpp"
#include "ipusim/chip/module/debug_windows.hpp"
#include "ipusim/chip/module/tile_module.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/device/registers/register_block.hpp"

namespace ipusim::chip {

// What the chip's interrupt port is bound to. Called in the simulated time of the event.
class InterruptIf : public virtual sc_core::sc_interface {
 public:
  // vector: control::vector.
  virtual void raise(unsigned vector) = 0;
};

class ChipModule : public sc_core::sc_module {
 public:
  static constexpr std::uint64_t run_ahead_cycles = 65536;

  // Tile memories: address = physical place << 20 | tile byte address. b_transport takes no time of its own;
  // the link in front of it does. Responses: address error where no tile or no memory is, burst error for an
  // access that crosses into another tile's megabyte or streams, byte-enable error, generic error while the
  // chip runs (transport_dbg works at any time). DMI as TileModule gives it, while the chip does not run:
  // pointers are invalidated when it starts or goes on.
  tlm_utils::simple_target_socket<ChipModule> memory;

  // Registers of control_map.hpp. Responses: address error where no register is, burst error for anything but
  // one aligned 32-bit word, byte-enable error, command error for a read of a write-only register or a write
  // of a read-only one, generic error for an access the register refuses now. Takes no time of its own.
  tlm_utils::simple_target_socket<ChipModule> control;

  // May stay unbound.
  sc_core::sc_port<InterruptIf, 1, sc_core::SC_ZERO_OR_MORE_BOUND> interrupt;

  // system: what `chip` was made from; its clock and zones are needed here. Nothing else is attached to the
  // chip's edge. cycle_limit: so many cycles after its start the chip stops with ChipStatus::cycle_limit.
  ChipModule(sc_core::sc_module_name name, const config::ChipConfig& system, std::unique_ptr<ChipModel> chip,
             Cycle cycle_limit = Cycle::never());
  ~ChipModule() override;

  // The model inside, for set-up before the simulation and for reports after it.
  ChipModel& chip() { return *chip_; }
  const ChipModel& chip() const { return *chip_; }
  // Syncs granted by the host.
  const HostMarks& marks() const { return marks_; }
  const ChipClock& clock() const { return clock_; }

  // As CHIP_STATUS reads now.
  control::ChipStatus status() const;
  // Notified whenever status() changes.
  const sc_core::sc_event& status_changed() const { return status_changed_; }

  // The chip's state, its marks, and what registers and debug windows keep (docs/state.md); nothing of PCI
  // Express: a host enumerates again. save(): while the chip rests, or at a checkpoint of the chip.
  void save(StateWriter& to) const;
  // Before the chip is started, into a module made alike but for its cycle limit. The chip then runs on from
  // where it stood: CHIP_STATUS is `running` at least until simulated time, which may be far behind, has
  // caught up with it, and the interrupts of host syncs not told before are raised. Throws StateError;
  // std::logic_error if the chip was started.
  void load(StateReader& from);

 private:
  // Whether the chip was started.
  template <class Archive, class Self>
  static bool visit_state(Archive& archive, Self& self);
  void limit_from(Cycle start);
  void run_thread();
  void run_and_pass_time();
  void tell_host_syncs();
  void pass_time_until(Cycle cycle);
  void raise(unsigned vector);
  void enter(control::ChipStatus status);

  void memory_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  unsigned memory_debug(tlm::tlm_generic_payload& transaction);
  bool memory_pointer(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi);
  // Index of the tile that the transaction addresses, or -1 with the response set.
  int route(tlm::tlm_generic_payload& transaction) const;

  // chip_control.cpp: the rows of control_map.hpp.
  void add_registers();
  void control_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  unsigned control_debug(tlm::tlm_generic_payload& transaction);
  DebugWindows::Moment moment() const;
  void resume();
  struct Exceptions {
    std::uint32_t count = 0;
    std::optional<TileIndex> first;  // by (cycle, tile)
  };
  Exceptions exceptions() const;
  device::AccessResult write_go(std::uint32_t value);
  device::AccessResult write_mark(unsigned zone, std::uint32_t value);

  HostMarks marks_;
  std::unique_ptr<ChipModel> chip_;
  ChipClock clock_;
  Cycle cycle_limit_;  // from the beginning of time once the chip is started
  control::ChipStatus status_ = control::ChipStatus::reset;
  sc_core::sc_event wake_;
  sc_core::sc_event status_changed_;
  std::vector<std::unique_ptr<TileModule>> tiles_;
  DebugWindows windows_;
  device::RegisterBlock registers_{control::size_bytes};
  bool resumed_ = false;  // a tile, since the chip was run last
  std::size_t host_syncs_told_ = 0;
  tlm_utils::multi_passthrough_initiator_socket<ChipModule> to_tiles_;
  std::uint32_t cycle_high_ = 0;
};

}  // namespace ipusim::chip
