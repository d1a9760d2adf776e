// SPDX-License-Identifier: Apache-2.0
#include "engine_model.hpp"

namespace ipusim::tile::test {

namespace {

using Word = EngineModel::Word;
using Half = EngineModel::Half;
using arith::test::value_of_f16;
using arith::test::value_of_f32;
using arith::test::value_of_f8;

Half half(Word word, unsigned index) { return static_cast<Half>(word >> (16 * index)); }
Word packed(Half low, Half high) { return low | static_cast<Word>(high) << 16; }
bool nan_or_infinite(Half h) { return (h & 0x7C00) == 0x7C00; }

std::array<Half, 4> four(const std::array<Word, 16>& a, Word r) {
  return {half(a[r], 0), half(a[r], 1), half(a[r + 1], 0), half(a[r + 1], 1)};
}

}  // namespace

Word EngineModel::sum(Word addend, std::span<const std::array<double, 2>> products) {
  oracle_.start(value_of_f32(addend));
  for (const auto& p : products) oracle_.add_product(p[0], p[1]);
  const auto result = oracle_.result();
  flags |= result.flags;
  return result.bits;
}
Word EngineModel::f32_fma(Word addend, Word x, Word y) {
  return sum(addend, {{value_of_f32(x), value_of_f32(y)}});
}
Word EngineModel::dot(Word addend, const Input& x, std::uint64_t w) {
  std::array<std::array<double, 2>, 8> products{};
  if (!x.quarters) {
    for (unsigned k = 0; k < 4; ++k)
      products[k] = {value_of_f16(static_cast<Half>(x.bits >> (16 * k))),
                     value_of_f16(static_cast<Half>(w >> (16 * k)))};
    return sum(addend, std::span(products).first(4));
  }
  const int exponent = static_cast<int>(scale & 31) - static_cast<int>(scale & 32);
  for (unsigned k = 0; k < 8; ++k)
    products[k] = {
        std::ldexp(value_of_f8(static_cast<std::uint8_t>(x.bits >> (8 * k)), (formats & 2) != 0), exponent),
        value_of_f8(static_cast<std::uint8_t>(w >> (8 * k)), (formats & 1) != 0)};
  return sum(addend, products);
}
Word EngineModel::widen(Half h) {
  if (nan_or_infinite(h)) {
    flags |= 1;
    return 0x7FC00000;
  }
  return std::bit_cast<Word>(static_cast<float>(value_of_f16(h)));
}

// xoroshiro128aox, one step per instruction that writes f16 results stochastically.
void EngineModel::draw() {
  if ((control >> 19 & 1) == 0) return;
  const auto rotl = [](std::uint64_t v, unsigned n) { return v << n | v >> (64 - n); };
  const std::uint64_t sx = prng[0] ^ prng[1];
  const std::uint64_t sa = prng[0] & prng[1];
  drawn_ = sx ^ (rotl(sa, 1) | rotl(sa, 2));
  prng[0] = rotl(prng[0], 55) ^ sx ^ (sx << 14);
  prng[1] = rotl(sx, 36);
}
Half EngineModel::narrow(Word value, unsigned element) {
  const arith::test::HalfControl how{control >> 16 & 7, (control >> 20 & 1) != 0, (control >> 19 & 1) != 0};
  const auto result = arith::test::expected_half(value, how, static_cast<Half>(drawn_ >> (16 * element)));
  flags |= result.flags;
  return result.bits;
}

EngineModel::Two EngineModel::leave_chain(unsigned set, unsigned units, Two entering) {
  Word* c = &C[8 * set];
  const Two result{c[0], c[1]};
  for (unsigned m = 0; m < units - 2; ++m) c[m] = c[m + 2];
  c[units - 2] = entering.first;
  c[units - 1] = entering.second;
  return result;
}

EngineModel::Two EngineModel::half_amp(unsigned set, unsigned engines, unsigned phase, const Input& x,
                                       Two partials) {
  const unsigned units = 2 * engines;
  for (unsigned m = 0; m < units; ++m) {
    const unsigned n = 8 * set + m;
    const std::uint64_t w = weights[4 * n + phase];
    if (phase == 0) {
      const Word finished = E[n];
      E[n] = dot(C[n], x, w);
      C[n] = finished;
    } else {
      E[n] = dot(E[n], x, w);
    }
  }
  return leave_chain(set, units, partials);
}

EngineModel::Two EngineModel::half_slic(unsigned set, bool three, unsigned column, const Input& x,
                                        Two partials) {
  Word* e = &E[8 * set];
  const Two result{e[0], e[1]};
  const unsigned last = three ? 4 : 6;
  for (unsigned m = 0; m < last + 2; ++m) {
    const Word from = m < last ? e[m + 2] : m == last ? partials.first : partials.second;
    e[m] = dot(from, x, weights[4 * (8 * set + m) + column]);
  }
  return result;
}

bool EngineModel::half_engine(const std::string& form, bool quarters, bool amp, const std::array<Word, 4>& o,
                              std::array<Word, 16>& a) {
  const Word immediate = o[3];
  if (immediate >> (amp ? 5 : 3) != 0) return false;
  if (amp && ((immediate & 7) > 3 || immediate >> 3 == 3)) return false;
  if (form != "siso") draw();
  const Input x{quarters, a[o[1]] | std::uint64_t{a[o[1] + 1]} << 32};
  const bool both = form == "hihov4";
  std::array<Two, 2> partials{};
  if (form == "siso" || form == "siho") {
    partials[0] = {a[o[2]], a[o[2] + 1]};
  } else {
    partials[0] = {widen(half(a[o[2]], 0)), widen(half(a[o[2]], 1))};
    if (both) partials[1] = {widen(half(a[o[2] + 1], 0)), widen(half(a[o[2] + 1], 1))};
  }
  std::array<Two, 2> results{};
  for (unsigned set = 0; set < (both ? 2U : 1U); ++set) {
    results[set] = amp ? half_amp(set, 4U >> (immediate >> 3), immediate & 7, x, partials[set])
                       : half_slic(set, (immediate & 4) != 0, immediate & 3, x, partials[set]);
  }
  if (form == "siso") {
    a[o[0]] = results[0].first;
    a[o[0] + 1] = results[0].second;
  } else {
    for (unsigned set = 0; set < (both ? 2U : 1U); ++set) {
      const Half low = narrow(results[set].first, 2 * set);
      a[o[0] + set] = packed(low, narrow(results[set].second, 2 * set + 1));
    }
  }
  return true;
}

bool EngineModel::f32_amp(unsigned sets, const std::array<Word, 4>& o, std::array<Word, 16>& a) {
  const Word phase = o[3] & 7;
  if (o[3] >> 5 != 0 || o[3] >> 3 == 3) return false;
  const unsigned units = 2 * (4U >> (o[3] >> 3));
  const Word x = a[o[1]];
  for (unsigned set = 0; set < sets; ++set) {
    for (unsigned m = 0; m < units; ++m) {
      const unsigned n = 8 * set + m;
      const Word w = static_cast<Word>(weights[4 * n + phase / 2] >> (phase % 2 == 0 ? 0 : 32));
      const Word before = phase == 0 ? C[n] : E[n];
      if (phase == 0) C[n] = E[n];
      E[n] = f32_fma(before, x, w);
    }
  }
  Two result;
  if (phase % 2 < sets) result = leave_chain(phase % 2, units, {a[o[2]], a[o[2] + 1]});
  a[o[0]] = result.first;
  a[o[0] + 1] = result.second;
  tas = x;
  return true;
}

bool EngineModel::f32_slic(unsigned sets, const std::array<Word, 4>& o, std::array<Word, 16>& a) {
  if (o[3] >> 4 != 0) return false;
  const bool upper = (o[3] & 8) != 0;
  const unsigned units = (o[3] & 4) != 0 ? 6 : 8;
  const Word x = a[o[1]];
  Two result;
  for (unsigned set = 0; set < sets; ++set) {
    const std::array<Word, 16> old = E;
    const bool moves = upper == (set == 1);
    if (moves) result = {old[8 * set], old[8 * set + 1]};
    for (unsigned m = 0; m < units; ++m) {
      const unsigned n = 8 * set + m;
      Word from = old[n];
      if (moves) from = m + 2 < units ? old[n + 2] : a[o[2] + (m + 2 - units)];
      const auto w = static_cast<Word>(weights[4 * n + (o[3] & 3)] >> (upper ? 32 : 0));
      E[n] = f32_fma(from, x, w);
    }
  }
  a[o[0]] = result.first;
  a[o[0] + 1] = result.second;
  tas = x;
  return true;
}

bool EngineModel::reduction(const std::string& mnemonic, const std::array<Word, 4>& o,
                            const std::array<Word, 16>& a) {
  const bool square = mnemonic.find("sqacc") != std::string::npos;
  const bool absolute = mnemonic.find("absacc") != std::string::npos;
  const unsigned elements = mnemonic[4] == '8' ? 8 : 4;
  for (unsigned i = 0; i < elements; ++i) {
    double e = mnemonic[1] == '3' ? value_of_f32(a[o[0] + i]) : value_of_f16(half(a[o[0] + i / 2], i % 2));
    if (absolute) e = std::fabs(e);
    E[i] = sum(E[i], {{e, square ? e : 1.0}});
  }
  return true;
}

bool EngineModel::read_out(const std::string& mnemonic, const std::array<Word, 4>& o,
                           std::array<Word, 16>& a) {
  if (mnemonic == "f32v2gina" || mnemonic == "f16v2gina") {
    Word* chain = &((o[2] & 1) != 0 ? C : E)[(o[2] & 2) != 0 ? 8 : 0];
    const bool wide = mnemonic == "f32v2gina";
    Two in{a[o[1]], wide ? a[o[1] + 1] : 0};
    if (!wide) in = {widen(half(a[o[1]], 0)), widen(half(a[o[1]], 1))};
    const Two out{chain[0], chain[1]};
    for (unsigned m = 0; m < 6; ++m) chain[m] = chain[m + 2];
    chain[6] = in.first;
    chain[7] = in.second;
    if (wide) {
      a[o[0]] = out.first;
      a[o[0] + 1] = out.second;
    } else {
      draw();
      const Half low = narrow(out.first, 0);
      a[o[0]] = packed(low, narrow(out.second, 1));
    }
    return true;
  }
  if (mnemonic == "f32v2axpy") {  // axpy $D, $X, $Y: X is op2
    const Two out{E[0], E[1]};
    for (unsigned i = 0; i < 2; ++i) E[i] = f32_fma(a[o[1] + i], tas, a[o[2] + i]);
    a[o[0]] = out.first;
    a[o[0] + 1] = out.second;
    return true;
  }
  // f16v4mix and f16v4gacc
  const auto x = four(a, o[1]);
  const auto y = four(a, o[2]);
  draw();
  std::array<Half, 4> out{};
  for (unsigned i = 0; i < 4; ++i) out[i] = narrow(E[i], i);
  if (mnemonic == "f16v4mix") {
    for (unsigned i = 0; i < 4; ++i) {
      E[i] = sum(0x80000000, {{value_of_f16(half(tas, 0)), value_of_f16(x[i])},
                              {value_of_f16(half(tas, 1)), value_of_f16(y[i])}});
    }
  }
  a[o[0]] = packed(out[0], out[1]);
  a[o[0] + 1] = packed(out[2], out[3]);
  return true;
}

bool EngineModel::sort(const std::string& mnemonic, const std::array<Word, 4>& o, std::array<Word, 16>& a) {
  const bool in = mnemonic == "f16v4istacc";
  const Word phase = in ? o[3] : o[1];
  if (phase > 1) return false;
  if (in) {
    const auto x = four(a, o[1]);
    const auto y = four(a, o[2]);
    for (unsigned j = 0; j < 4; ++j) E[2 * j + phase] = packed(x[j], y[j]);
  } else if (phase == 0) {
    for (unsigned m = 0; m < 8; ++m) C[m] = E[m];
  }
  const Two result = leave_chain(0, 8, {});
  a[o[0]] = result.first;
  a[o[0] + 1] = result.second;
  return true;
}

bool EngineModel::execute(const std::string& m, const std::array<Word, 4>& o, std::array<Word, 16>& a) {
  flags = 0;
  const auto ends = [&](const char* with) { return m.ends_with(with); };
  if (m == "f32sisoamp") return f32_amp(1, o, a);
  if (m == "f32sisov2amp") return f32_amp(2, o, a);
  if (m == "f32sisoslic") return f32_slic(1, o, a);
  if (m == "f32sisov2slic") return f32_slic(2, o, a);
  if (m == "f8v8hihov4amp") return half_engine("hihov4", true, true, o, a);
  if (m == "f8v8hihov4slic") return half_engine("hihov4", true, false, o, a);
  if (ends("amp")) return half_engine(m.substr(5, m.size() - 8), false, true, o, a);
  if (ends("slic")) return half_engine(m.substr(5, m.size() - 9), false, false, o, a);
  if (ends("stacc")) return sort(m, o, a);
  if (m == "f32mac") {
    E[0] = f32_fma(E[0], a[o[0]], a[o[1]]);
    return true;
  }
  if (m == "f32v2mac" || m == "f32v2aop") {
    for (unsigned i = 0; i < (m == "f32v2mac" ? 2U : 4U); ++i) {
      const bool outer = m == "f32v2aop";
      E[i] = f32_fma(E[i], a[o[0] + i % 2], a[o[1] + (outer ? i / 2 : i)]);
    }
    return true;
  }
  if (ends("cmac")) {
    for (unsigned i = 0; i < (m == "f16v2cmac" ? 1U : 2U); ++i) {
      const Word x = a[o[0] + i];
      const Word y = a[o[1] + i];
      E[i] = sum(E[i], {{value_of_f16(half(x, 0)), value_of_f16(half(y, 0))},
                        {value_of_f16(half(x, 1)), value_of_f16(half(y, 1))}});
    }
    return true;
  }
  if (ends("gina") || ends("axpy") || ends("mix") || ends("gacc")) return read_out(m, o, a);
  return reduction(m, o, a);
}

}  // namespace ipusim::tile::test
