// SPDX-License-Identifier: Apache-2.0
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
constexpr std::uint32_t arrays[] = {0x60000, 0x64000, 0x68000};  // in different memory elements
constexpr std::uint32_t array_bytes = 0x4000;

// `full` passes of a loop, cut down to what the model does in a fraction of a second.
constexpr std::uint32_t passes_of(std::uint32_t full) { return full * IPUSIM_SPEED_WORK / 1000; }

// Ordinary numbers: f32 in the arrays, f16 at `vectors`.
void fill(tile::TileModel& tile) {
  std::vector<float> singles(array_bytes / sizeof(float));
  for (std::size_t i = 0; i < singles.size(); ++i) singles[i] = static_cast<float>(i % 15 + 1);
  for (const std::uint32_t at : arrays) tile.write_memory(ByteAddr{at}, std::as_bytes(std::span{singles}));
  std::vector<std::uint16_t> halves(array_bytes / sizeof(std::uint16_t));
  for (std::size_t i = 0; i < halves.size(); ++i)
    halves[i] = static_cast<std::uint16_t>(0x3C00U + 0x40U * (i % 13));  // 1 and up
  tile.write_memory(ByteAddr{vectors}, std::as_bytes(std::span{halves}));
}

// Runs from `code` to the sync at the end of the supervisor's program; `bundles` is what issues, to within a
// few, and `work` what comes of it, in the unit that the loop names. Making the tile and loading it does not
// count.
void run_to_sync(benchmark::State& state, const std::vector<const Program*>& programs, double bundles,
                 double work) {
  double cycles = 0;
  for (auto _ : state) {
    state.PauseTiming();
    auto tile = IPUSIM_TEST_TILE({TileId{0}, isa::Arch::ipu2});
    tile->reset();
    fill(*tile);
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
  state.counters["work"] = Counter(work * static_cast<double>(state.iterations()), Counter::kIsRate);
}

// The coefficients of the engine, from `vectors`.
void load_coefficients(Program& supervisor) {
  constexpr std::int64_t all = 64;
  supervisor.set(0, vectors).op("put_mmmn_zi", {0, isa::find_csr(isa::Mode::supervisor, "CCCSLOAD")->index});
  for (std::int64_t n = 0; n < all; n += 2) supervisor.op("ld128putcs_mmmn_zi", {n});
}

// Runs the worker on all six slots; `bundles` and `work` are what one worker does.
void six_workers(benchmark::State& state, const Program& worker, double bundles, double work) {
  Program s(code);
  load_coefficients(s);
  s.set(0, worker_code).set(1, vectors).op("runall_mmmn_zi", {0, 1, 0}).op("sync", {2}).op("sync", {3});
  run_to_sync(state, {&worker, &s}, 6.0 * bundles, 6.0 * work);
}

// Work: passes.
void integer_loop(benchmark::State& state) {
  constexpr std::uint32_t passes = passes_of(100000);
  Program w(worker_code);
  w.set(0, passes - 1);
  const std::uint32_t loop = w.here();
  w.op("add_mmmn_si", {1, 1, 3}).op("xor_mmmn", {2, 2, 1}).op("shl_mmmn_zi", {3, 2, 1});
  w.op("brnzdec_mmmn_zi", {0, loop / 4}).op("exitz_mmmn", {15});
  six_workers(state, w, 4.0 * passes, passes);
}
BENCHMARK(integer_loop)->Unit(benchmark::kMillisecond);

// a += x * y over two lanes, loads beside arithmetic, in a repeat. Work: products.
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
  six_workers(state, w, 2.0 * count * passes, 2.0 * count * passes);
}
BENCHMARK(repeat_of_f32_bundles)->Unit(benchmark::kMillisecond);

// y = a x + y as codelets do it: two loads, a store and two elements a bundle. Work: elements.
void f32_axpy(benchmark::State& state) {
  constexpr std::uint32_t passes = passes_of(50), count = 1000;
  Program w(worker_code);
  w.op("setzi_aaan_zi", {0, 0}).op("or_aaan_iz", {0, 0, 0x3F8});  // a = 1
  w.op("uput_aaan_zi", {0, isa::find_csr(isa::Mode::worker, "TAS")->index & 0xFFU});
  w.set(0, passes - 1);
  for (std::int64_t i = 0; i < 3; ++i) w.set(static_cast<unsigned>(4 + i), arrays[i]);
  const std::uint32_t loop = w.here();
  w.op("tapack_mmmn", {4, 5, 6, 2}).align8();
  w.bundle(words("rpt_mmmn_zi_zi", {count, 0}), words("setzi_aaan_zi", {13, 0}));
  w.bundle(words("ld2xst64pace_mbbn_ef", {15, 2, 0, 4, 0}), words("f32v2axpy_aaan", {4, 0, 2}));
  w.op("brnzdec_mmmn_zi", {0, loop / 4}).op("exitz_mmmn", {15});
  six_workers(state, w, 1.0 * count * passes, 2.0 * count * passes);
}
BENCHMARK(f32_axpy)->Unit(benchmark::kMillisecond);

#ifdef IPUSIM_SPEED_ENGINES
// The inner loop of an f16 matrix product: four phases of the AMP engine, on one set or both, loads beside
// it; partial sums are zero. Work: products.
void repeat_of_amp_bundles(benchmark::State& state, const char* amp, unsigned sets) {
  constexpr std::uint32_t passes = passes_of(50), count = 500;
  Program w(worker_code);
  w.set(0, passes - 1).set(1, vectors);
  const std::uint32_t loop = w.here();
  w.set(2, 0).align8();
  w.bundle(words("rpt_mmmn_zi_zi", {count, 3}), words("setzi_aaan_zi", {13, 0}));
  for (int phase = 0; phase < 4; ++phase) {
    w.bundle(words("ld64step_mmbn_si", {1, 2, 1, phase % 2 == 0 ? 0 : 2}),
             words(amp, {4, phase % 2 == 0 ? 2 : 0, 14, phase}));
  }
  w.op("brnzdec_mmmn_zi", {0, loop / 4}).op("exitz_mmmn", {15});
  constexpr double products = 8 * 4;  // units and elements of a set
  six_workers(state, w, 4.0 * count * passes, products * sets * 4.0 * count * passes);
}
BENCHMARK_CAPTURE(repeat_of_amp_bundles, sisoamp, "f16v4sisoamp_aaan_ef", 1)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(repeat_of_amp_bundles, hihov4amp, "f16v4hihov4amp_aaan_ef", 2)
    ->Unit(benchmark::kMillisecond);
#endif

#ifdef IPUSIM_SPEED_ENGINES
// Six workers, each a loop of its own kind of four issues: integers, memory, f32, f16, the AMP engine,
// control. Work: passes of all six.
void six_worker_mix(benchmark::State& state) {
  constexpr std::uint32_t passes = passes_of(100000), apart = 0x100;
  std::vector<Program> mix;
  for (std::uint32_t i = 0; i < 6; ++i) {
    Program& w = mix.emplace_back(worker_code + apart * i);
    w.set(0, passes - 1).set(1, i == 2 ? arrays[0] : vectors).set(2, arrays[2]).align8();
    const std::uint32_t loop = w.here();
    const auto beside = [&](const char* load, const char* aux, std::initializer_list<std::int64_t> operands) {
      w.bundle(words(load, {1, 15, 0, 2}), words(aux, operands));
    };
    switch (i) {
      case 0:
        w.op("add_mmmn_si", {3, 3, 3}).op("xor_mmmn", {4, 4, 3}).op("shl_mmmn_zi", {5, 4, 1});
        break;
      case 1:
        w.op("ld32_mmmn_zi", {1, 15, 0, 3}).op("st32_mmmn_zi", {2, 15, 0, 3}).op("add_mmmn_si", {4, 3, 1});
        break;
      case 2:
        beside("ld64_mman_zi", "f32v2mul_aaan", {4, 2, 2});
        beside("ld64_mman_zi", "f32v2add_aaan", {6, 2, 4});
        beside("st64_mbmn_zi", "f32v2sub_aaan", {4, 6, 4});
        break;
      case 3:
        beside("ld64_mman_zi", "f16v4mul_aaan", {4, 2, 2});
        beside("ld64_mman_zi", "f16v4add_aaan", {6, 2, 4});
        beside("st64_mbmn_zi", "f16v4max_aaan", {4, 6, 4});
        break;
      case 4:
        for (int phase = 0; phase < 3; ++phase)
          beside("ld64_mman_zi", "f16v4sisoamp_aaan_ef", {4, 2, 14, phase});
        break;
      default:
        w.op("cmpslt_mmmn", {3, 15, 0}).op("brnz_mmmn_zi", {15, loop / 4}).op("bri_mmmn_zi", {loop / 4 + 3});
    }
    w.op("brnzdec_mmmn_zi", {0, loop / 4}).op("exitz_mmmn", {15});
  }
  Program s(code);
  load_coefficients(s);
  std::vector<const Program*> programs{&s};
  for (const Program& w : mix) {
    s.set(0, w.base()).op("run_mmmn_zi", {0, 15, 0});
    programs.push_back(&w);
  }
  s.op("sync", {2}).op("sync", {3});
  run_to_sync(state, programs, 6 * 4.0 * passes, passes);
}
BENCHMARK(six_worker_mix)->Unit(benchmark::kMillisecond);
#endif

// A supervisor alone: a loop of independent instructions. Work: passes.
void supervisor_loop(benchmark::State& state) {
  constexpr std::uint32_t passes = passes_of(100000);
  Program s(code);
  s.set(0, passes - 1);
  const std::uint32_t loop = s.here();
  for (int m = 1; m < 8; ++m) s.op("add_mmmn_si", {m, m, 3});
  s.op("brnzdec_mmmn_zi", {0, loop / 4}).op("sync", {3});
  run_to_sync(state, {&s}, 8.0 * passes, passes);
}
BENCHMARK(supervisor_loop)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
