// SPDX-License-Identifier: Apache-2.0
// Functions of each element, against MPFR: map1.h.
#include <gtest/gtest.h>
#include <mpfr.h>

#include <cmath>

#include "map1_turns.hpp"
#include "numbers.hpp"

namespace ipusim::codelet_test {
namespace {

// The function with 113 bits; the double nearest to that.
class Reference {
 public:
  using Function = int (*)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);
  Reference() { mpfr_inits2(113, x_, y_, static_cast<mpfr_ptr>(nullptr)); }
  ~Reference() { mpfr_clears(x_, y_, static_cast<mpfr_ptr>(nullptr)); }
  Reference(const Reference&) = delete;
  Reference& operator=(const Reference&) = delete;

  double of(Function function, double x) {
    mpfr_set_d(x_, x, MPFR_RNDN);
    function(y_, x_, MPFR_RNDN);
    return mpfr_get_d(y_, MPFR_RNDN);
  }

 private:
  mpfr_t x_, y_;
};

int sigmoid(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t rounding) {
  mpfr_neg(y, x, rounding);
  mpfr_exp(y, y, rounding);
  mpfr_add_ui(y, y, 1, rounding);
  return mpfr_ui_div(y, 1, y, rounding);
}

// x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))), by itself: 113 bits leave enough of 1 + tanh for every x
// that is asked for.
int gelu(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t rounding) {
  mpfr_t pi;
  mpfr_init2(pi, 113);
  mpfr_const_pi(pi, rounding);
  mpfr_ui_div(pi, 2, pi, rounding);
  mpfr_sqrt(pi, pi, rounding);
  mpfr_sqr(y, x, rounding);
  mpfr_mul_ui(y, y, 44715, rounding);
  mpfr_div_ui(y, y, 1000000, rounding);
  mpfr_add_ui(y, y, 1, rounding);
  mpfr_mul(y, y, x, rounding);
  mpfr_mul(y, y, pi, rounding);
  mpfr_tanh(y, y, rounding);
  mpfr_add_ui(y, y, 1, rounding);
  mpfr_mul(y, y, x, rounding);
  mpfr_clear(pi);
  return mpfr_div_ui(y, y, 2, rounding);
}

// Units of the last place of a normal f32.
double last_place(double result) { return std::ldexp(1.0, std::ilogb(result) - 23); }

// f(x) for the first `elements` of x; `check` compares the bits of a
// result with the reference.
template <class T>
void run_function(const TileKind& kind, const std::string& name, const Map1& f, Reference::Function function,
                  const std::vector<T>& x, std::uint32_t elements, bool in_place,
                  const std::function<void(T, double)>& check) {
  SCOPED_TRACE(name + " of " + std::to_string(elements));
  CodeletBench bench(name, CodeletBench::Vertex::workers, kind, every_exception);
  const std::uint32_t in = buffers[0], out = in_place ? in : buffers[1];
  bench.write(out, std::vector<T>(x.size(), beyond<T>));
  bench.write(in, x);
  run_worker_vertex(bench, {out, in, elements},
                    map1_turns(elements, lanes<T>, {1, f.middle_bundles, 1, f.middle_bundles, f.set_up}),
                    map1_turns(elements, lanes<T>, f));
  const std::vector<T> results = bench.read<T>(out, x.size());
  Reference reference;
  for (std::uint32_t i = 0; i < elements; ++i) {
    SCOPED_TRACE(value(x[i]));
    check(results[i], reference.of(function, value(x[i])));
  }
  for (std::size_t i = elements; i < results.size(); ++i) EXPECT_EQ(results[i], beyond<T>) << i;
}

template <class T>
void check_function(const TileKind& kind, const std::string& name, const Map1& f,
                    Reference::Function function, double most, const std::function<void(T, double)>& check) {
  for (const std::uint32_t elements : sizes)
    run_function<T>(kind, name, f, function, uniform<T>(elements, -most, most, elements), elements,
                    elements % 2 == 1, check);
}

// Two of the same instruction, one beside the loads and one beside the stores.
Map1 twice(std::string_view instruction) {
  const std::uint64_t turns = issue_turns(instruction);
  return {turns, 0, turns, 0, 0};
}

// docs/arithmetic.md: f16 functions are correctly rounded, f32 ones within 0.5002 of the last place.
void f16_rounded(Half result, double exact) { EXPECT_EQ(result, nearest<Half>(exact)); }
void f32_rounded(Single result, double exact) {
  EXPECT_LE(std::abs(value(result) - exact), 0.5002 * last_place(exact));
}

TEST_P(Codelets, ExpF32) {
  check_function<Single>(GetParam(), "exp_f32", twice("f32exp_aaan"), mpfr_exp, 80, f32_rounded);
}
TEST_P(Codelets, ExpF16) {
  check_function<Half>(GetParam(), "exp_f16", twice("f16v2exp_aaan"), mpfr_exp, 11, f16_rounded);
}
TEST_P(Codelets, TanhF32) {
  check_function<Single>(GetParam(), "tanh_f32", twice("f32tanh_aaan"), mpfr_tanh, 8, f32_rounded);
}
TEST_P(Codelets, TanhF16) {
  check_function<Half>(GetParam(), "tanh_f16", twice("f16v2tanh_aaan"), mpfr_tanh, 5, f16_rounded);
}
TEST_P(Codelets, SigmoidF32) {
  check_function<Single>(GetParam(), "sigmoid_f32", twice("f32sigm_aaan"), sigmoid, 30, f32_rounded);
}
TEST_P(Codelets, SigmoidF16) {
  check_function<Half>(GetParam(), "sigmoid_f16", twice("f16v2sigm_aaan"), sigmoid, 20, f16_rounded);
}

// The argument v of sigm is right to 4 (f16) or 5 (f32) roundings of u = half a last place relative to one,
// and x v sigm'(v) < 1/4; sigm and the last product add one of |out| each, f16's sigm above 1/2 one of 1/2
// times x, which is below |out| + 0.3. All together below 2 u (1 + |out|) with room for what is left out.
void f32_gelu(Single result, double exact) {
  EXPECT_LE(std::abs(value(result) - exact), 0x1p-23 * (1 + std::abs(exact)));
}
void f16_gelu(Half result, double exact) {
  EXPECT_LE(std::abs(value(result) - exact), 0x1p-10 * (1 + std::abs(exact)));
}

TEST_P(Codelets, GeluF32) {
  const Map1 f{1, 3 + 2 * issue_turns("f32sigm_aaan"), 1, 5, 4};
  check_function<Single>(GetParam(), "gelu_f32", f, gelu, 6, f32_gelu);
}

TEST_P(Codelets, GeluF16) {
  const Map1 f{1, 4 + 2 * issue_turns("f16v2sigm_aaan"), 1, 6, 4};
  check_function<Half>(GetParam(), "gelu_f16", f, gelu, 6, f16_gelu);
  std::vector<Half> finite;
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits)
    if ((bits & 0x7C00) != 0x7C00) finite.push_back(static_cast<Half>(bits));
  run_function<Half>(GetParam(), "gelu_f16", f, gelu, finite, static_cast<std::uint32_t>(finite.size()), true,
                     f16_gelu);
}

}  // namespace
}  // namespace ipusim::codelet_test
