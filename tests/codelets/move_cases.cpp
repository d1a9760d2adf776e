// SPDX-License-Identifier: Apache-2.0
// Codelets that move elements: gather, transpose.
#include <algorithm>

#include "numbers.hpp"
#include "row_turns.hpp"

namespace ipusim::codelet_test {
namespace {

constexpr std::uint32_t table = buffers[1], indices = buffers[3];

void check_gather(const TileKind& kind, std::uint32_t rows, std::uint32_t words) {
  SCOPED_TRACE(std::to_string(rows) + " rows of " + std::to_string(words));
  constexpr std::uint32_t table_rows = 37;
  std::mt19937 random(rows + words);
  std::vector<std::uint64_t> from(std::size_t{table_rows} * words);
  for (std::uint64_t& word : from) word = std::uint64_t{random()} << 32 | random();
  std::vector<std::uint32_t> index(rows);
  for (std::uint32_t& row : index) row = static_cast<std::uint32_t>(random() % table_rows);
  std::vector<std::uint64_t> expected;
  for (const std::uint32_t row : index)
    expected.insert(expected.end(), from.begin() + row * words, from.begin() + (row + 1) * words);
  expected.push_back(beyond<std::uint64_t>);

  CodeletBench bench("gather", CodeletBench::Vertex::workers, kind);
  bench.write(buffers[0], std::vector<std::uint64_t>(expected.size(), beyond<std::uint64_t>));
  bench.write(table, from);
  bench.write(indices, index);
  // Set-up: number, five words of state, the run, six for addresses, a nop, the branch. A row: index and
  // address in six; repeat, its passes, the last store, the branch back.
  run_worker_vertex(bench, {buffers[0], table, indices, rows, words},
                    row_turns(rows, 2 + 5 + 10 + 6 + 1 + 1, 6 + 1 + (words - 1) + 1 + 1));
  EXPECT_EQ(bench.read<std::uint64_t>(buffers[0], expected.size()), expected);
}

TEST_P(Codelets, GatherTakesRowsByTheirIndex) {
  for (const std::uint32_t rows : {0U, 1U, 5U, 6U, 23U, 100U})
    for (const std::uint32_t words : {1U, 2U, 5U, 16U}) check_gather(GetParam(), rows, words);
}

// A strip: its loads and operations ahead of the loop and the repeat; the passes but one; the last results
// and their stores; the next strip's addresses and the branch back.
template <class T>
void check_transpose(const TileKind& kind, const std::string& name, std::uint32_t rows, std::uint32_t columns,
                     std::uint64_t ahead, std::uint64_t pass) {
  SCOPED_TRACE(name + " of " + std::to_string(rows) + " x " + std::to_string(columns));
  std::vector<T> in(std::size_t{rows} * columns), expected(in.size() + lanes<T>, beyond<T>);
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = static_cast<T>(i * 0x9E3779B1U >> 7);
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t column = 0; column < columns; ++column)
      expected[column * rows + row] = in[row * columns + column];
  CodeletBench bench(name, CodeletBench::Vertex::workers, kind);
  bench.write(buffers[0], std::vector<T>(expected.size(), beyond<T>));
  bench.write(buffers[1], in);
  // Set-up: number, four words of state, the strips, the run, ten for addresses, a nop, the branch.
  run_worker_vertex(
      bench, {buffers[0], buffers[1], rows, columns},
      row_turns(columns / 2, 2 + 4 + 1 + 10 + 10 + 1 + 1, ahead + 1 + pass * (rows / lanes<T> - 1) + 3 + 4));
  EXPECT_EQ(bench.read<T>(buffers[0], expected.size()), expected);
}

TEST_P(Codelets, TransposeF16) {
  for (const std::uint32_t rows : {4U, 8U, 20U, 60U})
    for (const std::uint32_t columns : {0U, 2U, 12U, 14U, 50U})
      check_transpose<Half>(GetParam(), "transpose_f16", rows, columns, 2 + 2, 6);
}

TEST_P(Codelets, TransposeF32) {
  for (const std::uint32_t rows : {2U, 4U, 10U, 50U})
    for (const std::uint32_t columns : {0U, 2U, 12U, 14U, 50U})
      check_transpose<Single>(GetParam(), "transpose_f32", rows, columns, 2 + 1, 4);
}

}  // namespace
}  // namespace ipusim::codelet_test
