// SPDX-License-Identifier: Apache-2.0
// Two chips in one host: each loaded, started and read by a driver of its own, at the same time.
#include <array>
#include <filesystem>

#include "bench.hpp"
#include "ipusim/chip/chip.hpp"
#include "ipusim/chip/module/chip_module.hpp"
#include "ipusim/tile/fast_tile.hpp"
#include "program.hpp"

namespace {

using namespace ipusim;
using chip::control::ChipStatus;
using tile_test::Program;

constexpr std::uint32_t code = 0x4C000;
constexpr std::uint32_t data = 0x90000;

std::vector<std::uint8_t> bytes_of(const std::vector<std::uint32_t>& words) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint32_t word : words) {
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(word >> (8U * i)));
  }
  return bytes;
}

// Waits `delay`, then adds `number` to the word at `data`, between two host syncs.
Program adder(std::uint32_t delay, std::uint32_t number) {
  Program p(code);
  p.op("sync", {7}).op("delay", {delay}).set(0, data).op("ld32_mmmn_zi", {0, 15, 0, 1}).set(2, number);
  p.op("add_mmmn", {1, 1, 2}).op("st32_mmmn_zi", {0, 15, 0, 1}).op("sync", {7}).op("sync", {7});
  return p;
}

class TwoChips : public host_test::SimulationTest {
 protected:
  struct Card {
    Card(const std::string& name, host::RootPort& port, const config::ChipConfig& system)
        : chip((name + "_chip").c_str(), system,
               std::make_unique<chip::Chip>(system, std::vector<std::string>(system.places.size(), "fast"),
                                            chip::TileFactories{{"fast", &tile::make_fast_tile}})),
          function((name + "_function").c_str(), system.pcie),
          link(name) {
      function.connect(chip);
      id = link.attach(port, function);
    }
    chip::ChipModule chip;
    host::IpuFunction function;
    host_test::CheckedLink link;
    device::RequesterId id;
  };
  static config::ChipConfig system_of(std::uint16_t place) {
    auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
    system.places = {TileId{0}, TileId{place}};
    return system;
  }
};

TEST_F(TwoChips, ASecondChipIsASecondAttach) {
  host::RootPort port("port");
  const std::array systems{system_of(53), system_of(1471)};
  Card first("first", port, systems[0]);
  Card second("second", port, systems[1]);
  host::IpuDriver one(port, systems[0].pcie, first.id);
  host::IpuDriver two(port, systems[1].pcie, second.id);
  host_test::Script script("script", [&] {
    std::uint32_t number = 1000;
    for (host::IpuDriver* driver : {&one, &two}) {
      driver->enumerate();
      for (const TileId place : driver->places()) {
        const Program program = adder(driver == &one ? 3000 : 100, number);
        driver->write_memory(place, ByteAddr{code}, bytes_of(program.code()));
        driver->set_entry(place, ByteAddr{code});
        driver->write_memory(place, ByteAddr{data}, bytes_of({place.value()}));
        number += 1000;
      }
      driver->grant(7, 2);
    }
    EXPECT_EQ(two.places(), (std::vector{TileId{0}, TileId{1471}}));
    one.start();
    two.start();
    EXPECT_EQ(one.status(), ChipStatus::running);
    EXPECT_EQ(two.wait_for_rest(), ChipStatus::waits_for_host);
    EXPECT_EQ(one.wait_for_rest(), ChipStatus::waits_for_host);
    number = 1000;
    for (host::IpuDriver* driver : {&one, &two}) {
      for (const TileId place : driver->places()) {
        std::vector<std::uint8_t> got(4);
        driver->read_memory(place, ByteAddr{data}, got);
        EXPECT_EQ(got, bytes_of({place.value() + number})) << place.value();
        number += 1000;
      }
    }
  });
  sc_core::sc_start();
  EXPECT_TRUE(script.ended());
}

}  // namespace
