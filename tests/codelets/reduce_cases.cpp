// SPDX-License-Identifier: Apache-2.0
// Sums, products of vectors and maxima: reduce.h.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ipusim/isa/isa.hpp"
#include "numbers.hpp"
#include "worker_runs.hpp"

namespace ipusim::codelet_test {
namespace {

// What the vertex's macros take, in bundles.
struct Reduce {
  unsigned inputs;
  std::uint32_t item;
  std::uint64_t start, rest, result;
};

// In order: set-up, made even, and the branch; then the loop's set-up, the first load, the repeat and its
// passes, the last operation; then the elements that remain; then the result, its store and the exit.
Turns reduce_turns(std::uint32_t elements, const Reduce& vertex) {
  const std::uint64_t set_up =
      made_even(2 + (vertex.inputs + 1) + 1 + 10 + 1 + vertex.inputs + vertex.start) + 1;
  const auto runs = worker_runs(elements / vertex.item);
  Turns turns{};
  for (unsigned worker = 0; worker < workers; ++worker) {
    const std::uint64_t items = runs[worker].count;
    const std::uint64_t loop = items == 0 ? 0 : 1 + 1 + 1 + (items - 1) + 1;
    turns[worker] =
        set_up + loop + rest_turns(elements, vertex.item, worker, vertex.rest) + vertex.result + 3;
  }
  return turns;
}

constexpr std::uint64_t combine_turns = 1 + 3 + 3 + 2 + 1;

// The supervisor's issue cycles, by docs/timing.md, section 1, from the call at the release.
std::uint64_t reduce_cycles(const Turns& turns) {
  using namespace isa::timing;
  std::array<std::uint64_t, workers> free{};  // from when a slot is the supervisor's again
  const auto next = [&](std::uint64_t cycle) {
    while (cycle < free[cycle % slots]) ++cycle;
    return cycle;
  };
  const std::uint64_t entry = supervisor_branch;              // setzi
  const std::uint64_t launching = entry + supervisor_result;  // runall
  std::uint64_t last_exit = 0;
  for (unsigned worker = 0; worker < workers; ++worker) {
    const std::uint64_t exit = launching + launch + worker + slots * (turns[worker] - 1);
    free[worker] = exit + exit_return;
    last_exit = std::max(last_exit, exit);
  }
  const std::uint64_t base = next(launching + runall);            // setzi
  const std::uint64_t relative = next(base + supervisor_result);  // sub
  const std::uint64_t combine = next(relative + 1);               // setzi
  const std::uint64_t all = next(combine + 1);                    // sync
  const std::uint64_t running = next(std::max(
      {std::max(all, last_exit) + sync_local, relative + supervisor_result, combine + supervisor_result}));
  const std::uint64_t first_turn = (running + launch + slots - 1) / slots * slots;  // of slot 0
  const std::uint64_t exit = first_turn + slots * (combine_turns - 1);
  free[0] = exit + exit_return;
  const std::uint64_t one = next(running + run);                      // sync
  const std::uint64_t back = next(std::max(one, exit) + sync_local);  // br
  return next(back + supervisor_branch);
}

void check_cost(CodeletBench& bench, const std::vector<std::uint32_t>& state, const Turns& turns) {
  EXPECT_EQ(bench.run(state), reduce_cycles(turns));
  for (unsigned worker = 0; worker < workers; ++worker)
    EXPECT_EQ(bench.bundles(worker), turns[worker] + (worker == 0 ? combine_turns : 0));
}

// Runs a vertex on x, and y if it has two inputs, for all sizes. Values are negative, so that lanes beyond
// the end would show as a maximum. `partial` is what a worker makes of elements first .. end - 1, `combine`
// the operation that joins results.
template <class T>
void check_reduce(const TileKind& kind, const std::string& name, const Reduce& vertex,
                  const std::function<float(const T* x, const T* y, std::size_t count)>& partial,
                  const std::function<float(float, float)>& combine) {
  for (const std::uint32_t elements : sizes) {
    SCOPED_TRACE(name + " of " + std::to_string(elements));
    CodeletBench bench(name, CodeletBench::Vertex::supervisor, kind, every_exception);
    const std::vector<T> x = uniform<T>(elements, -100, -0.0625, 5),
                         y = uniform<T>(elements, -100, -0.0625, 6);
    bench.write(buffers[0], std::vector<Single>(2, beyond<Single>));
    bench.write(buffers[1], x);
    bench.write(buffers[2], y);
    std::vector<std::uint32_t> state{buffers[0], buffers[1], buffers[2], elements};
    if (vertex.inputs == 1) state.erase(state.begin() + 2);
    check_cost(bench, state, reduce_turns(elements, vertex));
    std::array<float, workers> p{};
    const auto runs = worker_runs(elements / vertex.item);
    for (unsigned worker = 0; worker < workers; ++worker) {
      const std::size_t first = std::size_t{runs[worker].first} * vertex.item;
      const std::size_t end =
          worker == workers - 1 ? elements : first + std::size_t{runs[worker].count} * vertex.item;
      p[worker] = partial(&x[first], &y[first], end - first);
    }
    const float expected = combine(combine(combine(p[0], p[2]), p[4]), combine(combine(p[1], p[3]), p[5]));
    EXPECT_EQ(bench.read<Single>(buffers[0], 2),
              (std::vector<Single>{std::bit_cast<Single>(expected), beyond<Single>}));
  }
}

float plus(float x, float y) { return x + y; }

TEST_P(Codelets, DotF32FusesEachProductWithItsSum) {
  check_reduce<Single>(
      GetParam(), "dot_f32", {2, 2, 2, 7, 2},
      [](const Single* x, const Single* y, std::size_t count) {
        std::array<float, 2> sums{};
        for (std::size_t i = 0; i < count; ++i) sums[i % 2] = std::fma(value(x[i]), value(y[i]), sums[i % 2]);
        return sums[0] + sums[1];
      },
      plus);
}

TEST_P(Codelets, DotF16SumsPairsOfProductsRoundedOnceWithTheirSum) {
  check_reduce<Half>(
      GetParam(), "dot_f16", {2, 4, 2, 7, 2},
      [](const Half* x, const Half* y, std::size_t count) {
        const auto product = [&](std::size_t i) {
          return i < count ? double{value(x[i])} * value(y[i]) : 0.0;
        };
        // Products are multiples of 2^-28, as no value is below 2^-4, and sums below 2^24: exact in a double.
        std::array<float, 2> sums{};
        for (std::size_t i = 0; i < count; i += 2) {
          float& sum = sums[i / 2 % 2];
          sum = static_cast<float>(sum + (product(i) + product(i + 1)));
        }
        return sums[0] + sums[1];
      },
      plus);
}

TEST_P(Codelets, SumF32AddsInTheOrderItStates) {
  check_reduce<Single>(
      GetParam(), "sum_f32", {1, 4, 2, 10, 4},
      [](const Single* x, const Single*, std::size_t count) {
        std::array<float, 4> s{};
        for (std::size_t i = 0; i < count; ++i) s[i % 4] += value(x[i]);
        return (s[0] + s[2]) + (s[1] + s[3]);
      },
      plus);
}

TEST_P(Codelets, SumF16AddsInTheOrderItStates) {
  check_reduce<Half>(
      GetParam(), "sum_f16", {1, 8, 2, 10, 8},
      [](const Half* x, const Half*, std::size_t count) {
        std::array<float, 8> s{};
        for (std::size_t i = 0; i < count; ++i) s[i % 8] += value(x[i]);
        return ((s[0] + s[2]) + (s[4] + s[6])) + ((s[1] + s[3]) + (s[5] + s[7]));
      },
      plus);
}

template <class T>
float largest(const T* x, const T*, std::size_t count) {
  float most = -std::numeric_limits<float>::infinity();
  for (std::size_t i = 0; i < count; ++i) most = std::max(most, value(x[i]));
  return most;
}
float larger(float x, float y) { return std::max(x, y); }

TEST_P(Codelets, MaxF32) {
  check_reduce<Single>(GetParam(), "max_f32", {1, 2, 3, 7, 1}, largest<Single>, larger);
}
TEST_P(Codelets, MaxF16) {
  check_reduce<Half>(GetParam(), "max_f16", {1, 4, 3, 7, 3}, largest<Half>, larger);
}

}  // namespace
}  // namespace ipusim::codelet_test
