// SPDX-License-Identifier: Apache-2.0
// libFuzzer's entry to the decoder of packets: any bytes are refused with a reason, or a packet that is the
// same after both ways. By hand, without SystemC:
//   clang++-14 -std=c++20 -g -O1 -fsanitize=fuzzer,address,undefined -Isystemc/device/include \
//     tests/device/packet_fuzz.cpp systemc/device/src/pcie/packet.cpp
//     systemc/device/src/pcie/packet_codec.cpp \ -lfmt -o packet_fuzz && ./packet_fuzz -runs=10000000
//     -max_len=4200
#include <cstdlib>

#include "ipusim/device/pcie/packet.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ipusim::device;
  const Decoded decoded = decode({data, size});
  if (decoded.packet.has_value() != decoded.refusal.empty()) std::abort();
  if (!decoded.packet) return 0;
  if (!malformed(*decoded.packet).empty()) std::abort();
  if (decode(encode(*decoded.packet)).packet != decoded.packet) std::abort();
  if (describe(*decoded.packet).empty()) std::abort();
  byte_count_of(*decoded.packet);
  lower_address_of(*decoded.packet);
  header_words(*decoded.packet);
  return 0;
}
