// SPDX-License-Identifier: Apache-2.0
// Conversions: cast_f16_f32, cast_f32_f16.
#include <gtest/gtest.h>

#include "numbers.hpp"
#include "worker_runs.hpp"

namespace ipusim::codelet_test {
namespace {

constexpr std::uint32_t item = 4;

// Set-up to the branch; then the loop's set-up, two bundles an item less the first's load, and the two stores
// after it; then the elements that remain, each with a store, and all but the third with a test for the next.
Turns widen_turns(std::uint32_t elements) {
  constexpr std::uint64_t set_up = 2 + 3 + 1 + 10 + 4 + 1;
  const std::uint64_t stores = std::array<std::uint64_t, item>{0, 3, 6, 7}[elements % item];
  const auto runs = worker_runs(elements / item);
  Turns turns{};
  for (unsigned worker = 0; worker < workers; ++worker) {
    const std::uint64_t items = runs[worker].count;
    const std::uint64_t loop = items == 0 ? 0 : 3 + 1 + 1 + 2 * (items - 1) + 2;
    turns[worker] = set_up + loop + rest_turns(elements, item, worker, 2 + 2 + 2 + 2 + stores) + 1;
  }
  return turns;
}

// As map2 (map_cases.cpp), but one bundle of set-up more and the first load alone.
Turns narrow_turns(std::uint32_t elements) {
  constexpr std::uint64_t set_up = 2 + 3 + 1 + 10 + 7 + 2;
  constexpr std::uint64_t rest = 4 + 3 + 2 + 1 + 2 + 5;  // masks, loads, masking, conversion, mask, store
  const auto runs = worker_runs(elements / item);
  Turns turns{};
  for (unsigned worker = 0; worker < workers; ++worker) {
    const std::uint64_t items = runs[worker].count;
    const std::uint64_t loop = items < 2 ? 2 + 3 * items + 1 : 2 + 1 + (items - 2) + 2;
    turns[worker] = set_up + loop + rest_turns(elements, item, worker, rest) + 1;
  }
  return turns;
}

TEST_P(Codelets, CastF16F32IsExact) {
  for (const std::uint32_t elements : sizes) {
    SCOPED_TRACE(elements);
    CodeletBench bench("cast_f16_f32", CodeletBench::Vertex::workers, GetParam(), every_exception);
    std::vector<Half> x = uniform<Half>(elements, -60000, 60000, 1);
    for (std::uint32_t i = 0; i < elements; i += 3) x[i] = static_cast<Half>(x[i] & 0x83FF);  // denormals
    std::vector<Single> out(elements + 4, beyond<Single>);
    bench.write(buffers[0], out);
    bench.write(buffers[1], x);
    run_worker_vertex(bench, {buffers[0], buffers[1], elements}, widen_turns(elements));
    for (std::uint32_t i = 0; i < elements; ++i) out[i] = std::bit_cast<Single>(value(x[i]));
    EXPECT_EQ(bench.read<Single>(buffers[0], out.size()), out);
  }
}

TEST_P(Codelets, CastF32F16RoundsToTheNearest) {
  for (const std::uint32_t elements : sizes) {
    SCOPED_TRACE(elements);
    CodeletBench bench("cast_f32_f16", CodeletBench::Vertex::workers, GetParam(), every_exception);
    std::vector<Single> x = uniform<Single>(elements, -60000, 60000, 2);
    for (std::uint32_t i = 0; i < elements; i += 3) x[i] = std::bit_cast<Single>(value(x[i]) * 0x1p-32F);
    std::vector<Half> out(elements + 8, beyond<Half>);
    bench.write(buffers[0], out);
    bench.write(buffers[1], x);
    run_worker_vertex(bench, {buffers[0], buffers[1], elements}, narrow_turns(elements));
    for (std::uint32_t i = 0; i < elements; ++i) out[i] = nearest<Half>(value(x[i]));
    EXPECT_EQ(bench.read<Half>(buffers[0], out.size()), out);
  }
}

}  // namespace
}  // namespace ipusim::codelet_test
