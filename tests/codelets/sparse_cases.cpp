// SPDX-License-Identifier: Apache-2.0
// Block-sparse products on the AMP engine.
#include <random>

#include "engine_weights.hpp"
#include "ipusim/isa/isa.hpp"
#include "numbers.hpp"
#include "worker_runs.hpp"

namespace ipusim::codelet_test {
namespace {

constexpr unsigned block = 16;  // inputs and outputs
constexpr std::uint32_t panels_in = 5;

// W in compressed rows: column numbers per block row.
using Pattern = std::vector<std::vector<std::uint32_t>>;

// The supervisor's instructions in order (docs/timing.md, section 1): one a cycle, if its registers are
// ready.
class Supervisor {
 public:
  void issue(const std::vector<unsigned>& reads, unsigned result = none) {
    for (const unsigned reg : reads) cycle_ = std::max(cycle_, ready_.at(reg));
    if (result != none) ready_.at(result) = cycle_ + isa::timing::supervisor_result;
    ++cycle_;
  }
  void branch(unsigned reg, bool taken) {
    issue({reg});
    if (taken) cycle_ += isa::timing::supervisor_branch - 1;
  }
  void put_csr(unsigned reg) {
    issue({reg});
    cycle_ += isa::timing::supervisor_put - 1;
  }
  void load_coefficients(unsigned loads) { cycle_ += loads; }
  void run_workers(unsigned entry, std::uint64_t bundles) {
    cycle_ = std::max(cycle_, ready_.at(entry)) + worker_vertex_cycles(bundles);
  }
  std::uint64_t cycle() const { return cycle_; }

 private:
  static constexpr unsigned none = 16;
  std::uint64_t cycle_ = isa::timing::supervisor_branch;  // behind the call
  std::array<std::uint64_t, none> ready_{};
};

// A worker's part of a block: the rows of gemm_f16.
std::uint64_t worker_bundles(std::uint64_t rows) {
  return 13 + 1 + 4 + 4 + (2 + 1) + 4 * (rows - 2) + (2 + 4) + 2 + 1;
}

std::uint64_t sparse_cycles(const Pattern& pattern, std::uint64_t rows) {
  Supervisor supervisor;
  for (const unsigned word : {5U, 3U, 6U, 2U, 1U}) supervisor.issue({}, word);  // addresses, block rows
  supervisor.branch(3, pattern.empty());
  if (!pattern.empty()) {
    supervisor.put_csr(5);
    supervisor.issue({3}, 3);
  }
  for (std::size_t row = 0; row < pattern.size(); ++row) {
    supervisor.issue({2}, 5);  // where the blocks begin and end; the panel of results
    supervisor.issue({2}, 4);
    supervisor.issue({6});
    supervisor.issue({2}, 2);
    supervisor.issue({4, 5}, 4);
    supervisor.branch(4, pattern[row].empty());
    if (!pattern[row].empty()) supervisor.issue({4}, 4);
    for (std::size_t i = 0; i < pattern[row].size(); ++i) {
      supervisor.issue({1}, 5);  // the column, beside the coefficients the panel of inputs
      supervisor.issue({}, 6);
      supervisor.load_coefficients(8);
      supervisor.issue({5, 6}, 5);
      supervisor.issue({}, 6);
      supervisor.load_coefficients(8);
      supervisor.issue({5, 6}, 5);
      supervisor.issue({}, 6);
      supervisor.load_coefficients(16);
      supervisor.issue({5});
      supervisor.run_workers(6, worker_bundles(rows));
      const bool last = i + 1 == pattern[row].size();
      supervisor.branch(4, !last);
    }
    supervisor.issue({}, 5);  // the next panel of results
    supervisor.issue({}, 6);
    supervisor.issue({6, 5}, 6);
    supervisor.branch(3, row + 1 < pattern.size());
  }
  return supervisor.cycle() + isa::timing::supervisor_branch;  // br
}

// Small integers, so that every sum is exact, in f16 too.
class Draw {
 public:
  explicit Draw(unsigned seed) : random_(seed) {}
  int operator()(int most) {
    return static_cast<int>(random_() % (2U * static_cast<unsigned>(most) + 1U)) - most;
  }

 private:
  std::mt19937 random_;
};

void check_sparse(const TileKind& kind, const Pattern& pattern, std::uint32_t rows_per_worker) {
  SCOPED_TRACE(std::to_string(pattern.size()) + " block rows, " + std::to_string(rows_per_worker));
  const std::uint32_t rows = workers * rows_per_worker, panel = rows * block;
  Draw draw(rows);
  std::vector<int> x(std::size_t{panels_in} * panel), out(pattern.size() * panel);
  for (int& value : x) value = draw(3);
  for (int& value : out) value = draw(100);
  const auto halves = [](const std::vector<int>& values) {
    std::vector<Half> result;
    for (const int value : values) result.push_back(nearest<Half>(value));
    return result;
  };
  std::vector<Half> before = halves(out);
  before.resize(before.size() + block, beyond<Half>);
  std::vector<Half> weights;
  std::vector<std::uint32_t> start{0}, column;
  for (std::size_t row = 0; row < pattern.size(); ++row) {
    for (const std::uint32_t from : pattern[row]) {
      column.push_back(from);
      weights.resize(weights.size() + std::size_t{block} * block);
      Half* const coefficients = &weights[weights.size() - std::size_t{block} * block];
      for (unsigned input = 0; input < block; ++input)
        for (unsigned output = 0; output < block; ++output) {
          const int weight = draw(3);
          coefficients[f16_weight_place(input, output)] = nearest<Half>(weight);
          for (std::uint32_t i = 0; i < rows; ++i)
            out[row * panel + i * block + output] +=
                weight * x[std::size_t{from} * panel + i * block + input];  // at most 100 + 5 * 16 * 9
        }
    }
    start.push_back(static_cast<std::uint32_t>(column.size()));
  }
  std::vector<Half> expected = halves(out);
  expected.resize(before.size(), beyond<Half>);

  CodeletBench bench("sparse_amp_f16", CodeletBench::Vertex::supervisor, kind);
  const std::uint32_t starts = buffers[3], columns = starts + 4 * static_cast<std::uint32_t>(start.size());
  bench.write(buffers[0], weights);
  bench.write(starts, start);
  bench.write(columns, column);
  bench.write(buffers[1], halves(x));
  bench.write(buffers[2], before);
  EXPECT_EQ(bench.run({buffers[0], starts, columns, buffers[1], buffers[2],
                       static_cast<std::uint32_t>(pattern.size()), rows_per_worker,
                       panel * static_cast<std::uint32_t>(sizeof(Half))}),
            sparse_cycles(pattern, rows_per_worker));
  EXPECT_EQ(bench.read<Half>(buffers[2], before.size()), expected);
  for (unsigned worker = 0; worker < workers; ++worker)
    EXPECT_EQ(bench.bundles(worker), column.size() * worker_bundles(rows_per_worker));
}

TEST_P(Codelets, SparseOnAmp) {
  // Nothing; only an empty row; one block; empty rows at the begin, in between and at the end; a full row,
  // and columns not in order.
  for (const Pattern& pattern : {Pattern{}, Pattern{{}}, Pattern{{4}},
                                 Pattern{{}, {2}, {}, {0, 1, 2, 3, 4}, {}}, Pattern{{3, 0}, {1}, {4, 2, 1}}})
    for (const std::uint32_t rows : {2U, 3U, 11U}) check_sparse(GetParam(), pattern, rows);
}

}  // namespace
}  // namespace ipusim::codelet_test
