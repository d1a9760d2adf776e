// SPDX-License-Identifier: Apache-2.0
// The network once more, in C++, in the order README.md states: the expected scores and labels must come out.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <vector>

#include "csv.hpp"

namespace {

using ipusim::digits_test::read_data;

std::vector<std::vector<float>> floats(const std::string& file) {
  std::vector<std::vector<float>> result;
  for (const auto& row : read_data(file)) {
    std::vector<float> values;
    for (const std::string& text : row) values.push_back(std::stof(text));
    result.push_back(values);
  }
  return result;
}

std::vector<unsigned> labels(const std::string& file) {
  std::vector<unsigned> result;
  for (const auto& row : read_data(file)) result.push_back(static_cast<unsigned>(std::stoul(row.at(0))));
  return result;
}

// A line holds two neurons interleaved: biases, then the weights of each input.
std::vector<float> layer(const std::vector<float>& inputs, const std::vector<std::vector<float>>& pairs) {
  std::vector<float> sums;
  for (const auto& pair : pairs) {
    for (const std::size_t lane : {0U, 1U}) {
      float sum = pair.at(lane);
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        const volatile float term =
            inputs[i] * pair.at(2 * (i + 1) + lane);  // volatile: never fused with the addition
        sum = sum + term;
      }
      sums.push_back(sum);
    }
  }
  return sums;
}

TEST(DigitsNetwork, ExpectedScoresAndLabels) {
  const auto layer1 = floats("layer1.csv");
  const auto layer2 = floats("layer2.csv");
  const auto pictures = floats("heldout_pixels.csv");
  const auto scores = floats("expected_scores.csv");
  const auto expected = labels("expected_labels.csv");
  ASSERT_EQ(pictures.size(), expected.size());
  ASSERT_EQ(pictures.size(), scores.size());
  for (std::size_t s = 0; s < pictures.size(); ++s) {
    std::vector<float> hidden = layer(pictures[s], layer1);
    for (float& h : hidden) h = h > 0.0F ? h : 0.0F;
    const std::vector<float> mine = layer(hidden, layer2);
    ASSERT_EQ(mine.size(), scores[s].size());
    for (std::size_t c = 0; c < mine.size(); ++c) {
      EXPECT_EQ(std::bit_cast<std::uint32_t>(mine[c]), std::bit_cast<std::uint32_t>(scores[s][c]))
          << "digit " << s << ", class " << c;
    }
    EXPECT_EQ(std::max_element(mine.begin(), mine.end()) - mine.begin(), expected[s]) << "digit " << s;
  }
}

TEST(DigitsNetwork, NinetyPercentOfHeldOutDigitsAreRight) {
  const auto expected = labels("expected_labels.csv");
  const auto truth = labels("heldout_labels.csv");
  ASSERT_EQ(expected.size(), truth.size());
  ASSERT_GE(truth.size(), 300U);
  std::size_t right = 0;
  for (std::size_t s = 0; s < truth.size(); ++s) right += expected[s] == truth[s] ? 1U : 0U;
  EXPECT_GE(10 * right, 9 * truth.size());
}

}  // namespace
