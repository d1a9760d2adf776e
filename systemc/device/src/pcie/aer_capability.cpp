// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/pcie/aer_capability.hpp"

#include <bit>

#include "ipusim/device/pcie/config_map.hpp"

namespace ipusim::device {

namespace aer = pci::aer;

namespace {

constexpr auto header_meaning = "of the first error; the first byte of the packet in [31:24]";

std::vector<RegisterRow> rows_and(const std::vector<RegisterRow>& more) {
  constexpr auto fixed = Access::writes_ignored;
  std::vector<RegisterRow> rows{
      {"Uncorrectable Error Status", aer::uncorrectable_status, Access::read_write, 0,
       "[12] poisoned, [14] completion timeout, [15] completer abort, [16] unexpected completion, [18] "
       "malformed, [20] unsupported request; cleared by 1",
       4, 0, aer::uncorrectable, ~0U},
      {"Uncorrectable Error Mask", aer::uncorrectable_mask, Access::read_write, 0, "no message, no header", 4,
       aer::uncorrectable, 0, ~0U},
      {"Uncorrectable Error Severity", aer::uncorrectable_severity, Access::read_write, aer::severity_reset,
       "1: fatal", 4, aer::uncorrectable, 0, ~0U},
      {"Correctable Error Status", aer::correctable_status, Access::read_write, 0,
       "[13] advisory non-fatal; cleared by 1", 4, 0, aer::correctable, ~0U},
      {"Correctable Error Mask", aer::correctable_mask, Access::read_write, aer::advisory_non_fatal,
       "no message; [13] is set after power-on", 4, aer::correctable, 0, ~0U},
      {"AER Capabilities and Control", aer::control, fixed, 0,
       "[4:0] first error pointer: the number of the bit in the status", 4, 0, 0, ~0U},
      {"Header Log 0", aer::header_log, fixed, 0, header_meaning},
      {"Header Log 1", aer::header_log + 4, fixed, 0, "likewise"},
      {"Header Log 2", aer::header_log + 8, fixed, 0, "likewise"},
      {"Header Log 3", aer::header_log + 12, fixed, 0, "likewise; 0 of a header of three words"}};
  rows.insert(rows.end(), more.begin(), more.end());
  return rows;
}

}  // namespace

AerCapability::AerCapability() : AerCapability(aer::bytes, {}) {}

AerCapability::AerCapability(std::uint32_t bytes, const std::vector<RegisterRow>& more)
    : ExtendedCapability("advanced error reporting", pci::extended_aer, aer::version, bytes, rows_and(more)) {
}

bool AerCapability::is_fatal(std::uint32_t bit) const {
  return (kept(aer::uncorrectable_severity) & bit) != 0;
}
bool AerCapability::is_masked(std::uint32_t bit) const { return (kept(aer::uncorrectable_mask) & bit) != 0; }
bool AerCapability::is_correctable_masked(std::uint32_t bit) const {
  return (kept(aer::correctable_mask) & bit) != 0;
}

void AerCapability::log(std::uint32_t bit, const std::array<std::uint32_t, 4>& header) {
  const std::uint32_t before = kept(aer::uncorrectable_status);
  keep(aer::uncorrectable_status, before | bit);
  if (is_masked(bit)) return;
  // The pointer is valid as long as the bit that it points to is set.
  const std::uint32_t pointer = kept(aer::control) & aer::first_error_mask;
  if ((before & ~kept(aer::uncorrectable_mask)) != 0 && (before >> pointer & 1U) != 0) return;
  keep(aer::control, static_cast<std::uint32_t>(std::countr_zero(bit)));
  for (std::uint32_t i = 0; i < header.size(); ++i) keep(aer::header_log + 4 * i, header[i]);
}

void AerCapability::log_correctable(std::uint32_t bit) {
  keep(aer::correctable_status, kept(aer::correctable_status) | bit);
}

}  // namespace ipusim::device
