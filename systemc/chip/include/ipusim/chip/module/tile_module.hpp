// SPDX-License-Identifier: Apache-2.0
// A tile in SystemC: any TileModel behind a TLM-2.0 memory socket.
#pragma once

#include <tlm.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <systemc>

#include "ipusim/tile/plain_memory.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::chip {

class TileModule : public sc_core::sc_module {
 public:
  // Debug access to the tile's memory: address = tile byte address, any length inside memory. Takes no time.
  // Responses: address error outside tile memory, byte-enable error, burst error for a streaming width below
  // the length, command error for anything but read and write. DMI: for reading, where the model has its
  // memory in one piece (tile::PlainMemory); denied for writing, which decoded code must hear of, and by the
  // RTL's banks and by lockstep's two memories.
  tlm_utils::simple_target_socket<TileModule> memory;

  // model must outlive the module.
  TileModule(sc_core::sc_module_name name, tile::TileModel& model);

  tile::TileModel& model() { return model_; }

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& transaction);
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi);
  tlm::tlm_response_status access(const tlm::tlm_generic_payload& transaction, std::uint64_t bytes);

  tile::TileModel& model_;
  const tile::PlainMemory* plain_;  // nullptr: the model is none
};

}  // namespace ipusim::chip
