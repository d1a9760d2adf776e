// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

namespace ipusim::tile::test {

void expect_exception(const StopReport& report, const ExpectedException& expected) {
  ASSERT_EQ(report.reason, StopReason::exception) << "cycle " << report.cycle.value();
  const ExceptionReport& got = report.exception;
  EXPECT_EQ(got.type, expected.type);
  EXPECT_EQ(got.cause, expected.cause);
  EXPECT_EQ(got.context, expected.context) << got.context.name();
  EXPECT_EQ(got.pc, expected.pc) << std::hex << got.pc.value();
  EXPECT_EQ(got.data_address.has_value(), expected.data_address.has_value());
  if (got.data_address && expected.data_address) {
    EXPECT_EQ(*got.data_address, *expected.data_address) << std::hex << got.data_address->value();
  }
  EXPECT_EQ(report.cycle, got.cycle);
  if (expected.cycle) {
    EXPECT_EQ(got.cycle.value(), *expected.cycle);
  }
}

void expect_sync(const StopReport& report, unsigned zone) {
  ASSERT_EQ(report.reason, StopReason::sync) << "exception cause " << static_cast<int>(report.exception.cause)
                                             << " at 0x" << std::hex << report.exception.pc.value();
  EXPECT_EQ(report.sync_zone, zone);
}

}  // namespace ipusim::tile::test
