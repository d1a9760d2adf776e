// SPDX-License-Identifier: Apache-2.0
// A register block behind a TLM-2.0 socket: what the socket's callbacks are to do with a payload.
#pragma once

#include <tlm.h>

#include "ipusim/device/registers/register_block.hpp"

namespace ipusim::device {

// nothing_there: address error; wrong_shape: burst error; not_allowed: command error; refused: generic error.
tlm::tlm_response_status response_of(AccessResult result);

// For b_transport: performs the access and sets the response; byte-enable error for byte enables, burst error
// for a streaming width below the length. Takes no time.
void transport(RegisterBlock& registers, tlm::tlm_generic_payload& transaction);

// For transport_dbg: the bytes read. A write would be an action: 0.
unsigned transport_dbg(const RegisterBlock& registers, tlm::tlm_generic_payload& transaction);

}  // namespace ipusim::device
