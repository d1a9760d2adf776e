// SPDX-License-Identifier: Apache-2.0
// The register map, register by register, and what it refuses.
#include "bench.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::Bench;
using chip_test::branch_to;
using chip_test::code_base;
using chip_test::Host;
using control::ChipStatus;
using control::Tdi;
using tile_test::Program;

constexpr auto ok = tlm::TLM_OK_RESPONSE;
constexpr auto refused = tlm::TLM_GENERIC_ERROR_RESPONSE;

class Control : public chip_test::SimulationTest {};

TEST(ControlMap, PublishedOffsets) {
  EXPECT_EQ(control::size_bytes, 0x80000U);
  EXPECT_EQ(control::gs1_mark, 0x302CU);
  EXPECT_EQ(control::gs2_mark, 0x3030U);
  EXPECT_EQ(control::tdi(TileId{0}, Tdi::ctxt_sts), 0x30000U);
  EXPECT_EQ(control::tdi(TileId{260}, Tdi::dbg_iexec), 0x30000U + 0x40U * 260U + 4U * 3U);
  EXPECT_EQ(control::tdi(TileId{0}, Tdi::dbg_iowner), 0x30010U);
  EXPECT_EQ(control::tdi(TileId{0}, Tdi::dbg_data), 0x3001CU);
  EXPECT_EQ(control::tdi(TileId{0}, Tdi::tdi_sts), 0x30020U);
  EXPECT_EQ(control::tdi(TileId{1471}, Tdi::incoming_dcount), 0x30000U + 0x40U * 1471U + 40U);
  EXPECT_LT(control::tdi(TileId{1471}, Tdi::incoming_dcount), 0x47000U);  // windows end at 0x46FFF
}

TEST_F(Control, ModelBlock) {
  Bench bench({0, 53, 1471}, [](Host& h, ChipModule&) {
    EXPECT_EQ(h.read(control::chip_status).value, static_cast<std::uint32_t>(ChipStatus::reset));
    EXPECT_EQ(h.read(control::tile_count).value, 3U);
    EXPECT_EQ(h.read(control::place_table + 8).value, 1471U);
    EXPECT_EQ(h.read(control::place_table + 12).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(h.read(control::exception_count).value, 0U);
    EXPECT_EQ(h.read(control::exception_place).value, ~0U);
    h.rest(sc_core::sc_time(10, sc_core::SC_SEC));  // 13,250,000,000 cycles = 3 * 2^32 + 365,098,112
    EXPECT_EQ(h.read(control::cycle_low).value, 365'098'112U);
    EXPECT_EQ(h.read(control::cycle_high).value, 3U);
  });
  bench.run();
}

TEST_F(Control, WrongAccessesAreRefused) {
  Bench bench({0, 53}, [](Host& h, ChipModule&) {
    EXPECT_EQ(h.read(0x1000).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(h.write(0x1000, 0), tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(h.read(0x80000).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(h.read(control::chip_status, 2).status, tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(h.read(control::chip_status, 8).status, tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(h.read(control::chip_status + 2).status, tlm::TLM_BURST_ERROR_RESPONSE);
    EXPECT_EQ(h.write(control::chip_status, 1), tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(h.read(control::go).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
    EXPECT_EQ(h.write(control::go, 1), refused);  // no tile has a start address
    EXPECT_EQ(h.read(control::tdi(TileId{1}, Tdi::ctxt_sts)).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
    EXPECT_EQ(h.read(control::tdi_base + 8).status, tlm::TLM_ADDRESS_ERROR_RESPONSE);  // no register 2
    EXPECT_EQ(h.write(control::tdi_base + 52, 0), tlm::TLM_ADDRESS_ERROR_RESPONSE);    // nor 13
    EXPECT_EQ(h.write(control::tdi(TileId{0}, Tdi::ctxt_sts), 0), tlm::TLM_COMMAND_ERROR_RESPONSE);
    for (const Tdi which : {Tdi::tdi_sts, Tdi::incoming_dcount, Tdi::exchange_ctl}) {
      EXPECT_EQ(h.write(control::tdi(TileId{0}, which), 0), tlm::TLM_COMMAND_ERROR_RESPONSE);
    }
    for (const Tdi which : {Tdi::dbg_iexec, Tdi::dbg_eclr, Tdi::tdi_clr}) {
      EXPECT_EQ(h.read(control::tdi(TileId{0}, which)).status, tlm::TLM_COMMAND_ERROR_RESPONSE);
    }
    // Contexts that do not exist, and bits whose meaning is not public.
    EXPECT_EQ(h.write(control::tdi(TileId{0}, Tdi::dbg_iowner), 7), refused);
    EXPECT_EQ(h.write(control::tdi(TileId{0}, Tdi::dbg_rbrk), 0x80), refused);
    EXPECT_EQ(h.write(control::tdi(TileId{0}, Tdi::dbg_rbrk), 1U << 31U), refused);  // VM_EN
    EXPECT_EQ(h.write(control::tdi(TileId{0}, Tdi::dbg_eclr), 0x80), refused);
    EXPECT_EQ(h.write(control::tdi(TileId{0}, Tdi::tdi_ctl), 1), refused);
    EXPECT_EQ(h.write(control::tdi(TileId{0}, Tdi::tdi_ctl), 0), ok);
    EXPECT_EQ(h.read(control::tdi(TileId{0}, Tdi::tdi_ctl)).value, 0U);
  });
  bench.run();
}

TEST_F(Control, ABranchOfTheSupervisorSetsTheStartAddress) {
  Bench bench({0}, [](Host& h, ChipModule& chip) {
    const auto iexec = control::tdi(TileId{0}, Tdi::dbg_iexec);
    const auto status = control::tdi(TileId{0}, Tdi::tdi_sts);
    EXPECT_EQ(h.write(control::tdi(TileId{0}, Tdi::dbg_iowner), 1), ok);
    EXPECT_EQ(h.write(iexec, 0x40800000U | (0x4C100U / 4)), ok);  // of a worker: its PC and nothing else
    EXPECT_FALSE(chip.chip().has_entry(TileIndex{0}));
    EXPECT_EQ(h.write(control::tdi(TileId{0}, Tdi::dbg_iowner), 0), ok);
    EXPECT_EQ(h.write(iexec, 0x19E00000), ok);       // a nop
    EXPECT_EQ(h.write(iexec, 0x41800003), refused);  // sync 3
    EXPECT_EQ(h.read(status).value, 2U);
    EXPECT_EQ(h.write(control::tdi(TileId{0}, Tdi::tdi_clr), 2), ok);
    EXPECT_EQ(h.read(status).value, 0U);
    EXPECT_FALSE(chip.chip().has_entry(TileIndex{0}));
    EXPECT_EQ(h.write(iexec, 0x40800000U | (0x4C100U / 4)), ok);  // the published encoding of bri
    EXPECT_TRUE(chip.chip().has_entry(TileIndex{0}));
  });
  bench.run();
}

TEST_F(Control, TileStateIsSeenAtRest) {
  Program p(code_base);
  p.set(0, 77).nop().nop().nop().nop().nop().op("put_mmmn_zi", {0, 0xA6}).op("delay", {20}).op("sync", {7});
  Bench bench({0, 53}, [&](Host& h, ChipModule& chip) {
    h.load(TileId{0}, p);
    EXPECT_EQ(h.write(control::go, 1), ok);
    const auto dcount = control::tdi(TileId{0}, Tdi::incoming_dcount);
    EXPECT_EQ(h.read(dcount).status, refused);               // runs
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::deadlock);  // the other tile never arrives
    EXPECT_EQ(h.read(dcount).value, 77U);
    EXPECT_EQ(h.read(control::tdi(TileId{0}, Tdi::ctxt_sts)).value, 1U);
    EXPECT_EQ(h.read(control::tdi(TileId{0}, Tdi::tdi_sts)).value, 1U);
    EXPECT_EQ(h.read(control::tdi(TileId{53}, Tdi::ctxt_sts)).value, 0U);
    EXPECT_EQ(h.write(control::tdi(TileId{53}, Tdi::dbg_iexec), branch_to(code_base)), refused);  // too late
    EXPECT_EQ(h.write(control::go, 1), refused);
    ASSERT_EQ(h.interrupts.size(), 1U);
    EXPECT_EQ(h.interrupts[0].vector, control::vector::exception);
  });
  bench.run();
  EXPECT_NE(bench.chip->chip().report().problems[1].find("never started"), std::string::npos);
}

TEST_F(Control, AnExceptionStopsTheChipAndInterrupts) {
  Program p(code_base);
  p.op("delay", {98}).op("trap_mmmn_zi", {0});
  Bench bench({0, 53}, [&](Host& h, ChipModule& chip) {
    h.load(TileId{53}, p);
    h.rest(chip.clock().time_of(Cycle{1000}));
    EXPECT_EQ(h.write(control::go, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::stopped);
    EXPECT_EQ(h.read(control::exception_count).value, 1U);
    EXPECT_EQ(h.read(control::exception_place).value, 53U);
    EXPECT_EQ(h.read(control::tdi(TileId{53}, Tdi::ctxt_sts)).value, 2U);  // excepted by a break
    ASSERT_EQ(h.interrupts.size(), 1U);
    EXPECT_EQ(h.interrupts[0].vector, 0U);
    // The start is a turn of slot 0: the first one from 1000 on is 1002. delay 98 takes 99 cycles.
    EXPECT_EQ(h.interrupts[0].at, chip.clock().time_of(Cycle{1002 + 99}));
  });
  bench.run();
}

// Below, at and beyond what the chip is run ahead at once.
class CycleLimit : public ::testing::WithParamInterface<std::uint64_t>, public Control {};
INSTANTIATE_TEST_SUITE_P(Cycles, CycleLimit,
                         ::testing::Values(5000, ChipModule::run_ahead_cycles,
                                           2 * ChipModule::run_ahead_cycles + 1));
TEST_P(CycleLimit, IsAStatus) {
  Program p(code_base);
  p.op("bri_mmmn_zi", {code_base / 4});
  Bench bench(
      {0},
      [&](Host& h, ChipModule& chip) {
        h.load(TileId{0}, p);
        h.rest(sc_core::sc_time(10, sc_core::SC_US));  // longer than the limit, which counts from the start
        h.write(control::go, 1);
        EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::cycle_limit);
        EXPECT_EQ(chip.chip().report().cycles.total(), GetParam());
      },
      Cycle{GetParam()});
  bench.run();
}

}  // namespace
