// SPDX-License-Identifier: Apache-2.0
// The driver in front of an endpoint whose chip is only two sockets: what it sends, and what it does when
// something is wrong.
#include "bench.hpp"
#include "ipusim/host/host_server.hpp"

namespace {

using namespace ipusim;
namespace control = chip::control;
using chip::control::Tdi;
using device::CompletionStatus;
using host::HostError;
using host::IpuDriver;
using host_test::failure;

constexpr TileId place{53};

class Driver : public host_test::SimulationTest {
 protected:
  // The device as `device` says, the driver looking for what `wanted` says.
  void run(std::function<void(IpuDriver&)> job, const config::PcieConfig& device = host_test::slow_link(),
           const config::PcieConfig& wanted = host_test::slow_link()) {
    chip = std::make_unique<host_test::FakeChip>("chip");
    chip->control_words = {{control::tile_count, 2},
                           {control::place_table, 0},
                           {control::place_table + 4, place.value()},
                           {control::chip_status, 0},
                           {control::go, 0},
                           {control::gs1_mark, 0},
                           {control::gs2_mark, 0},
                           {control::tdi(place, Tdi::tdi_clr), 0},
                           {control::tdi(place, Tdi::dbg_iowner), 7},
                           {control::tdi(place, Tdi::dbg_iexec), 0},
                           {control::tdi(place, Tdi::tdi_sts), 0},
                           {control::cycle_low, 0x89ABCDEF},
                           {control::cycle_high, 0x12},
                           {control::exception_count, 3},
                           {control::exception_place, 0xFFFFFFFF}};
    endpoint = std::make_unique<host::IpuFunction>("endpoint", device);
    server = std::make_unique<host::HostServer>(
        "host", std::vector{wanted}, [job = std::move(job)](host::Ipus& ipus) { job(*ipus.front()); },
        [] { sc_core::sc_pause(); });
    bars = std::make_unique<host_test::CheckedBars>();
    bars->connect(*endpoint, *chip);
    link = std::make_unique<host_test::CheckedLink>("endpoint");
    link->attach(server->port(), *endpoint);
    sc_core::sc_start();
    ASSERT_TRUE(server->done());
    if (server->error()) std::rethrow_exception(server->error());
  }
  std::unique_ptr<host_test::FakeChip> chip;
  std::unique_ptr<host::IpuFunction> endpoint;
  std::unique_ptr<host::HostServer> server;
  std::unique_ptr<host_test::CheckedBars> bars;
  std::unique_ptr<host_test::CheckedLink> link;

  // Addresses and lengths that reached the chip's memory.
  std::vector<std::pair<std::uint64_t, std::size_t>> memory_pieces() const {
    std::vector<std::pair<std::uint64_t, std::size_t>> pieces;
    for (const auto& access : chip->memory_accesses) pieces.emplace_back(access.address, access.bytes);
    return pieces;
  }
};

TEST_F(Driver, EnumerationConfiguresTheDevice) {
  run([&](IpuDriver& driver) {
    driver.enumerate();
    EXPECT_EQ(driver.places(), (std::vector{TileId{0}, place}));
  });
  const device::ConfigSpace& space = endpoint->config_space();
  EXPECT_TRUE(space.memory_enabled());
  EXPECT_TRUE(space.bus_master());
  EXPECT_EQ(space.max_payload_bytes(), 256U);
  EXPECT_EQ(space.max_read_request_bytes(), 512U);
  EXPECT_TRUE(space.msix_enabled());
  EXPECT_FALSE(space.msix_masked());
  // BARs lie at multiples of their sizes and claim different addresses.
  const std::uint64_t control_bar = space.read(0x10);
  const std::uint64_t memory_bar = std::uint64_t{space.read(0x1C)} << 32U | (space.read(0x18) & ~0xFU);
  EXPECT_NE(control_bar, 0U);
  EXPECT_EQ(control_bar % 0x80000, 0U);
  EXPECT_GE(memory_bar, std::uint64_t{1} << 32U);
  EXPECT_EQ(memory_bar % 0x8000'0000, 0U);
  EXPECT_EQ(space.decode(control_bar)->bar, 0U);
  EXPECT_EQ(space.decode(memory_bar)->bar, 2U);
  EXPECT_EQ(space.decode(space.read(0x20))->bar, 4U);
  EXPECT_EQ(space.decode(space.read(0x24))->bar, 5U);
}

TEST_F(Driver, EnumerationDirectsEveryVectorToTheHost) {
  run([&](IpuDriver& driver) {
    driver.enumerate();
    for (unsigned v = 0; v < 8; ++v) endpoint->raise(v);
    sc_core::wait(10, sc_core::SC_US);
    for (unsigned v = 0; v < 8; ++v) EXPECT_EQ(server->port().interrupts(v), 1U) << v;
  });
}

TEST_F(Driver, SizesAreTheLesserOfBoth) {
  auto small = host_test::slow_link();
  small.max_payload_bytes = 128;
  small.max_read_request_bytes = 128;
  run(
      [](IpuDriver& driver) {
        driver.enumerate();
        driver.write_memory(place, ByteAddr{0}, std::vector<std::uint8_t>(256));
        std::vector<std::uint8_t> data(256);
        driver.read_memory(place, ByteAddr{0}, data);
      },
      host_test::slow_link(), small);
  const std::uint64_t at = 53U << 20U;
  EXPECT_EQ(memory_pieces(), (std::vector<std::pair<std::uint64_t, std::size_t>>{
                                 {at, 128}, {at + 128, 128}, {at, 128}, {at + 128, 128}}));
}

TEST_F(Driver, AnotherDeviceIsNotTouched) {
  auto other = host_test::slow_link();
  other.device_id = 0x0777;
  run(
      [](IpuDriver& driver) {
        const HostError error = failure([&] { driver.enumerate(); });
        EXPECT_NE(error.reason().find("1d95:0777"), std::string::npos) << error.what();
      },
      other);
  EXPECT_FALSE(endpoint->config_space().memory_enabled());
}

TEST_F(Driver, ABarLiesAtAMultipleOfItsSizeOrNowhere) {
  auto large = host_test::slow_link();
  large.memory_bar_bytes = std::uint64_t{1} << 40U;
  run(
      [](IpuDriver& driver) {
        driver.enumerate();
        driver.write_memory(place, ByteAddr{0x4C000}, std::vector<std::uint8_t>(4));
      },
      large);
  EXPECT_EQ(memory_pieces(),
            (std::vector<std::pair<std::uint64_t, std::size_t>>{{(53U << 20U) + 0x4C000, 4}}));
}

TEST_F(Driver, NoRoomForA32BitBar) {
  auto large = host_test::slow_link();
  large.control_bar_bytes = std::uint64_t{1} << 31U;  // from 3 GiB on, 2 GiB find no place
  run(
      [](IpuDriver& driver) {
        EXPECT_NE(failure([&] { driver.enumerate(); }).reason().find("no room below 4 GiB for BAR 0"),
                  std::string::npos);
      },
      large);
}

TEST_F(Driver, WritesSplitAtThePayloadSize) {
  run([](IpuDriver& driver) {
    driver.enumerate();
    std::vector<std::uint8_t> data(600);
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::uint8_t>(i * 11);
    driver.write_memory(place, ByteAddr{0x4CF42}, data);
    std::vector<std::uint8_t> back(600);
    driver.read_memory(place, ByteAddr{0x4CF42}, back);
    EXPECT_EQ(back, data);
  });
  const std::uint64_t at = (53U << 20U) + 0x4CF42;
  // 256-byte payloads end at 0x4D000 (a 4 KiB boundary), 0x4D100, 0x4D19A; reads of 512 end at 0x4D000.
  EXPECT_EQ(memory_pieces(),
            (std::vector<std::pair<std::uint64_t, std::size_t>>{
                {at, 0xBE}, {at + 0xBE, 256}, {at + 0x1BE, 154}, {at, 0xBE}, {at + 0xBE, 410}}));
}

TEST_F(Driver, NothingIsNothing) {
  run([](IpuDriver& driver) {
    driver.enumerate();
    driver.write_memory(place, ByteAddr{0x4C000}, {});
    driver.read_memory(place, ByteAddr{0x4C000}, {});
  });
  EXPECT_TRUE(chip->memory_accesses.empty());
}

TEST_F(Driver, RefusedMemoryIsAnErrorWithItsAddress) {
  run([&](IpuDriver& driver) {
    driver.enumerate();
    const std::uint64_t memory_bar = 0x40'0000'0000;  // the first of its size at the window's start
    std::vector<std::uint8_t> data(600);
    chip->answer = tlm::TLM_GENERIC_ERROR_RESPONSE;
    HostError error = failure([&] { driver.read_memory(place, ByteAddr{0x4C000}, data); });
    EXPECT_EQ(error.status(), CompletionStatus::completer_abort);
    EXPECT_EQ(error.address(), memory_bar + (53U << 20U) + 0x4C000);
    EXPECT_NE(error.operation().find("read_memory of 600 bytes at 0x4c000, place 53"), std::string::npos);
    EXPECT_NE(std::string{error.what()}.find("completer abort (CA)"), std::string::npos) << error.what();
    error = failure([&] { driver.write_memory(place, ByteAddr{0x4C000}, data); });
    EXPECT_EQ(error.status(), CompletionStatus::completer_abort);
    EXPECT_NE(error.operation().find("write_memory"), std::string::npos);
    chip->answer = tlm::TLM_ADDRESS_ERROR_RESPONSE;
    error = failure([&] { driver.read_memory(place, ByteAddr{0x1000}, data); });
    EXPECT_EQ(error.status(), CompletionStatus::unsupported_request);
    error = failure([&] { driver.write_memory(place, ByteAddr{0x1000}, data); });
    EXPECT_EQ(error.status(), CompletionStatus::unsupported_request);
    // An error is told once: what follows is judged by itself.
    chip->answer = tlm::TLM_OK_RESPONSE;
    EXPECT_NO_THROW(driver.write_memory(place, ByteAddr{0x4C000}, data));
  });
}

TEST_F(Driver, WrongArgumentsDoNotReachTheDevice) {
  run([&](IpuDriver& driver) {
    std::vector<std::uint8_t> data(8);
    for (const auto& early : std::vector<std::function<void()>>{
             [&] { driver.write_memory(place, ByteAddr{0x4C000}, data); },
             [&] { driver.set_entry(place, ByteAddr{0x4C000}); }, [&] { driver.start(); },
             [&] { driver.grant(7, 1); }, [&] { driver.wait_for_rest(); }, [&] { driver.cycle(); }}) {
      EXPECT_NE(failure(early).reason().find("enumerate()"), std::string::npos);
    }
    driver.enumerate();
    const std::size_t accesses = chip->control_accesses.size();
    const auto reason = [](const std::function<void()>& action) { return failure(action).reason(); };
    EXPECT_EQ(reason([&] { driver.write_memory(TileId{7}, ByteAddr{0x4C000}, data); }),
              "the system has no tile at place 7");
    EXPECT_EQ(reason([&] { driver.set_entry(TileId{7}, ByteAddr{0x4C000}); }),
              "the system has no tile at place 7");
    EXPECT_EQ(reason([&] { driver.read_memory(place, ByteAddr{0xFFFF9}, data); }),
              "tile addresses end at 0x100000");
    EXPECT_NE(reason([&] { driver.set_entry(place, ByteAddr{0x4C002}); }).find("instruction"),
              std::string::npos);
    EXPECT_NE(reason([&] { driver.set_entry(place, ByteAddr{0x200000}); }).find("reach"), std::string::npos);
    EXPECT_EQ(reason([&] { driver.grant(6, 1); }), "zone 6 has no host; zones 5 and 7 have");
    EXPECT_EQ(reason([&] { driver.granted(3); }), "zone 3 has no host; zones 5 and 7 have");
    EXPECT_EQ(reason([&] { driver.grant(7, 0); }), "the count must be in 1..65535");
    EXPECT_EQ(reason([&] { driver.grant(7, 65536); }), "the count must be in 1..65535");
    EXPECT_EQ(chip->control_accesses.size(), accesses);
    EXPECT_TRUE(chip->memory_accesses.empty());
  });
}

TEST_F(Driver, AnEntryIsAnInjectedBranch) {
  run([&](IpuDriver& driver) {
    driver.enumerate();
    driver.set_entry(place, ByteAddr{0x4C014});
    EXPECT_EQ(chip->control_words[control::tdi(place, Tdi::tdi_clr)], 2U);
    EXPECT_EQ(chip->control_words[control::tdi(place, Tdi::dbg_iowner)], 0U);
    // The published form of the injected word: 0x40800000 | pc / 4.
    EXPECT_EQ(chip->control_words[control::tdi(place, Tdi::dbg_iexec)], 0x40800000U | (0x4C014U / 4));
    chip->control_words[control::tdi(place, Tdi::tdi_sts)] = 2;
    const HostError error = failure([&] { driver.set_entry(place, ByteAddr{0x4C014}); });
    EXPECT_EQ(error.status(), CompletionStatus::completer_abort);
    EXPECT_NE(error.reason().find("refuses the injected branch"), std::string::npos);
  });
}

TEST_F(Driver, RegistersOfTheModelBlock) {
  run([&](IpuDriver& driver) {
    driver.enumerate();
    EXPECT_EQ(driver.cycle(), Cycle{0x12'89AB'CDEF});
    const auto& accesses = chip->control_accesses;
    EXPECT_EQ(accesses[accesses.size() - 2].address, control::cycle_low);  // it latches the other
    EXPECT_EQ(accesses.back().address, control::cycle_high);
    EXPECT_EQ(driver.exception_count(), 3U);
    EXPECT_EQ(driver.first_exception(), std::nullopt);
    chip->control_words[control::exception_place] = 1471;
    EXPECT_EQ(driver.first_exception(), TileId{1471});
    driver.start();
    EXPECT_EQ(chip->control_words[control::go], 1U);
    driver.grant(5, 2);
    EXPECT_EQ(chip->control_words[control::gs1_mark], 2U);
    EXPECT_EQ(driver.granted(5), 2U);
    driver.grant(7, 65535);
    EXPECT_EQ(chip->control_words[control::gs2_mark], 65535U);
    EXPECT_NE(failure([&] { driver.grant(7, 1); }).reason().find("65535 syncs granted before"),
              std::string::npos);
  });
}

TEST_F(Driver, WaitingEndsWithTheInterrupt) {
  run([&](IpuDriver& driver) {
    driver.enumerate();
    chip->control_words[control::chip_status] = 1;
    const auto begin = sc_core::sc_time_stamp();
    sc_core::sc_spawn([&] {
      sc_core::wait(20, sc_core::SC_US);
      endpoint->raise(4U);  // it still runs
      sc_core::wait(20, sc_core::SC_US);
      chip->control_words[control::chip_status] = 2;
      endpoint->raise(5U);
    });
    EXPECT_EQ(driver.wait_for_rest(), control::ChipStatus::waits_for_host);
    // The message takes 124 ns, the read of the status after it 244 ns.
    EXPECT_EQ(sc_core::sc_time_stamp() - begin, sc_core::sc_time(40'000 + 124 + 244, sc_core::SC_NS));
  });
}

TEST_F(Driver, AnEndWithoutInterruptIsFoundOutToo) {
  run([&](IpuDriver& driver) {
    driver.enumerate();
    chip->control_words[control::chip_status] = 1;
    sc_core::sc_spawn([&] {
      sc_core::wait(2500, sc_core::SC_US);
      chip->control_words[control::chip_status] = 4;
    });
    EXPECT_EQ(driver.wait_for_rest(), control::ChipStatus::finished);
    EXPECT_LT(sc_core::sc_time_stamp(), sc_core::sc_time(3600, sc_core::SC_US));
  });
}

TEST_F(Driver, WaitingHasALimit) {
  run([&](IpuDriver& driver) {
    driver.enumerate();
    chip->control_words[control::chip_status] = 1;
    const auto begin = sc_core::sc_time_stamp();
    const HostError error = failure([&] { driver.wait_for_rest(std::chrono::microseconds{50}); });
    EXPECT_EQ(error.operation(), "wait_for_rest");
    EXPECT_NE(error.reason().find("still runs"), std::string::npos);
    EXPECT_GE(sc_core::sc_time_stamp() - begin, sc_core::sc_time(50, sc_core::SC_US));
    EXPECT_LT(sc_core::sc_time_stamp() - begin, sc_core::sc_time(52, sc_core::SC_US));
  });
}

TEST_F(Driver, APlaceBeyondTheMemoryBarIsRefused) {
  auto config = host_test::slow_link();
  config.memory_bar_bytes = 1U << 24U;  // places 0..15
  run(
      [](IpuDriver& driver) {
        const HostError error = failure([&] { driver.enumerate(); });
        EXPECT_NE(error.reason().find("tile 1 is at place 53"), std::string::npos) << error.what();
      },
      config);
}

}  // namespace
