// SPDX-License-Identifier: Apache-2.0
// Many words of the random generator, and what they make of stochastic rounding: mean and spread. Seeds are
// fixed; bounds are five standard deviations of a fair rounding.
#include <array>
#include <bit>
#include <cmath>
#include <vector>

#include "cases.hpp"
#include "reference_generator.hpp"

namespace ipusim::tile::test {
namespace {

using U = std::uint32_t;

constexpr U seed = 0x0BADCAFE;
unsigned upper(std::string_view name) { return isa::find_csr(isa::Mode::worker, name)->index & 0xFFU; }

// A worker that executes `aux`, which writes $a4:5, `count` times, $a0..$a3 as given, FP_CTL set to
// `control`; the pairs it wrote.
std::vector<std::uint64_t> repeated(Bench& bench, Encoded aux, U count, const std::array<U, 4>& a,
                                    U control) {
  bench.store_word(data, seed);
  bench.store_word(data + 4, control);
  for (U i = 0; i < 4; ++i) bench.store_word(data + 8 + 4 * i, a.at(i));
  const ByteAddr results = data + 0x100;
  Program p(worker_code);
  p.add(Opcode::ld64_mman_zi, {13, 15, 0, 0});
  p.add(Opcode::uput_aaan_zi, {0, upper("PRNG_SEED")});
  p.add(Opcode::uput_aaan_zi, {1, upper("FP_CTL")});
  p.add(Opcode::ld64_mman_zi, {13, 15, 1, 0});
  p.add(Opcode::ld64_mman_zi, {13, 15, 2, 2});
  p.set_m(8, results.value());
  p.set_m(2, 0);
  p.align(8);
  // The store has what the execution before wrote: one more execution than results.
  p.add_bundle(nop(), aux);
  p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {count, 0}), fnop());
  p.add_bundle(encode(Opcode::st64step_mbmn_si, {8, 2, 1, 4}), aux);
  p.add(Opcode::exitz_mmmn, {15});
  EXPECT_EQ(bench.run_worker(p).reason, StopReason::sync);
  std::vector<std::uint64_t> words;
  for (U i = 0; i < count; ++i)
    words.push_back(bench.word(results + 8 * i) | std::uint64_t{bench.word(results + 8 * i + 4)} << 32U);
  return words;
}

TEST_P(RandomCases, AThousandWordsOfThePublishedGenerator) {
  Bench bench = make_bench();
  ReferenceGenerator reference(seed);
  for (const std::uint64_t word : repeated(bench, encode(Opcode::urand64_aaan, {4}), 1000, {}, 0))
    ASSERT_EQ(word, reference.next());
}

// The twelve fields add up to 371, far from their mean of 186: with s1 = 0 the generator's next word is s0.
TEST_P(RandomCases, NormalValuesFarOut) {
  Bench bench = make_bench();
  bench.store_word(data, 0xFFFFFFFE);  // one field 30, eleven 31
  bench.store_word(data + 4, 0x0FFFFFFF);
  Program p(worker_code);
  p.add(Opcode::ld64_mman_zi, {13, 15, 0, 0});
  p.add(Opcode::uput_aaan_zi, {0, upper("PRNG_0_0")});
  p.add(Opcode::uput_aaan_zi, {1, upper("PRNG_0_1")});
  p.add(Opcode::uput_aaan_zi, {15, upper("PRNG_1_0")});
  p.add(Opcode::uput_aaan_zi, {15, upper("PRNG_1_1")});
  p.add(Opcode::f32v2grand_aaan, {2});
  p.add(Opcode::exitz_mmmn, {15});
  EXPECT_EQ(bench.run_worker(p).reason, StopReason::sync);
  EXPECT_EQ(std::bit_cast<float>(bench.a(0, 2)), 185.0F / 32.0F);
}

// 1 + y in four lanes, y a part of the last place: rounds up as often as that part says, in lanes and from
// instruction to instruction independently.
TEST_P(RandomCases, StochasticSumsHaveTheirMeanAndSpread) {
  constexpr U count = 4000, stochastic = 1U << 19U;
  constexpr std::uint16_t one = 0x3C00;
  const double last_place = std::ldexp(1.0, -10);
  std::array<std::uint16_t, 4> y{};
  std::array<double, 4> part{};
  for (std::size_t lane = 0; lane < 4; ++lane) {
    const auto rounded = static_cast<_Float16>(std::array{0.1, 0.3, 0.5, 0.8}.at(lane) * last_place);
    y.at(lane) = std::bit_cast<std::uint16_t>(rounded);
    part.at(lane) = static_cast<double>(rounded) / last_place;
  }
  Bench bench = make_bench();
  const auto sums = repeated(
      bench, encode(Opcode::f16v4add_aaan, {4, 0, 2}), count,
      {one | U{one} << 16U, one | U{one} << 16U, y[0] | U{y[1]} << 16U, y[2] | U{y[3]} << 16U}, stochastic);
  std::vector<std::array<double, 4>> up;  // less its expected value
  for (const std::uint64_t sum : sums) {
    auto& row = up.emplace_back();
    for (std::size_t lane = 0; lane < 4; ++lane) {
      const auto grown = static_cast<std::uint16_t>(sum >> (16 * lane)) - one;
      ASSERT_TRUE(grown == 0 || grown == 1);
      row.at(lane) = grown - part.at(lane);
    }
  }
  double variance = 0;  // of the four together
  for (std::size_t lane = 0; lane < 4; ++lane) {
    const double own = part.at(lane) * (1 - part.at(lane));
    variance += own;
    double sum = 0, successive = 0;
    for (U i = 0; i < count; ++i) {
      sum += up[i].at(lane);
      if (i != 0) successive += up[i].at(lane) * up[i - 1].at(lane);
    }
    EXPECT_LT(std::abs(sum), 5 * std::sqrt(count * own)) << "lane " << lane;
    EXPECT_LT(std::abs(successive), 5 * std::sqrt(count) * own) << "lane " << lane;
  }
  double squares = 0;
  for (const auto& row : up) squares += std::pow(row[0] + row[1] + row[2] + row[3], 2);
  // Nearly normal: the variance of a sum of squares is twice that of its terms, squared.
  EXPECT_LT(std::abs(squares / count - variance), 5 * variance * std::sqrt(2.0 / count));
}

}  // namespace
}  // namespace ipusim::tile::test
