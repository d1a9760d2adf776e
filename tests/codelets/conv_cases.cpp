// SPDX-License-Identifier: Apache-2.0
// 3 x 3 convolutions: results against a plain model of the image, bit for bit, and cycles against paper.
#include <algorithm>
#include <bit>
#include <random>

#include "codelet_bench.hpp"
#include "engine_weights.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::codelet_test {
namespace {

using Half = _Float16;

constexpr unsigned kernel = 3;  // rows and columns
const Half nan = std::bit_cast<Half>(std::uint16_t{0x7E00});

// A step of the engine, in which an output gets the products of four input channels at a place of the kernel.
struct Step {
  unsigned row, column, channel;
};
// Steps between which sums stay in the engine; after them they are rounded to f16.
using Pass = std::vector<Step>;

// What there is to know of a codelet, from its source.
struct Convolution {
  std::string name;
  unsigned channels = 0;  // in and out
  unsigned least_pixels = 0;
  unsigned launches = 0;    // of the workers
  std::size_t weights = 0;  // halves
  std::vector<Pass> passes = {};
  // Of a row, a column, an input and an output channel, in halves.
  std::function<std::size_t(unsigned, unsigned, unsigned, unsigned)> weight_place = {};
  std::function<std::uint64_t(std::uint64_t)> bundles = {};  // of a launched worker with so many pixels
  std::function<std::uint64_t(std::uint64_t)> cycles = {};   // with so many bundles per worker
};

struct Size {
  unsigned height, width;
};

// An image of random values with its kernel, and the sum that the convolution is added to. All values are
// multiples of 2^-10, so that sums of products are multiples of 2^-20 below 2^10: exact in double, not in
// f32.
class Problem {
 public:
  Problem(const Convolution& convolution, const Size& size) : convolution_(convolution), size_(size) {
    std::mt19937 random(size.height * 100 + size.width);
    const auto draw = [&] {
      return static_cast<Half>((static_cast<double>(random() % 4095U) - 2047) / 1024);
    };
    const std::size_t pixels = std::size_t{size.height} * size.width;
    image_.resize(pixels * convolution.channels);
    sums_.resize(image_.size());
    weights_.resize(std::size_t{kernel} * kernel * convolution.channels * convolution.channels);
    for (auto* values : {&image_, &sums_, &weights_}) std::ranges::generate(*values, draw);
  }

  unsigned row_pixels() const { return size_.width + 1; }
  unsigned pixels_per_worker() const {
    const unsigned all = size_.height * row_pixels();
    return std::max((all + Context::workers - 1) / Context::workers, convolution_.least_pixels);
  }
  unsigned out_pixels() const { return Context::workers * pixels_per_worker(); }

  // The image in its border of zeros, long enough for pixels that are no results.
  std::vector<Half> framed_image() const {
    std::vector<Half> frame((out_pixels() + 2 * row_pixels() + 2) * convolution_.channels);
    for (unsigned y = 0; y < size_.height; ++y)
      std::ranges::copy_n(row(image_, y), row_halves(),
                          at(frame, ((y + 1) * row_pixels() + 1) * convolution_.channels));
    return frame;
  }
  // `rows` as the codelet has them in memory; NaNs where there is no result, which must not spread.
  std::vector<Half> in_out_layout(const std::vector<Half>& rows) const {
    std::vector<Half> out(out_pixels() * convolution_.channels, nan);
    for (unsigned y = 0; y < size_.height; ++y)
      std::ranges::copy_n(row(rows, y), row_halves(), at(out, y * row_pixels() * convolution_.channels));
    return out;
  }
  // The results in what the codelet left there.
  std::vector<Half> results(const std::vector<Half>& out) const {
    std::vector<Half> rows;
    for (unsigned y = 0; y < size_.height; ++y)
      std::ranges::copy_n(out.begin() + y * row_pixels() * convolution_.channels, row_halves(),
                          std::back_inserter(rows));
    return rows;
  }
  // The kernel as the codelet loads it; NaNs in places that it does not use.
  std::vector<Half> coefficients() const {
    std::vector<Half> places(convolution_.weights, nan);
    for (unsigned row = 0; row < kernel; ++row)
      for (unsigned column = 0; column < kernel; ++column)
        for (unsigned in = 0; in < convolution_.channels; ++in)
          for (unsigned out = 0; out < convolution_.channels; ++out)
            places.at(convolution_.weight_place(row, column, in, out)) = weight(row, column, in, out);
    return places;
  }
  const std::vector<Half>& sums() const { return sums_; }

  // docs/arithmetic.md: every step adds its four exact products to the sum and rounds once to f32; a pass
  // begins with the f16 sum and ends by rounding to f16.
  std::vector<Half> expected() const {
    std::vector<Half> all = sums_;
    for (unsigned y = 0; y < size_.height; ++y)
      for (unsigned x = 0; x < size_.width; ++x)
        for (unsigned out = 0; out < convolution_.channels; ++out) {
          Half& result = all[(y * size_.width + x) * convolution_.channels + out];
          for (const Pass& pass : convolution_.passes) {
            auto sum = static_cast<float>(result);
            for (const Step& step : pass) sum = static_cast<float>(sum + products(y, x, step, out));
            result = static_cast<Half>(sum);
          }
        }
    return all;
  }

 private:
  static std::vector<Half>::iterator at(std::vector<Half>& values, std::size_t place) {
    return values.begin() + static_cast<std::ptrdiff_t>(place);
  }
  std::ptrdiff_t row_halves() const {
    return static_cast<std::ptrdiff_t>(size_.width) * static_cast<std::ptrdiff_t>(convolution_.channels);
  }
  std::vector<Half>::const_iterator row(const std::vector<Half>& rows, unsigned y) const {
    return rows.begin() + y * row_halves();
  }
  Half weight(unsigned row, unsigned column, unsigned in, unsigned out) const {
    return weights_[((row * kernel + column) * convolution_.channels + in) * convolution_.channels + out];
  }
  double products(unsigned y, unsigned x, const Step& step, unsigned out) const {
    double sum = 0;
    for (unsigned in = step.channel; in < step.channel + 4; ++in)
      sum += input(y + step.row, x + step.column, in) *
             static_cast<double>(weight(step.row, step.column, in, out));
    return sum;
  }
  // Rows and columns from 1, as the kernel reaches one before the image and one behind.
  double input(unsigned row, unsigned column, unsigned channel) const {
    if (row < 1 || row > size_.height || column < 1 || column > size_.width) return 0;
    return static_cast<double>(
        image_[((row - 1) * size_.width + column - 1) * convolution_.channels + channel]);
  }

  const Convolution& convolution_;
  Size size_;
  std::vector<Half> image_, sums_, weights_;
};

std::vector<std::uint16_t> bits(const std::vector<Half>& values) {
  std::vector<std::uint16_t> result;
  for (const Half value : values) result.push_back(std::bit_cast<std::uint16_t>(value));
  return result;
}

void check(const TileKind& kind, const Convolution& convolution) {
  // One pixel; fewer pixels than workers; rows of one pixel; workers that end within a row; several rows per
  // worker; a share that comes out even.
  for (const Size size :
       {Size{1, 1}, Size{1, 4}, Size{9, 1}, Size{3, 5}, Size{7, 20}, Size{22, 2}, Size{12, 5}}) {
    SCOPED_TRACE(std::to_string(size.height) + " x " + std::to_string(size.width));
    const Problem problem(convolution, size);
    const std::uint32_t channel_bytes = 2 * convolution.channels;
    const auto [weights, in, spare, out] = buffers;
    CodeletBench bench(convolution.name, CodeletBench::Vertex::supervisor, kind);
    bench.write(weights, problem.coefficients());
    bench.write(in, problem.framed_image());
    std::vector<Half> before = problem.in_out_layout(problem.sums());
    const std::size_t written = before.size();
    before.resize(written + 8 * convolution.channels, 1);
    bench.write(out, before);
    const std::uint64_t bundles = convolution.bundles(problem.pixels_per_worker());
    EXPECT_EQ(
        bench.run({weights, in, out, problem.pixels_per_worker(), channel_bytes * problem.row_pixels()}),
        convolution.cycles(bundles));
    for (unsigned worker = 0; worker < Context::workers; ++worker)
      EXPECT_EQ(bench.bundles(worker), convolution.launches * bundles) << worker;
    const auto after = bench.read<Half>(out, before.size());
    EXPECT_EQ(bits(problem.results(after)), bits(problem.expected()));
    EXPECT_TRUE(std::equal(after.begin() + static_cast<std::ptrdiff_t>(written), after.end(),
                           before.begin() + static_cast<std::ptrdiff_t>(written)));
  }
}

// A pass is a row of the kernel, its columns in order.
TEST_P(Codelets, Conv3x3OnSlic) {
  Convolution convolution{
      .name = "conv3x3_slic_f16", .channels = 4, .least_pixels = 3, .launches = 1, .weights = 2 * 6 * 16};
  for (unsigned row = 0; row < kernel; ++row)
    convolution.passes.push_back({{row, 0, 0}, {row, 1, 0}, {row, 2, 0}});
  // Per set of units two output channels; six units of four columns, the kernel's last column in units 0, 1.
  convolution.weight_place = [](unsigned row, unsigned column, unsigned in, unsigned out) {
    const unsigned unit = 6 * (out / 2) + 2 * (kernel - 1 - column) + out % 2;
    return std::size_t{16} * unit + 4 * row + in;
  };
  // Start; for each row of the kernel two for addresses, a load ahead, four bundles without a result, the
  // repeat, three pixels less than all, two bundles and a store that bring out the last; the exit.
  convolution.bundles = [](std::uint64_t pixels) {
    return 11 + 3 * (2 + 1 + 4 + 1 + (pixels - 3) + 2 + 1) + 1;
  };
  // Two units of 64 bits per instruction, of four columns of 12 units.
  convolution.cycles = [](std::uint64_t bundles) { return engine_vertex_cycles(12 * 4 / 2, bundles); };
  check(GetParam(), convolution);
}

// A pass is a place of the kernel, four phases of four input channels.
TEST_P(Codelets, Conv3x3OnAmp) {
  Convolution convolution{
      .name = "conv3x3_amp_f16", .channels = 16, .least_pixels = 2, .launches = 9, .weights = 9 * 256};
  for (unsigned row = 0; row < kernel; ++row)
    for (unsigned column = 0; column < kernel; ++column)
      convolution.passes.push_back({{row, column, 0}, {row, column, 4}, {row, column, 8}, {row, column, 12}});
  convolution.weight_place = [](unsigned row, unsigned column, unsigned in, unsigned out) {
    return std::size_t{256} * (3 * row + column) + f16_weight_place(in, out);
  };
  // The rows of gemm_f16: start, a load ahead, a row of partial sums, the first row, two phases and the
  // repeat, the rows between, the rest of the last row and one of zeros, two stores, the exit.
  convolution.bundles = [](std::uint64_t pixels) {
    return 13 + 1 + 4 + 4 + (2 + 1) + 4 * (pixels - 2) + (2 + 4) + 2 + 1;
  };
  // The call; the coefficients' address loaded and put, each holding up the next (other addresses and
  // counters fit in between but for an addition and the first row's counter, behind the put). Nine times: 32
  // loads, a store, an addition, the workers, and a branch, taken six times and not taken at the end of each
  // row of the kernel, where an addition and another branch follow, taken twice, to set the counter again.
  // The return.
  convolution.cycles = [](std::uint64_t bundles) {
    using namespace isa::timing;
    const std::uint64_t place = 32 + 1 + 1 + worker_vertex_cycles(bundles);
    const std::uint64_t rows = 3 * (1 + 1) + 2 * (supervisor_branch + 1) + 1;
    return supervisor_branch + supervisor_result + supervisor_put + 1 + 1 + 9 * place +
           6 * supervisor_branch + rows + supervisor_branch;
  };
  check(GetParam(), convolution);
}

}  // namespace
}  // namespace ipusim::codelet_test
