// SPDX-License-Identifier: Apache-2.0
// Configuration space against the layout of the PCI and PCI Express specifications, offsets in numbers.
#include "ipusim/device/pcie/config_space.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "ipusim/host/ipu_function.hpp"

namespace {

using namespace ipusim;
using device::ConfigSpace;
using device::RequestError;

config::PcieConfig mk2_config() {
  return config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml").pcie;
}

device::FunctionDescription mk2() { return host::ipu_description(mk2_config()); }

// Offset of a capability, through the list; 0 if it is not there.
std::uint32_t find_capability(const ConfigSpace& space, std::uint32_t id) {
  std::uint32_t at = space.read(0x34) & 0xFFU;
  while (at != 0 && (space.read(at) & 0xFFU) != id) at = (space.read(at) >> 8U) & 0xFFU;
  return at;
}

TEST(ConfigSpace, Header) {
  const ConfigSpace space(mk2());
  EXPECT_EQ(space.read(0x00), 0x0003'1D95U);  // configs/parts/ipu2.yaml
  EXPECT_EQ(space.read(0x04), 0x0010'0000U);  // everything off; Status: capabilities list
  EXPECT_EQ(space.read(0x08), 0x1200'0000U);  // class 12h, revision 0
  EXPECT_EQ(space.read(0x0C), 0U);            // type 0, one function
  EXPECT_EQ(space.read(0x30), 0U);            // no ROM
  EXPECT_EQ(space.read(0x3C), 0U);            // no INTx pin
  EXPECT_EQ(space.read(0x100), 0U);           // no extended capability
  EXPECT_EQ(space.read(0xFFC), 0U);
}

TEST(ConfigSpace, ReadOnlyBitsStay) {
  ConfigSpace space(mk2());
  for (const std::uint32_t offset :
       {0x00U, 0x08U, 0x0CU, 0x14U, 0x28U, 0x2CU, 0x30U, 0x34U, 0x44U, 0x4CU, 0x84U, 0x88U, 0x100U}) {
    const std::uint32_t before = space.read(offset);
    space.write(offset, ~before);
    EXPECT_EQ(space.read(offset), before) << offset;
  }
  space.write(0x04, ~0U);
  EXPECT_EQ(space.read(0x04), 0x0010'0546U);  // memory, master, parity, SERR#, interrupt disable
  space.write(0x3C, ~0U);
  EXPECT_EQ(space.read(0x3C), 0xFFU);  // interrupt line
}

TEST(ConfigSpace, BarSizing) {
  ConfigSpace space(mk2());
  for (unsigned n = 0; n < 6; ++n) space.write(0x10 + 4 * n, ~0U);
  EXPECT_EQ(space.read(0x10), 0xFFF8'0000U);  // 512 KiB, 32 bits, not prefetchable
  EXPECT_EQ(space.read(0x14), 0U);
  EXPECT_EQ(space.read(0x18), 0x8000'000CU);  // 2 GiB, 64 bits, prefetchable
  EXPECT_EQ(space.read(0x1C), 0xFFFF'FFFFU);
  EXPECT_EQ(space.read(0x20), 0xFFFF'F000U);  // 4 KiB
  EXPECT_EQ(space.read(0x24), 0xFFFF'F000U);
  space.write(0x10, 0xD234'5678);
  EXPECT_EQ(space.read(0x10), 0xD230'0000U);  // size and type bits stay 0
}

TEST(ConfigSpace, BarsLargerThan4GiBAndManyVectors) {
  auto config = mk2_config();
  config.memory_bar_bytes = std::uint64_t{1} << 34U;
  config.msix_vectors = 2048;  // 32 KiB of table
  ConfigSpace space(host::ipu_description(config));
  for (unsigned n = 0; n < 6; ++n) space.write(0x10 + 4 * n, ~0U);
  EXPECT_EQ(space.read(0x18), 0x0000'000CU);
  EXPECT_EQ(space.read(0x1C), 0xFFFF'FFFCU);
  EXPECT_EQ(space.read(0x20), 0xFFFF'8000U);
  EXPECT_EQ(space.read(0x24), 0xFFFF'F000U);
}

TEST(ConfigSpace, AddressesFindTheirBar) {
  ConfigSpace space(mk2());
  space.write(0x10, 0xD000'0000);
  space.write(0x18, 0x8000'0000);
  space.write(0x1C, 0x12);
  space.write(0x20, 0xE000'0000);
  space.write(0x24, 0xE000'1000);
  const auto hit = [&](std::uint64_t address) {
    const auto target = space.decode(address);
    return target ? std::pair{static_cast<int>(target->bar), target->offset}
                  : std::pair{-1, std::uint64_t{0}};
  };
  EXPECT_EQ(hit(0xD000'0000), (std::pair{0, std::uint64_t{0}}));
  EXPECT_EQ(hit(0xD007'FFFF), (std::pair{0, std::uint64_t{0x7FFFF}}));
  EXPECT_EQ(hit(0xD008'0000).first, -1);
  EXPECT_EQ(hit(0x12'8354'C010), (std::pair{2, std::uint64_t{0x354'C010}}));
  EXPECT_EQ(hit(0x12'FFFF'FFFF), (std::pair{2, std::uint64_t{0x7FFF'FFFF}}));
  EXPECT_EQ(hit(0x13'0000'0000).first, -1);
  EXPECT_EQ(hit(0x8000'0000).first, -1);
  EXPECT_EQ(hit(0xE000'0010), (std::pair{4, std::uint64_t{0x10}}));
  EXPECT_EQ(hit(0xE000'1000), (std::pair{5, std::uint64_t{0}}));
}

TEST(ConfigSpace, PciExpressCapability) {
  ConfigSpace space(mk2());
  const std::uint32_t at = find_capability(space, 0x10);
  ASSERT_EQ(at, 0x40U);
  EXPECT_EQ(space.read(at) >> 16U, 0x0002U);    // version 2, endpoint
  EXPECT_EQ(space.read(at + 4), 0x0000'8001U);  // 256 bytes supported, role-based error reporting
  EXPECT_EQ(space.read(at + 8), 0x0000'2810U);  // 128 bytes, reads of 512; relaxed order, no snoop
  EXPECT_EQ(space.max_payload_bytes(), 128U);
  EXPECT_EQ(space.max_read_request_bytes(), 512U);
  space.write(at + 8, 0x5020);  // 256, 4096
  EXPECT_EQ(space.max_payload_bytes(), 256U);
  EXPECT_EQ(space.max_read_request_bytes(), 4096U);
  space.write(at + 8, 0x0040);  // 512 is not supported: stays; reads of 128
  EXPECT_EQ(space.max_payload_bytes(), 256U);
  EXPECT_EQ(space.max_read_request_bytes(), 128U);
  space.write(at + 8, 0x6020);  // a reserved code: stays
  EXPECT_EQ(space.max_read_request_bytes(), 128U);
}

TEST(ConfigSpace, MsixCapability) {
  ConfigSpace space(mk2());
  const std::uint32_t at = find_capability(space, 0x11);
  ASSERT_EQ(at, 0x80U);
  EXPECT_EQ(space.read(at), 0x0007'0011U);  // eight vectors, off; end of the list
  EXPECT_EQ(space.read(at + 4), 4U);        // table: BAR 4, offset 0
  EXPECT_EQ(space.read(at + 8), 5U);        // pending bits: BAR 5, offset 0
  EXPECT_FALSE(space.msix_enabled());
  space.write(at, 0xFFFF'0000);
  EXPECT_EQ(space.read(at), 0xC007'0011U);
  EXPECT_TRUE(space.msix_enabled());
  EXPECT_TRUE(space.msix_masked());
}

TEST(ConfigSpace, OnlyTheSelectedBytesAreWritten) {
  ConfigSpace space(mk2());
  space.write(0x10, 0xFFFF'FFFF, 0x00FF'0000);
  EXPECT_EQ(space.read(0x10), 0x00F8'0000U);
  space.write(0x48, 0x0000'5F00, 0x0000'FF00);  // upper half of Device Control
  EXPECT_EQ(space.read(0x48) & 0xFFFFU, 0x5810U);
}

TEST(ConfigSpace, ErrorBitsAreClearedByOnes) {
  ConfigSpace space(mk2());
  const auto device_status = [&] { return space.read(0x48) >> 16U; };
  space.record(RequestError::unsupported, false);
  EXPECT_EQ(device_status(), 0x9U);  // advisory: correctable, and unsupported request
  space.write(0x48, 0x0001'0000, 0xFFFF'0000);
  EXPECT_EQ(device_status(), 0x8U);
  space.record(RequestError::unsupported, true);
  EXPECT_EQ(device_status(), 0xAU);  // posted: non-fatal
  space.write(0x48, 0x000F'0000, 0xFFFF'0000);
  EXPECT_EQ(device_status(), 0U);
  EXPECT_EQ(space.read(0x04) >> 16U, 0x0010U);
  space.record(RequestError::abort, true);
  EXPECT_EQ(device_status(), 0x2U);
  EXPECT_EQ(space.read(0x04) >> 16U, 0x0810U);  // signaled target abort
  space.write(0x04, 0x0800'0000, 0xFFFF'0000);
  EXPECT_EQ(space.read(0x04) >> 16U, 0x0010U);
  space.write(0x48, 0x000F'0000, 0xFFFF'0000);
  space.record(RequestError::malformed, true);
  EXPECT_EQ(device_status(), 0xCU);  // fatal, and reported as unsupported request
}

TEST(ConfigSpace, ImpossibleDescriptionsAreRefused) {
  const auto with = [](auto change) {
    auto config = mk2_config();
    change(config);
    return host::ipu_description(config);
  };
  EXPECT_THROW(ConfigSpace(with([](auto& c) { c.control_bar_bytes = 0x80001; })), std::invalid_argument);
  EXPECT_THROW(ConfigSpace(with([](auto& c) { c.control_bar_bytes = std::uint64_t{1} << 32U; })),
               std::invalid_argument);
  EXPECT_THROW(ConfigSpace(with([](auto& c) { c.memory_bar_bytes = 0; })), std::invalid_argument);
  EXPECT_THROW(ConfigSpace(with([](auto& c) { c.msix_vectors = 0; })), std::invalid_argument);
  EXPECT_THROW(ConfigSpace(with([](auto& c) { c.msix_vectors = 2049; })), std::invalid_argument);
  EXPECT_THROW(ConfigSpace(with([](auto& c) { c.max_payload_bytes = 64; })), std::invalid_argument);
  EXPECT_THROW(ConfigSpace(with([](auto& c) { c.max_payload_bytes = 384; })), std::invalid_argument);
}

}  // namespace
