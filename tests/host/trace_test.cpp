// SPDX-License-Identifier: Apache-2.0
// The trace of a link: text, and pcap-ng that the tools of Wireshark open.
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ipusim/device/pcie/packet_trace.hpp"
#include "toy_bench.hpp"

namespace {

using namespace ipusim;
using device::CompletionStatus;
using Bytes = std::vector<std::uint8_t>;
namespace toy = host_test::toy;

class Trace : public host_test::SimulationTest {
 protected:
  // A write and a read of the host, a read that nobody answers, a write of the device.
  void traffic() {
    host::RootPort port("port");
    host_test::ToyDevice device("toy");
    device::PacketTrace trace("trace", device::first_device, device.function.config_space(), &text, &pcap);
    trace.to_device.bind(device.function.link);
    device.function.upstream().bind(trace.from_device);
    port.attach(trace.from_host, trace.to_host);
    host_test::Script script("script", [&] {
      port.config_write(0x18, 4, 0x8000'0000);
      port.config_write(0x04, 2, 6);
      port.memory_write(0x8000'0102, Bytes{1, 2, 3, 4, 5});
      Bytes data(256);
      EXPECT_EQ(port.memory_read(0x8000'0100, data), CompletionStatus::success);
      EXPECT_EQ(port.memory_read(0x9000'0000, data), CompletionStatus::unsupported_request);
      device.function.master().write(0x1'0000'0000, Bytes{9});
      sc_core::wait(1, sc_core::SC_US);
    });
    sc_core::sc_start();
    EXPECT_TRUE(script.ended());
  }
  std::ostringstream text, pcap;
};

TEST_F(Trace, EveryPacketIsALine) {
  traffic();
  // At a byte a nanosecond and 100 ns: the first takes 24 ns to leave, its completion 20 ns; the time of a
  // packet down is when it is handed over, of one up when it has arrived.
  EXPECT_EQ(text.str(),
            "0.000 ns down configuration write of 4 bytes at 0x18 of 01:00.0, tag 0 of 00:00.0\n"
            "244.000 ns up completion, successful completion, 0 words, 4 bytes left from ..00, of 01:00.0, "
            "for tag 0 of 00:00.0\n"
            "244.000 ns down configuration write of 2 bytes at 0x4 of 01:00.0, tag 0 of 00:00.0\n"
            "488.000 ns up completion, successful completion, 0 words, 4 bytes left from ..00, of 01:00.0, "
            "for tag 0 of 00:00.0\n"
            "488.000 ns down memory write of 5 bytes at 0x80000102, tag 0 of 00:00.0\n"
            "516.000 ns down memory read of 256 bytes at 0x80000100, tag 0 of 00:00.0\n"
            "1032.000 ns up completion, successful completion, 32 words, 256 bytes left from ..00, of "
            "01:00.0, for tag 0 of 00:00.0\n"
            "1032.000 ns up completion, successful completion, 32 words, 128 bytes left from ..00, of "
            "01:00.0, for tag 0 of 00:00.0\n"
            "1032.000 ns down memory read of 256 bytes at 0x90000000, tag 0 of 00:00.0\n"
            "1272.000 ns up completion, unsupported request (UR), 0 words, 256 bytes left from ..00, of "
            "01:00.0, for tag 0 of 00:00.0\n"
            "1400.000 ns up memory write of 1 bytes at 0x100000000, tag 0 of 01:00.0\n");
}

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

TEST_F(Trace, TsharkReadsThePackets) {
  if (output_of("command -v tshark").empty()) GTEST_SKIP() << "tshark is not installed (package tshark)";
  traffic();
  const auto file = std::filesystem::path(::testing::TempDir()) / "ipusim_trace_test.pcapng";
  std::ofstream(file, std::ios::binary) << pcap.str();
  const std::string seen = output_of("tshark -r " + file.string() +
                                     " -T fields -e frame.number -e frame.time_epoch -e frame.len -e "
                                     "frame.packet_flags -e frame.interface_name");
  std::filesystem::remove(file);
  std::istringstream lines(seen);
  std::vector<std::string> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(line);
  ASSERT_EQ(rows.size(), 11U) << seen;
  // Bytes: three words and one of data; of a completion three words, and 128 bytes of data; four words and
  // one.
  EXPECT_EQ(rows[0], "1\t0.000000000\t16\t0x00000002\tpcie 01:00.0");
  EXPECT_EQ(rows[1], "2\t0.000000244\t12\t0x00000001\tpcie 01:00.0");
  EXPECT_EQ(rows[4], "5\t0.000000488\t20\t0x00000002\tpcie 01:00.0");
  EXPECT_EQ(rows[6], "7\t0.000001032\t140\t0x00000001\tpcie 01:00.0");
  EXPECT_EQ(rows[10], "11\t0.000001400\t20\t0x00000001\tpcie 01:00.0");
}

}  // namespace
