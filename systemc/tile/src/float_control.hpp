// SPDX-License-Identifier: Apache-2.0
// FP_CTL as handlers read it (fields: isa/csr.yaml), and the flags they raise.
#pragma once

#include "ipusim/arith/number.hpp"
#include "ipusim/isa/csr.hpp"

namespace ipusim::tile {

template <class K>
arith::Rounding rounding(const K& k) {
  return arith::rounding_from_code(isa::csr_field::fp_ctl_rnd.get(k.fp_control()));
}

// How f32 results are rounded; f32 denormals are flushed (docs/provenance.md).
template <class K>
arith::Environment f32_environment(const K& k) {
  return {rounding(k), arith::Denormals::flush};
}

// The bits of a result, whose flags are raised.
template <class K, class Result>
auto taken(K& k, const Result& result) {
  k.raise_flags(result.flags);
  return result.bits;
}

}  // namespace ipusim::tile
