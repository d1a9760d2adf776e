// FP_CTL as handlers read it (fields: isa/csr.yaml), and the flags they raise.
#pragma once

#include "ipusim/arith/number.hpp"

namespace ipusim::tile {

namespace fp_ctl_field {
inline constexpr unsigned rounding = 16;  // RND, three bits
inline constexpr std::uint32_t stochastic = 1U << 19U;
inline constexpr std::uint32_t nan_on_overflow = 1U << 20U;
}  // namespace fp_ctl_field

template <class K>
arith::Rounding rounding(const K& k) {
  return arith::rounding_from_code((k.fp_control() >> fp_ctl_field::rounding) & 7U);
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
