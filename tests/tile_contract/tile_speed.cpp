// Speed of a tile model on one core: bundles and cycles per second of host time. Compiled once per model,
// with IPUSIM_TEST_TILE_HEADER, IPUSIM_TEST_TILE, IPUSIM_SPEED_WORK, the per mille of the full work it
// does, and IPUSIM_SPEED_ENGINES if the model has the AMP engine.
#include <benchmark/benchmark.h>

#include IPUSIM_TEST_TILE_HEADER
#include "program.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::tile_test;

constexpr std::uint32_t code = 0x4C000, worker_code = 0x50000, vectors = 0x80000;

// `full` passes of a loop, cut down to what the model does in a fraction of a second.
constexpr std::uint32_t passes_of(std::uint32_t full) { return full * IPUSIM_SPEED_WORK / 1000; }

// Runs from `code` to the sync at the end of the supervisor's program; `bundles` is what issues, to within a
// few. Making the tile and loading it does not count.
void run_to_sync(benchmark::State& state, const std::vector<const Program*>& programs, double bundles) {
  double cycles = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto tile = IPUSIM_TEST_TILE({TileId{0}, isa::Arch::ipu2});
    tile->reset();
    for (const Program* p : programs)
      tile->write_memory(ByteAddr{p->base()}, std::as_bytes(std::span{p->code()}));
    tile->start(ByteAddr{code}, Cycle{0});
    state.ResumeTiming();
    const tile::StopReport report = tile->advance(Cycle::never());
    if (report.reason != tile::StopReason::sync) state.SkipWithError("did not finish");
    cycles += static_cast<double>(report.cycle.value());
    state.PauseTiming();
    tile.reset();
    state.ResumeTiming();
  }
  using benchmark::Counter;
  state.counters["bundles"] = Counter(bundles * static_cast<double>(state.iterations()), Counter::kIsRate);
  state.counters["cycles"] = Counter(cycles, Counter::kIsRate);
}

// Runs the worker on all six slots; `bundles` is what one worker issues.
void six_workers(benchmark::State& state, const Program& worker, double bundles) {
  Program s(code);
  s.set(0, worker_code).set(1, vectors).op("runall_mmmn_zi", {0, 1, 0}).op("sync", {2}).op("sync", {3});
  run_to_sync(state, {&worker, &s}, 6.0 * bundles);
}

void integer_loop(benchmark::State& state) {
  constexpr std::uint32_t passes = passes_of(100000);
  Program w(worker_code);
  w.set(0, passes - 1);
  const std::uint32_t loop = w.here();
  w.op("add_mmmn_si", {1, 1, 3}).op("xor_mmmn", {2, 2, 1}).op("shl_mmmn_zi", {3, 2, 1});
  w.op("brnzdec_mmmn_zi", {0, loop / 4}).op("exitz_mmmn", {15});
  six_workers(state, w, 4.0 * passes);
}
BENCHMARK(integer_loop)->Unit(benchmark::kMillisecond);

// a += x * y over two lanes, loads beside arithmetic, in a repeat.
void repeat_of_f32_bundles(benchmark::State& state) {
  constexpr std::uint32_t passes = passes_of(50), count = 1000;
  Program w(worker_code);
  w.set(0, passes - 1).set(1, vectors);
  const std::uint32_t loop = w.here();
  w.set(2, 0).align8();
  w.bundle(words("rpt_mmmn_zi_zi", {count, 1}), words("setzi_aaan_zi", {13, 0}));
  w.bundle(words("ld64step_mmbn_si", {1, 2, 1, 0}), words("f32v2mul_aaan", {4, 0, 2}));
  w.bundle(words("ld64step_mmbn_si", {1, 2, 1, 2}), words("f32v2add_aaan", {6, 6, 4}));
  w.op("brnzdec_mmmn_zi", {0, loop / 4}).op("exitz_mmmn", {15});
  six_workers(state, w, 2.0 * count * passes);
}
BENCHMARK(repeat_of_f32_bundles)->Unit(benchmark::kMillisecond);

#ifdef IPUSIM_SPEED_ENGINES
// The inner loop of an f16 matrix product: four phases of the AMP engine, on one set or both, loads beside
// it.
void repeat_of_amp_bundles(benchmark::State& state, const char* amp) {
  constexpr std::uint32_t passes = passes_of(50), count = 500;
  Program w(worker_code);
  w.set(0, passes - 1).set(1, vectors);
  const std::uint32_t loop = w.here();
  w.set(2, 0).align8();
  w.bundle(words("rpt_mmmn_zi_zi", {count, 3}), words("setzi_aaan_zi", {13, 0}));
  for (int phase = 0; phase < 4; ++phase) {
    w.bundle(words("ld64step_mmbn_si", {1, 2, 1, phase % 2 == 0 ? 0 : 2}),
             words(amp, {4, phase % 2 == 0 ? 2 : 0, 4, phase}));
  }
  w.op("brnzdec_mmmn_zi", {0, loop / 4}).op("exitz_mmmn", {15});
  six_workers(state, w, 4.0 * count * passes);
}
BENCHMARK_CAPTURE(repeat_of_amp_bundles, sisoamp, "f16v4sisoamp_aaan_ef")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(repeat_of_amp_bundles, hihov4amp, "f16v4hihov4amp_aaan_ef")->Unit(benchmark::kMillisecond);
#endif

// A supervisor alone: a loop of independent instructions.
void supervisor_loop(benchmark::State& state) {
  constexpr std::uint32_t passes = passes_of(100000);
  Program s(code);
  s.set(0, passes - 1);
  const std::uint32_t loop = s.here();
  for (int m = 1; m < 8; ++m) s.op("add_mmmn_si", {m, m, 3});
  s.op("brnzdec_mmmn_zi", {0, loop / 4}).op("sync", {3});
  run_to_sync(state, {&s}, 8.0 * passes);
}
BENCHMARK(supervisor_loop)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
