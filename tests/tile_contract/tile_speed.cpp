// Fast tile in million bundles per second on one core: an integer loop on all six workers.
#include <benchmark/benchmark.h>

#include "ipusim/tile/fast_tile.hpp"
#include "program.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::tile_test;

void integer_loop(benchmark::State& state) {
  constexpr std::uint32_t code = 0x4C000, worker = 0x50000;
  constexpr std::uint32_t passes = 100000, bundles_per_pass = 4;
  Program w(worker);
  w.set(0, passes - 1);
  const std::uint32_t loop = w.here();
  w.op("add_mmmn_si", {1, 1, 3}).op("xor_mmmn", {2, 2, 1}).op("shl_mmmn_zi", {3, 2, 1});
  w.op("brnzdec_mmmn_zi", {0, loop / 4}).op("exitz_mmmn", {15});
  Program s(code);
  s.set(0, worker).set(1, 0x80000).op("runall_mmmn_zi", {0, 1, 0}).op("sync", {2}).op("sync", {3});
  for (auto _ : state) {
    auto tile = tile::make_fast_tile({TileId{0}, isa::Arch::ipu2});
    tile->reset();
    for (const Program* p : {&w, &s})
      tile->write_memory(ByteAddr{p->base()}, std::as_bytes(std::span{p->code()}));
    tile->start(ByteAddr{code}, Cycle{0});
    if (tile->advance(Cycle::never()).reason != tile::StopReason::sync) state.SkipWithError("did not finish");
  }
  state.counters["bundles"] = benchmark::Counter(
      6.0 * passes * bundles_per_pass * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK(integer_loop)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
