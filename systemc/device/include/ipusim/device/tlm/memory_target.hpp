// SPDX-License-Identifier: Apache-2.0
// A sparse memory behind TLM-2.0: what callbacks of a socket are to do with a payload, b_transport,
// transport_dbg and DMI. Takes no time.
#pragma once

#include <tlm.h>

#include <cstdint>

#include "ipusim/device/tlm/sparse_memory.hpp"

namespace ipusim::device {

class MemoryTarget {
 public:
  // `base`: the address of the memory's first byte.
  MemoryTarget(std::uint64_t base, std::uint64_t bytes) : base_(base), memory_(bytes) {}

  std::uint64_t base() const { return base_; }
  bool contains(std::uint64_t address, std::uint64_t bytes) const;
  SparseMemory& memory() { return memory_; }
  const SparseMemory& memory() const { return memory_; }

  // Responses: address error outside, byte-enable error, burst error for a streaming width below the length,
  // command error for anything but read and write. OK promises DMI.
  void transport(tlm::tlm_generic_payload& transaction);
  // The bytes moved.
  unsigned transport_dbg(tlm::tlm_generic_payload& transaction);
  // One page, for reads and writes; pages stay, so it is never taken back.
  bool get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi);

 private:
  tlm::tlm_response_status access(tlm::tlm_generic_payload& transaction);

  std::uint64_t base_;
  SparseMemory memory_;
};

}  // namespace ipusim::device
