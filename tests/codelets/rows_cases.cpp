// Codelets that normalise rows: softmax, layer norm.
#include <mpfr.h>

#include <algorithm>
#include <cmath>

#include "numbers.hpp"
#include "row_turns.hpp"

namespace ipusim::codelet_test {
namespace {

struct Shape {
  std::uint32_t rows, columns;
};
// No row; fewer rows than workers, as many, a row more; a row of one pair, of two, several.
constexpr std::array<Shape, 7> shapes{{{0, 4}, {1, 2}, {1, 50}, {6, 4}, {7, 6}, {20, 34}, {3, 300}}};

std::string text(const Shape& shape) {
  return std::to_string(shape.rows) + " x " + std::to_string(shape.columns);
}

std::vector<Single> row_of(const std::vector<Single>& values, const Shape& shape, std::size_t row) {
  const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * shape.columns);
  return {first, first + static_cast<std::ptrdiff_t>(shape.columns)};
}

// Number, four words of state, the run, six for addresses and `more`, the branch.
constexpr std::uint64_t set_up(std::uint64_t more) { return 2 + 4 + 10 + 6 + more + 1; }

// e^x / sum with 113 bits.
std::vector<double> exact_softmax(const std::vector<Single>& x) {
  std::vector<double> results;
  mpfr_t sum, e;
  mpfr_inits2(113, sum, e, static_cast<mpfr_ptr>(nullptr));
  mpfr_set_zero(sum, 1);
  const auto exp_of = [&](Single bits) {
    mpfr_set_d(e, value(bits), MPFR_RNDN);
    mpfr_exp(e, e, MPFR_RNDN);
  };
  for (const Single bits : x) {
    exp_of(bits);
    mpfr_add(sum, sum, e, MPFR_RNDN);
  }
  for (const Single bits : x) {
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
// the last place and higher orders.
void check_softmax_row(const std::vector<Single>& x, const std::vector<Single>& results) {
  const auto compare = [](Single a, Single b) { return value(a) < value(b); };
  const double most = value(*std::ranges::max_element(x, compare));
  const double least = std::max(most - 200, double{value(*std::ranges::min_element(x, compare))});
  const std::vector<double> exact = exact_softmax(x);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double distance = std::min(200.0, most - value(x[i])) + (most - least);
    const double roundings = distance + static_cast<double>(x.size()) / 2 + 1 + 4;
    EXPECT_LE(std::abs(value(results[i]) - exact[i]), 1.1 * 0x1p-24 * roundings * exact[i]) << i;
  }
}

void check_softmax(const TileKind& kind, const Shape& shape, std::vector<Single> x, bool in_place) {
  SCOPED_TRACE(text(shape));
  const std::uint32_t in = buffers[1], out = in_place ? in : buffers[0];
  CodeletBench bench("softmax_f32", CodeletBench::Vertex::workers, kind, every_exception);
  bench.write(out, std::vector<Single>(x.size(), beyond<Single>));
  bench.write(in, x);
  // A row: four ahead of the maximum, the repeat, its passes, one; three, the repeat; passes of four with two
  // exponentials, one of them behind the repeat; the sum, its reciprocal and the repeat; passes of two, the
  // last product, store and branch.
  const std::uint64_t pairs = shape.columns / 2;
  const auto row = [&](std::uint64_t exp, std::uint64_t oox) {
    return 4 + 1 + (pairs - 1) + 1 + 3 + 1 + pairs * (2 + 2 * exp) + 1 + oox + 1 + 2 * (pairs - 1) + 3;
  };
  run_worker_vertex(
      bench, {out, in, shape.rows, shape.columns}, row_turns(shape.rows, set_up(0), row(1, 1)),
      row_turns(shape.rows, set_up(0), row(issue_turns("f32exp_aaan"), issue_turns("f32oox_aaan"))));
  const std::vector<Single> results = bench.read<Single>(out, x.size());
  for (std::size_t i = 0; i < shape.rows; ++i)
    check_softmax_row(row_of(x, shape, i), row_of(results, shape, i));
  for (std::size_t i = std::size_t{shape.rows} * shape.columns; i < x.size(); ++i)
    EXPECT_EQ(results[i], beyond<Single>);
}

TEST_P(Codelets, SoftmaxF32) {
  for (const Shape& shape : shapes) {
    const std::size_t elements = std::size_t{shape.rows} * shape.columns;
    check_softmax(GetParam(), shape, uniform<Single>(elements, -20, 20, 1), false);
    // Beyond the range of e^x; maxima anywhere and below zero.
    check_softmax(GetParam(), shape, uniform<Single>(elements, 900, 930, 2), true);
    check_softmax(GetParam(), shape, uniform<Single>(elements, -930, -900, 3), true);
  }
}

TEST_P(Codelets, SoftmaxF32GivesMinusInfinityZero) {
  std::vector<Single> x = uniform<Single>(6, -2, 2, 4);
  x[5] = 0xFF800000;
  check_softmax(GetParam(), {1, 6}, x, false);
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

// The operations that the source states; all of them are correctly rounded.
std::vector<Single> layer_norm(const std::vector<Single>& x, const std::vector<Single>& scale,
                               const std::vector<Single>& shift, float reciprocal, float epsilon) {
  std::array<float, 2> sums{}, squares{};
  for (std::size_t i = 0; i < x.size(); ++i) sums[i % 2] += value(x[i]);
  const float mean = (sums[0] + sums[1]) * reciprocal;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float difference = value(x[i]) - mean;
    squares[i % 2] = std::fma(difference, difference, squares[i % 2]);
  }
  const float variance = (squares[0] + squares[1]) * reciprocal;
  const float rstd = reciprocal_root(variance + epsilon);
  std::vector<Single> results;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const float scaled = (value(x[i]) - mean) * value(scale[i]);
    results.push_back(std::bit_cast<Single>(std::fma(rstd, scaled, value(shift[i]))));
  }
  return results;
}

void check_layer_norm(const TileKind& kind, const Shape& shape, double low, double high, bool in_place) {
  SCOPED_TRACE(text(shape));
  const std::vector<Single> x = uniform<Single>(std::size_t{shape.rows} * shape.columns, low, high, 1);
  const std::vector<Single> scale = uniform<Single>(shape.columns, -2, 2, 2);
  const std::vector<Single> shift = uniform<Single>(shape.columns, -2, 2, 3);
  const float reciprocal = 1.0F / static_cast<float>(shape.columns), epsilon = 1e-5F;
  const std::uint32_t in = buffers[1], out = in_place ? in : buffers[0];
  CodeletBench bench("layer_norm_f32", CodeletBench::Vertex::workers, kind, every_exception);
  bench.write(out, std::vector<Single>(x.size(), beyond<Single>));
  bench.write(in, x);
  bench.write(buffers[2], scale);
  bench.write(buffers[3], shift);
  // A row: two ahead of the sum, the repeat, its passes; six for the mean and the first difference, the
  // repeat and passes of two; nine for 1 / sqrt and the first result, the repeat and passes of four; the last
  // result's three and the branch.
  const std::uint64_t pairs = shape.columns / 2;
  const auto row = [&](std::uint64_t oorx) {
    return 2 + 1 + (pairs - 1) + 6 + 1 + 2 * (pairs - 1) + 8 + oorx + 1 + 4 * (pairs - 1) + 4;
  };
  run_worker_vertex(bench,
                    {out, in, buffers[2], buffers[3], shape.rows, shape.columns,
                     std::bit_cast<Single>(reciprocal), std::bit_cast<Single>(epsilon)},
                    row_turns(shape.rows, set_up(2), row(1)),
                    row_turns(shape.rows, set_up(2), row(issue_turns("f32oorx_aaan"))));
  const std::vector<Single> results = bench.read<Single>(out, x.size());
  for (std::size_t i = 0; i < shape.rows; ++i)
    EXPECT_EQ(row_of(results, shape, i), layer_norm(row_of(x, shape, i), scale, shift, reciprocal, epsilon));
  for (std::size_t i = std::size_t{shape.rows} * shape.columns; i < x.size(); ++i)
    EXPECT_EQ(results[i], beyond<Single>);
}

TEST_P(Codelets, LayerNormF32) {
  for (const Shape& shape : shapes) {
    check_layer_norm(GetParam(), shape, -3, 5, false);
    check_layer_norm(GetParam(), shape, 1000, 1001, true);
  }
}

}  // namespace
}  // namespace ipusim::codelet_test
