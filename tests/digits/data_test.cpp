// SPDX-License-Identifier: Apache-2.0
// The split, the files' shapes, and numbers that come back exactly.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <set>

#include "csv.hpp"
#include "fmt/format.h"

namespace {

using ipusim::digits_test::read_data;
using ipusim::digits_test::read_dataset;
using ipusim::digits_test::Row;

constexpr std::size_t held_out = 320;
constexpr std::size_t pixels = 64;

Row pixels_of(const Row& row) { return {row.begin(), row.begin() + pixels}; }

TEST(DigitsData, DatasetIsWholeAndInRange) {
  const auto rows = read_dataset();
  ASSERT_EQ(rows.size(), 1797U);
  for (const Row& row : rows) {
    ASSERT_EQ(row.size(), pixels + 1);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const int value = std::stoi(row[i]);
      ASSERT_TRUE(value >= 0 && value <= (i < pixels ? 16 : 9));
    }
  }
}

TEST(DigitsData, HeldOutRowsAreDistinctRowsOfTheDataset) {
  const auto rows = read_dataset();
  const auto numbers = read_data("heldout_rows.csv");
  const auto pictures = read_data("heldout_pixels.csv");
  const auto labels = read_data("heldout_labels.csv");
  ASSERT_EQ(numbers.size(), held_out);
  ASSERT_EQ(pictures.size(), held_out);
  ASSERT_EQ(labels.size(), held_out);
  std::set<std::size_t> distinct;
  for (std::size_t i = 0; i < held_out; ++i) {
    const std::size_t number = std::stoul(numbers[i].at(0));
    ASSERT_LT(number, rows.size());
    distinct.insert(number);
    EXPECT_EQ(pictures[i], pixels_of(rows[number])) << "held-out digit " << i;
    EXPECT_EQ(labels[i].at(0), rows[number].back()) << "held-out digit " << i;
  }
  EXPECT_EQ(distinct.size(), held_out);
}

TEST(DigitsData, NoHeldOutPictureIsAmongThoseTrainedOn) {
  const auto rows = read_dataset();
  std::set<std::size_t> held;
  for (const Row& row : read_data("heldout_rows.csv")) held.insert(std::stoul(row.at(0)));
  std::set<Row> trained_on;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!held.contains(i)) trained_on.insert(pixels_of(rows[i]));
  }
  EXPECT_EQ(trained_on.size(), rows.size() - held_out);
  for (const std::size_t i : held) EXPECT_FALSE(trained_on.contains(pixels_of(rows[i]))) << "row " << i;
}

// Held-out digits of every class, so that accuracy means something.
TEST(DigitsData, EveryClassIsHeldOut) {
  std::array<int, 10> count{};
  for (const Row& row : read_data("heldout_labels.csv")) ++count.at(std::stoul(row.at(0)));
  for (const int n : count) EXPECT_GE(n, 20);
}

void expect_numbers_come_back(const std::string& file, std::size_t lines, std::size_t columns) {
  const auto rows = read_data(file);
  ASSERT_EQ(rows.size(), lines) << file;
  for (const Row& row : rows) {
    ASSERT_EQ(row.size(), columns) << file;
    for (const std::string& text : row) {
      char* end = nullptr;
      const float value = std::strtof(text.c_str(), &end);
      EXPECT_EQ(*end, '\0') << text;
      EXPECT_TRUE(std::isnormal(value) || value == 0.0F) << text;
      EXPECT_EQ(std::stof(fmt::format("{:.9g}", value)), value);
      EXPECT_EQ(fmt::format("{:.9g}", value), text) << "more or fewer digits than an f32 has";
    }
  }
}

TEST(DigitsData, NumbersAreF32) {
  expect_numbers_come_back("layer1.csv", 16, 2 * 65);
  expect_numbers_come_back("layer2.csv", 5, 2 * 33);
  expect_numbers_come_back("expected_scores.csv", held_out, 10);
}

}  // namespace
