// Codelets with two inputs and one output: map2.h.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

#include "worker_runs.hpp"

namespace ipusim::codelet_test {
namespace {

// Numbers of elements: none, one, less than an item, odd rests, less than an item a worker, one, two,
// several.
constexpr std::array<std::uint32_t, 11> sizes{0, 1, 2, 3, 4, 7, 23, 24, 50, 145, 1003};

// Bundles as counted in map2.h, in order: set-up to the branch; then two loads, the repeat, its passes, a
// store beside the last operation and one alone, or a repeat of three with a bundle before and after it; then
// the elements that remain; then the exit.
Turns map2_turns(std::uint32_t elements, std::uint32_t lanes) {
  constexpr std::uint64_t set_up = 2 + 4 + 1 + 10 + 5 + 2;
  constexpr std::uint64_t rest = 2 + 2 + 2 + 1 + 5;  // mask, loads, masking, operation, store
  const auto runs = worker_runs(elements / lanes);
  Turns turns{};
  for (unsigned worker = 0; worker < workers; ++worker) {
    const std::uint64_t items = runs[worker].count;
    const std::uint64_t loop = items < 2 ? 2 + 3 * items + 1 : 2 + 1 + (items - 2) + 2;
    turns[worker] = set_up + loop + rest_turns(elements, lanes, worker, rest) + 1;
  }
  return turns;
}

// T: the elements' bits. Fills x, y with `draw`, and the output with a pattern that must stay behind its end.
template <class T>
void check_map2(const TileKind& kind, const std::string& name, const std::function<T()>& draw,
                const std::function<T(T, T)>& expected) {
  constexpr std::uint32_t lanes = 8 / sizeof(T);
  for (const std::uint32_t elements : sizes) {
    SCOPED_TRACE(name + " of " + std::to_string(elements));
    CodeletBench bench(name, CodeletBench::Vertex::workers, kind);
    std::vector<T> x(elements + lanes), y(x.size()), out(x.size(), static_cast<T>(0x5A5A5A5A));
    for (T& value : x) value = draw();
    for (T& value : y) value = draw();
    bench.write(buffers[0], out);
    bench.write(buffers[1], x);
    bench.write(buffers[2], y);
    const Turns turns = map2_turns(elements, lanes);
    EXPECT_EQ(bench.run({buffers[0], buffers[1], buffers[2], elements}), worker_vertex_cycles(turns));
    for (unsigned worker = 0; worker < workers; ++worker) EXPECT_EQ(bench.bundles(worker), turns[worker]);
    for (std::uint32_t i = 0; i < elements; ++i) out[i] = expected(x[i], y[i]);
    EXPECT_EQ(bench.read<T>(buffers[0], out.size()), out);
  }
}

using Half = std::uint16_t;
using Single = std::uint32_t;

// Operands whose sums and products are normal or exact, never an overflow.
std::function<Single()> singles() {
  return [random = std::mt19937(5), values = std::uniform_real_distribution<float>(-1e6F, 1e6F)]() mutable {
    return std::bit_cast<Single>(values(random));
  };
}
std::function<Half()> halves() {
  return
      [random = std::mt19937(6), values = std::uniform_real_distribution<float>(-200.0F, 200.0F)]() mutable {
        return std::bit_cast<Half>(static_cast<_Float16>(values(random)));
      };
}
double value(Half bits) { return static_cast<double>(std::bit_cast<_Float16>(bits)); }
// A double holds a sum or a product of two halves exactly.
Half nearest(double exact) { return std::bit_cast<Half>(static_cast<_Float16>(exact)); }
float number(Single bits) { return std::bit_cast<float>(bits); }

TEST_P(Codelets, AddF32EqualsTheHostBitByBit) {
  check_map2<Single>(GetParam(), "add_f32", singles(),
                     [](Single x, Single y) { return std::bit_cast<Single>(number(x) + number(y)); });
}
TEST_P(Codelets, MulF32EqualsTheHostBitByBit) {
  check_map2<Single>(GetParam(), "mul_f32", singles(),
                     [](Single x, Single y) { return std::bit_cast<Single>(number(x) * number(y)); });
}
TEST_P(Codelets, AddF16IsTheExactSumRoundedOnce) {
  check_map2<Half>(GetParam(), "add_f16", halves(),
                   [](Half x, Half y) { return nearest(value(x) + value(y)); });
}
TEST_P(Codelets, MulF16IsTheExactProductRoundedOnce) {
  check_map2<Half>(GetParam(), "mul_f16", halves(),
                   [](Half x, Half y) { return nearest(value(x) * value(y)); });
}

}  // namespace
}  // namespace ipusim::codelet_test
