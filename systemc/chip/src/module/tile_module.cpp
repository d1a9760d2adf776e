// SPDX-License-Identifier: Apache-2.0
#include "ipusim/chip/module/tile_module.hpp"

#include <limits>
#include <span>
#include <stdexcept>

namespace ipusim::chip {

TileModule::TileModule(sc_core::sc_module_name name, tile::TileModel& model)
    : sc_core::sc_module(name),
      memory("memory"),
      model_(model),
      plain_(dynamic_cast<const tile::PlainMemory*>(&model)) {
  memory.register_b_transport(this, &TileModule::b_transport);
  memory.register_transport_dbg(this, &TileModule::transport_dbg);
  memory.register_get_direct_mem_ptr(this, &TileModule::get_direct_mem_ptr);
}

tlm::tlm_response_status TileModule::access(const tlm::tlm_generic_payload& transaction,
                                            std::uint64_t bytes) {
  constexpr std::uint64_t highest = std::numeric_limits<std::uint32_t>::max();
  if (transaction.get_address() > highest) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  const ByteAddr address{static_cast<std::uint32_t>(transaction.get_address())};
  const std::span data{reinterpret_cast<std::byte*>(transaction.get_data_ptr()), bytes};
  try {
    if (transaction.is_read()) {
      model_.read_memory(address, data);
    } else if (transaction.is_write()) {
      model_.write_memory(address, data);
    } else {
      return tlm::TLM_COMMAND_ERROR_RESPONSE;
    }
  } catch (const std::out_of_range&) {
    return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  }
  return tlm::TLM_OK_RESPONSE;
}

void TileModule::b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time&) {
  const std::uint64_t bytes = transaction.get_data_length();
  transaction.set_dmi_allowed(false);
  if (transaction.get_byte_enable_ptr() != nullptr) {
    transaction.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  } else if (transaction.get_streaming_width() < bytes) {
    transaction.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
  } else {
    transaction.set_response_status(access(transaction, bytes));
    transaction.set_dmi_allowed(transaction.is_response_ok() && transaction.is_read() && plain_ != nullptr);
  }
}

bool TileModule::get_direct_mem_ptr(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
  dmi.init();
  if (plain_ == nullptr || !transaction.is_read()) return false;
  const tile::PlainMemory::View view = plain_->plain_memory();
  const std::uint64_t end = view.base.value() + view.bytes.size();
  if (transaction.get_address() < view.base.value() || transaction.get_address() >= end) return false;
  // The type knows no pointer for reading alone; what may be done is said below.
  dmi.set_dmi_ptr(const_cast<unsigned char*>(reinterpret_cast<const unsigned char*>(view.bytes.data())));
  dmi.set_start_address(view.base.value());
  dmi.set_end_address(end - 1);
  dmi.allow_read();
  return true;
}

unsigned TileModule::transport_dbg(tlm::tlm_generic_payload& transaction) {
  const unsigned bytes = transaction.get_data_length();
  return access(transaction, bytes) == tlm::TLM_OK_RESPONSE ? bytes : 0;
}

}  // namespace ipusim::chip
