// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/root_errors.hpp"

#include "ipusim/device/pcie/packet.hpp"

namespace ipusim::host {

namespace aer = device::pci::aer;
namespace code = device::message_code;
using device::Access;

namespace {

std::vector<device::RegisterRow> root_rows() {
  return {{"Root Error Command", root_aer::error_command, Access::read_write, 0,
           "[0] correctable, [1] non-fatal, [2] fatal errors interrupt: kept without effect", 4, 7},
          {"Root Error Status", root_aer::error_status, Access::read_write, 0,
           "[0] a correctable error, [1] more; [2] a fatal or non-fatal one, [3] more; [4] the first of "
           "those was "
           "fatal; [5] non-fatal, [6] fatal; cleared by 1",
           4, 0, root_aer::all, ~0U},
          {"Error Source Identification", root_aer::error_source, Access::writes_ignored, 0,
           "who sent the first: [15:0] correctable, [31:16] fatal or non-fatal"}};
}

}  // namespace

RootErrors::RootErrors() : AerCapability(root_aer::bytes, root_rows()) { place(registers_, root_aer::at); }

void RootErrors::take_message(std::uint8_t message, device::RequesterId from) {
  std::uint32_t status = kept(root_aer::error_status);
  std::uint32_t source = kept(root_aer::error_source);
  if (message == code::correctable) {
    const bool first = (status & root_aer::correctable) == 0;
    if (first) source = (source & 0xFFFF'0000U) | from.value;
    status |= first ? root_aer::correctable : root_aer::more_correctable;
  } else if (message == code::non_fatal || message == code::fatal) {
    const bool fatal = message == code::fatal;
    const bool first = (status & root_aer::uncorrectable) == 0;
    if (first) source = (source & 0xFFFFU) | std::uint32_t{from.value} << 16U;
    status |= first ? root_aer::uncorrectable : root_aer::more_uncorrectable;
    if (first && fatal) status |= root_aer::first_is_fatal;
    status |= fatal ? root_aer::fatal_messages : root_aer::non_fatal_messages;
  }
  keep(root_aer::error_status, status);
  keep(root_aer::error_source, source);
}

void RootErrors::record(std::uint32_t error, bool advisory, device::RequesterId self,
                        const device::PacketHeader& header) {
  const bool fatal = is_fatal(error);
  if (advisory && !fatal) {
    log_correctable(aer::advisory_non_fatal);
    if (is_correctable_masked(aer::advisory_non_fatal)) return;
    log(error, header);
    take_message(code::correctable, self);
    return;
  }
  log(error, header);
  if (!is_masked(error)) take_message(fatal ? code::fatal : code::non_fatal, self);
}

}  // namespace ipusim::host
