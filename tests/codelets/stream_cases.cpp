// Codelets that go through memory once.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "codelet_bench.hpp"

namespace ipusim::codelet_test {
namespace {

constexpr unsigned workers = Context::workers;

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

TEST_P(Codelets, DotF16SumsPairsOfProductsRoundedOnceWithTheirSum) {
  std::mt19937 random(7);
  // Sums of products are multiples of 2^-16 below 2^32: more than f32 holds, exact in double.
  const auto draw = [&] {
    return static_cast<_Float16>(
        std::ldexp(static_cast<int>(random() % 2001U) - 1000, -static_cast<int>(random() % 9U)));
  };
  for (const std::uint32_t quads : {1U, 2U, 300U}) {
    CodeletBench bench("dot_f16", CodeletBench::Vertex::workers, GetParam());
    std::vector<_Float16> x(std::size_t{4} * workers * quads), y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) {
      x[i] = draw();
      y[i] = draw();
    }
    bench.write(buffers[1], x);
    bench.write(buffers[2], y);
    const std::uint64_t bundles = 22 + std::uint64_t{quads};
    EXPECT_EQ(bench.run({buffers[0], buffers[1], buffers[2], quads}), worker_vertex_cycles(bundles)) << quads;
    std::vector<float> dots(workers);
    for (unsigned worker = 0; worker < workers; ++worker) {
      EXPECT_EQ(bench.bundles(worker), bundles);
      std::array<float, 2> sums{};
      const auto product = [&](std::size_t i) {
        return static_cast<double>(x[i]) * static_cast<double>(y[i]);
      };
      for (std::size_t i = std::size_t{4} * worker; i < x.size(); i += std::size_t{4} * workers)
        for (unsigned half = 0; half < 2; ++half)
          sums[half] = static_cast<float>(sums[half] + (product(i + 2 * half) + product(i + 2 * half + 1)));
      dots[worker] = sums[0] + sums[1];
    }
    EXPECT_EQ(bench.read<float>(buffers[0], workers), dots) << quads;
  }
}

}  // namespace
}  // namespace ipusim::codelet_test
