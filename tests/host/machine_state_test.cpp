// SPDX-License-Identifier: Apache-2.0
// A machine whose chip is put where another one stood: what the host sees of it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "bench.hpp"
#include "ipusim/host/machine.hpp"
#include "ipusim/tile/fast_tile.hpp"
#include "program.hpp"

namespace {

using namespace ipusim;
using chip::control::ChipStatus;
using host::HostError;
using host::IpuDriver;
using host::Machine;
using tile_test::Program;

constexpr std::uint32_t code = 0x4C000;
constexpr std::uint32_t data = 0x90000;
constexpr unsigned steps = 5;  // meetings with the host, after each of which the word at `data` grows by one
constexpr std::int64_t work = 4000;

struct Saved {
  std::vector<std::byte> bytes;
  Cycle rest;
};

class MachineState : public ::testing::Test {
 protected:
  MachineState() {
    system_ = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
    system_.places = {TileId{0}, TileId{53}};
  }
  std::unique_ptr<Machine> machine(Cycle limit = Cycle::never()) const {
    return std::make_unique<Machine>(config::system_of(system_), std::vector<std::string>{"fast", "fast"},
                                     chip::TileFactories{{"fast", &tile::make_fast_tile}},
                                     host::MachineOptions{limit, 1, &host_test::checked_link});
  }
  static void load_and_start(IpuDriver& driver) {
    driver.enumerate();
    Program p(code);
    p.op("sync", {7}).set(0, data);
    for (unsigned i = 0; i < steps; ++i) {
      p.op("delay", {work}).op("ld32_mmmn_zi", {0, 15, 0, 1}).op("add_mmmn_zi", {1, 1, 1});
      p.op("st32_mmmn_zi", {0, 15, 0, 1}).op("sync", {7});
    }
    std::vector<std::uint8_t> bytes;
    for (const std::uint32_t word : p.code())
      for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(word >> (8U * i)));
    for (const TileId place : driver.places()) {
      driver.write_memory(place, ByteAddr{p.base()}, bytes);
      driver.set_entry(place, ByteAddr{p.base()});
    }
    driver.grant(7, 3);
    driver.start();
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::waits_for_host);
  }
  static Saved saved(const Machine& machine) {
    StateWriter writer;
    machine.save(writer);
    return {writer.take(), machine.chip().rest_cycle()};
  }
  static void load(Machine& machine, const Saved& saved) {
    StateReader reader(saved.bytes);
    machine.load(reader);
    reader.finish();
  }
  static std::uint32_t word(IpuDriver& driver) {
    std::vector<std::uint8_t> bytes(4);
    driver.read_memory(TileId{53}, ByteAddr{data}, bytes);
    return bytes[0];
  }
  // Of a machine that rests after three grants.
  Saved at_rest() const {
    const auto one = machine();
    Saved result;
    one->run([&](IpuDriver& driver) {
      load_and_start(driver);
      EXPECT_EQ(word(driver), 3U);
      result = saved(*one);
    });
    return result;
  }

  config::ChipConfig system_;
};

TEST_F(MachineState, TimeCatchesUpAndTheHostGoesOn) {
  const Saved rest = at_rest();
  const auto other = machine();
  other->run([&](IpuDriver& driver) {
    driver.enumerate();
    load(*other, rest);
    EXPECT_EQ(saved(*other).bytes, rest.bytes);
    EXPECT_EQ(driver.status(), ChipStatus::running);
    EXPECT_LT(driver.cycle(), rest.rest);
    EXPECT_THROW(driver.start(), HostError);
    EXPECT_THROW(driver.grant(5, 1), HostError);  // what comes before the rest has been done
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::waits_for_host);
    EXPECT_GE(driver.cycle(), rest.rest);
    EXPECT_EQ(word(driver), 3U);
    driver.grant(7, 2);
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::waits_for_host);
    EXPECT_EQ(word(driver), steps);
  });
  EXPECT_EQ(other->host_syncs().size(), 5U);
  EXPECT_GE(other->chip().report().tile_cycles[1].compute, steps * static_cast<std::uint64_t>(work));
}

TEST_F(MachineState, TheCycleLimitIsThatOfTheMachineThatGoesOn) {
  const Saved rest = at_rest();
  constexpr std::uint64_t limit = 10;  // after the start: long over
  const auto other = machine(Cycle{limit});
  other->run([&](IpuDriver& driver) {
    driver.enumerate();
    load(*other, rest);
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::waits_for_host);
    driver.grant(7, 1);
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::cycle_limit);
  });
}

TEST_F(MachineState, IsRefusedByAChipThatWasStarted) {
  const Saved rest = at_rest();
  const auto other = machine();
  other->run([&](IpuDriver& driver) {
    load_and_start(driver);
    EXPECT_THROW(load(*other, rest), std::logic_error);
    EXPECT_EQ(word(driver), 3U);
  });
}

TEST_F(MachineState, OfAChipThatWasNeverStartedCanBeStarted) {
  const auto one = machine();
  Saved before;
  one->run([&](IpuDriver& driver) {
    driver.enumerate();
    before = saved(*one);
  });
  const auto other = machine();
  other->run([&](IpuDriver& driver) {
    driver.enumerate();
    load(*other, before);
    EXPECT_EQ(driver.status(), ChipStatus::reset);
    load_and_start(driver);
    EXPECT_EQ(word(driver), 3U);
  });
}

}  // namespace
