// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/tlm/memory_target.hpp"

#include <span>

namespace ipusim::device {

bool MemoryTarget::contains(std::uint64_t address, std::uint64_t bytes) const {
  return address >= base_ && address - base_ <= memory_.bytes() &&
         bytes <= memory_.bytes() - (address - base_);
}

tlm::tlm_response_status MemoryTarget::access(tlm::tlm_generic_payload& transaction) {
  const std::span data{transaction.get_data_ptr(), transaction.get_data_length()};
  if (!contains(transaction.get_address(), data.size())) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  const std::uint64_t at = transaction.get_address() - base_;
  if (transaction.is_read()) {
    memory_.read(at, data);
  } else if (transaction.is_write()) {
    memory_.write(at, data);
  } else {
    return tlm::TLM_COMMAND_ERROR_RESPONSE;
  }
  return tlm::TLM_OK_RESPONSE;
}

void MemoryTarget::transport(tlm::tlm_generic_payload& transaction) {
  if (transaction.get_byte_enable_ptr() != nullptr) {
    transaction.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  } else if (transaction.get_streaming_width() < transaction.get_data_length()) {
    transaction.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
  } else {
    transaction.set_response_status(access(transaction));
  }
  transaction.set_dmi_allowed(transaction.is_response_ok());
}

unsigned MemoryTarget::transport_dbg(tlm::tlm_generic_payload& transaction) {
  return access(transaction) == tlm::TLM_OK_RESPONSE ? transaction.get_data_length() : 0;
}

bool MemoryTarget::get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
  const std::uint64_t address = transaction.get_address();
  dmi.init();
  if (!contains(address, 1)) {
    // All of the gap that the address lies in is without.
    const std::uint64_t end = base_ + memory_.bytes();
    dmi.set_start_address(address < base_ ? 0 : end);
    if (address < base_) dmi.set_end_address(base_ - 1);
    return false;
  }
  const std::uint64_t offset = (address - base_) / SparseMemory::page_bytes * SparseMemory::page_bytes;
  const auto page = memory_.page(offset);
  dmi.set_dmi_ptr(page.data());
  dmi.set_start_address(base_ + offset);
  dmi.set_end_address(base_ + offset + page.size() - 1);
  dmi.allow_read_write();
  return true;
}

}  // namespace ipusim::device
