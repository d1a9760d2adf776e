// SPDX-License-Identifier: Apache-2.0
// Codelets that go through memory once.
#include <gtest/gtest.h>

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

}  // namespace
}  // namespace ipusim::codelet_test
