// SPDX-License-Identifier: Apache-2.0
#include "tables.hpp"

#include <functional>

#include "real.hpp"

namespace ipusim::functiongen {

namespace {

using Function = std::function<Real(const Real&)>;
using Polynomial = std::vector<Real>;

// The polynomial through f at the Chebyshev nodes of [0, 1], lowest coefficient first.
Polynomial interpolate(const Function& f, unsigned order) {
  std::vector<Real> nodes;
  std::vector<Real> differences;
  for (unsigned i = 0; i <= order; ++i) {
    const Real angle =
        Real::pi() * Real(2 * static_cast<long>(i) + 1) / Real(2 * static_cast<long>(order) + 2);
    nodes.push_back((Real(1) + angle.cos()) / Real(2));
    differences.push_back(f(nodes.back()));
  }
  for (unsigned step = 1; step <= order; ++step)
    for (unsigned i = order; i >= step; --i)
      differences[i] = (differences[i] - differences[i - 1]) / (nodes[i] - nodes[i - step]);
  Polynomial p{differences[order]};
  for (unsigned i = order; i-- > 0;) {  // p = p * (u - nodes[i]) + differences[i]
    Polynomial next(p.size() + 1);
    for (std::size_t k = 0; k < p.size(); ++k) {
      next[k + 1] = next[k + 1] + p[k];
      next[k] = next[k] - p[k] * nodes[i];
    }
    next[0] = next[0] + differences[i];
    p = next;
  }
  return p;
}

Row rounded(const Polynomial& p) {
  Row row{};
  for (std::size_t i = 0; i < p.size(); ++i) row[i] = p[i].fixed(places);
  return row;
}

Row segment(const Function& f, const Real& from, const Real& width) {
  return rounded(interpolate([&](const Real& u) { return f(from + width * u); }, degree));
}

// log(1 + t) / t with m = 1 + t in [1, 1.5), then [0.75, 1): the segment is the number of m's upper fraction
// bits.
Table logarithm(const char* name, const char* meaning, const Real& scale) {
  const auto quotient = [&](const Real& m) {
    const Real t = m - Real(1);
    return (t.is_zero() ? Real(1) : t.ln_1p() / t) * scale;
  };
  constexpr long segments = 32;
  Table table{name, meaning, {}};
  for (long i = 0; i < segments; ++i) {
    const long halving = i < segments / 2 ? 1 : 2;
    table.rows.push_back(
        segment(quotient, Real(segments + i) / Real(segments * halving), Real(1) / Real(segments * halving)));
  }
  return table;
}

Table power_of_two() {
  constexpr long segments = 32;
  Table table{"exp2", "2^x for x in [0, 1), 32 segments", {}};
  for (long i = 0; i < segments; ++i)
    table.rows.push_back(
        segment([](const Real& x) { return x.exp2(); }, Real(i) / Real(segments), Real(1) / Real(segments)));
  return table;
}

// tanh(x) over x scaled to [1, 2), of x below 1 over x itself. Near zero the quotient has to stay below one:
// there the whole polynomial, whose error is largest and positive at zero, is lowered as far.
Table tangent() {
  constexpr long segments_of_one = 16;
  constexpr long end = 16;
  Table table{"tanh", "tanh(x) 2^e / x for x in [0, 16), 256 segments; e = floor(log2 x), but 0 below 1", {}};
  for (long i = 0; i < segments_of_one * end; ++i) {
    long scale = 1;
    while (scale * 2 * segments_of_one <= i) scale *= 2;
    table.rows.push_back(segment([&](const Real& x) { return x.tanh() * Real(scale) / x; },
                                 Real(i) / Real(segments_of_one), Real(1) / Real(segments_of_one)));
  }
  table.rows.front().front() = (std::int64_t{1} << places) - 1;
  return table;
}

}  // namespace

std::vector<Table> make_tables() {
  return {power_of_two(),
          logarithm("ln", "ln(1 + t) / t, 32 segments: 1 + t in [1, 1.5), then in [0.75, 1)", Real(1)),
          logarithm("log2", "log2(1 + t) / t, segments as of ln", Real(1) / Real(2).ln()), tangent()};
}

std::vector<Constant> make_constants() {
  return {{"log2_e", "log2(e)", 51, (Real(1) / Real(2).ln()).fixed(51)},
          {"ln_2", "ln(2)", 50, Real(2).ln().fixed(50)}};
}

}  // namespace ipusim::functiongen
