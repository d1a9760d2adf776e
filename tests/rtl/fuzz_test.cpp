// Random programs on both models in lockstep: whatever they do, the models must agree on it. Seeds count from
// 0; IPUSIM_FUZZ_SEEDS=FIRST:COUNT chooses others.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "ipusim/lockstep/lockstep_tile.hpp"
#include "random_program.hpp"
#include "random_supervisor.hpp"
#include "tile_bench.hpp"

namespace ipusim::tile::test {
namespace {

struct Seeds {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};
Seeds seeds(std::uint32_t count) {
  const char* text = std::getenv("IPUSIM_FUZZ_SEEDS");
  if (text == nullptr) return {0, count};
  const std::string chosen = text;
  const auto colon = chosen.find(':');
  return {static_cast<std::uint32_t>(std::stoul(chosen)),
          colon == std::string::npos ? 1U : static_cast<std::uint32_t>(std::stoul(chosen.substr(colon + 1)))};
}

TileKind lockstep_kind() {
  return {"lockstep",
          [](const TileParameters& parameters) { return lockstep::make_lockstep_tile(parameters); }};
}

void fill_data(Bench& bench, ByteAddr from, std::uint32_t words, std::mt19937& random) {
  constexpr std::uint32_t special[] = {0,          0x80000000, 1,          0x7F800000,
                                       0x7FC00000, 0x7F7FFFFF, 0x00800000, 0xFFFFFFFF};
  for (std::uint32_t i = 0; i < words; ++i) {
    // Data may be run into as code.
    auto bits = static_cast<std::uint32_t>(random());
    while (!executed_alike(bits)) bits = static_cast<std::uint32_t>(random());
    bench.store_word(from + 4 * i, bits % 8 == 0 ? special[(bits >> 8U) % 8] : bits);
  }
}

// Runs to the end of the program, releasing its syncs; false if the models differ.
bool run(Bench& bench, ByteAddr pc, std::uint32_t syncs) {
  bench.tile().start(pc, Cycle{3});
  for (std::uint32_t i = 0; i < 200; ++i) {
    const StopReport stop = bench.tile().advance(bench.tile().now() + 20000);
    if (stop.reason == StopReason::mismatch) {
      ADD_FAILURE() << stop.message;
      return false;
    }
    if (stop.reason != StopReason::sync) return true;
    if (syncs-- == 0) return true;
    bench.tile().release_sync(stop.cycle + min_release_delay + i % 7);
  }
  return true;
}

TEST(Fuzz, SupervisorAndWorkers) {
  const Seeds chosen = seeds(150);
  std::size_t bundles = 0;
  for (std::uint32_t seed = chosen.first; seed < chosen.first + chosen.count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    Bench bench(lockstep_kind());
    SupervisorLayout layout{ByteAddr{0x4C000}, ByteAddr{0x7C000}, ByteAddr{0xD0000}, {}, data};
    for (std::uint32_t i = 0; i < 3; ++i) {
      const ByteAddr code{0x54000 + 0x4000 * i};
      layout.worker_code.push_back(code);
      bench.load(random_worker({code, data + 0x8000, wide_data + 0x8000}, 3 * seed + i));
    }
    fill_data(bench, wide_data + 0x8000, 6 * 64, random);
    fill_data(bench, layout.data, 0x400, random);
    const Program supervisor = random_supervisor(layout, seed);
    bench.load(supervisor);
    for (std::uint64_t at = 100; at < 6000; at += 1 + random() % 60) {
      bench.port().words[Cycle{at}] = static_cast<std::uint32_t>(random());
    }
    if (!run(bench, layout.code, 6)) return;
    bundles += bench.recorder().retired.size();
  }
  // Else the programs are not what they should be.
  if (chosen.count == 150) {
    EXPECT_GT(bundles, 100000U);
  }
}

TEST(Fuzz, WordsOfAllKinds) {
  const Seeds chosen = seeds(4000);
  for (std::uint32_t seed = chosen.first; seed < chosen.first + chosen.count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    Bench bench(lockstep_kind());
    const bool worker = seed % 2 == 0;
    bench.load(random_words(worker ? worker_code : code, 40,
                            worker ? isa::Mode::worker : isa::Mode::supervisor, seed));
    if (worker) bench.load(Bench::one_worker());
    fill_data(bench, data, 64, random);
    if (!run(bench, code, 2)) return;
  }
}

}  // namespace
}  // namespace ipusim::tile::test
