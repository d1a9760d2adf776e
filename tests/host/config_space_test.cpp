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
  EXPECT_EQ(space.read(0x00), 0x0003'1D95U);   // configs/parts/ipu2.yaml
  EXPECT_EQ(space.read(0x04), 0x0010'0000U);   // everything off; Status: capabilities list
  EXPECT_EQ(space.read(0x08), 0x1200'0000U);   // class 12h, revision 0
  EXPECT_EQ(space.read(0x0C), 0U);             // type 0, one function
  EXPECT_EQ(space.read(0x30), 0U);             // no ROM
  EXPECT_EQ(space.read(0x3C), 0U);             // no INTx pin
  EXPECT_EQ(space.read(0x100), 0x1302'0001U);  // advanced error reporting, version 2
  EXPECT_EQ(space.read(0x130), 0x0001'0019U);  // secondary PCI Express; the last
  EXPECT_EQ(space.read(0xFFC), 0U);
}

TEST(ConfigSpace, ReadOnlyBitsStay) {
  ConfigSpace space(mk2());
  for (const std::uint32_t offset : {0x00U, 0x08U, 0x0CU, 0x14U, 0x28U, 0x2CU, 0x30U, 0x34U, 0x44U, 0x4CU,
                                     0x64U, 0x6CU, 0x84U, 0x88U, 0x90U, 0x100U, 0x118U, 0x130U}) {
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
  EXPECT_EQ(space.read(at + 4), 0x1000'8001U);  // 256 bytes, role-based error reporting, function-level reset
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

TEST(ConfigSpace, LinkOfGenerationAndLanes) {
  ConfigSpace space(mk2());
  EXPECT_EQ(space.read(0x4C), 0x0040'0084U);    // 16 GT/s, eight lanes, ASPM optionality
  EXPECT_EQ(space.read(0x50) >> 16U, 0x1084U);  // as it is; slot clock
  EXPECT_EQ(space.read(0x64), 0x1FU);           // completion timeouts of all ranges, and none
  EXPECT_EQ(space.read(0x6C), 0x1EU);           // 2.5, 5, 8 and 16 GT/s
  EXPECT_EQ(space.read(0x70), 0x001E'0004U);    // equalized; 16 GT/s wanted
  auto config = mk2_config();
  config.link_generation = 1;
  config.link_lanes = 2;
  const ConfigSpace slow(host::ipu_description(config));
  EXPECT_EQ(slow.read(0x4C), 0x0040'0021U);
  EXPECT_EQ(slow.read(0x6C), 0x2U);
  EXPECT_EQ(slow.read(0x70), 1U);
  EXPECT_EQ(slow.read(0x100), 0x0002'0001U);  // nothing of equalization
  config.link_lanes = 3;
  EXPECT_THROW(ConfigSpace(host::ipu_description(config)), std::invalid_argument);
  config.link_lanes = 8;
  config.link_generation = 6;
  EXPECT_THROW(ConfigSpace(host::ipu_description(config)), std::invalid_argument);
}

TEST(ConfigSpace, PowerStates) {
  ConfigSpace space(mk2());
  EXPECT_EQ(space.read(0x90), 0x0003'0001U);  // version 3; the last
  EXPECT_EQ(space.read(0x94), 0x8U);          // D0; nothing is reset on the way back
  space.write(0x04, 0x6);
  EXPECT_TRUE(space.memory_enabled() && space.bus_master());
  space.write(0x94, 0x3);
  EXPECT_EQ(space.read(0x94), 0xBU);
  EXPECT_FALSE(space.memory_enabled() || space.bus_master());
  space.write(0x94, 0x1);  // D1 is not there
  EXPECT_EQ(space.read(0x94), 0xBU);
  space.write(0x94, 0x0);
  EXPECT_TRUE(space.memory_enabled() && space.bus_master());
}

TEST(ConfigSpace, AReadsErrorIsAdvisory) {
  ConfigSpace space(mk2());
  const device::PacketHeader header{0x0400'0001, 0x0000'030F, 0x0100'0010, 0};
  EXPECT_EQ(space.read(0x114), 0x2000U);  // masked, as after power-on
  space.record(RequestError::unsupported, false, header);
  EXPECT_EQ(space.read(0x110), 0x2000U);
  EXPECT_EQ(space.read(0x104), 0U);
  space.write(0x114, 0);
  space.record(RequestError::unsupported, false, header);
  EXPECT_EQ(space.read(0x104), 0x0010'0000U);
  EXPECT_EQ(space.read(0x118), 20U);  // the first error
  for (std::uint32_t i = 0; i < 4; ++i) EXPECT_EQ(space.read(0x11C + 4 * i), header[i]);
  // The first stays until its bit is cleared.
  space.record(RequestError::malformed, true, {1, 2, 3, 4});
  EXPECT_EQ(space.read(0x104), 0x0014'0000U);
  EXPECT_EQ(space.read(0x118), 20U);
  EXPECT_EQ(space.read(0x11C), header[0]);
  space.write(0x104, 0x0010'0000);
  space.record(RequestError::poisoned, true, {5, 6, 7, 8});
  EXPECT_EQ(space.read(0x118), 12U);
  EXPECT_EQ(space.read(0x11C), 5U);
  space.write(0x104, ~0U);
  EXPECT_EQ(space.read(0x104), 0U);
  EXPECT_EQ(space.read(0x10C),
            0x0006'2030U);  // fatal: data link, surprise down, flow control, overflow, malformed
}

TEST(ConfigSpace, MessagesGoByTheirEnables) {
  const auto sent = [](RequestError error, bool posted, std::uint32_t device_control, std::uint32_t command,
                       std::uint32_t severity = 0x0006'2030) {
    ConfigSpace space(mk2());
    space.write(0x48, device_control);
    space.write(0x04, command);
    space.write(0x10C, severity);
    space.write(0x114, 0);
    const int code = space.record(error, posted).value_or(0);
    const bool system_error = (space.read(0x04) >> 30U & 1U) != 0;
    return std::pair{code, system_error};
  };
  EXPECT_EQ(sent(RequestError::unsupported, false, 0x0, 0), (std::pair{0, false}));
  EXPECT_EQ(sent(RequestError::unsupported, false, 0x9, 0), (std::pair{0x30, false}));
  EXPECT_EQ(sent(RequestError::unsupported, false, 0x1, 0),
            (std::pair{0, false}));  // requests are not reported
  EXPECT_EQ(sent(RequestError::abort, false, 0x1, 0), (std::pair{0x30, false}));
  EXPECT_EQ(sent(RequestError::unsupported, true, 0xA, 0), (std::pair{0x31, false}));
  EXPECT_EQ(sent(RequestError::unsupported, true, 0x0, 0x100), (std::pair{0x31, true}));  // SERR#
  EXPECT_EQ(sent(RequestError::malformed, true, 0x4, 0), (std::pair{0x33, false}));
  EXPECT_EQ(sent(RequestError::malformed, true, 0x2, 0), (std::pair{0, false}));
  EXPECT_EQ(sent(RequestError::malformed, true, 0x2, 0, 0), (std::pair{0x31, false}));    // made non-fatal
  EXPECT_EQ(sent(RequestError::abort, false, 0x5, 0, 0x8000), (std::pair{0x33, false}));  // made fatal
  EXPECT_EQ(sent(RequestError::completion_timeout, false, 0x2, 0), (std::pair{0x31, false}));
}

TEST(ConfigSpace, AResetKeepsWhatIsSticky) {
  ConfigSpace space(mk2());
  space.write(0x10, 0xD000'0000);
  space.write(0x04, 0x6);
  space.write(0x48, 0x5F20);
  space.write(0x80, 0xFFFF'0000);
  space.record(RequestError::malformed, true, {1, 2, 3, 4});
  space.write(0x50, 0x8);
  EXPECT_FALSE(space.take_reset_request());
  space.write(0x48, 0x8000, 0x8000);
  EXPECT_EQ(space.read(0x48) & 0x8000U, 0U);
  EXPECT_TRUE(space.take_reset_request());
  space.reset();
  EXPECT_EQ(space.read(0x10), 0U);
  EXPECT_EQ(space.read(0x04), 0x0010'0000U);
  EXPECT_EQ(space.read(0x48), 0x0000'2830U);  // the payload size stays
  EXPECT_EQ(space.read(0x50) & 0xFFFFU, 0x8U);
  EXPECT_FALSE(space.msix_enabled());
  EXPECT_EQ(space.read(0x104), 0x0004'0000U);
  EXPECT_EQ(space.read(0x11C), 1U);
  EXPECT_EQ(space.read(0x34), 0x40U);  // the list is as it was
  EXPECT_EQ(space.read(0x80), 0x0007'9011U);
}

TEST(ConfigSpace, MsixCapability) {
  ConfigSpace space(mk2());
  const std::uint32_t at = find_capability(space, 0x11);
  ASSERT_EQ(at, 0x80U);
  EXPECT_EQ(space.read(at), 0x0007'9011U);  // eight vectors, off; the next one at 0x90
  EXPECT_EQ(space.read(at + 4), 4U);        // table: BAR 4, offset 0
  EXPECT_EQ(space.read(at + 8), 5U);        // pending bits: BAR 5, offset 0
  EXPECT_FALSE(space.msix_enabled());
  space.write(at, 0xFFFF'0000);
  EXPECT_EQ(space.read(at), 0xC007'9011U);
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
  EXPECT_EQ(device_status(), 0x4U);  // fatal
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
