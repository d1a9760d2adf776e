// SPDX-License-Identifier: Apache-2.0
// The AMP (accumulating matrix-vector product) and SLIC (slim convolution) engines; phases and data flow are
// told in docs/arithmetic.md.
#include <algorithm>

#include "half_results.hpp"
#include "quarter_control.hpp"
#include "unit_rows.hpp"

namespace ipusim::tile {
namespace {

using isa::Opcode;
using U = std::uint32_t;
using H = std::uint16_t;

constexpr std::size_t set_size = Accumulators::units_per_set;
using Row = std::array<U, set_size>;  // one f32 per unit of a set

// --- Flags operands (O34, O38, chosen)

struct AmpFlags {
  std::size_t units;  // of a set that take part
  U phase;
};
// The engines per set are 4, 2 or 1 with two units each; `phases`: how many columns there are to select.
constexpr std::optional<AmpFlags> amp_flags(U flags, U phases) {
  const U mode = (flags >> 3U) & 3U;
  const U phase = flags & 7U;
  if (flags >= 32 || mode > 2 || phase >= phases) return std::nullopt;
  return AmpFlags{set_size >> mode, phase};
}

struct SlicFlags {
  std::size_t units;  // 8 in mode 1x4, 6 in mode 1x3
  U column;
  bool upper;  // f32 only: the second of the two issues of an input pair
};
constexpr std::optional<SlicFlags> slic_flags(U flags, bool f32) {
  if (flags >= (f32 ? 16U : 8U)) return std::nullopt;
  return SlicFlags{(flags & 4U) != 0 ? set_size - 2 : set_size, flags & 3U, (flags & 8U) != 0};
}

template <class K>
void refuse_flags(K& k) {
  k.fault(ExceptionCause::invalid_engine_flags);
}

// --- Arithmetic of a set

struct HalfInput {
  std::array<H, 4> bits;
  std::array<float, 4> values;
};
struct QuarterInput {
  std::array<std::uint8_t, 8> bytes;
  arith::QuarterFormat format, coefficients;
  int scale;
};
template <class K>
HalfInput half_input(const K& k, U pair) {
  HalfInput x{four_halves(k, pair), {}};
  for (std::size_t i = 0; i < 4; ++i) x.values[i] = arith::widened_f16(x.bits[i]);
  return x;
}

template <class K>
QuarterInput quarter_input(const K& k, U pair) {
  const QuarterControl control(k);
  return {bytes_of(k.a(pair), k.a(pair + 1)), control.of_registers, control.of_coefficients, control.scale};
}

// base[m] + x . coefficients of unit m; only the first `units` results and their flags count.
template <class K>
Row products(K& k, const U* base, const QuarterInput& x, std::size_t set, std::size_t column,
             std::size_t units) {
  Row out{};
  for (std::size_t m = 0; m < units; ++m) {
    const std::uint64_t w = k.coefficients()[CoefficientRows::index(set * set_size + m, column)];
    out[m] = taken(
        k, arith::dot_f8(base[m], x.bytes, x.format, bytes_of(static_cast<U>(w), static_cast<U>(w >> 32U)),
                         x.coefficients, x.scale));
  }
  return out;
}
template <class K>
Row products(K& k, const U* base, const HalfInput& x, std::size_t set, std::size_t column,
             std::size_t units) {
  Row out;
  if (dot_of_row(base, k.coefficient_row(set, column), x.values, out.data())) return out;
  for (std::size_t m = 0; m < units; ++m) {
    const std::uint64_t w = k.coefficients()[CoefficientRows::index(set * set_size + m, column)];
    const auto low = static_cast<U>(w);
    const auto high = static_cast<U>(w >> 32U);
    out[m] =
        taken(k, arith::dot_f16<4>(base[m], x.bits,
                                   {half_of(low, 0), half_of(low, 1), half_of(high, 0), half_of(high, 1)}));
  }
  return out;
}

// The same with one f32 input; `upper` selects the word of the column.
template <class K>
Row f32_products(K& k, const U* base, U x, std::size_t set, std::size_t column, bool upper,
                 std::size_t units) {
  Row out{};
  for (std::size_t m = 0; m < units; ++m) {
    const std::uint64_t w = k.coefficients()[CoefficientRows::index(set * set_size + m, column)];
    out[m] = taken(k, arith::fused_f32(base[m], x, static_cast<U>(upper ? w >> 32U : w)));
  }
  return out;
}

struct Pair {
  U first = 0;
  U second = 0;
};

// Calls f(units), with a constant in the common case.
template <class F>
auto with_units(std::size_t units, F f) {
  return units == set_size ? f(std::integral_constant<std::size_t, set_size>{}) : f(units);
}

// The chain's step: a finished pair leaves, a pair of partial sums enters.
template <class Units>
Pair step_chain(U* chain, Units units, Pair partial) {
  const Pair result{chain[0], chain[1]};
  if constexpr (std::is_same_v<Units, std::size_t>) {
    for (std::size_t m = 0; m + 2 < units; ++m) chain[m] = chain[m + 2];
  } else {  // by way of a copy, which is quicker than moving in place
    Row old;
    std::copy_n(chain, std::size_t{units}, old.data());
    std::copy_n(old.data() + 2, std::size_t{units} - 2, chain);
  }
  chain[units - 2] = partial.first;
  chain[units - 1] = partial.second;
  return result;
}

// One issue of AMP on a set, but for the chain's step. `products(base)` gives base[m] + what unit m adds.
template <class Units, class Products>
void amp_sums(U* sum, U* chain, U phase, Units units, Products products) {
  const bool swap = phase == 0;
  const Row next = products(swap ? chain : sum);
  // The partial sums of the chain have become the sums, the finished sums become the chain.
  if (swap) std::copy_n(sum, std::size_t{units}, chain);
  std::copy_n(next.data(), std::size_t{units}, sum);
}

template <class K, class Input>
Pair amp(K& k, Accumulators& accumulators, std::size_t set, const AmpFlags& flags, const Input& x,
         Pair partial) {
  U* sum = accumulators.sum.data() + set * set_size;
  U* chain = accumulators.chain.data() + set * set_size;
  return with_units(flags.units, [&](auto units) {
    amp_sums(sum, chain, flags.phase, units,
             [&](const U* base) { return products(k, base, x, set, flags.phase, flags.units); });
    return step_chain(chain, units, partial);
  });
}

// One issue of SLIC on a set: every pair of units takes the sums of the pair behind it.
template <class Products>
Pair slic_step(U* sum, std::size_t units, Pair partial, Products products) {
  Row base;
  std::copy_n(sum, set_size, base.data());
  const Pair result = step_chain(base.data(), units, partial);
  const Row next = products(base.data());
  std::copy_n(next.data(), units, sum);
  return result;
}

template <class K, class Input>
Pair slic(K& k, Accumulators& accumulators, std::size_t set, const SlicFlags& flags, const Input& x,
          Pair partial) {
  U* sum = accumulators.sum.data() + set * set_size;
  return slic_step(sum, flags.units, partial,
                   [&](const U* base) { return products(k, base, x, set, flags.column, flags.units); });
}

// --- Forms of the f16 and f8 instructions: how partial sums and results are held

enum class Engine { amp, slic };

template <Engine engine>
constexpr auto half_flags(U flags) {
  if constexpr (engine == Engine::amp)
    return amp_flags(flags, CoefficientRows::columns);
  else
    return slic_flags(flags, false);
}
template <Engine engine, class K, class Flags, class Input>
Pair issue(K& k, Accumulators& accumulators, std::size_t set, const Flags& flags, const Input& x,
           Pair partial) {
  if constexpr (engine == Engine::amp)
    return amp(k, accumulators, set, flags, x, partial);
  else
    return slic(k, accumulators, set, flags, x, partial);
}

template <class K>
Pair entering_pair(K& k, U word) {
  const U first = entering(k, half_of(word, 0));
  return {first, entering(k, half_of(word, 1))};
}

// f32 partial sums, f32 results.
template <Engine engine>
constexpr auto siso = [](auto& k, const Op& o) {
  const auto flags = half_flags<engine>(o.operand[3]);
  if (!flags) return refuse_flags(k);
  const Pair result = issue<engine>(k, k.accumulators(), 0, *flags, half_input(k, o.operand[1]),
                                    {k.a(o.operand[2]), k.a(o.operand[2] + 1)});
  k.write_a(o.operand[0], result.first);
  k.write_a(o.operand[0] + 1, result.second);
};
// f32 (siho) or f16 (hiho) partial sums, f16 results.
template <Engine engine, bool half_partials>
constexpr auto half_out = [](auto& k, const Op& o) {
  const auto flags = half_flags<engine>(o.operand[3]);
  if (!flags) return refuse_flags(k);
  HalfResults narrow{k};
  if (narrow.refused()) return;
  Pair partial;
  if constexpr (half_partials)
    partial = entering_pair(k, k.a(o.operand[2]));
  else
    partial = {k.a(o.operand[2]), k.a(o.operand[2] + 1)};
  const Pair result = issue<engine>(k, k.accumulators(), 0, *flags, half_input(k, o.operand[1]), partial);
  k.write_a(o.operand[0], narrow.pair(result.first, result.second, 0));
};
// f16 partial sums and results of both sets, f16 or f8 inputs.
template <Engine engine, bool quarters>
constexpr auto hihov4 = [](auto& k, const Op& o) {
  const auto flags = half_flags<engine>(o.operand[3]);
  if (!flags) return refuse_flags(k);
  HalfResults narrow{k};
  if (narrow.refused()) return;
  const auto x = [&] {
    if constexpr (quarters)
      return quarter_input(k, o.operand[1]);
    else
      return half_input(k, o.operand[1]);
  }();
  Accumulators& accumulators = k.accumulators();
  std::array<Pair, 2> results;
  for (U set = 0; set < 2; ++set) {
    results[set] = issue<engine>(k, accumulators, set, *flags, x, entering_pair(k, k.a(o.operand[2] + set)));
  }
  for (U set = 0; set < 2; ++set) {
    k.write_a(o.operand[0] + set, narrow.pair(results[set].first, results[set].second, 2 * set));
  }
};

// --- f32 instructions. The input is left in TAS (O33, chosen).

constexpr U f32_phases = 2 * CoefficientRows::columns;

// Even phases use the low words, odd ones the high words. Set 0's chain moves in even phases; in odd ones
// set 1's, or none if there is one set only: the result is 0 then.
template <std::size_t sets>
constexpr auto f32_amp = [](auto& k, const Op& o) {
  const auto flags = amp_flags(o.operand[3], f32_phases);
  if (!flags) return refuse_flags(k);
  const U x = k.a(o.operand[1]);
  const bool odd = (flags->phase & 1U) != 0;
  Accumulators& accumulators = k.accumulators();
  for (std::size_t set = 0; set < sets; ++set) {
    amp_sums(accumulators.sum.data() + set * set_size, accumulators.chain.data() + set * set_size,
             flags->phase, flags->units, [&](const U* base) {
               return f32_products(k, base, x, set, flags->phase / 2, odd, flags->units);
             });
  }
  Pair result;
  const std::size_t moving = odd ? 1 : 0;
  if (moving < sets) {
    result = step_chain(accumulators.chain.data() + moving * set_size, flags->units,
                        {k.a(o.operand[2]), k.a(o.operand[2] + 1)});
  }
  k.write_a(o.operand[0], result.first);
  k.write_a(o.operand[0] + 1, result.second);
  k.write_tas(x);
};

// The lower issue moves set 0 on, the upper one set 1 if there is one (O37, chosen); a set that does not move
// adds its products in place.
template <std::size_t sets>
constexpr auto f32_slic = [](auto& k, const Op& o) {
  const auto flags = slic_flags(o.operand[3], true);
  if (!flags) return refuse_flags(k);
  const U x = k.a(o.operand[1]);
  Accumulators& accumulators = k.accumulators();
  Pair result;
  for (std::size_t set = 0; set < sets; ++set) {
    U* sum = accumulators.sum.data() + set * set_size;
    const auto products = [&](const U* base) {
      return f32_products(k, base, x, set, flags->column, flags->upper, flags->units);
    };
    if (flags->upper == (set == 1)) {
      result = slic_step(sum, flags->units, {k.a(o.operand[2]), k.a(o.operand[2] + 1)}, products);
    } else {
      const Row next = products(sum);
      std::copy_n(next.data(), flags->units, sum);
    }
  }
  k.write_a(o.operand[0], result.first);
  k.write_a(o.operand[0] + 1, result.second);
  k.write_tas(x);
};

}  // namespace

void add_engine_handlers(HandlerTable& t) {
  t.add_accumulating(Opcode::f16v4sisoamp_aaan_ef, siso<Engine::amp>);
  t.add_accumulating(Opcode::f16v4sihoamp_aaan_ef, half_out<Engine::amp, false>);
  t.add_accumulating(Opcode::f16v4hihoamp_aaan_ef, half_out<Engine::amp, true>);
  t.add_accumulating(Opcode::f16v4hihov4amp_aaan_ef, hihov4<Engine::amp, false>);
  t.add_accumulating(Opcode::f8v8hihov4amp_aaan_ef, hihov4<Engine::amp, true>);
  t.add_accumulating(Opcode::f32sisoamp_aaan_ef, f32_amp<1>);
  t.add_accumulating(Opcode::f32sisov2amp_aaan_ef, f32_amp<2>);
  t.add_accumulating(Opcode::f16v4sisoslic_aaan_ef, siso<Engine::slic>);
  t.add_accumulating(Opcode::f16v4sihoslic_aaan_ef, half_out<Engine::slic, false>);
  t.add_accumulating(Opcode::f16v4hihoslic_aaan_ef, half_out<Engine::slic, true>);
  t.add_accumulating(Opcode::f16v4hihov4slic_aaan_ef, hihov4<Engine::slic, false>);
  t.add_accumulating(Opcode::f8v8hihov4slic_aaan_ef, hihov4<Engine::slic, true>);
  t.add_accumulating(Opcode::f32sisoslic_aaan_ef, f32_slic<1>);
  t.add_accumulating(Opcode::f32sisov2slic_aaan_ef, f32_slic<2>);
}

}  // namespace ipusim::tile
