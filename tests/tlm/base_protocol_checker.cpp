// SPDX-License-Identifier: Apache-2.0
#include "base_protocol_checker.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace ipusim::tlm_test {

BaseProtocolChecker::Attributes::Attributes(const tlm::tlm_generic_payload& payload)
    : command(payload.get_command()),
      address(payload.get_address()),
      data(payload.get_data_ptr()),
      length(payload.get_data_length()),
      enables(payload.get_byte_enable_ptr()),
      enable_length(payload.get_byte_enable_length()),
      streaming_width(payload.get_streaming_width()) {
  if (command == tlm::TLM_WRITE_COMMAND && data != nullptr) written.assign(data, data + length);
}

BaseProtocolChecker::BaseProtocolChecker(sc_core::sc_module_name name, Tell tell)
    : sc_core::sc_module(name),
      from_initiator("from_initiator"),
      to_target("to_target"),
      tell_(std::move(tell)) {
  if (!tell_) tell_ = [](const std::string& what) { ADD_FAILURE() << what; };
  from_initiator.bind(static_cast<tlm::tlm_fw_transport_if<>&>(*this));
  to_target.bind(static_cast<tlm::tlm_bw_transport_if<>&>(*this));
}

BaseProtocolChecker::~BaseProtocolChecker() {
  for (const auto& [payload, transaction] : transactions_) {
    tell_(fmt::format("{}: a transaction ends with {}", name(), transaction.phase.get_name()));
  }
}

void BaseProtocolChecker::tell(const std::string& what, const tlm::tlm_generic_payload& payload) {
  tell_(fmt::format("{}: {} of {} bytes at {:#x}: {}", name(),
                    payload.is_read()    ? "read"
                    : payload.is_write() ? "write"
                                         : "transaction",
                    payload.get_data_length(), payload.get_address(), what));
}

// --- Attributes

void BaseProtocolChecker::check_shape(const tlm::tlm_generic_payload& payload) {
  if (payload.get_command() != tlm::TLM_IGNORE_COMMAND && payload.get_data_ptr() == nullptr) {
    tell("no data pointer", payload);
  }
  if (payload.get_data_length() == 0) tell("a data length of 0", payload);
}

void BaseProtocolChecker::check_request(const tlm::tlm_generic_payload& payload) {
  check_shape(payload);
  if (payload.get_streaming_width() == 0) tell("a streaming width of 0", payload);
  if (payload.get_byte_enable_ptr() != nullptr && payload.get_byte_enable_length() == 0) {
    tell("byte enables of length 0", payload);
  }
  if (payload.get_response_status() != tlm::TLM_INCOMPLETE_RESPONSE) {
    tell("the initiator begins with a response that is not incomplete", payload);
  }
  if (payload.is_dmi_allowed()) tell("the initiator begins with a DMI hint", payload);
}

void BaseProtocolChecker::check_unchanged(const tlm::tlm_generic_payload& payload, const Attributes& before) {
  const Attributes after(payload);
  if (after.command != before.command) tell("the target changed the command", payload);
  if (after.address != before.address) {
    tell(fmt::format("the address was {:#x} and comes back changed", before.address), payload);
  }
  if (after.data != before.data) tell("the target changed the data pointer", payload);
  if (after.length != before.length) tell("the target changed the data length", payload);
  if (after.enables != before.enables || after.enable_length != before.enable_length) {
    tell("the target changed the byte enables", payload);
  }
  if (after.streaming_width != before.streaming_width)
    tell("the target changed the streaming width", payload);
  if (after.data == before.data && after.length == before.length && after.written != before.written) {
    tell("the target changed the data of a write", payload);
  }
}

void BaseProtocolChecker::check_response(const tlm::tlm_generic_payload& payload, const Attributes& before) {
  check_unchanged(payload, before);
  if (payload.get_response_status() == tlm::TLM_INCOMPLETE_RESPONSE)
    tell("the target set no response", payload);
  if (payload.is_dmi_allowed() && payload.is_response_error()) tell("an error with a DMI hint", payload);
}

void BaseProtocolChecker::check_delay(const sc_core::sc_time& delay,
                                      const tlm::tlm_generic_payload& payload) {
  // Times are unsigned: one that was made negative is near the end of all time.
  if (delay > sc_core::sc_max_time() / 2) tell("a delay below 0", payload);
}

// --- Blocking, debug and direct access

void BaseProtocolChecker::b_transport(tlm::tlm_generic_payload& payload, sc_core::sc_time& delay) {
  ++calls_;
  check_request(payload);
  check_delay(delay, payload);
  if (payload.has_mm() && payload.get_ref_count() < 1) tell("nobody holds the payload", payload);
  const Attributes before(payload);
  to_target->b_transport(payload, delay);
  check_response(payload, before);
  check_delay(delay, payload);
}

unsigned BaseProtocolChecker::transport_dbg(tlm::tlm_generic_payload& payload) {
  ++calls_;
  check_shape(payload);
  const Attributes before(payload);
  const unsigned bytes = to_target->transport_dbg(payload);
  check_unchanged(payload, before);
  if (bytes > payload.get_data_length()) tell("debug access moved more bytes than there are", payload);
  return bytes;
}

bool BaseProtocolChecker::get_direct_mem_ptr(tlm::tlm_generic_payload& payload, tlm::tlm_dmi& dmi) {
  ++calls_;
  const Attributes before(payload);
  const bool allowed = to_target->get_direct_mem_ptr(payload, dmi);
  check_unchanged(payload, before);
  const sc_dt::uint64 address = payload.get_address();
  if (dmi.get_start_address() > address || dmi.get_end_address() < address) {
    tell("the DMI region does not hold the address", payload);
  }
  if (!allowed) return false;
  if (dmi.get_dmi_ptr() == nullptr) tell("DMI without a pointer", payload);
  if (payload.is_read() ? !dmi.is_read_allowed() : payload.is_write() && !dmi.is_write_allowed()) {
    tell("DMI that does not allow the access it was asked for", payload);
  }
  return true;
}

void BaseProtocolChecker::invalidate_direct_mem_ptr(sc_dt::uint64 start, sc_dt::uint64 end) {
  ++calls_;
  if (start > end) tell_(fmt::format("{}: DMI taken back from {:#x} to {:#x}", name(), start, end));
  from_initiator->invalidate_direct_mem_ptr(start, end);
}

// --- Phases

void BaseProtocolChecker::begin(tlm::tlm_generic_payload& payload) {
  check_request(payload);
  if (!payload.has_mm()) {
    tell("nb_transport without a memory manager", payload);
  } else if (payload.get_ref_count() < 1) {
    tell("nobody holds the payload", payload);
  }
  const auto of_phase = [&](const tlm::tlm_phase& phase) {
    return std::ranges::any_of(transactions_, [&](const auto& t) { return t.second.phase == phase; });
  };
  if (of_phase(tlm::BEGIN_REQ)) tell("BEGIN_REQ before the END_REQ of another request", payload);
  if (!transactions_.try_emplace(&payload, Transaction{tlm::BEGIN_REQ, Attributes(payload)}).second) {
    tell("BEGIN_REQ of a transaction that is under way", payload);
  }
}

void BaseProtocolChecker::step(tlm::tlm_generic_payload& payload, const tlm::tlm_phase& next, bool forwards) {
  if (next == tlm::BEGIN_REQ) {
    if (forwards) return begin(payload);
    return tell("BEGIN_REQ from the target", payload);
  }
  const auto found = transactions_.find(&payload);
  if (found == transactions_.end()) {
    return tell(fmt::format("{} of a transaction that is not under way", next.get_name()), payload);
  }
  Transaction& transaction = found->second;
  const tlm::tlm_phase last = transaction.phase;
  const bool right = next == tlm::END_REQ      ? !forwards && last == tlm::BEGIN_REQ
                     : next == tlm::BEGIN_RESP ? !forwards && (last == tlm::BEGIN_REQ || last == tlm::END_REQ)
                     : next == tlm::END_RESP   ? forwards && last == tlm::BEGIN_RESP
                                               : false;
  if (!right) tell(fmt::format("{} after {}", next.get_name(), last.get_name()), payload);
  if (next == tlm::BEGIN_RESP) {
    const bool another = std::ranges::any_of(transactions_, [&](const auto& t) {
      return t.first != &payload && t.second.phase == tlm::BEGIN_RESP;
    });
    if (another) tell("BEGIN_RESP before the END_RESP of another response", payload);
    check_response(payload, transaction.attributes);
  } else {
    check_unchanged(payload, transaction.attributes);
  }
  transaction.phase = next;
  if (next == tlm::END_RESP) transactions_.erase(found);
}

// TLM_COMPLETED: there are no further phases.
void BaseProtocolChecker::end(tlm::tlm_generic_payload& payload) {
  const auto found = transactions_.find(&payload);
  if (found == transactions_.end()) return;
  check_response(payload, found->second.attributes);
  transactions_.erase(found);
}

tlm::tlm_sync_enum BaseProtocolChecker::nb_transport_fw(tlm::tlm_generic_payload& payload,
                                                        tlm::tlm_phase& phase, sc_core::sc_time& delay) {
  ++calls_;
  check_delay(delay, payload);
  const tlm::tlm_phase sent = phase;
  step(payload, phase, true);
  const tlm::tlm_sync_enum answer = to_target->nb_transport_fw(payload, phase, delay);
  check_delay(delay, payload);
  if (answer == tlm::TLM_COMPLETED) {
    end(payload);
  } else if (answer == tlm::TLM_UPDATED) {
    if (phase == sent) tell("TLM_UPDATED and the same phase", payload);
    step(payload, phase, false);
  } else if (phase != sent) {
    tell("TLM_ACCEPTED and another phase", payload);
  }
  return answer;
}

tlm::tlm_sync_enum BaseProtocolChecker::nb_transport_bw(tlm::tlm_generic_payload& payload,
                                                        tlm::tlm_phase& phase, sc_core::sc_time& delay) {
  ++calls_;
  check_delay(delay, payload);
  const tlm::tlm_phase sent = phase;
  step(payload, phase, false);
  const tlm::tlm_sync_enum answer = from_initiator->nb_transport_bw(payload, phase, delay);
  check_delay(delay, payload);
  if (answer == tlm::TLM_COMPLETED) {
    end(payload);
  } else if (answer == tlm::TLM_UPDATED) {
    if (phase == sent) tell("TLM_UPDATED and the same phase", payload);
    step(payload, phase, true);
  } else if (phase != sent) {
    tell("TLM_ACCEPTED and another phase", payload);
  }
  return answer;
}

}  // namespace ipusim::tlm_test
