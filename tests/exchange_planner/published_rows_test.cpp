// SPDX-License-Identifier: Apache-2.0
// The four published point-to-point rows [SDK], word for word: sync, row and return of sender and receiver.
#include <gtest/gtest.h>

#include <filesystem>

#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/plan_text.hpp"
#include "ipusim/exchange_planner/planner.hpp"
#include "text_encoder.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::exchange_planner;
using Words = std::vector<std::uint32_t>;

struct PublishedPair {
  unsigned from, to;  // logical tile numbers
  std::uint32_t words;
  Words sender, receiver;  // the receiver's source field is printed as 0
};

const std::vector<PublishedPair> pairs{
    {0,
     1286,
     3,
     {0x41800003, 0x40A00086, 0x78400001, 0x43A00000},
     {0x41800003, 0x641C0000, 0x64008640, 0x61800000, 0x40A00007, 0x43A00000}},
    {736,
     100,
     52,
     {0x41800003, 0x40A0003E, 0x7E600002, 0x43A00000},
     {0x41800003, 0x641C0000, 0x61D00000, 0x64000640, 0x40A00038, 0x43A00000}},
    {1286,
     1471,
     65,
     {0x41800003, 0x40A0007D, 0x7FE00002, 0x70000002, 0x43A00000},
     {0x41800003, 0x641C0000, 0x61980000, 0x64030640, 0x40A00038, 0x43A00000}},
    {32,
     0,
     4148,
     {0x41800003, 0x40A0006C, 0x7FE00001, 0x766FC001, 0x43A00000},
     {0x41800003, 0x641C0000, 0x61980000, 0x67FFC640, 0x40A00038, 0x43A00000}}};

// From the sync to the return.
Words row_of(const std::string& assembly) {
  planner_test::TextEncoder encoder({{"data", 0x50000}}, 0x4C000);
  encoder.encode(assembly);
  const Words& all = encoder.words();
  return {std::find(all.begin(), all.end(), 0x41800003U), all.end()};
}

TEST(PublishedRow, PointToPoint) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  const auto places = system.places;
  for (const PublishedPair& pair : pairs) {
    SCOPED_TRACE(std::to_string(pair.from) + " to " + std::to_string(pair.to));
    system.places = {places.at(pair.from), places.at(pair.to)};
    const Messages messages{{{TileIndex{0}, {TileIndex{1}}, pair.words, "data", 0, "data", 0}}};
    const Plan planned = plan(system, {{"p", {}, messages}}, RowStyle::published);
    EXPECT_EQ(row_of(assembly_of(planned, TileIndex{0})), pair.sender);
    Words receiver = pair.receiver;
    receiver[1] |= system.places[0].value();
    EXPECT_EQ(row_of(assembly_of(planned, TileIndex{1})), receiver);
  }
}

// The same in the other style: as early as the path allows, the pointer put before the sync.
TEST(CompactRow, FirstWordLeavesOrIsSelectedAtEventZero) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  system.places = {TileId{0}, TileId{53}};  // mux time -23: the word is waited for from event 0
  const Messages messages{{{TileIndex{0}, {TileIndex{1}}, 3, "data", 8, "data", 16}}};
  const Plan planned = plan(system, {{"p", {}, messages}});
  EXPECT_EQ(row_of(assembly_of(planned, TileIndex{0})),
            (Words{0x41800003, 0x40A00016, 0x78400011, 0x43A00000}));
  EXPECT_EQ(row_of(assembly_of(planned, TileIndex{1})),
            (Words{0x41800003, 0x64000000, 0x64008640, 0x40A00038, 0x43A00000}));
}

}  // namespace
