// SPDX-License-Identifier: Apache-2.0
// Codelets that normalise rows: softmax, layer norm.
#include <mpfr.h>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include "numbers.hpp"
#include "row_turns.hpp"

namespace ipusim::codelet_test {
namespace {

struct Shape {
  std::uint32_t rows, columns;
};
// No row; fewer rows than workers, as many, a row more; a row of one word, of two, several.
template <class T>
std::array<Shape, 7> shapes() {
  constexpr std::uint32_t n = lanes<T>;
  return {{{0, 2 * n}, {1, n}, {1, 25 * n}, {6, 2 * n}, {7, 3 * n}, {20, 17 * n}, {3, 150 * n}}};
}

std::string text(const Shape& shape) {
  return std::to_string(shape.rows) + " x " + std::to_string(shape.columns);
}

template <class T>
std::vector<T> row_of(const std::vector<T>& values, const Shape& shape, std::size_t row) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * shape.columns);
  return {first, first + static_cast<std::ptrdiff_t>(shape.columns)};
}

// ROWS_START (number, four words of state, a look at the columns, the run, six for addresses) and `more`, the
// branch.
constexpr std::uint64_t set_up(std::uint64_t more) { return 2 + 4 + 3 + 10 + 6 + more + 1; }

// e^x / sum with 113 bits.
template <class T>
std::vector<double> exact_softmax(const std::vector<T>& x) {
  std::vector<double> results;
  mpfr_t sum, e;
  mpfr_inits2(113, sum, e, static_cast<mpfr_ptr>(nullptr));
  mpfr_set_zero(sum, 1);
  const auto exp_of = [&](T bits) {
    mpfr_set_d(e, value(bits), MPFR_RNDN);
    mpfr_exp(e, e, MPFR_RNDN);
  };
  for (const T bits : x) {
    exp_of(bits);
    mpfr_add(sum, sum, e, MPFR_RNDN);
  }
  for (const T bits : x) {
    exp_of(bits);
    mpfr_div(e, e, sum, MPFR_RNDN);
    results.push_back(mpfr_get_d(e, MPFR_RNDN));
  }
  mpfr_clears(sum, e, static_cast<mpfr_ptr>(nullptr));
  return results;
}

// With u = 2^-24: the rounding of x - maximum moves e^x by u times their distance, in the result itself and,
// by the largest distance at most, in the sum; a term of the sum is rounded as often as there are pairs, and
// once more; the exponentials, the reciprocal and the product once each. A tenth more covers exp's 0.5002 of
// the last place and higher orders, 2^-126 results that are flushed.
void check_softmax_row(const std::vector<Single>& x, const std::vector<Single>& results) {
  const auto compare = [](Single a, Single b) { return value(a) < value(b); };
  const double most = value(*std::ranges::max_element(x, compare));
  const double least = std::max(most - 200, double{value(*std::ranges::min_element(x, compare))});
  const std::vector<double> exact = exact_softmax(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double distance = std::min(200.0, most - value(x[i])) + (most - least);
    const double roundings = distance + static_cast<double>(x.size()) / 2 + 1 + 4;
    EXPECT_LE(std::abs(value(results[i]) - exact[i]), 1.1 * 0x1p-24 * roundings * exact[i] + 0x1p-126) << i;
  }
}

// The operations that the source of softmax_f16 states; all of them are correctly rounded.
std::vector<Half> softmax_f16(const std::vector<Half>& x) {
  float most = value(x[0]);
  for (const Half element : x) most = std::max(most, value(element));
  std::vector<Half> e;
  std::array<float, 4> sums{};
  mpfr_t exact;
  mpfr_init2(exact, 113);
  for (std::size_t i = 0; i < x.size(); ++i) {
    mpfr_set_flt(exact, value(nearest<Half>(double{value(x[i])} - most)), MPFR_RNDN);
    mpfr_exp(exact, exact, MPFR_RNDN);
    e.push_back(nearest<Half>(mpfr_get_d(exact, MPFR_RNDN)));
    sums[i % 4] += value(e[i]);
  }
  mpfr_clear(exact);
  const float reciprocal = 1.0F / ((sums[0] + sums[2]) + (sums[1] + sums[3]));
  for (Half& element : e) element = nearest<Half>(value(element) * reciprocal);
  return e;
}

// That, and the accuracy that the source states; a hundredth more covers the f32 roundings and the
// exponentials near zero.
void check_softmax_row(const std::vector<Half>& x, const std::vector<Half>& results) {
  EXPECT_EQ(results, softmax_f16(x));
  const std::vector<double> exact = exact_softmax(x);
  float most = value(x[0]);
  for (const Half element : x) most = std::max(most, value(element));
  double mean = 0;
  for (std::size_t i = 0; i < x.size(); ++i) mean += exact[i] * (most - value(x[i]));
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double roundings = most - value(x[i]) + mean + 3;
    EXPECT_LE(std::abs(value(results[i]) - exact[i]), 1.01 * 0x1p-11 * roundings * exact[i] + 0x1p-24) << i;
  }
}

// A row's turns, given those of an exponential and of 1/x, and its words.
using RowTurns = std::function<std::uint64_t(std::uint64_t exp, std::uint64_t oox, std::uint64_t words)>;

// Four ahead of the maximum, the repeat, its passes, one; three, the repeat; passes of four with two
// exponentials, one of them behind the repeat; the sum, its reciprocal and the repeat; passes of two, the
// last product, store and branch.
std::uint64_t softmax_f32_row(std::uint64_t exp, std::uint64_t oox, std::uint64_t words) {
  return 4 + 1 + (words - 1) + 1 + 3 + 1 + words * (2 + 2 * exp) + 1 + oox + 1 + 2 * (words - 1) + 3;
}
// The same with four for the sum, an operation ahead of passes of five, and the last five and branch.
std::uint64_t softmax_f16_row(std::uint64_t exp, std::uint64_t oox, std::uint64_t words) {
  return 4 + 1 + (words - 1) + 1 + 3 + 1 + words * (2 + 2 * exp) + 4 + oox + 1 + 1 + 5 * (words - 1) + 6;
}

template <class T>
void check_softmax(const TileKind& kind, const Shape& shape, const std::vector<T>& x, bool in_place) {
  constexpr bool single = std::is_same_v<T, Single>;
  SCOPED_TRACE(text(shape));
  const std::uint32_t in = buffers[1], out = in_place ? in : buffers[0];
  CodeletBench bench(single ? "softmax_f32" : "softmax_f16", CodeletBench::Vertex::workers, kind,
                     every_exception);
  bench.write(out, std::vector<T>(x.size(), beyond<T>));
  bench.write(in, x);
  const RowTurns row = single ? softmax_f32_row : softmax_f16_row;
  const std::uint64_t words = shape.columns / lanes<T>,
                      exp = issue_turns(single ? "f32exp_aaan" : "f16v2exp_aaan");
  run_worker_vertex(bench, {out, in, shape.rows, shape.columns},
                    row_turns(shape.rows, set_up(0), row(1, 1, words)),
                    row_turns(shape.rows, set_up(0), row(exp, issue_turns("f32oox_aaan"), words)));
  const std::vector<T> results = bench.read<T>(out, x.size());
  for (std::size_t i = 0; i < shape.rows; ++i)
    check_softmax_row(row_of(x, shape, i), row_of(results, shape, i));
  for (std::size_t i = std::size_t{shape.rows} * shape.columns; i < x.size(); ++i)
    EXPECT_EQ(results[i], beyond<T>);
}

// Around zero, where it is not in place; `far` from it, where e^x is beyond the range or zero.
template <class T>
void check_softmax(const TileKind& kind, double far) {
  for (const Shape& shape : shapes<T>()) {
    const std::size_t elements = std::size_t{shape.rows} * shape.columns;
    check_softmax(kind, shape, uniform<T>(elements, -20, 20, 1), false);
    check_softmax(kind, shape, uniform<T>(elements, far, far + 30, 2), true);
    check_softmax(kind, shape, uniform<T>(elements, -far - 30, -far, 3), true);
  }
}

// The maximum at each place of a row, e^x of which is beyond the range.
template <class T>
void check_softmax_of_peaks(const TileKind& kind) {
  constexpr std::uint32_t columns = 3 * lanes<T>;
  std::vector<T> x = uniform<T>(std::size_t{columns} * columns, -20, 20, 5);
  for (std::size_t row = 0; row < columns; ++row) x[row * columns + row] = nearest<T>(200);
  check_softmax(kind, {columns, columns}, x, false);
}

TEST_P(Codelets, SoftmaxOfPeaks) {
  check_softmax_of_peaks<Single>(GetParam());
  check_softmax_of_peaks<Half>(GetParam());
}

TEST_P(Codelets, SoftmaxF32) { check_softmax<Single>(GetParam(), 900); }
TEST_P(Codelets, SoftmaxF16) { check_softmax<Half>(GetParam(), 90); }

// What a row ends in that is no whole number of words: a result of zero, and the others right.
TEST_P(Codelets, SoftmaxOfAPaddedRow) {
  std::vector<Single> single = uniform<Single>(6, -2, 2, 4);
  single[5] = 0xFF800000;
  check_softmax(GetParam(), {1, 6}, single, false);
  std::vector<Half> half = uniform<Half>(8, -2, 2, 4);
  half[7] = half[6] = half[5] = nearest<Half>(-32768);
  check_softmax(GetParam(), {1, 8}, half, false);
}

float reciprocal_root(float x) {
  mpfr_t r;
  mpfr_init2(r, 24);
  mpfr_set_flt(r, x, MPFR_RNDN);
  mpfr_rec_sqrt(r, r, MPFR_RNDN);
  const float result = mpfr_get_flt(r, MPFR_RNDN);
  mpfr_clear(r);
  return result;
}

// What a row is normalised with, the operations that the sources state, a sum for each lane; all are
// correctly rounded.
struct Moments {
  float mean, rstd;
};
template <class T>
Moments moments(const std::vector<T>& x, float reciprocal, float epsilon) {
  std::array<float, lanes<T>> sums{}, squares{};
  const auto total = [](const auto& s) {
    if constexpr (lanes<T> == 4)
      return (s[0] + s[2]) + (s[1] + s[3]);
    else
      return s[0] + s[1];
  };
  for (std::size_t i = 0; i < x.size(); ++i) sums[i % lanes<T>] += value(x[i]);
  const float mean = total(sums) * reciprocal;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float difference = value(x[i]) - mean;
    squares[i % lanes<T>] = std::fma(difference, difference, squares[i % lanes<T>]);
  }
  const float variance = total(squares) * reciprocal;
  return {mean, reciprocal_root(variance + epsilon)};
}

Single normalised(const Moments& row, Single x, Single scale, Single shift) {
  const float scaled = (value(x) - row.mean) * value(scale);
  return std::bit_cast<Single>(std::fma(row.rstd, scaled, value(shift)));
}
Half normalised(const Moments& row, Half x, Half scale, Half shift) {
  const Half unit = nearest<Half>((value(x) - row.mean) * row.rstd);
  return nearest<Half>(double{value(nearest<Half>(double{value(unit)} * value(scale)))} + value(shift));
}

// Two ahead of the sum, the repeat, its passes; six for the mean and the first difference, the repeat and
// passes of two; eight and 1 / sqrt up to the first result, the repeat and passes of four; the last result's
// three and the branch.
std::uint64_t layer_norm_f32_row(std::uint64_t oorx, std::uint64_t words) {
  return 2 + 1 + (words - 1) + 6 + 1 + 2 * (words - 1) + 8 + oorx + 1 + 4 * (words - 1) + 4;
}
// Two, the repeat, its passes, one; four for the sum and three, the repeat and passes of five, four; four for
// the sum, two and 1 / sqrt, one, the repeat and passes of nine, eight and the last store and branch.
std::uint64_t layer_norm_f16_row(std::uint64_t oorx, std::uint64_t words) {
  return 2 + 1 + words + 4 + 3 + 1 + 5 * (words - 1) + 4 + 4 + 2 + oorx + 1 + 1 + 9 * (words - 1) + 8 + 2;
}

template <class T>
void check_layer_norm(const TileKind& kind, const Shape& shape, double low, double high, bool in_place) {
  constexpr bool single = std::is_same_v<T, Single>;
  SCOPED_TRACE(text(shape));
  const std::vector<T> x = uniform<T>(std::size_t{shape.rows} * shape.columns, low, high, 1);
  const std::vector<T> scale = uniform<T>(shape.columns, -2, 2, 2);
  const std::vector<T> shift = uniform<T>(shape.columns, -2, 2, 3);
  const float reciprocal = 1.0F / static_cast<float>(shape.columns), epsilon = 1e-5F;
  const std::uint32_t in = buffers[1], out = in_place ? in : buffers[0];
  CodeletBench bench(single ? "layer_norm_f32" : "layer_norm_f16", CodeletBench::Vertex::workers, kind,
                     every_exception);
  bench.write(out, std::vector<T>(x.size(), beyond<T>));
  bench.write(in, x);
  bench.write(buffers[2], scale);
  bench.write(buffers[3], shift);
  const auto row = single ? layer_norm_f32_row : layer_norm_f16_row;
  const std::uint64_t words = shape.columns / lanes<T>, before = set_up(single ? 2 : 4);
  run_worker_vertex(bench,
                    {out, in, buffers[2], buffers[3], shape.rows, shape.columns,
                     std::bit_cast<Single>(reciprocal), std::bit_cast<Single>(epsilon)},
                    row_turns(shape.rows, before, row(1, words)),
                    row_turns(shape.rows, before, row(issue_turns("f32oorx_aaan"), words)));
  std::vector<T> expected;
  for (std::size_t i = 0; i < shape.rows; ++i) {
    const std::vector<T> of = row_of(x, shape, i);
    const Moments moment = moments(of, reciprocal, epsilon);
    for (std::size_t j = 0; j < of.size(); ++j)
      expected.push_back(normalised(moment, of[j], scale[j], shift[j]));
  }
  expected.resize(x.size(), beyond<T>);
  EXPECT_EQ(bench.read<T>(out, x.size()), expected);
}

template <class T>
void check_layer_norm(const TileKind& kind) {
  for (const Shape& shape : shapes<T>()) {
    check_layer_norm<T>(kind, shape, -3, 5, false);
    check_layer_norm<T>(kind, shape, 1000, 1001, true);
  }
}

TEST_P(Codelets, LayerNormF32) { check_layer_norm<Single>(GetParam()); }
TEST_P(Codelets, LayerNormF16) { check_layer_norm<Half>(GetParam()); }

// A row that is no whole number of 8-byte words, or none.
void check_columns_are_refused(const TileKind& kind, const std::string& codelet, std::uint32_t columns) {
  SCOPED_TRACE(codelet + " " + std::to_string(columns));
  CodeletBench bench(codelet, CodeletBench::Vertex::workers, kind);
  const std::vector<Single> before(64, beyond<Single>);
  bench.write(buffers[0], before);
  try {
    if (codelet.starts_with("softmax"))
      bench.run({buffers[0], buffers[1], 1, columns});
    else
      bench.run({buffers[0], buffers[1], buffers[2], buffers[3], 1, columns, 0, 0});
    ADD_FAILURE() << "accepted";
  } catch (const std::runtime_error& stopped) {
    const auto trap = static_cast<unsigned>(tile::ExceptionCause::trap);
    EXPECT_NE(std::string{stopped.what()}.find("exception cause " + std::to_string(trap) + " "),
              std::string::npos)
        << stopped.what();
  }
  EXPECT_EQ(bench.read<Single>(buffers[0], before.size()), before);
}

TEST_P(Codelets, RowsThatAreNotWholeWordsAreRefused) {
  for (const std::string name : {"softmax_f32", "layer_norm_f32"})
    for (const std::uint32_t columns : {0U, 1U, 7U}) check_columns_are_refused(GetParam(), name, columns);
  for (const std::string name : {"softmax_f16", "layer_norm_f16"})
    for (const std::uint32_t columns : {0U, 1U, 6U, 11U})
      check_columns_are_refused(GetParam(), name, columns);
}

}  // namespace
}  // namespace ipusim::codelet_test
