// Codelets that go through memory once.
#include <gtest/gtest.h>

#include <random>

#include "codelet_bench.hpp"

namespace ipusim::codelet_test {
namespace {

constexpr std::uint32_t workers = 6;

TEST_P(Codelets, FillWritesExactlyItsItems) {
  for (const std::uint32_t items : {1U, 2U, 500U}) {
    CodeletBench bench("fill", CodeletBench::Vertex::workers, GetParam());
    const std::vector<std::uint64_t> before(items * workers + 8, 0x1111111111111111);
    bench.write(buffers[0], before);
    const std::uint64_t bundles = 10 + items;
    EXPECT_EQ(bench.run({buffers[0], 0x89ABCDEF, 0x01234567, items}), worker_vertex_cycles(bundles)) << items;
    for (unsigned worker = 0; worker < workers; ++worker) EXPECT_EQ(bench.bundles(worker), bundles);
    const auto after = bench.read<std::uint64_t>(buffers[0], before.size());
    for (std::size_t i = 0; i < after.size(); ++i)
      EXPECT_EQ(after[i], i < items * workers ? 0x0123456789ABCDEFU : before[i]) << i;
  }
}

TEST_P(Codelets, AddF32EqualsTheHostBitByBit) {
  std::mt19937 random(5);
  std::uniform_real_distribution<float> values(-1e6F, 1e6F);
  for (const std::uint32_t pairs : {1U, 2U, 300U}) {
    CodeletBench bench("add_f32", CodeletBench::Vertex::workers, GetParam());
    const std::size_t count = std::size_t{2} * workers * pairs;
    std::vector<float> x(count);
    std::vector<float> y(count);
    for (std::size_t i = 0; i < count; ++i) {
      x[i] = values(random);
      y[i] = values(random);
    }
    bench.write(buffers[1], x);
    bench.write(buffers[2], y);
    const std::uint64_t bundles = 14 + 3 * std::uint64_t{pairs};
    EXPECT_EQ(bench.run({buffers[0], buffers[1], buffers[2], pairs}), worker_vertex_cycles(bundles)) << pairs;
    for (unsigned worker = 0; worker < workers; ++worker) EXPECT_EQ(bench.bundles(worker), bundles);
    const auto z = bench.read<float>(buffers[0], count);
    for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(z[i], x[i] + y[i]) << i;
  }
}

}  // namespace
}  // namespace ipusim::codelet_test
