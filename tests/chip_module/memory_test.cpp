// SPDX-License-Identifier: Apache-2.0
// All tiles' memories behind one socket: place << 20 | tile address.
#include "bench.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::address;
using chip_test::Bench;
using chip_test::Host;
using control::ChipStatus;
using tile_test::Program;

class ChipMemory : public chip_test::SimulationTest {};

TEST_F(ChipMemory, EveryTileHasItsMegabyte) {
  Bench bench({0, 53, 1471}, [](Host& h, ChipModule& chip) {
    for (const std::uint16_t place : {std::uint16_t{0}, std::uint16_t{53}, std::uint16_t{1471}}) {
      EXPECT_EQ(h.put_words(address(place, 0x90000), {place}), tlm::TLM_OK_RESPONSE);
    }
    std::array<std::byte, 4> word{};
    chip.chip().tile(TileIndex{2}).read_memory(ByteAddr{0x90000}, word);
    EXPECT_EQ(word[0], std::byte{0xBF});  // 1471 = 0x5BF
    EXPECT_EQ(word[1], std::byte{0x05});
  });
  bench.run();
}

TEST_F(ChipMemory, WrongAddressesAreRefused) {
  Bench bench({0, 53}, [](Host& h, ChipModule&) {
    std::vector<std::uint8_t> data(16);
    const auto read = [&](std::uint64_t at) { return h.move(tlm::TLM_READ_COMMAND, at, data); };
    EXPECT_EQ(read(address(1, 0x90000)), tlm::TLM_ADDRESS_ERROR_RESPONSE);   // no tile at place 1
    EXPECT_EQ(read(address(53, 0x40000)), tlm::TLM_ADDRESS_ERROR_RESPONSE);  // no memory there
    EXPECT_EQ(read(std::uint64_t{1} << 40U), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(read(address(53, 0xFFFF8)), tlm::TLM_BURST_ERROR_RESPONSE);  // runs into the next tile
    EXPECT_EQ(read(address(53, 0xE7FF0)), tlm::TLM_OK_RESPONSE);
  });
  bench.run();
}

TEST_F(ChipMemory, ClosedWhileTheChipRunsButForDebugging) {
  Program p(chip_test::code_base);
  p.op("delay", {1000}).op("sync", {7});
  Bench bench({0}, [&](Host& h, ChipModule& chip) {
    h.load(TileId{0}, p);
    EXPECT_EQ(h.write(control::go, 1), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(chip.status(), ChipStatus::running);
    std::vector<std::uint8_t> data(4);
    EXPECT_EQ(h.move(tlm::TLM_READ_COMMAND, address(0, chip_test::code_base), data),
              tlm::TLM_GENERIC_ERROR_RESPONSE);
    tlm::tlm_generic_payload t;
    t.set_command(tlm::TLM_READ_COMMAND);
    t.set_address(address(0, chip_test::code_base));
    t.set_data_ptr(data.data());
    t.set_data_length(4);
    EXPECT_EQ(h.memory->transport_dbg(t), 4U);
    EXPECT_EQ(data[0], p.code()[0] & 0xFFU);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(h.move(tlm::TLM_READ_COMMAND, address(0, chip_test::code_base), data), tlm::TLM_OK_RESPONSE);
  });
  bench.run();
}

TEST_F(ChipMemory, ADelayOfTheInitiatorIsWaitedFor) {
  Bench bench({0}, [](Host& h, ChipModule&) {
    std::vector<unsigned char> data(4);
    tlm::tlm_generic_payload t;
    t.set_command(tlm::TLM_READ_COMMAND);
    t.set_address(address(0, 0x90000));
    t.set_data_ptr(data.data());
    t.set_data_length(4);
    t.set_streaming_width(4);
    sc_core::sc_time delay(30, sc_core::SC_NS);
    h.memory->b_transport(t, delay);
    EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
    EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::sc_time(30, sc_core::SC_NS));
  });
  bench.run();
}

TEST_F(ChipMemory, PointersAreForTilesThatStand) {
  Program p(chip_test::code_base);
  p.op("delay", {1000}).op("sync", {7});
  Bench bench({1471}, [&](Host& h, ChipModule& chip) {
    h.load(TileId{1471}, p);
    tlm::tlm_generic_payload t;
    t.set_command(tlm::TLM_READ_COMMAND);
    t.set_address(address(1471, chip_test::code_base));
    tlm::tlm_dmi dmi;
    ASSERT_TRUE(h.memory->get_direct_mem_ptr(t, dmi));
    EXPECT_EQ(t.get_address(), address(1471, chip_test::code_base));
    EXPECT_EQ(dmi.get_start_address(), address(1471, 0x4C000));
    const auto offset = t.get_address() - dmi.get_start_address();
    EXPECT_EQ(dmi.get_dmi_ptr()[offset], p.code()[0] & 0xFFU);
    EXPECT_EQ(h.invalidations, 0U);
    EXPECT_EQ(h.write(control::go, 1), tlm::TLM_OK_RESPONSE);
    EXPECT_EQ(h.invalidations, 1U);
    EXPECT_FALSE(h.memory->get_direct_mem_ptr(t, dmi));
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_TRUE(h.memory->get_direct_mem_ptr(t, dmi));
    t.set_address(address(1, chip_test::code_base));
    EXPECT_FALSE(h.memory->get_direct_mem_ptr(t, dmi));  // no tile there
  });
  bench.run();
}

TEST_F(ChipMemory, TheRtlsBanksHaveNoPointer) {
  Bench::Options options;
  options.kind = "rtl";
  Bench bench(
      {0},
      [&](Host& h, ChipModule&) {
        tlm::tlm_generic_payload t;
        t.set_command(tlm::TLM_READ_COMMAND);
        t.set_address(address(0, 0x80000));
        tlm::tlm_dmi dmi;
        EXPECT_FALSE(h.memory->get_direct_mem_ptr(t, dmi));
      },
      options);
  bench.run();
}

}  // namespace
