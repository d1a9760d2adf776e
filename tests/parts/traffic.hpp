// SPDX-License-Identifier: Apache-2.0
// One exchange phase on a system of configs/ as a program of a user, checked word by word: what must arrive
// is worked out here from the pattern alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "command.hpp"

namespace ipusim::parts_test {

class Traffic : public cli_test::CommandTest {
 protected:
  // Every tile sends `words` words to the next of a random circle of all tiles.
  void expect_permutation(const std::string& system, std::uint32_t tiles, std::uint32_t words,
                          const std::string& options = "") const;
  // Every tile sends a word of its own to every other.
  void expect_all_to_all(const std::string& system, std::uint32_t tiles) const;

 private:
  // Runs the phase; the words that tile n has received begin at n * words.
  std::vector<std::uint32_t> exchange(const std::string& system, std::uint32_t tiles, std::uint32_t words,
                                      const std::string& phase, const std::string& options) const;
};

// The program's word `word` of tile `tile`.
constexpr std::uint32_t content(std::uint32_t tile, std::uint32_t word) { return tile << 16U | word; }

}  // namespace ipusim::parts_test
