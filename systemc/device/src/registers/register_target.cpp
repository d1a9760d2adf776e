// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/registers/register_target.hpp"

#include <span>

namespace ipusim::device {

tlm::tlm_response_status response_of(AccessResult result) {
  switch (result) {
    case AccessResult::done:
      return tlm::TLM_OK_RESPONSE;
    case AccessResult::nothing_there:
      return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    case AccessResult::wrong_shape:
      return tlm::TLM_BURST_ERROR_RESPONSE;
    case AccessResult::not_allowed:
      return tlm::TLM_COMMAND_ERROR_RESPONSE;
    case AccessResult::refused:
      break;
  }
  return tlm::TLM_GENERIC_ERROR_RESPONSE;
}

void transport(RegisterBlock& registers, tlm::tlm_generic_payload& transaction) {
  transaction.set_dmi_allowed(false);
  const std::uint64_t offset = transaction.get_address();
  const std::span data{transaction.get_data_ptr(), transaction.get_data_length()};
  if (offset >= registers.bytes()) {
    transaction.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  } else if (transaction.get_byte_enable_ptr() != nullptr) {
    transaction.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
  } else if (transaction.get_streaming_width() < data.size()) {
    transaction.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
  } else if (transaction.is_read()) {
    transaction.set_response_status(response_of(registers.read(offset, data)));
  } else if (transaction.is_write()) {
    transaction.set_response_status(response_of(registers.write(offset, data)));
  } else {
    transaction.set_response_status(tlm::TLM_COMMAND_ERROR_RESPONSE);
  }
}

unsigned transport_dbg(const RegisterBlock& registers, tlm::tlm_generic_payload& transaction) {
  if (!transaction.is_read()) return 0;
  const std::span data{transaction.get_data_ptr(), transaction.get_data_length()};
  const bool done = registers.peek(transaction.get_address(), data) == AccessResult::done;
  return done ? transaction.get_data_length() : 0;
}

}  // namespace ipusim::device
