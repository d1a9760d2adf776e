// SPDX-License-Identifier: Apache-2.0
// Codelets with two inputs and one output: map2.h.
#include <gtest/gtest.h>

#include "numbers.hpp"
#include "worker_runs.hpp"

namespace ipusim::codelet_test {
namespace {

// Bundles as map2.h has them, in order: set-up to the branch; then two loads, the repeat, its passes, a store
// beside the last operation and one alone, or a repeat of three with a bundle before and after it; then the
// elements that remain; then the exit.
Turns map2_turns(std::uint32_t elements, std::uint32_t item) {
  constexpr std::uint64_t set_up = 2 + 4 + 1 + 10 + 5 + 2;
  constexpr std::uint64_t rest = 2 + 2 + 2 + 1 + 5;  // mask, loads, masking, operation, store
  const auto runs = worker_runs(elements / item);
  Turns turns{};
  for (unsigned worker = 0; worker < workers; ++worker) {
    const std::uint64_t items = runs[worker].count;
    const std::uint64_t loop = items < 2 ? 2 + 3 * items + 1 : 2 + 1 + (items - 2) + 2;
    turns[worker] = set_up + loop + rest_turns(elements, item, worker, rest) + 1;
  }
  return turns;
}

// T: the elements' bits.
template <class T>
void check_map2(const TileKind& kind, const std::string& name, double most,
                const std::function<T(T, T)>& expected) {
  for (const std::uint32_t elements : sizes) {
    SCOPED_TRACE(name + " of " + std::to_string(elements));
    CodeletBench bench(name, CodeletBench::Vertex::workers, kind, every_exception);
    const std::vector<T> x = uniform<T>(elements, -most, most, 5), y = uniform<T>(elements, -most, most, 6);
    std::vector<T> out(x.size(), beyond<T>);
    bench.write(buffers[0], out);
    bench.write(buffers[1], x);
    bench.write(buffers[2], y);
    run_worker_vertex(bench, {buffers[0], buffers[1], buffers[2], elements}, map2_turns(elements, lanes<T>));
    for (std::uint32_t i = 0; i < elements; ++i) out[i] = expected(x[i], y[i]);
    EXPECT_EQ(bench.read<T>(buffers[0], out.size()), out);
  }
}

// A double holds the sum of two halves, and the product of two numbers of either format, exactly; the sum of
// two singles rounds the same twice, as it has more than twice their digits.
template <class T>
T sum(T x, T y) {
  return nearest<T>(double{value(x)} + double{value(y)});
}
template <class T>
T product(T x, T y) {
  return nearest<T>(double{value(x)} * double{value(y)});
}

TEST_P(Codelets, AddF32EqualsTheHostBitByBit) { check_map2<Single>(GetParam(), "add_f32", 1e6, sum<Single>); }
TEST_P(Codelets, MulF32EqualsTheHostBitByBit) {
  check_map2<Single>(GetParam(), "mul_f32", 1e6, product<Single>);
}
TEST_P(Codelets, AddF16IsTheExactSumRoundedOnce) { check_map2<Half>(GetParam(), "add_f16", 200, sum<Half>); }
TEST_P(Codelets, MulF16IsTheExactProductRoundedOnce) {
  check_map2<Half>(GetParam(), "mul_f16", 200, product<Half>);
}

}  // namespace
}  // namespace ipusim::codelet_test
