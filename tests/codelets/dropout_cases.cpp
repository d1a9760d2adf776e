// SPDX-License-Identifier: Apache-2.0
// dropout_f16, dropout_f32: masks from a generator written apart from the tile's.
#include <gtest/gtest.h>

#include <algorithm>

#include "generator.hpp"
#include "map1_turns.hpp"
#include "numbers.hpp"

namespace ipusim::codelet_test {
namespace {

constexpr std::uint32_t keep_all = 0x10000;

// What is left of x: worker n's item i takes word i of generator n, its lane bits 16 lane .. of that.
template <class T>
std::vector<T> dropped_out(std::vector<T> x, std::uint32_t elements, std::uint32_t p, T scale,
                           const std::vector<std::uint32_t>& states) {
  constexpr std::uint32_t item = lanes<T>;
  const auto runs = worker_runs(elements / item);
  for (unsigned worker = 0; worker < workers; ++worker) {
    Generator generator(&states[std::size_t{4} * worker]);
    const std::uint32_t end =
        worker == workers - 1 ? elements : (runs[worker].first + runs[worker].count) * item;
    for (std::uint32_t first = runs[worker].first * item; first < end; first += item) {
      const std::uint64_t word = generator.next();
      for (std::uint32_t i = first; i < std::min(first + item, end); ++i) {
        const bool kept = p >= keep_all || bits16(word, i - first) < p;
        x[i] = nearest<T>(kept ? double{value(x[i])} * double{value(scale)} : 0.0 * value(scale));
      }
    }
  }
  return x;
}

template <class T>
void check_dropout(const TileKind& kind, const std::string& name) {
  const T scale = nearest<T>(1 / 0.7);
  for (const std::uint32_t p : {0U, 45875U, keep_all}) {  // none, 0.7, all
    for (const std::uint32_t elements : sizes) {
      SCOPED_TRACE(name + " of " + std::to_string(elements));
      CodeletBench bench(name, CodeletBench::Vertex::workers, kind, every_exception);
      const std::vector<T> x = uniform<T>(elements, -100, 100, 7);
      const auto states = generator_states(elements + p);
      bench.write(buffers[0], std::vector<T>(x.size(), beyond<T>));
      bench.write(buffers[1], x);
      bench.write(buffers[2], states);
      run_worker_vertex(bench, {buffers[0], buffers[1], elements, p, scale, buffers[2]},
                        map1_turns(elements, lanes<T>, {1, 0, 1, 0, 13}));
      EXPECT_EQ(bench.read<T>(buffers[0], x.size()), dropped_out(x, elements, p, scale, states));
    }
  }
}

TEST_P(Codelets, DropoutF16KeepsWhatItsGeneratorsSay) { check_dropout<Half>(GetParam(), "dropout_f16"); }
TEST_P(Codelets, DropoutF32KeepsWhatItsGeneratorsSay) { check_dropout<Single>(GetParam(), "dropout_f32"); }

}  // namespace
}  // namespace ipusim::codelet_test
