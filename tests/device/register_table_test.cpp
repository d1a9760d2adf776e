// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/registers/register_table.hpp"

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>

namespace {

using namespace ipusim::device;

constexpr std::array rows{RegisterRow{"STATUS", 4, Access::read_only, 0, "how it is"},
                          RegisterRow{"GO", 8, Access::write_only, 0, "begins"}};

TEST(RegisterTable, HasALineForEveryRow) {
  const std::array groups{RegisterGroup{"one", 0x3000, rows}, RegisterGroup{"many", 0x4000, rows, 9, 0x40}};
  const std::array<std::string_view, 2> names{"", "place"};
  EXPECT_EQ(register_table(groups, names),
            "| offset | register | | what |\n"
            "|---|---|---|---|\n"
            "| 0x3004 | STATUS | R | how it is |\n"
            "| 0x3008 | GO | W | begins |\n"
            "| 0x4004 + 0x40 * place | STATUS | R | how it is |\n"
            "| 0x4008 + 0x40 * place | GO | W | begins |\n");
}

TEST(RegisterTable, StandsBetweenItsMarkers) {
  const std::string page = "before\n<!-- registers: toy -->\nold\n<!-- end -->\nafter\n";
  EXPECT_EQ(with_table(page, "toy", "new\n"), "before\n<!-- registers: toy -->\nnew\n<!-- end -->\nafter\n");
  EXPECT_THROW(with_table(page, "other", "new\n"), std::runtime_error);
  EXPECT_THROW(with_table("<!-- registers: toy -->\n", "toy", "new\n"), std::runtime_error);
}

}  // namespace
