// SPDX-License-Identifier: Apache-2.0
#include "traffic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <random>

namespace ipusim::parts_test {
namespace {

// Fills `outgoing` with this tile's words, then exchanges.
constexpr const char* traffic_source = R"(#include "ipu_runtime.h"
    .supervisor
    .text
FUNCTION main
    SUPERVISOR_ENTER
    setzi $m0, outgoing
    setzi $m1, __tile_index
    shl $m1, $m1, 16
    setzi $m2, WORDS - 1
fill:
    st32step $m1, $mzero, $m0+=, 1
    add $m1, $m1, 1
    brnzdec $m2, fill
    call $m10, exchange_traffic
    SUPERVISOR_RETURN
    .section .region1.send, "aw", @nobits
    .p2align 15
BUFFER outgoing, 4 * WORDS
    .section .region1.receive, "aw", @nobits
    .p2align 15
BUFFER incoming, 4 * WORDS
)";

}  // namespace

std::vector<std::uint32_t> Traffic::exchange(const std::string& system, std::uint32_t tiles,
                                             std::uint32_t words, const std::string& phase,
                                             const std::string& options) const {
  folder_.write("traffic.S", traffic_source);
  const std::string runtime_folder = IPUSIM_SOURCE_DIR "/firmware/runtime";
  folder_.write(
      "p.yaml",
      fmt::format(
          "program: p\nimages:\n  - tiles: all\n    sources: ['{0}/start.S', traffic.S]\n"
          "    include_dirs: ['{0}']\n    defines: {{WORDS: {1}}}\n"
          "exchange:\n  - {2}\n"
          "read:\n  - {{name: got, symbol: incoming, tiles: all, type: u32, count: {1}, encoding: raw}}\n",
          runtime_folder, words, phase));
  const auto result = ipusim("run '" IPUSIM_SOURCE_DIR "/configs/" + system + ".yaml' p.yaml " + options);
  EXPECT_EQ(result.exit_code, 0) << system << result.all_errors;
  EXPECT_EQ(result.errors, "") << system;
  const std::string bytes = cli_test::read_file(folder_.path() / "out/p/outputs/got.bin");
  std::vector<std::uint32_t> got(bytes.size() / 4);
  std::memcpy(got.data(), bytes.data(), 4 * got.size());
  EXPECT_EQ(got.size(), std::size_t{tiles} * words) << system;
  got.resize(std::size_t{tiles} * words);
  return got;
}

void Traffic::expect_permutation(const std::string& system, std::uint32_t tiles, std::uint32_t words,
                                 const std::string& options) const {
  std::vector<std::uint32_t> circle(tiles);
  std::iota(circle.begin(), circle.end(), 0U);
  std::mt19937 random(tiles);
  std::ranges::shuffle(circle, random);
  std::string phase = "name: traffic\n    pattern: messages\n    messages:\n";
  for (std::uint32_t i = 0; i < tiles; ++i) {
    phase +=
        fmt::format("      - {{from: {}, to: [{}], words: {}, source: outgoing, destination: incoming}}\n",
                    circle[i], circle[(i + 1) % tiles], words);
  }
  const auto got = exchange(system, tiles, words, phase, options);
  std::size_t wrong = 0;
  for (std::uint32_t i = 0; i < tiles; ++i) {
    for (std::uint32_t w = 0; w < words; ++w)
      wrong += got[std::size_t{circle[(i + 1) % tiles]} * words + w] == content(circle[i], w) ? 0U : 1U;
  }
  EXPECT_EQ(wrong, 0U) << system;
}

void Traffic::expect_all_to_all(const std::string& system, std::uint32_t tiles) const {
  const auto got = exchange(system, tiles, tiles,
                            "{name: traffic, pattern: all_to_all, tiles: all, words: 1, source: outgoing, "
                            "destination: incoming}",
                            "");
  std::size_t wrong = 0;
  for (std::uint32_t to = 0; to < tiles; ++to) {
    for (std::uint32_t from = 0; from < tiles; ++from) {
      const std::uint32_t want = from == to ? 0 : content(from, to);  // the own block is not sent
      wrong += got[std::size_t{to} * tiles + from] == want ? 0U : 1U;
    }
  }
  EXPECT_EQ(wrong, 0U) << system;
}

}  // namespace ipusim::parts_test
