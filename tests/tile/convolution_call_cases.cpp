// SPDX-License-Identifier: Apache-2.0
// How long a `put` holds the supervisor: what was measured of calls of the open library's 1x1 convolution.
#include <functional>

#include "cases.hpp"
#include "convolution_call.hpp"

namespace ipusim::tile::test {
namespace {

// [meas] Cycles of a call on a Mk2 (tessellate-ipu's notebook on peak performance, every sixteenth N up to
// 2048). What is around the call is in them, always the same: only differences are compared.
constexpr unsigned compared_with = 48;
std::int64_t measured(unsigned places) {
  if (places == 16) return 402;
  return 4 * std::int64_t{places} + (places % 6 == 0 ? 332 : 328);
}
constexpr std::array exact{16U, 64U, 96U, 112U, 160U, 192U};  // N mod 6 = 0 and 4
// N mod 6 = 2: the mean over all tiles, which begin in different slots.
constexpr std::array spread{32U, 80U, 128U};
double measured_mean(unsigned places) { return 4.0 * places + 333.34; }

using Call = std::function<std::int64_t(unsigned places, unsigned slot)>;

// Whether calls that begin in any slot differ by what was measured, and its means lie among them.
::testing::AssertionResult fits(const Call& call) {
  for (unsigned slot = 0; slot < isa::timing::slots; ++slot) {
    for (const unsigned places : exact) {
      const std::int64_t got = call(places, slot) - call(compared_with, slot);
      if (got != measured(places) - measured(compared_with))
        return ::testing::AssertionFailure()
               << places << " places in slot " << slot << ": " << got << " more than " << compared_with;
    }
  }
  for (const unsigned places : spread) {
    const double wanted = measured_mean(places) - static_cast<double>(measured(compared_with));
    double least = 1e9, most = 0;
    for (unsigned slot = 0; slot < isa::timing::slots; ++slot) {
      const auto got = static_cast<double>(call(places, slot) - call(compared_with, slot));
      least = std::min(least, got);
      most = std::max(most, got);
    }
    if (wanted < least || wanted > most)
      return ::testing::AssertionFailure()
             << places << " places: " << least << " to " << most << " more than " << compared_with;
  }
  return ::testing::AssertionSuccess();
}

std::int64_t counted(unsigned places, unsigned slot, unsigned hold) {
  return static_cast<std::int64_t>(ConvolutionCall(places).cycles(first_cycle.value() + slot, hold));
}

TEST_P(ConvolutionCallCases, DifferAsMeasured) {
  const auto call = [&](unsigned places, unsigned slot) {
    const ConvolutionCall program(places);
    Bench bench = make_bench();
    bench.load(program.supervisor());
    bench.load(program.worker());
    for (const auto& word : program.words()) bench.store_word(word.at, word.value);
    const Cycle start = first_cycle + slot;
    bench.tile().start(program.supervisor().base(), start);
    const StopReport report = bench.go_on();
    expect_sync(report);
    EXPECT_EQ(report.cycle - start, program.cycles(start.value(), isa::timing::supervisor_put));
    return static_cast<std::int64_t>(report.cycle - start);
  };
  EXPECT_TRUE(fits(call));
}

TEST_P(ConvolutionCallCases, OnlyAHoldOfSixFits) {
  for (unsigned hold = 1; hold <= 12; ++hold) {
    EXPECT_EQ(fits([&](unsigned places, unsigned slot) { return counted(places, slot, hold); }), hold == 6)
        << hold;
  }
}

}  // namespace
}  // namespace ipusim::tile::test
