// SPDX-License-Identifier: Apache-2.0
// Header, BARs and capabilities of any function; the IPU's own are in tests/host/config_space_test.cpp.
#include "ipusim/device/pcie/config_space.hpp"

#include <gtest/gtest.h>

namespace {

using namespace ipusim::device;

FunctionDescription with_bars(std::vector<BarDescription> bars) {
  FunctionDescription description;
  description.bars = std::move(bars);
  return description;
}

// Ids of the capabilities, in the order of the list.
std::vector<std::uint32_t> list(const ConfigSpace& space) {
  std::vector<std::uint32_t> ids;
  for (std::uint32_t at = space.read(0x34) & 0xFFU; at != 0; at = space.read(at) >> 8U & 0xFFU) {
    ids.push_back(space.read(at) & 0xFFU);
  }
  return ids;
}

class VendorCapability : public Capability {
 public:
  explicit VendorCapability(std::uint32_t bytes)
      : Capability("vendor capability", 0x09, bytes,
                   {{"Length", 2, Access::writes_ignored, bytes, "", 1},
                    {"Scratch", 4, Access::read_write, 0, "", 4, 0xFFFF}}) {}
  std::uint32_t scratch() const { return kept(4); }
};

TEST(AnyConfigSpace, WithoutMsixTheListHasPciExpressAndPower) {
  const ConfigSpace space(with_bars({}));
  EXPECT_EQ(list(space), (std::vector<std::uint32_t>{0x10, 0x01}));
  EXPECT_FALSE(space.msix_enabled());
  for (std::uint32_t n = 0; n < 6; ++n) EXPECT_EQ(space.read(0x10 + 4 * n), 0U);
}

TEST(AnyConfigSpace, CapabilitiesPlaceAndLinkThemselves) {
  auto description = with_bars({});
  description.msix = MsixDescription{3, 0, 1};
  ConfigSpace space(description);
  VendorCapability first(0x14);
  VendorCapability second(8);
  space.add(first);
  space.add(second);
  EXPECT_EQ(list(space), (std::vector<std::uint32_t>{0x10, 0x11, 0x01, 0x09, 0x09}));
  EXPECT_EQ(first.offset(), 0xA0U);  // power management takes 0x90..0x97
  EXPECT_EQ(second.offset(), 0xC0U);
  EXPECT_EQ(space.read(0xA0), 0x0014'C009U);
  EXPECT_EQ(space.read(0xC0), 0x0008'0009U);
  space.write(0xA4, 0x1234'5678);
  EXPECT_EQ(space.read(0xA4), 0x5678U);
  EXPECT_EQ(first.scratch(), 0x5678U);
  EXPECT_EQ(second.scratch(), 0U);
  space.write(0xA0, 0);  // the header of a capability stays
  EXPECT_EQ(space.read(0xA0), 0x0014'C009U);
  VendorCapability large(0x50);
  EXPECT_THROW(space.add(large), std::logic_error);
  EXPECT_THROW(space.add(first), std::logic_error);
}

TEST(AnyConfigSpace, BarsOfEveryKind) {
  ConfigSpace space(with_bars({{0, 4096}, {1, std::uint64_t{1} << 33U, true}, {3, 1U << 31U, false, true}}));
  for (std::uint32_t n = 0; n < 6; ++n) space.write(0x10 + 4 * n, ~0U);
  EXPECT_EQ(space.read(0x10), 0xFFFF'F000U);
  EXPECT_EQ(space.read(0x14), 0x0000'0004U);
  EXPECT_EQ(space.read(0x18), 0xFFFF'FFFEU);
  EXPECT_EQ(space.read(0x1C), 0x8000'0008U);
  EXPECT_EQ(space.read(0x20), 0U);
  space.write(0x14, 0);
  space.write(0x18, 0x6);
  EXPECT_EQ(space.decode(0x7'FFFF'FFFF)->bar, 1U);
  EXPECT_EQ(space.decode(0x7'FFFF'FFFF)->offset, 0x1'FFFF'FFFFU);
  EXPECT_FALSE(space.decode(0x8'0000'0000));
}

TEST(AnyConfigSpace, BarsThatCannotBe) {
  for (const auto& bars : std::vector<std::vector<BarDescription>>{{{6, 4096}},
                                                                   {{5, 4096, true}},
                                                                   {{0, 2048}},
                                                                   {{0, 4097}},
                                                                   {{0, 0}},
                                                                   {{0, std::uint64_t{1} << 32U}},
                                                                   {{0, 4096}, {0, 8192}},
                                                                   {{0, 4096, true}, {1, 4096}}}) {
    EXPECT_THROW(ConfigSpace{with_bars(bars)}, std::invalid_argument);
  }
  auto twice = with_bars({{0, 4096}});
  twice.msix = MsixDescription{1, 0, 1};
  EXPECT_THROW(ConfigSpace{twice}, std::invalid_argument);
}

}  // namespace
