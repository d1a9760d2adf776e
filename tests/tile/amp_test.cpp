// SPDX-License-Identifier: Apache-2.0
// What software does with the engines: matrix products through AMP, with the pipeline primed and drained, and
// convolutions through SLIC. Expected values come from the plain sums, in integers.
#include <vector>

#include "engine_bench.hpp"

namespace ipusim::tile::test {
namespace {

using arith::test::Random;
using U = std::uint32_t;

U f32(int value) { return std::bit_cast<U>(static_cast<float>(value)); }
U f16(int value) { return arith::test::expected_half(f32(value), {}, 0).bits; }
int small(Random& random) { return static_cast<int>(random.below(9)) - 4; }

struct Form {
  Opcode opcode;
  unsigned sets;
  bool f32_input;
  bool half_partials;
  bool half_results;
};
void PrintTo(const Form& form, std::ostream* os) { *os << isa::instruction(form.opcode).id; }

// Coefficients by unit and input; inputs are counted over all columns.
class Weights {
 public:
  Weights(EngineBench& bench, Random& random, bool f32_input) : per_column_(f32_input ? 2 : 4) {
    for (unsigned unit = 0; unit < 16; ++unit) {
      for (unsigned column = 0; column < 4; ++column) {
        std::uint64_t word = 0;
        for (unsigned i = 0; i < per_column_; ++i) {
          const int w = small(random);
          values_[unit][per_column_ * column + i] = w;
          word |= std::uint64_t{f32_input ? f32(w) : f16(w)} << (64 / per_column_ * i);
        }
        bench.set_weight(unit, column, word);
      }
    }
  }
  int operator()(unsigned unit, unsigned input) const { return values_[unit][input]; }

 private:
  unsigned per_column_;
  std::array<std::array<int, 16>, 16> values_{};
};

// Puts two partial sums of each set that takes some into $a4:5, and reads two results of each from $a6:7.
void put_pair(EngineBench& bench, const Form& form, unsigned set, int first, int second) {
  if (form.half_partials) {
    bench.a()[4 + set] = f16(first) | f16(second) << 16U;
  } else {
    bench.a()[4] = f32(first);
    bench.a()[5] = f32(second);
  }
}
void expect_pair(EngineBench& bench, const Form& form, unsigned set, int first, int second) {
  if (form.half_results) {
    EXPECT_EQ(bench.a()[6 + set], f16(first) | f16(second) << 16U);
  } else {
    EXPECT_EQ(bench.a()[6], f32(first));
    EXPECT_EQ(bench.a()[7], f32(second));
  }
}

class Amp : public ::testing::TestWithParam<Form> {};

// rows of inputs times the coefficients plus a start value for every output. A row's start values enter in
// the round before its own, its results leave in the round after.
TEST_P(Amp, MultipliesMatrices) {
  const Form form = GetParam();
  constexpr unsigned rows = 7;
  for (unsigned mode = 0; mode < 3; ++mode) {
    Random random(mode + 1);
    EngineBench bench;
    bench.load_state_from_model();
    const Weights weights(bench, random, form.f32_input);
    const unsigned engines = 4U >> mode;
    const unsigned units = 2 * engines;
    const unsigned inputs = form.f32_input ? units : 4 * engines;
    const unsigned phases = form.f32_input ? units : engines;
    std::vector<std::array<int, 16>> in(rows);
    std::vector<std::array<int, 16>> start(rows);
    std::vector<std::array<int, 16>> out(rows);
    for (unsigned row = 0; row < rows; ++row) {
      for (int& value : in[row]) value = small(random);
      for (unsigned unit = 0; unit < 16; ++unit) {
        out[row][unit] = start[row][unit] = small(random) * 10;
        for (unsigned i = 0; i < inputs; ++i) out[row][unit] += in[row][i] * weights(unit, i);
      }
    }
    for (unsigned round = 0; round < rows + 2; ++round) {
      for (unsigned phase = 0; phase < phases; ++phase) {
        const bool has_input = round >= 1 && round <= rows;
        const auto input = [&](unsigned i) { return has_input ? in[round - 1][i] : 0; };
        if (form.f32_input) {
          bench.a()[2] = f32(input(phase));
        } else {
          const unsigned i = 4 * phase;
          bench.a()[2] = f16(input(i)) | f16(input(i + 1)) << 16U;
          bench.a()[3] = f16(input(i + 2)) | f16(input(i + 3)) << 16U;
        }
        // The chains that move in this issue, and the pair of units they are at.
        const unsigned pair = form.f32_input ? phase & ~1U : 2 * phase;
        std::vector<unsigned> moving;
        if (!form.f32_input) {
          for (unsigned set = 0; set < form.sets; ++set) moving.push_back(set);
        } else if (phase % 2 < form.sets) {
          moving.push_back(phase % 2);
        }
        for (const unsigned set : moving) {
          const auto value = [&](unsigned unit) { return round < rows ? start[round][8 * set + unit] : 0; };
          put_pair(bench, form, set, value(pair), value(pair + 1));
        }
        ASSERT_TRUE(bench.issue(form.opcode, {6, 2, 4, phase | mode << 3U}));
        if (moving.empty()) expect_pair(bench, form, 0, 0, 0);
        if (round < 2) continue;
        for (const unsigned set : moving) {
          const auto& row = out[round - 2];
          expect_pair(bench, form, set, row[8 * set + pair], row[8 * set + pair + 1]);
        }
        ASSERT_FALSE(HasFailure()) << "mode " << mode << " round " << round << " phase " << phase;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, Amp,
                         ::testing::Values(Form{Opcode::f16v4sisoamp_aaan_ef, 1, false, false, false},
                                           Form{Opcode::f16v4sihoamp_aaan_ef, 1, false, false, true},
                                           Form{Opcode::f16v4hihoamp_aaan_ef, 1, false, true, true},
                                           Form{Opcode::f16v4hihov4amp_aaan_ef, 2, false, true, true},
                                           Form{Opcode::f32sisoamp_aaan_ef, 1, true, false, false},
                                           Form{Opcode::f32sisov2amp_aaan_ef, 2, true, false, false}));

class Slic : public ::testing::TestWithParam<Form> {};

// A one-dimensional convolution of a series with three or four taps into two channels per set: tap j of the
// kernel sits in the j-th pair of units from the back. What enters with issue i leaves taps issues later.
// f32 takes the two elements of an input in two issues, of which the second moves set 1: for that set an
// input is the second element and the first one of the next input (O37).
TEST_P(Slic, ConvolvesASeries) {
  const Form form = GetParam();
  constexpr unsigned steps = 12;
  const unsigned elements = form.f32_input ? 2 : 4;
  const unsigned sets_at_once = form.f32_input ? 1 : form.sets;
  for (unsigned flags = 0; flags < 8; ++flags) {
    Random random(flags + 1);
    EngineBench bench;
    bench.load_state_from_model();
    const Weights weights(bench, random, form.f32_input);
    const unsigned column = flags & 3U;
    const unsigned taps = (flags & 4U) != 0 ? 3 : 4;
    std::array<std::array<int, 4>, steps> x{};
    std::array<std::array<int, 4>, steps> start{};
    for (unsigned i = 0; i < steps; ++i) {
      for (int& value : x[i]) value = small(random);
      for (int& value : start[i]) value = 10 * small(random);
    }
    const auto expected = [&](unsigned from, unsigned channel) {
      int value = start[from][channel];
      for (unsigned tap = 0; tap < taps; ++tap) {
        const unsigned unit = 8 * (channel / 2) + 2 * (taps - 1 - tap) + channel % 2;
        for (unsigned e = 0; e < elements; ++e) {
          const bool of_the_next = form.f32_input && channel >= 2 && e == 0;
          value += x[from + tap + (of_the_next ? 1 : 0)][e] * weights(unit, elements * column + e);
        }
      }
      return value;
    };
    for (unsigned i = 0; i < steps; ++i) {
      const auto put_start = [&](unsigned set) {
        put_pair(bench, form, set, start[i][2 * set], start[i][2 * set + 1]);
      };
      const auto expect_result = [&](unsigned set) {
        if (i >= taps)
          expect_pair(bench, form, set, expected(i - taps, 2 * set), expected(i - taps, 2 * set + 1));
      };
      for (unsigned set = 0; set < sets_at_once; ++set) put_start(set);
      if (form.f32_input) {
        bench.a()[2] = f32(x[i][0]);
      } else {
        bench.a()[2] = f16(x[i][0]) | f16(x[i][1]) << 16U;
        bench.a()[3] = f16(x[i][2]) | f16(x[i][3]) << 16U;
      }
      ASSERT_TRUE(bench.issue(form.opcode, {6, 2, 4, flags}));
      for (unsigned set = 0; set < sets_at_once; ++set) expect_result(set);
      if (form.f32_input) {
        const bool moves = form.sets == 2;
        if (moves) put_start(1);
        bench.a()[2] = f32(x[i][1]);
        ASSERT_TRUE(bench.issue(form.opcode, {6, 2, 4, flags | 8U}));
        moves ? expect_result(1) : expect_pair(bench, form, 0, 0, 0);
      }
      ASSERT_FALSE(HasFailure()) << "flags " << flags << " step " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Forms, Slic,
                         ::testing::Values(Form{Opcode::f16v4sisoslic_aaan_ef, 1, false, false, false},
                                           Form{Opcode::f16v4sihoslic_aaan_ef, 1, false, false, true},
                                           Form{Opcode::f16v4hihoslic_aaan_ef, 1, false, true, true},
                                           Form{Opcode::f16v4hihov4slic_aaan_ef, 2, false, true, true},
                                           Form{Opcode::f32sisoslic_aaan_ef, 1, true, false, false},
                                           Form{Opcode::f32sisov2slic_aaan_ef, 2, true, false, false}));

// A partial sum that is an f16 infinity or NaN enters as a NaN, with INV at once; an f32 one moves as it is.
TEST(AmpFlags, PartialSumsThatAreNotNumbers) {
  EngineBench bench;
  bench.load_state_from_model();
  bench.a()[4] = 0x7C003C00;
  ASSERT_TRUE(bench.issue(Opcode::f16v4hihoamp_aaan_ef, {6, 2, 4, 1}));
  EXPECT_EQ(bench.model().flags, arith::flag::invalid);
  EXPECT_EQ(bench.model().C[7], 0x7FC00000U);
  bench.a()[4] = 0xFF800000;
  bench.a()[5] = 0x7F800001;
  ASSERT_TRUE(bench.issue(Opcode::f16v4sisoamp_aaan_ef, {6, 2, 4, 1}));
  EXPECT_EQ(bench.model().flags, 0);
  EXPECT_EQ(bench.model().C[6], 0xFF800000U);
  EXPECT_EQ(bench.model().C[7], 0x7F800001U);
}

// The top of the f32 range: what is too small to count, infinities, and an overflow with OFLO enabled or not.
TEST(AmpFlags, TopOfTheRange) {
  for (const bool enabled : {false, true}) {
    EngineBench bench;
    bench.model().E.fill(f32(3));
    bench.model().E[5] = 0x7F7FFFFF;
    bench.model().control = enabled ? arith::flag::overflow : 0;
    bench.load_state_from_model();
    for (unsigned unit = 0; unit < 8; ++unit) bench.set_weight(unit, 1, 0x7BFF7BFF7BFF7BFF);
    bench.a()[2] = bench.a()[3] = 0x7BFF7BFF;
    EXPECT_TRUE(bench.issue(Opcode::f16v4sisoamp_aaan_ef, {6, 2, 4, 1}) || enabled);
    // 4 * 65504^2 is far below an f32's last place at the top of the range: no overflow yet.
    EXPECT_EQ(bench.model().flags, 0);
    for (unsigned unit = 0; unit < 8; ++unit) bench.model().E[unit] = 0x7F800000;
    bench.load_state_from_model();
    EXPECT_TRUE(bench.issue(Opcode::f16v4sisoamp_aaan_ef, {6, 2, 4, 1}));
    EXPECT_EQ(bench.model().E[5], 0x7F800000U);  // an infinite f32 stays one, no flag
    EXPECT_EQ(bench.model().flags, 0);
    bench.model().E.fill(0x7F7FFFFF);
    bench.load_state_from_model();
    bench.a()[0] = 0x7F7FFFFF;
    bench.a()[1] = f32(2);
    EXPECT_EQ(bench.issue(Opcode::f32mac_aaan, {0, 1}), !enabled);
    EXPECT_EQ(bench.model().E[0], enabled ? 0x7F7FFFFFU : 0x7F800000U);
  }
}

}  // namespace
}  // namespace ipusim::tile::test
