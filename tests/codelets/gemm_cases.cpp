// The AMP engine at its peak: results against the host, cycles against paper.
#include <bit>
#include <random>

#include "codelet_bench.hpp"

namespace ipusim::codelet_test {
namespace {

constexpr unsigned width = 16;  // inputs and outputs of a row
constexpr unsigned workers = Context::workers;

// The bundles of a worker with `rows`, counted from the phases of a row: set-up, as long as an alignment of
// 64 bytes; two loads ahead of the engine; a row of partial sums alone; the first row; the second row's first
// phase and the repeat; the rows between; the rest of the last row and one of zeros; the last store and the
// exit.
std::uint64_t worker_bundles(std::uint64_t phases, std::uint64_t rows) {
  return 16 + 2 + phases + phases + (1 + 1) + phases * (rows - 2) + (2 * phases - 1) + 2;
}

std::uint16_t half(int value) { return std::bit_cast<std::uint16_t>(static_cast<_Float16>(value)); }

// Unit of output o, for the forms that use both sets.
unsigned unit_of(unsigned output) { return (output & 1U) + 2 * (output / 4) + (output & 2U) * 4; }

struct Problem {
  explicit Problem(unsigned rows, unsigned seed)
      : in(rows * width), partial((rows + 1) * width), weights(width * width), expected(rows * width) {
    std::mt19937 random(seed);
    const auto draw = [&](int most) {
      return static_cast<int>(random() % (2U * static_cast<unsigned>(most) + 1U)) - most;
    };
    std::vector<int> w(width * width);
    for (unsigned input = 0; input < width; ++input)
      for (unsigned output = 0; output < width; ++output) {
        const int value = draw(4);
        w[input * width + output] = value;
        // 64 bits for unit u, phase p at word 4 u + p, element k for input 4 p + k.
        weights[4 * (4 * unit_of(output) + input / 4) + input % 4] = half(value);
      }
    for (unsigned row = 0; row < rows; ++row) {
      std::vector<int> x(width);
      for (unsigned i = 0; i < width; ++i) in[row * width + i] = half(x[i] = draw(8));
      for (unsigned output = 0; output < width; ++output) {
        int sum = draw(100);
        partial[row * width + output] = half(sum);
        for (unsigned i = 0; i < width; ++i) sum += x[i] * w[i * width + output];
        expected[row * width + output] = half(sum);  // at most 100 + 16 * 32: exact
      }
    }
  }
  std::vector<std::uint16_t> in, partial, weights, expected;
};

std::uint64_t run_gemm(const TileKind& kind, unsigned rows_per_worker) {
  const unsigned rows = workers * rows_per_worker;
  const Problem problem(rows, rows);
  CodeletBench bench("gemm_f16", CodeletBench::Vertex::supervisor, kind);
  bench.write(buffers[0], problem.weights);
  bench.write(buffers[1], problem.in);
  bench.write(buffers[2], problem.partial);
  const std::uint64_t cycles = bench.run({buffers[0], buffers[1], buffers[2], buffers[3], rows_per_worker});
  EXPECT_EQ(bench.read<std::uint16_t>(buffers[3], rows * width), problem.expected) << rows;
  for (unsigned worker = 0; worker < workers; ++worker)
    EXPECT_EQ(bench.bundles(worker), worker_bundles(4, rows_per_worker)) << worker;
  return cycles;
}

TEST_P(Codelets, GemmF16OfTheFewestRows) { run_gemm(GetParam(), 2); }

TEST_P(Codelets, GemmF16TakesFourCyclesARowTheMachinesPeak) {
  const std::uint64_t few = run_gemm(GetParam(), 20);
  const std::uint64_t many = run_gemm(GetParam(), 160);
  const unsigned more_rows = workers * (160 - 20);
  EXPECT_EQ(many - few, 4 * std::uint64_t{more_rows});
}

// gemm_f32: rows of 8 inputs to 16 outputs, small integers, so that every sum is exact.
constexpr unsigned f32_inputs = 8;

std::uint64_t run_gemm_f32(const TileKind& kind, unsigned rows_per_worker) {
  const unsigned rows = workers * rows_per_worker;
  std::mt19937 random(rows);
  const auto draw = [&](int most) {
    return static_cast<float>(static_cast<int>(random() % (2U * static_cast<unsigned>(most) + 1U)) - most);
  };
  std::vector<float> w(f32_inputs * width), weights(f32_inputs * width), in(rows * f32_inputs);
  std::vector<float> partial((rows + 1) * width), expected(rows * width);
  for (unsigned input = 0; input < f32_inputs; ++input)
    for (unsigned output = 0; output < width; ++output)
      weights[f32_inputs * unit_of(output) + input] = w[input * width + output] = draw(1000);
  for (float& value : in) value = draw(1000);
  for (float& value : partial) value = draw(100000);
  for (unsigned row = 0; row < rows; ++row)
    for (unsigned output = 0; output < width; ++output) {
      float sum = partial[row * width + output];  // at most 100000 + 8 * 1000000, below 2^24: exact
      for (unsigned i = 0; i < f32_inputs; ++i) sum += in[row * f32_inputs + i] * w[i * width + output];
      expected[row * width + output] = sum;
    }
  CodeletBench bench("gemm_f32", CodeletBench::Vertex::supervisor, kind);
  bench.write(buffers[0], weights);
  bench.write(buffers[1], in);
  bench.write(buffers[2], partial);
  const std::uint64_t cycles = bench.run({buffers[0], buffers[1], buffers[2], buffers[3], rows_per_worker});
  EXPECT_EQ(bench.read<float>(buffers[3], rows * width), expected) << rows;
  for (unsigned worker = 0; worker < workers; ++worker)
    EXPECT_EQ(bench.bundles(worker), worker_bundles(8, rows_per_worker)) << worker;
  return cycles;
}

TEST_P(Codelets, GemmF32OfTheFewestRows) { run_gemm_f32(GetParam(), 2); }

TEST_P(Codelets, GemmF32TakesEightCyclesARowTheMachinesPeak) {
  const std::uint64_t few = run_gemm_f32(GetParam(), 10);
  const std::uint64_t many = run_gemm_f32(GetParam(), 80);
  const unsigned more_rows = workers * (80 - 10);
  EXPECT_EQ(many - few, 8 * std::uint64_t{more_rows});
}

}  // namespace
}  // namespace ipusim::codelet_test
