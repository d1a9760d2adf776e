// SPDX-License-Identifier: Apache-2.0
// Numbers, bits and fields of the control and status registers as constants. All come from isa/csr.yaml; rows
// to search at run time are in isa.hpp.
#pragma once

#include <cstdint>

namespace ipusim::isa {

// Where a field stands in its register.
struct CsrField {
  unsigned lsb;
  unsigned width;

  // The field of a register's value.
  constexpr std::uint32_t get(std::uint32_t value) const { return (value & mask()) >> lsb; }
  // A register's bits with this value in the field, and 0 elsewhere. Bits that do not fit are lost.
  constexpr std::uint32_t put(std::uint32_t field) const { return (field << lsb) & mask(); }
  // The register's bits that the field takes.
  constexpr std::uint32_t mask() const { return ((std::uint32_t{2} << (width - 1U)) - 1U) << lsb; }
};

// Numbers of the upper space (uget, uput) are counted from here: 0x100 + what the instruction names.
inline constexpr unsigned upper_csr_base = 0x100;

// csr::fp_ctl         number of FP_CTL; upper_csr_base + its number for one of the upper space
// csr_mask::fp_ctl    bits that exist
// csr_reset::fp_ctl   value after reset
// csr_field::fp_ctl_rnd   its field RND, a CsrField
#include "ipusim/isa/csr.inc"

}  // namespace ipusim::isa
