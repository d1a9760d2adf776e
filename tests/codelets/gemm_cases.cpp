// SPDX-License-Identifier: Apache-2.0
// The AMP engine at its peak: results against the host, cycles against paper.
#include <bit>
#include <cmath>
#include <random>
#include <type_traits>

#include "codelet_bench.hpp"
#include "engine_weights.hpp"

namespace ipusim::codelet_test {
namespace {

constexpr unsigned width = 16;  // inputs and outputs of a row
constexpr unsigned workers = Context::workers;

constexpr unsigned coefficient_loads = 32;  // 512 bytes

// The bundles of a worker with `rows`, counted from the phases of a row: set-up; a load ahead of the engine;
// a row of partial sums alone; the first row; two phases of the second and the repeat; the rows between; the
// rest of the last row and one of zeros; two stores and the exit.
std::uint64_t worker_bundles(std::uint64_t set_up, std::uint64_t phases, std::uint64_t rows) {
  return set_up + 1 + phases + phases + (2 + 1) + phases * (rows - 2) + (2 * phases - 2) + (2 + 1);
}

// State word 3, where the results go: a buffer of their own, or that of the partial sums.
enum class Results { apart, in_place };
std::uint32_t results_buffer(Results results) { return buffers[results == Results::apart ? 3 : 2]; }

std::uint16_t half(int value) { return std::bit_cast<std::uint16_t>(static_cast<_Float16>(value)); }

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
        weights[f16_weight_place(input, output)] = half(value);
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

void check_gemm_f16(const TileKind& kind, unsigned rows_per_worker, Results results) {
  SCOPED_TRACE(rows_per_worker);
  const unsigned rows = workers * rows_per_worker;
  const Problem problem(rows, rows);
  CodeletBench bench("gemm_f16", CodeletBench::Vertex::supervisor, kind);
  bench.write(buffers[0], problem.weights);
  bench.write(buffers[1], problem.in);
  bench.write(buffers[2], problem.partial);
  const std::uint32_t out = results_buffer(results);
  const std::uint64_t bundles = worker_bundles(13, 4, rows_per_worker);
  EXPECT_EQ(bench.run({buffers[0], buffers[1], buffers[2], out, rows_per_worker}),
            engine_vertex_cycles(coefficient_loads, bundles));
  EXPECT_EQ(bench.read<std::uint16_t>(out, rows * width), problem.expected);
  for (unsigned worker = 0; worker < workers; ++worker) EXPECT_EQ(bench.bundles(worker), bundles) << worker;
}

TEST_P(Codelets, GemmF16TakesFourBundlesARow) {
  for (const unsigned rows : {2U, 3U, 20U, 160U}) check_gemm_f16(GetParam(), rows, Results::apart);
}

TEST_P(Codelets, GemmF16MayWriteOverItsPartialSums) {
  for (const unsigned rows : {2U, 3U, 160U}) check_gemm_f16(GetParam(), rows, Results::in_place);
}

// gemm_f32: rows of 8 inputs to 16 outputs, small integers, so that every sum is exact.
constexpr unsigned f32_inputs = 8;

void check_gemm_f32(const TileKind& kind, unsigned rows_per_worker, Results results) {
  SCOPED_TRACE(rows_per_worker);
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
  const std::uint32_t out = results_buffer(results);
  const std::uint64_t bundles = worker_bundles(15, 8, rows_per_worker);
  EXPECT_EQ(bench.run({buffers[0], buffers[1], buffers[2], out, rows_per_worker}),
            engine_vertex_cycles(coefficient_loads, bundles));
  EXPECT_EQ(bench.read<float>(out, rows * width), expected);
  for (unsigned worker = 0; worker < workers; ++worker) EXPECT_EQ(bench.bundles(worker), bundles) << worker;
}

TEST_P(Codelets, GemmF32TakesEightBundlesARow) {
  for (const unsigned rows : {2U, 3U, 10U, 80U}) check_gemm_f32(GetParam(), rows, Results::apart);
}

TEST_P(Codelets, GemmF32MayWriteOverItsPartialSums) {
  for (const unsigned rows : {2U, 3U, 80U}) check_gemm_f32(GetParam(), rows, Results::in_place);
}

// gemm_f16_f32 and gemm_f32_8: rows to 8 outputs, by the set of units that a Mk1 has. Small integers, so that
// every sum is exact; unit u is output u.
constexpr unsigned set_outputs = 8;
constexpr unsigned set_loads = 16;  // of coefficients, 256 bytes

template <class Input>
struct SetProblem {
  // Inputs of `inputs` per row; of a unit's coefficients, `lanes` go with one phase.
  SetProblem(unsigned rows, unsigned inputs, int most)
      : in((rows + 1) * inputs), weights(inputs * set_outputs), partial((rows + 1) * set_outputs) {
    std::mt19937 random(rows + inputs);
    const auto draw = [&](int limit) {
      return static_cast<int>(random() % (2U * static_cast<unsigned>(limit) + 1U)) - limit;
    };
    std::vector<int> w(inputs * set_outputs);
    for (unsigned unit = 0; unit < set_outputs; ++unit)
      for (unsigned i = 0; i < inputs; ++i)
        weights[inputs * unit + i] = number(w[inputs * unit + i] = draw(most));
    for (unsigned row = 0; row < rows; ++row) {
      std::vector<int> x(inputs);
      for (unsigned i = 0; i < inputs; ++i) in[row * inputs + i] = number(x[i] = draw(most));
      for (unsigned output = 0; output < set_outputs; ++output) {
        int sum = draw(1000);
        partial[row * set_outputs + output] = static_cast<float>(sum);
        for (unsigned i = 0; i < inputs; ++i) sum += x[i] * w[inputs * output + i];
        expected.push_back(static_cast<float>(sum));
      }
    }
  }
  static Input number(int value) {
    if constexpr (std::is_same_v<Input, float>)
      return static_cast<float>(value);
    else
      return half(value);
  }
  std::vector<Input> in, weights;
  std::vector<float> partial, expected;
};

template <class Input>
void check_set_gemm(const std::string& name, const TileKind& kind, isa::Arch arch, unsigned inputs,
                    unsigned rows_per_worker, Results results, std::uint64_t bundles) {
  SCOPED_TRACE(rows_per_worker);
  const unsigned rows = workers * rows_per_worker;
  const SetProblem<Input> problem(rows, inputs, 100);
  const auto places = buffers_of(arch);
  CodeletBench bench(name, CodeletBench::Vertex::supervisor, kind, 0, arch);
  bench.write(places[0], problem.weights);
  bench.write(places[1], problem.in);
  bench.write(places[2], problem.partial);
  const std::uint32_t out = places[results == Results::apart ? 3 : 2];
  EXPECT_EQ(bench.run({places[0], places[1], places[2], out, rows_per_worker}),
            engine_vertex_cycles(set_loads, bundles));
  EXPECT_EQ(bench.read<float>(out, rows * set_outputs), problem.expected);
  for (unsigned worker = 0; worker < workers; ++worker) EXPECT_EQ(bench.bundles(worker), bundles) << worker;
}

TEST_P(Codelets, GemmOfOneSetTakesFourBundlesARowOfF16) {
  for (const isa::Arch arch : {isa::Arch::ipu1, isa::Arch::ipu2}) {
    for (const unsigned rows : {2U, 3U, 160U}) {
      for (const Results results : {Results::apart, Results::in_place})
        check_set_gemm<std::uint16_t>("gemm_f16_f32", GetParam(), arch, 16, rows, results,
                                      worker_bundles(13, 4, rows));
    }
  }
}

// Set-up and its one more; a load; a row of partial sums, the first row, a nop that aligns and the repeat,
// the rows between, a row of zeros, the exit.
TEST_P(Codelets, GemmOfOneSetTakesEightBundlesARowOfF32) {
  for (const isa::Arch arch : {isa::Arch::ipu1, isa::Arch::ipu2}) {
    for (const unsigned rows : {2U, 3U, 100U}) {
      const std::uint64_t bundles = 13 + 1 + 1 + 8 + 8 + 1 + 1 + 8 * (rows - 1) + 8 + 1;
      for (const Results results : {Results::apart, Results::in_place})
        check_set_gemm<float>("gemm_f32_8", GetParam(), arch, 8, rows, results, bundles);
    }
  }
}

// gemm_f8: rows of 32 inputs, small integers, which both formats hold, so that every sum is exact.
constexpr unsigned f8_inputs = 32;
// Of formats and scale, beside gemm_f16's supervisor.
constexpr std::uint64_t f8_puts = 2 * isa::timing::supervisor_put;

// The code of an integer of magnitude 0 to 8, which needs two bits of fraction: 1.4.3 bits with bias 8,
// or 1.5.2 bits with bias 16.
std::uint8_t quarter(int value, bool f143) {
  if (value == 0) return 0;
  int exponent = 0;
  const double fraction = 2 * std::frexp(std::abs(value), &exponent) - 1;  // of 1.xx * 2^(exponent - 1)
  const int bits = f143 ? 3 : 2, bias = f143 ? 8 : 16;
  const int code = (exponent - 1 + bias) << bits | static_cast<int>(std::ldexp(fraction, bits));
  return static_cast<std::uint8_t>(value < 0 ? code | 0x80 : code);
}

struct QuarterProblem {
  // Formats as the codelet's state has them.
  QuarterProblem(unsigned rows, std::uint32_t formats, int scale)
      : in(rows * f8_inputs),
        weights(f8_inputs * width),
        partial((rows + 1) * width),
        expected(rows * width) {
    std::mt19937 random(rows + formats);
    const auto draw = [&](int most) {
      return static_cast<int>(random() % (2U * static_cast<unsigned>(most) + 1U)) - most;
    };
    std::vector<int> w(f8_inputs * width);
    for (unsigned input = 0; input < f8_inputs; ++input)
      for (unsigned output = 0; output < width; ++output)
        weights[f8_weight_place(input, output)] =
            quarter(w[input * width + output] = draw(4), (formats & 1U) != 0);
    for (unsigned row = 0; row < rows; ++row) {
      std::vector<int> x(f8_inputs);
      for (unsigned i = 0; i < f8_inputs; ++i)
        in[row * f8_inputs + i] = quarter(x[i] = draw(8), (formats & 2U) != 0);
      for (unsigned output = 0; output < width; ++output) {
        const int start = draw(100);
        partial[row * width + output] = half(start);
        int sum = 0;
        for (unsigned i = 0; i < f8_inputs; ++i) sum += x[i] * w[i * width + output];
        // At most 100 + 32 * 32, in steps of 1/2 at most: exact.
        expected[row * width + output] =
            std::bit_cast<std::uint16_t>(static_cast<_Float16>(start + std::ldexp(sum, scale)));
      }
    }
  }
  std::vector<std::uint8_t> in, weights;
  std::vector<std::uint16_t> partial, expected;
};

// Returns the cycles.
std::uint64_t check_gemm_f8(const TileKind& kind, unsigned rows_per_worker, Results results,
                            std::uint32_t formats, int scale) {
  SCOPED_TRACE(rows_per_worker);
  const unsigned rows = workers * rows_per_worker;
  const QuarterProblem problem(rows, formats, scale);
  CodeletBench bench("gemm_f8", CodeletBench::Vertex::supervisor, kind, 0, isa::Arch::ipu21);
  bench.write(buffers[0], problem.weights);
  bench.write(buffers[1], problem.in);
  bench.write(buffers[2], problem.partial);
  const std::uint32_t out = results_buffer(results);
  const std::uint64_t bundles = worker_bundles(13, 4, rows_per_worker);
  const std::uint64_t cycles = bench.run(
      {buffers[0], buffers[1], buffers[2], out, rows_per_worker, formats, static_cast<std::uint32_t>(scale)});
  EXPECT_EQ(cycles, engine_vertex_cycles(coefficient_loads, bundles) + f8_puts);
  EXPECT_EQ(bench.read<std::uint16_t>(out, rows * width), problem.expected);
  for (unsigned worker = 0; worker < workers; ++worker) EXPECT_EQ(bench.bundles(worker), bundles) << worker;
  return cycles;
}

TEST_P(Codelets, GemmF8TakesFourBundlesARow) {
  for (const std::uint32_t formats : {0U, 1U, 2U, 3U}) {
    check_gemm_f8(GetParam(), 2, Results::apart, formats, 0);
    check_gemm_f8(GetParam(), 3, Results::in_place, formats, -1);
  }
  // A row more of 32 x 16 multiplications and additions on each worker is a row's bundles more, a turn each:
  // 256 FLOP a cycle, the published 128 multiplications and additions.
  constexpr unsigned few = 20, many = 160;
  const std::uint64_t cycles = check_gemm_f8(GetParam(), many, Results::apart, 3, 0) -
                               check_gemm_f8(GetParam(), few, Results::apart, 3, 0);
  EXPECT_EQ(2 * f8_inputs * width * workers * (many - few), 256 * cycles);
}

}  // namespace
}  // namespace ipusim::codelet_test
