// SPDX-License-Identifier: Apache-2.0
// The accumulating instructions as the documents tell them (docs/arithmetic.md, "Accumulators, AMP, SLIC"),
// with nothing shared with the tile: arrays E and C per unit, coefficients, phases; sums by MPFR.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

#include "sum_oracle.hpp"

namespace ipusim::tile::test {

struct EngineState {
  std::array<std::uint32_t, 16> E{};        // AACC[2n]
  std::array<std::uint32_t, 16> C{};        // AACC[2n+1]
  std::array<std::uint64_t, 64> weights{};  // CWEI_n_k at 4n + k
  std::uint32_t tas = 0;
  std::uint32_t control = 0;  // FP_CTL
  std::uint32_t formats = 0;  // FP_NFMT
  std::uint32_t scale = 0;    // FP_SCL
  std::array<std::uint64_t, 2> prng{};
};

struct EngineModel : EngineState {
  using Word = std::uint32_t;
  using Half = std::uint16_t;
  struct Two {
    Word first = 0;
    Word second = 0;
  };

  std::uint8_t flags = 0;  // of the current instruction

  // Executes an instruction on the registers `a`. False: it is an invalid operation.
  bool execute(const std::string& mnemonic, const std::array<Word, 4>& operands, std::array<Word, 16>& a);

 private:
  Word sum(Word addend, std::span<const std::array<double, 2>> products);
  Word sum(Word addend, std::initializer_list<std::array<double, 2>> products) {
    return sum(addend, std::span(products.begin(), products.size()));
  }
  Word f32_fma(Word addend, Word x, Word y);
  // Four f16 or eight f8, and which.
  struct Input {
    bool quarters;
    std::uint64_t bits;
  };
  Word dot(Word addend, const Input& x, std::uint64_t w);
  Word widen(Half half);
  void draw();
  Half narrow(Word value, unsigned element);

  Two half_amp(unsigned set, unsigned engines, unsigned phase, const Input& x, Two partials);
  Two half_slic(unsigned set, bool three, unsigned column, const Input& x, Two partials);
  bool half_engine(const std::string& form, bool quarters, bool amp, const std::array<Word, 4>& o,
                   std::array<Word, 16>& a);
  bool f32_amp(unsigned sets, const std::array<Word, 4>& o, std::array<Word, 16>& a);
  bool f32_slic(unsigned sets, const std::array<Word, 4>& o, std::array<Word, 16>& a);
  bool reduction(const std::string& mnemonic, const std::array<Word, 4>& o, const std::array<Word, 16>& a);
  bool read_out(const std::string& mnemonic, const std::array<Word, 4>& o, std::array<Word, 16>& a);
  bool sort(const std::string& mnemonic, const std::array<Word, 4>& o, std::array<Word, 16>& a);
  Two leave_chain(unsigned set, unsigned units, Two entering);

  arith::test::SumOracle oracle_;
  std::uint64_t drawn_ = 0;
};

}  // namespace ipusim::tile::test
