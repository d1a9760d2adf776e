// SPDX-License-Identifier: Apache-2.0
// What one PCI Express function is made of, as data.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "ipusim/device/pcie/config_map.hpp"

namespace ipusim::device {

struct BarDescription {
  unsigned number = 0;      // 0..5; one of 64 bits takes the next number too
  std::uint64_t bytes = 0;  // a power of two from pci::smallest_bar_bytes on; with 32 bits at most 2 GiB
  bool is_64_bit = false;
  bool prefetchable = false;
  std::string_view meaning = {};  // for manuals
};

// MSI-X, with table and pending bits in BARs of their own (32 bits, as large as they must be).
struct MsixDescription {
  unsigned vectors = 1;  // 1..2048
  unsigned table_bar = 0;
  unsigned pending_bar = 1;
};

// Flow control credits that a receiver gives for one kind of packets; 0: without end.
struct Credits {
  std::uint32_t headers = 0;
  std::uint32_t data = 0;  // units of 16 bytes
};

struct LinkDescription {
  double latency_ns = 0;  // one way
  // Bytes of packets each way; 0: what generation, lanes, coding and dllp_share give.
  double bandwidth_bytes_per_s = 0;
  unsigned generation = 4;  // 1..5
  unsigned lanes = 8;       // 1, 2, 4, 8, 16, 32
  double dllp_share = 0;    // of the bytes: data link packets and ordered sets
  // What the function gives to the root port, and the root port to it. Completions have credits without end,
  // as the specification demands of endpoints and root ports.
  Credits posted = {};
  Credits non_posted = {};
};

struct FunctionDescription {
  std::uint16_t vendor_id = 0;
  std::uint16_t device_id = 0;
  std::uint32_t class_code = 0;      // 24 bits: class, subclass, interface
  std::vector<BarDescription> bars;  // those with a target of the device behind them
  std::optional<MsixDescription> msix;
  std::uint32_t max_payload_bytes = 128;  // supported: 128, 256, ..., 4096
  LinkDescription link;
  unsigned tags = 32;  // requests without completion at a time, 1..32
};

}  // namespace ipusim::device
