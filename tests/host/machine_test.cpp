// SPDX-License-Identifier: Apache-2.0
// Loading, starting, granting and waiting through the driver, with fast tiles.
#include "ipusim/host/machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "bench.hpp"
#include "ipusim/tile/fast_tile.hpp"
#include "program.hpp"

namespace {

using namespace ipusim;
using chip::control::ChipStatus;
using device::CompletionStatus;
using host::HostError;
using host::IpuDriver;
using host::Machine;
using host_test::failure;
using tile_test::Program;

constexpr std::uint32_t code = 0x4C000;
constexpr std::uint32_t data = 0x90000;

config::ChipConfig system_of(const std::vector<std::uint16_t>& places) {
  auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  system.places.clear();
  for (const std::uint16_t place : places) system.places.push_back(TileId{place});
  return system;
}

std::unique_ptr<Machine> machine_of(const std::vector<std::uint16_t>& places,
                                    Cycle cycle_limit = Cycle::never()) {
  return std::make_unique<Machine>(config::system_of(system_of(places)),
                                   std::vector<std::string>(places.size(), "fast"),
                                   chip::TileFactories{{"fast", &tile::make_fast_tile}},
                                   host::MachineOptions{cycle_limit, 1, &host_test::checked_link});
}

std::vector<std::uint8_t> bytes_of(const std::vector<std::uint32_t>& words) {
  std::vector<std::uint8_t> bytes;
  for (const std::uint32_t word : words) {
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(word >> (8U * i)));
  }
  return bytes;
}

void load(IpuDriver& driver, std::uint16_t place, const Program& program) {
  driver.write_memory(TileId{place}, ByteAddr{program.base()}, bytes_of(program.code()));
  driver.set_entry(TileId{place}, ByteAddr{program.base()});
}

// Doubles the word at `data`, between an entry sync and a completion sync.
Program doubler() {
  Program p(code);
  p.op("sync", {7}).set(0, data).op("ld32_mmmn_zi", {0, 15, 0, 1}).op("add_mmmn", {1, 1, 1});
  p.op("st32_mmmn_zi", {0, 15, 0, 1}).op("sync", {7}).op("sync", {7});
  return p;
}

TEST(Machine, LoadsRunsAndReadsBack) {
  auto machine = machine_of({0, 53, 1471});
  machine->run([](IpuDriver& driver) {
    driver.enumerate();
    ASSERT_EQ(driver.tile_count(), 3U);
    EXPECT_EQ(driver.places(), (std::vector{TileId{0}, TileId{53}, TileId{1471}}));
    EXPECT_EQ(driver.status(), ChipStatus::reset);
    for (const TileId place : driver.places()) {
      load(driver, place.value(), doubler());
      driver.write_memory(place, ByteAddr{data}, bytes_of({1000U + place.value()}));
    }
    driver.grant(7, 2);
    driver.start();
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::waits_for_host);
    EXPECT_EQ(driver.granted(7), 0U);
    EXPECT_EQ(driver.exception_count(), 0U);
    EXPECT_EQ(driver.first_exception(), std::nullopt);
    for (const TileId place : driver.places()) {
      std::vector<std::uint8_t> got(4);
      driver.read_memory(place, ByteAddr{data}, got);
      EXPECT_EQ(got, bytes_of({2 * (1000U + place.value())})) << place.value();
    }
  });
  EXPECT_EQ(machine->chip().report().state, chip::ChipState::waits_for_host);
}

TEST(Machine, AWriteTakesTheTimeOfItsPackets) {
  auto machine = machine_of({53});
  machine->run([](IpuDriver& driver) {
    driver.enumerate();
    const auto begin = sc_core::sc_time_stamp();
    driver.write_memory(TileId{53}, ByteAddr{data}, std::vector<std::uint8_t>(4096));
    // configs/parts/ipu2.yaml: 500 ns, payloads of 256, generation 4 with eight lanes: 16 * 128 / 130 bytes a
    // ns. 16 packets of 280 bytes leave, to the picosecond, in 17.773 ns each; the read of Device Status
    // behind them takes 20 bytes there, 1.270 ns, and 24 back, 1.523 ns.
    EXPECT_EQ(sc_core::sc_time_stamp() - begin,
              sc_core::sc_time(16 * 17.773 + 1.270 + 500 + 1.523 + 500, sc_core::SC_NS));
  });
}

TEST(Machine, TheChipWaitsForTheHostsGrants) {
  auto machine = machine_of({0, 53});
  machine->run([](IpuDriver& driver) {
    driver.enumerate();
    for (const TileId place : driver.places()) {
      load(driver, place.value(), doubler());
      driver.write_memory(place, ByteAddr{data}, bytes_of({21}));
    }
    driver.start();
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::waits_for_host);  // the entry sync
    const auto read = [&] {
      std::vector<std::uint8_t> got(4);
      driver.read_memory(TileId{53}, ByteAddr{data}, got);
      return got;
    };
    EXPECT_EQ(read(), bytes_of({21}));
    driver.write_memory(TileId{53}, ByteAddr{data}, bytes_of({100}));
    driver.grant(7, 1);
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::waits_for_host);  // the completion sync
    EXPECT_EQ(read(), bytes_of({200}));
    driver.grant(7, 1);
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::waits_for_host);
    EXPECT_EQ(driver.granted(7), 0U);
    const Cycle before = driver.cycle();
    const Cycle after = driver.cycle();  // two reads later: 2.0055 us, 2657 cycles at 1.325 GHz
    EXPECT_NEAR(static_cast<double>(after - before), 2657, 2);
  });
  EXPECT_EQ(machine->host_syncs().size(), 2U);
}

TEST(Machine, MemoryIsClosedWhileTheChipRuns) {
  Program p(code);
  p.set(0, 100);
  for (unsigned i = 0; i < 100; ++i) p.op("delay", {4000});  // some 300 us
  p.op("sync", {7});
  auto machine = machine_of({0});
  machine->run([&](IpuDriver& driver) {
    driver.enumerate();
    load(driver, 0, p);
    driver.start();
    EXPECT_EQ(driver.status(), ChipStatus::running);
    std::vector<std::uint8_t> word(4);
    const HostError error = failure([&] { driver.read_memory(TileId{0}, ByteAddr{code}, word); });
    EXPECT_EQ(error.status(), CompletionStatus::completer_abort);
    EXPECT_EQ(failure([&] { driver.write_memory(TileId{0}, ByteAddr{code}, word); }).status(),
              CompletionStatus::completer_abort);
    EXPECT_EQ(failure([&] { driver.start(); }).status(), CompletionStatus::completer_abort);
    EXPECT_NE(
        failure([&] { driver.wait_for_rest(std::chrono::microseconds{10}); }).reason().find("still runs"),
        std::string::npos);
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::waits_for_host);
    EXPECT_NO_THROW(driver.read_memory(TileId{0}, ByteAddr{code}, word));
    EXPECT_EQ(word, bytes_of({p.code()[0]}));
    EXPECT_EQ(failure([&] { driver.set_entry(TileId{0}, ByteAddr{code}); }).status(),
              CompletionStatus::completer_abort);  // too late
  });
}

TEST(Machine, ErrorsOfTheDeviceComeThrough) {
  auto machine = machine_of({0, 53});
  machine->run([](IpuDriver& driver) {
    driver.enumerate();
    std::vector<std::uint8_t> word(4);
    EXPECT_EQ(failure([&] { driver.read_memory(TileId{53}, ByteAddr{0x40000}, word); }).status(),
              CompletionStatus::unsupported_request);  // memory begins at 0x4C000
    EXPECT_EQ(failure([&] { driver.write_memory(TileId{53}, ByteAddr{0xE8000}, word); }).status(),
              CompletionStatus::unsupported_request);
    EXPECT_EQ(failure([&] { driver.start(); }).status(), CompletionStatus::completer_abort);  // no entry
    EXPECT_EQ(driver.status(), ChipStatus::reset);
  });
}

TEST(Machine, AnExceptionInterruptsTheHost) {
  Program p(code);
  p.op("delay", {98}).op("trap_mmmn_zi", {0});
  auto machine = machine_of({0, 53});
  machine->run([&](IpuDriver& driver) {
    driver.enumerate();
    load(driver, 53, p);
    driver.start();
    const auto begin = sc_core::sc_time_stamp();
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::stopped);
    // Sooner than the driver looks at the status by itself.
    EXPECT_LT(sc_core::sc_time_stamp() - begin, sc_core::sc_time(1, sc_core::SC_MS));
    EXPECT_EQ(driver.exception_count(), 1U);
    EXPECT_EQ(driver.first_exception(), TileId{53});
  });
}

TEST(Machine, AnEndlessLoopMeetsTheCycleLimit) {
  Program p(code);
  p.op("bri_mmmn_zi", {code / 4});
  auto machine = machine_of({0}, Cycle{1'000'000});
  machine->run([&](IpuDriver& driver) {
    driver.enumerate();
    load(driver, 0, p);
    sc_core::wait(1, sc_core::SC_MS);  // 1,325,000 cycles: the limit counts from the start
    driver.start();
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::cycle_limit);
  });
  EXPECT_EQ(machine->chip().report().cycles.total(), 1'000'000U);
}

TEST(Machine, TheJobsExceptionComesOut) {
  auto machine = machine_of({0});
  EXPECT_THROW(machine->run([](IpuDriver& driver) {
    driver.enumerate();
    throw std::runtime_error("the job's own");
  }),
               std::runtime_error);
  EXPECT_THROW(machine->run([](IpuDriver&) {}), std::logic_error);  // once
}

TEST(Machine, MachinesLiveSideBySide) {
  auto first = machine_of({0});
  auto second = machine_of({53});
  second->run([](IpuDriver& driver) {
    driver.enumerate();
    EXPECT_EQ(driver.places(), std::vector{TileId{53}});
  });
  first->run([](IpuDriver& driver) {
    driver.enumerate();
    EXPECT_EQ(driver.places(), std::vector{TileId{0}});
  });
}

TEST(Machine, ImpossibleDescriptionsAreRefused) {
  auto system = system_of({0});
  const chip::TileFactories factories{{"fast", &tile::make_fast_tile}};
  EXPECT_THROW(Machine(config::system_of(system), {"slow"}, factories), std::invalid_argument);
  EXPECT_THROW(Machine(config::system_of(system), {"fast", "fast"}, factories), std::invalid_argument);
  system.pcie.msix_vectors = 2;
  EXPECT_THROW(Machine(config::system_of(system), {"fast"}, factories), std::invalid_argument);
}

// The whole chip is loaded, started and read through the link.
TEST(Machine, AllTiles) {
  const auto system = config::load_chip_config(std::filesystem::path{IPUSIM_SOURCE_DIR} / "configs/mk2.yaml");
  Machine machine(config::system_of(system), std::vector<std::string>(system.places.size(), "fast"),
                  {{"fast", &tile::make_fast_tile}}, {Cycle::never(), 1, &host_test::checked_link});
  machine.run([](IpuDriver& driver) {
    driver.enumerate();
    ASSERT_EQ(driver.tile_count(), 1472U);
    for (const TileId place : driver.places()) {
      load(driver, place.value(), doubler());
      driver.write_memory(place, ByteAddr{data}, bytes_of({place.value()}));
    }
    driver.grant(7, 2);
    driver.start();
    EXPECT_EQ(driver.wait_for_rest(), ChipStatus::waits_for_host);
    for (const TileId place : driver.places()) {
      std::vector<std::uint8_t> got(4);
      driver.read_memory(place, ByteAddr{data}, got);
      ASSERT_EQ(got, bytes_of({2U * place.value()})) << place.value();
    }
  });
}

// Two chips at one host and a third at another: each job has its own, and nothing of one shows in another.
TEST(Machine, HoldsSeveralChipsAndHosts) {
  config::SystemConfig system{"three", "", {}, {}};
  for (const std::uint16_t place : {std::uint16_t{0}, std::uint16_t{53}, std::uint16_t{63}}) {
    system.chips.push_back(system_of({place}));
    system.chips.back().name = "ipu" + std::to_string(system.chips.size() - 1);
  }
  system.hosts = {{"a", {ChipIndex{2}, ChipIndex{0}}}, {"b", {ChipIndex{1}}}};
  Machine machine(system, {"fast", "fast", "fast"}, chip::TileFactories{{"fast", &tile::make_fast_tile}},
                  {Cycle::never(), 1, &host_test::checked_link});
  EXPECT_EQ(machine.chips(), 3U);
  std::vector<std::vector<TileId>> seen;
  machine.run([&](host::HostIndex host, host::Ipus& ipus) {
    for (std::size_t i = 0; i < ipus.size(); ++i) {
      ipus[i]->enumerate();
      Program p(code);
      p.set(5, 100 * (host.value() + 1) + static_cast<std::uint32_t>(i)).op("sync", {7}).op("sync", {7});
      const TileId place = ipus[i]->places().at(0);
      ipus[i]->write_memory(place, ByteAddr{code}, bytes_of(p.code()));
      ipus[i]->set_entry(place, ByteAddr{code});
      ipus[i]->grant(7, 1);
    }
    for (const auto& ipu : ipus) ipu->start();
    for (const auto& ipu : ipus) EXPECT_EQ(ipu->wait_for_rest(), ChipStatus::waits_for_host);
    for (const auto& ipu : ipus) seen.push_back(ipu->places());
  });
  EXPECT_THAT(seen, ::testing::UnorderedElementsAre(std::vector{TileId{63}}, std::vector{TileId{0}},
                                                    std::vector{TileId{53}}));
  const auto m5 = [&](std::uint32_t c) {
    return machine.chip(ChipIndex{c})
        .tile(TileIndex{0})
        .read_register(Context::supervisor(), tile::RegisterWrite::File::m, 5);
  };
  EXPECT_EQ(m5(2), 100U);
  EXPECT_EQ(m5(0), 101U);
  EXPECT_EQ(m5(1), 200U);
  for (std::uint32_t c = 0; c < 3; ++c) EXPECT_EQ(machine.host_syncs(ChipIndex{c}).size(), 1U);
  EXPECT_THROW(machine.run([](host::HostIndex, host::Ipus&) {}), std::logic_error);
}

}  // namespace
