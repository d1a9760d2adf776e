// SPDX-License-Identifier: Apache-2.0
// What accumulating handlers share: f16 operands taken from registers, f16 results put into them.
#pragma once

#include <bit>

#include "direct.hpp"
#include "float_control.hpp"
#include "ipusim/arith/accumulate.hpp"
#include "ipusim/arith/narrow.hpp"

namespace ipusim::tile {

constexpr std::uint16_t half_of(std::uint32_t word, unsigned index) {
  return static_cast<std::uint16_t>(word >> (16U * index));
}
constexpr std::uint32_t halves(std::uint16_t low, std::uint16_t high) {
  return low | static_cast<std::uint32_t>(high) << 16U;
}

template <class K>
std::array<std::uint16_t, 4> four_halves(const K& k, std::uint32_t pair) {
  const std::uint32_t low = k.a(pair);
  const std::uint32_t high = k.a(pair + 1);
  return {half_of(low, 0), half_of(low, 1), half_of(high, 0), half_of(high, 1)};
}

// The f32 an f16 enters the accumulators as: infinities and NaNs as a NaN, with INV (O17, chosen).
template <class K>
std::uint32_t entering(K& k, std::uint16_t half) {
  if (!arith::detail::finite_f16(half)) k.raise_flags(arith::flag::invalid);
  return std::bit_cast<std::uint32_t>(arith::widened_f16(half));
}

// The f16 results of one instruction: rounded by FP_CTL.RND, or stochastically with one step of the random
// generator per instruction (O21, chosen).
template <class K>
class HalfResults {
 public:
  explicit HalfResults(K& k) : k_(k) {
    const std::uint32_t control = k.fp_control();
    rules_ = {rounding(k), isa::csr_field::fp_ctl_nanoo.get(control) != 0};
    if (isa::csr_field::fp_ctl_esr.get(control) == 0) return;
    if constexpr (requires { k.random_word(); }) {
      random_ = k.random_word();
      stochastic_ = true;
    } else {
      // The direct path leaves it to collected effects.
      refused_ = true;
      k.fault(ExceptionCause::none);
    }
  }
  // Nothing may be written then.
  bool refused() const { return refused_; }

  arith::HalfRules rules() const { return rules_; }
  // The random bits of an element, if rounding is stochastic.
  std::optional<std::uint16_t> random(unsigned element) const {
    if (!stochastic_) return std::nullopt;
    return static_cast<std::uint16_t>(random_ >> (16U * element));
  }
  // Of results in f8: a byte of the word each.
  std::optional<std::uint8_t> random_byte(unsigned element) const {
    if (!stochastic_) return std::nullopt;
    return static_cast<std::uint8_t>(random_ >> (8U * element));
  }
  std::uint16_t operator()(std::uint32_t f32_bits, unsigned element) {
    return taken(k_, arith::narrow(f32_bits, rules_, random(element)));
  }
  std::uint32_t pair(std::uint32_t low, std::uint32_t high, unsigned first_element) {
    const std::uint16_t first = (*this)(low, first_element);
    return halves(first, (*this)(high, first_element + 1));
  }

 private:
  K& k_;
  arith::HalfRules rules_;
  std::uint64_t random_ = 0;
  bool stochastic_ = false;
  bool refused_ = false;
};

}  // namespace ipusim::tile
