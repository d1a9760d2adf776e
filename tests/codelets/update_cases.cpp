// SPDX-License-Identifier: Apache-2.0
// Codelets that change a buffer in place through the accumulators: update.h, sgd_f16_f32.
#include <gtest/gtest.h>

#include <cmath>

#include "generator.hpp"
#include "numbers.hpp"

namespace ipusim::codelet_test {
namespace {

// Bundles as update.h has them, in order: set-up, made even, and the branch; then three loads, the repeat,
// its passes and three stores, or a repeat of four with a bundle before and after it; then the elements that
// remain: mask, loads, masking, two operations, store; then the exit.
Turns update_turns(std::uint32_t elements, std::uint32_t item, std::uint64_t vertex_set_up) {
  const std::uint64_t set_up = made_even(2 + 3 + 1 + 10 + 4 + vertex_set_up) + 2;
  const auto runs = worker_runs(elements / item);
  Turns turns{};
  for (unsigned worker = 0; worker < workers; ++worker) {
    const std::uint64_t items = runs[worker].count;
    const std::uint64_t loop = items < 3 ? 2 + 4 * items + 1 : 3 + 1 + (items - 3) + 3;
    turns[worker] = set_up + loop + rest_turns(elements, item, worker, 2 + 2 + 2 + 2 + 5) + 1;
  }
  return turns;
}

// a x + y, rounded once to f32 whatever the format.
template <class T>
float fused(T a, T x, T y) {
  return std::fma(value(a), value(x), value(y));
}

template <class T>
void run_axpy(const TileKind& kind, const std::string& name, T a, double most, std::uint64_t vertex_set_up,
              std::uint32_t elements) {
  SCOPED_TRACE(name + " of " + std::to_string(elements));
  CodeletBench bench(name, CodeletBench::Vertex::workers, kind, every_exception);
  const std::vector<T> x = uniform<T>(elements, -most, most, 5);
  std::vector<T> y = uniform<T>(elements, -most, most, 6);
  bench.write(buffers[0], y);
  bench.write(buffers[3], x);
  run_worker_vertex(bench, {buffers[0], buffers[3], elements, a},
                    update_turns(elements, lanes<T>, vertex_set_up));
  for (std::uint32_t i = 0; i < elements; ++i) y[i] = nearest<T>(fused(a, x[i], y[i]));
  EXPECT_EQ(bench.read<T>(buffers[0], y.size()), y);
}

template <class T>
void check_axpy(const TileKind& kind, const std::string& name, T a, double most,
                std::uint64_t vertex_set_up) {
  for (const std::uint32_t elements : sizes) run_axpy<T>(kind, name, a, most, vertex_set_up, elements);
  // Buffers over more than one pair of memory elements.
  run_axpy<T>(kind, name, a, most, vertex_set_up, 80001 / sizeof(T));
}

TEST_P(Codelets, AxpyF32RoundsOnce) {
  check_axpy<Single>(GetParam(), "axpy_f32", std::bit_cast<Single>(-1.7F), 1e6, 4);
}
TEST_P(Codelets, AxpyF16RoundsToF32ThenF16) {
  check_axpy<Half>(GetParam(), "axpy_f16", nearest<Half>(-1.7), 200, 6);
}

// docs/arithmetic.md: the random bits are added to the magnitude in units of 2^-16 of the last place, and the
// rest is cut off.
Half stochastic(float exact, std::uint32_t random) {
  if (exact == 0) return nearest<Half>(exact);
  const int last_place = std::max(std::ilogb(exact), -14) - 10;
  const double units = std::floor(std::ldexp(std::abs(double{exact}), 16 - last_place)) + random;
  return nearest<Half>(std::copysign(std::ldexp(std::floor(units * 0x1p-16), last_place), exact));
}

// For each element the word of its worker's generator and the lane in it that rounds it. `word_of_item` and
// `words_of_items` tell which word an item takes, and how many all items of a worker have used up.
template <class WordOfItem, class WordsOfItems>
std::vector<std::uint32_t> rounding_bits(std::uint32_t elements, const std::vector<std::uint32_t>& states,
                                         WordOfItem word_of_item, WordsOfItems words_of_items) {
  constexpr std::uint32_t item = 4;
  std::vector<std::uint32_t> bits(elements);
  const auto runs = worker_runs(elements / item);
  for (unsigned worker = 0; worker < workers; ++worker) {
    const auto take = [&](std::uint32_t number, std::uint32_t index) {
      const std::uint64_t word = Generator(&states[std::size_t{4} * worker]).next_but(index);
      for (unsigned lane = 0; lane < item && item * number + lane < elements; ++lane)
        bits[item * number + lane] = bits16(word, lane);
    };
    for (std::uint32_t i = 0; i < runs[worker].count; ++i)
      take(runs[worker].first + i, word_of_item(i, runs[worker].count));
    if (worker == workers - 1 && elements % item != 0)
      take(elements / item, words_of_items(runs[worker].count) + 1);
  }
  return bits;
}

// sgd_f16: three items and more: an operation puts one in and gets the one before, and one more gets the
// last; fewer: two operations each.
std::vector<std::uint32_t> sgd_f16_bits(std::uint32_t elements, const std::vector<std::uint32_t>& states) {
  return rounding_bits(
      elements, states, [](std::uint32_t i, std::uint32_t items) { return items < 3 ? 2 * i + 1 : i + 1; },
      [](std::uint32_t items) { return items < 3 ? 2 * items : items + 1; });
}

// sgd_f16_f32: an operation puts an item in and gets the one before, and one more gets the last.
std::vector<std::uint32_t> sgd_f16_f32_bits(std::uint32_t elements,
                                            const std::vector<std::uint32_t>& states) {
  return rounding_bits(
      elements, states, [](std::uint32_t i, std::uint32_t) { return i + 1; },
      [](std::uint32_t items) { return items == 0 ? 0 : items + 1; });
}

// In order: set-up to the branch; then the loop's set-up, three loads beside one operation, the next, the
// repeat and its passes, the last three operations and the store; then the elements that remain: masks, loads
// and masking of g, products, mask, load and masking of w, three operations, store; then the exit.
Turns sgd_f16_f32_turns(std::uint32_t elements) {
  constexpr std::uint64_t set_up = 2 + 3 + 1 + 10 + 5 + 2 + 2 + 1 + 10 + 4 + 2 + 1;
  const auto runs = worker_runs(elements / 4);
  Turns turns{};
  for (unsigned worker = 0; worker < workers; ++worker) {
    const std::uint64_t items = runs[worker].count;
    const std::uint64_t loop = items == 0 ? 0 : 1 + 3 + 1 + 1 + 4 * (items - 1) + 4;
    turns[worker] = set_up + loop + rest_turns(elements, 4, worker, 4 + 5 + 2 + 2 + 2 + 3 + 5) + 1;
  }
  return turns;
}

TEST_P(Codelets, SgdF16RoundsStochastically) {
  const Half rate = nearest<Half>(0.01), minus_rate = static_cast<Half>(rate ^ 0x8000);
  for (const std::uint32_t elements : sizes) {
    SCOPED_TRACE(elements);
    CodeletBench bench("sgd_f16", CodeletBench::Vertex::workers, GetParam(), every_exception);
    const std::vector<Half> g = uniform<Half>(elements, -1, 1, 5);
    std::vector<Half> w = uniform<Half>(elements, -2, 2, 6);
    const auto states = generator_states(elements);
    const auto bits = sgd_f16_bits(elements, states);
    bench.write(buffers[0], w);
    bench.write(buffers[1], g);
    bench.write(buffers[2], states);
    run_worker_vertex(bench, {buffers[0], buffers[1], elements, rate, buffers[2]},
                      update_turns(elements, 4, 5 + 2 + 1 + 10 + 4));
    for (std::uint32_t i = 0; i < elements; ++i) w[i] = stochastic(fused(minus_rate, g[i], w[i]), bits[i]);
    EXPECT_EQ(bench.read<Half>(buffers[0], w.size()), w);
  }
}

TEST_P(Codelets, SgdF16OfAnF32GradientRoundsStochastically) {
  const float rate = 0.01F;
  for (const std::uint32_t elements : sizes) {
    SCOPED_TRACE(elements);
    CodeletBench bench("sgd_f16_f32", CodeletBench::Vertex::workers, GetParam(), every_exception);
    const std::vector<Single> g = uniform<Single>(elements, -1, 1, 5);
    std::vector<Half> w = uniform<Half>(elements, -2, 2, 6);
    const auto states = generator_states(elements);
    const auto bits = sgd_f16_f32_bits(elements, states);
    bench.write(buffers[0], w);
    bench.write(buffers[1], g);
    bench.write(buffers[2], states);
    run_worker_vertex(bench, {buffers[0], buffers[1], elements, std::bit_cast<Single>(rate), buffers[2]},
                      sgd_f16_f32_turns(elements));
    for (std::uint32_t i = 0; i < elements; ++i)
      w[i] = stochastic(value(w[i]) + -rate * value(g[i]), bits[i]);
    EXPECT_EQ(bench.read<Half>(buffers[0], w.size()), w);
  }
}

// Updates of 0.3 of the last place of weights from 1 to 2: rounding to nearest would leave every weight as it
// is. Stochastic rounding errs by -0.3 or 0.7 last places with mean 0 and deviation sqrt(0.3 * 0.7); the mean
// of n stays within four of its deviations.
void check_unbiased(const std::vector<Half>& before, const std::vector<Half>& after) {
  double error = 0;
  const auto n = static_cast<double>(before.size());
  for (std::size_t i = 0; i < before.size(); ++i)
    error += (value(after[i]) - value(before[i])) * 1024.0 + 0.3;
  EXPECT_LT(std::abs(error / n), 4 * std::sqrt(0.3 * 0.7 / n));
}

constexpr std::uint32_t many = 6000;

std::vector<Half> weights() {
  std::vector<Half> w = uniform<Half>(many, 1.25, 1.75, 9);
  w.resize(many);
  return w;
}

TEST_P(Codelets, SgdF16IsRightInTheMean) {
  CodeletBench bench("sgd_f16", CodeletBench::Vertex::workers, GetParam(), every_exception);
  const std::vector<Half> w = weights();
  bench.write(buffers[0], w);
  bench.write(buffers[1], std::vector<Half>(many, nearest<Half>(0x1p-10)));
  bench.write(buffers[2], generator_states(11));
  bench.run({buffers[0], buffers[1], many, nearest<Half>(0.3), buffers[2]});
  check_unbiased(w, bench.read<Half>(buffers[0], many));
}

TEST_P(Codelets, SgdF16OfAnF32GradientIsRightInTheMean) {
  CodeletBench bench("sgd_f16_f32", CodeletBench::Vertex::workers, GetParam(), every_exception);
  const std::vector<Half> w = weights();
  bench.write(buffers[0], w);
  bench.write(buffers[1], std::vector<float>(many, 0x1p-10F));
  bench.write(buffers[2], generator_states(12));
  bench.run({buffers[0], buffers[1], many, std::bit_cast<Single>(0.3F), buffers[2]});
  check_unbiased(w, bench.read<Half>(buffers[0], many));
}

}  // namespace
}  // namespace ipusim::codelet_test
