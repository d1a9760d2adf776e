// SPDX-License-Identifier: Apache-2.0
// What a host finds on its buses, as lspci of Debian's pciutils decodes it.
#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "ipusim/host/bus_scan.hpp"
#include "toy_bench.hpp"

namespace {

using namespace ipusim;
using host::FoundFunction;
using ::testing::HasSubstr;
using ::testing::Not;

std::filesystem::path configs() { return std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs"; }

// The standard output of a command; empty if it fails.
std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  std::array<char, 4096> piece{};
  for (std::size_t n; pipe != nullptr && (n = std::fread(piece.data(), 1, piece.size(), pipe)) != 0;) {
    output.append(piece.data(), n);
  }
  if (pipe != nullptr) ::pclose(pipe);
  return output;
}

bool lspci_is_there() { return !output_of("command -v lspci || ls /usr/bin/lspci").empty(); }

std::string lspci(const std::string& dump, const std::string& options) {
  const auto file = std::filesystem::path(::testing::TempDir()) /
                    (std::string{"ipusim_lspci_"} +
                     ::testing::UnitTest::GetInstance()->current_test_info()->name() + ".txt");
  std::ofstream(file) << dump;
  const std::string text = output_of("PATH=$PATH:/usr/bin lspci " + options + " -F " + file.string());
  std::filesystem::remove(file);
  return text;
}

class Enumeration : public host_test::ToyBench {};

TEST_F(Enumeration, AScanFindsWhoIsThere) {
  run([&] {
    enumerate();
    const auto found = host::scan(*port);
    ASSERT_EQ(found.size(), 1U);
    const FoundFunction& f = found[0];
    EXPECT_EQ(f.id, toy_id);
    EXPECT_EQ(f.word(0), 0x5678'1234U);
    ASSERT_EQ(f.bars.size(), 4U);
    EXPECT_EQ(f.bars[0].address, 0xC000'0000U);
    EXPECT_EQ(f.bars[0].bytes, 4096U);
    EXPECT_EQ(f.bars[1].number, 2U);
    EXPECT_EQ(f.bars[1].address, 0x40'0000'0000U);
    EXPECT_EQ(f.bars[1].bytes, 0x1'0000U);
    EXPECT_TRUE(f.bars[1].is_64_bit && f.bars[1].prefetchable);
    EXPECT_EQ(f.capability(0x10), 0x40U);
    EXPECT_EQ(f.capability(0x11), 0x80U);
    EXPECT_EQ(f.capability(0x01), 0x90U);
    EXPECT_EQ(f.capability(0x05), std::nullopt);
    EXPECT_EQ(f.extended_capability(0x0001), 0x100U);
    EXPECT_EQ(f.extended[0].version, 2U);
    // It has left everything as it was, and made no error.
    EXPECT_EQ(config(0x04, 2), 6U);
    EXPECT_EQ(device_status(), 0U);
    EXPECT_EQ(port->errors().read(0x30), 0U);
    EXPECT_EQ(copy(host_test::toy::from_host, host_base, 0, 16), 2U);
  });
}

TEST(SystemScan, EveryHostHasItsChips) {
  const auto hosts = host::scan_system(config::load_system_config(configs() / "mk2.yaml"));
  ASSERT_EQ(hosts.size(), 1U);
  ASSERT_EQ(hosts[0].size(), 1U);
  const std::string text = host::description(hosts[0][0]);
  EXPECT_THAT(text, HasSubstr("01:00.0 class 120000: 1d95:0003"));
  EXPECT_THAT(text, HasSubstr("BAR 0: 0xc0000000, 512 KiB, 32 bits\n"));
  EXPECT_THAT(text, HasSubstr("BAR 2: 0x4000000000, 2097152 KiB, 64 bits, prefetchable"));
  EXPECT_THAT(text, HasSubstr("payload: 256 bytes of 256, read requests: 512 bytes"));
  EXPECT_THAT(text, HasSubstr("link: 16 GT/s x8, of 16 GT/s x8"));
  EXPECT_THAT(text, HasSubstr("MSI-X: 8 vectors, enabled, table in BAR 4, pending bits in BAR 5"));
  EXPECT_THAT(text, HasSubstr("power management: D0"));
  EXPECT_THAT(text, HasSubstr("[100] advanced error reporting, version 2"));
  const auto pair = host::scan_system(config::load_system_config(configs() / "pair-8.yaml"));
  std::size_t functions = 0;
  for (const auto& host : pair) functions += host.size();
  EXPECT_EQ(functions, 2U);
}

TEST(SystemScan, LspciReadsTheDump) {
  if (!lspci_is_there()) GTEST_SKIP() << "lspci is not installed (package pciutils)";
  const auto hosts = host::scan_system(config::load_system_config(configs() / "mk2.yaml"));
  const std::string text = lspci(host::hex_dump(hosts.at(0).at(0)), "-nvv");
  EXPECT_THAT(text, HasSubstr("01:00.0 1200: 1d95:0003"));
  EXPECT_THAT(text, HasSubstr("Mem+ BusMaster+"));
  EXPECT_THAT(text, HasSubstr("Region 0: Memory at c0000000 (32-bit, non-prefetchable)"));
  EXPECT_THAT(text, HasSubstr("Region 2: Memory at 4000000000 (64-bit, prefetchable)"));
  EXPECT_THAT(text, HasSubstr("Region 4: Memory at c0080000 (32-bit, non-prefetchable)"));
  EXPECT_THAT(text, HasSubstr("Capabilities: [40] Express (v2) Endpoint, MSI 00"));
  EXPECT_THAT(text, HasSubstr("MaxPayload 256 bytes, PhantFunc 0"));
  EXPECT_THAT(text, HasSubstr("ExtTag- AttnBtn- AttnInd- PwrInd- RBE+ FLReset+"));
  EXPECT_THAT(text, HasSubstr("MaxPayload 256 bytes, MaxReadReq 512 bytes"));
  EXPECT_THAT(text, HasSubstr("LnkCap:\tPort #0, Speed 16GT/s, Width x8, ASPM not supported"));
  EXPECT_THAT(text, HasSubstr("LnkSta:\tSpeed 16GT/s, Width x8"));
  EXPECT_THAT(text, HasSubstr("DevCap2: Completion Timeout: Range ABCD, TimeoutDis+"));
  EXPECT_THAT(text, HasSubstr("DevCtl2: Completion Timeout: 50us to 50ms, TimeoutDis-"));
  EXPECT_THAT(text, HasSubstr("LnkCap2: Supported Link Speeds: 2.5-16GT/s"));
  EXPECT_THAT(text, HasSubstr("EqualizationComplete+ EqualizationPhase1+"));
  EXPECT_THAT(text, HasSubstr("Capabilities: [80] MSI-X: Enable+ Count=8 Masked-"));
  EXPECT_THAT(text, HasSubstr("Vector table: BAR=4 offset=00000000"));
  EXPECT_THAT(text, HasSubstr("Capabilities: [90] Power Management version 3"));
  EXPECT_THAT(text, HasSubstr("Status: D0 NoSoftRst+ PME-Enable-"));
  EXPECT_THAT(text, HasSubstr("Capabilities: [100 v2] Advanced Error Reporting"));
  EXPECT_THAT(text, HasSubstr("UESvrt:\tDLP+ SDES+ TLP- FCP+ CmpltTO- CmpltAbrt- UnxCmplt- RxOF+ MalfTLP+"));
  EXPECT_THAT(text, HasSubstr("CEMsk:\tRxErr- BadTLP- BadDLLP- Rollover- Timeout- AdvNonFatalErr+"));
  EXPECT_THAT(text, HasSubstr("Capabilities: [130 v1] Secondary PCI Express"));
  EXPECT_THAT(text, Not(HasSubstr("<chain broken>")));
  EXPECT_THAT(text, Not(HasSubstr("<access denied>")));
}

TEST_F(Enumeration, LspciReadsErrors) {
  if (!lspci_is_there()) GTEST_SKIP() << "lspci is not installed (package pciutils)";
  run([&] {
    enumerate();
    set_config(0x114, 4, 0);
    std::vector<std::uint8_t> data(8);
    port->memory_read(0x9000'0008, data);
    port->memory_write(memory_at(0), std::vector<std::uint8_t>(4), {.poisoned = true});
    set_config(0x94, 2, 3);
    const auto found = host::scan(*port);
    const std::string text = lspci(host::hex_dump(found.at(0)), "-nvv");
    EXPECT_THAT(text, HasSubstr("<PERR+"));
    EXPECT_THAT(text, HasSubstr("DevSta:\tCorrErr+ NonFatalErr+ FatalErr- UnsupReq+"));
    EXPECT_THAT(
        text,
        HasSubstr(
            "UESta:\tDLP- SDES- TLP+ FCP- CmpltTO- CmpltAbrt- UnxCmplt- RxOF- MalfTLP- ECRC- UnsupReq+"));
    EXPECT_THAT(text, HasSubstr("AERCap:\tFirst Error Pointer: 14"));  // 20
    EXPECT_THAT(text, HasSubstr("HeaderLog: 00000002 000000ff 90000008 00000000"));
    EXPECT_THAT(text, HasSubstr("Status: D3"));
  });
}

}  // namespace
