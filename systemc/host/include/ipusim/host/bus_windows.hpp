// SPDX-License-Identifier: Apache-2.0
// The host's address space for the BARs of its devices: which addresses go down which link. No SystemC.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace ipusim::host {

class BusWindows {
 public:
  // Reserves room for a BAR of `bytes` (a power of two) of the device on link `link`, at a multiple of its
  // size: below 4 GiB, or, with 64 bits, above. nullopt if there is none left.
  std::optional<std::uint64_t> open(unsigned link, std::uint64_t bytes, bool is_64_bit);
  // Gives all of a link back.
  void close(unsigned link);
  // The link that an address belongs to.
  std::optional<unsigned> link_of(std::uint64_t address) const;

 private:
  struct Window {
    std::uint64_t begin;
    std::uint64_t end;
    unsigned link;
  };
  std::vector<Window> windows_;  // by address
};

}  // namespace ipusim::host
