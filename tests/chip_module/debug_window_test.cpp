// SPDX-License-Identifier: Apache-2.0
// The debug windows as a debugger on the other side of PCIe uses them: only registers and tile memory.
#include <algorithm>

#include "bench.hpp"
#include "tile_kinds.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::chip;
using chip_test::address;
using chip_test::Answer;
using chip_test::Bench;
using chip_test::branch_to;
using chip_test::code_base;
using chip_test::Host;
using control::ChipStatus;
using control::Tdi;
using tile_test::Program;
using tile_test::words;

constexpr auto ok = tlm::TLM_OK_RESPONSE;
constexpr auto refused = tlm::TLM_GENERIC_ERROR_RESPONSE;
constexpr std::uint32_t data = 0x60000, worker_code = 0x50000;
constexpr std::uint32_t nop = 0x19E00000;
constexpr std::uint32_t csr_pc = 0x00, csr_status = 0x01, csr_count = 0x60, csr_data = 0x70, csr_words = 0xA6;
constexpr std::uint32_t null_source = 0x640;
// CTXT_STS.
constexpr std::uint32_t active = 1, broken = 2, failed = 3;
constexpr std::uint32_t eerr = 1U << 30U, merr = 1U << 31U;
constexpr std::uint32_t ererr(std::uint32_t code) { return code << 27U; }

std::uint32_t word(std::string_view id, std::initializer_list<std::int64_t> operands) {
  return words(id, operands).at(0);
}

// What a debugger makes of one window; its instructions use $m10 and $m11.
class Debugger {
 public:
  Debugger(Host& host, std::uint16_t place) : host_(host), place_(place) {}

  Answer read(Tdi which) const { return host_.read(control::tdi(place_, which)); }
  tlm::tlm_response_status write(Tdi which, std::uint32_t value) const {
    return host_.write(control::tdi(place_, which), value);
  }
  // The published steps: clear the status, choose the context, write the word, look at the status.
  void inject(std::uint32_t instruction, unsigned context = 0) const {
    EXPECT_EQ(write(Tdi::tdi_clr, 0xF), ok);
    EXPECT_EQ(write(Tdi::dbg_iowner, context), ok);
    EXPECT_EQ(write(Tdi::dbg_iexec, instruction), ok);
    EXPECT_EQ(read(Tdi::tdi_sts).value, 0U);
  }
  std::uint32_t m(unsigned n, unsigned context = 0) const {
    inject(word("put_mmmn_zi", {n, csr_data}), context);
    return read(Tdi::dbg_data).value;
  }
  void set_m(unsigned n, std::uint32_t value, unsigned context = 0) const {
    EXPECT_EQ(write(Tdi::dbg_data, value), ok);
    inject(word("get_mmmn_zi", {n, csr_data}), context);
  }
  std::uint32_t csr(std::uint32_t number, unsigned context = 0) const {
    inject(word("get_mmmn_zi", {11, number}), context);
    return m(11, context);
  }
  std::uint32_t load(std::uint32_t at, unsigned context = 0) const {
    set_m(11, at, context);
    inject(word("ld32_mmmn_zi", {11, 15, 0, 10}), context);
    return m(10, context);
  }
  void store(std::uint32_t at, std::uint32_t value, unsigned context = 0) const {
    set_m(11, at, context);
    set_m(10, value, context);
    inject(word("st32_mmmn_zi", {11, 15, 0, 10}), context);
  }
  // Polls CTXT_STS until it shows an excepted context.
  std::uint32_t wait_for_exception() const {
    constexpr std::uint32_t excepted = 0b10'10'10'10'10'10'10;
    for (;;) {
      const Answer status = read(Tdi::ctxt_sts);
      if (status.status == ok && (status.value & excepted) != 0) return status.value;
      host_.rest(sc_core::sc_time(100, sc_core::SC_NS));
    }
  }

 private:
  Host& host_;
  TileId place_;
};

void rest_until(Host& h, ChipModule& chip, std::uint64_t cycle) {
  h.rest(chip.clock().time_of(Cycle{cycle}) - sc_core::sc_time_stamp());
}
auto stops(const Host& h) {
  return std::count_if(h.interrupts.begin(), h.interrupts.end(),
                       [](const auto& i) { return i.vector == control::vector::exception; });
}
std::uint32_t supervisor_m(const ChipModule& chip, std::uint32_t tile, unsigned n) {
  return chip.chip()
      .tile(TileIndex{tile})
      .read_register(Context::supervisor(), tile::RegisterWrite::File::m, n);
}

class DebugWindow : public ::testing::WithParamInterface<std::string>, public chip_test::SimulationTest {
 protected:
  Bench::Options options() const { return {Cycle::never(), GetParam(), {}}; }
};
INSTANTIATE_TEST_SUITE_P(Kinds, DebugWindow, ::testing::ValuesIn(chip_test::tile_kinds()),
                         [](const auto& kind) { return kind.param; });

// Cycle 0: $m0 = 5; 1: $m1 = 7; 2: trap. Behind it the time goes into $m5, and $m0 + $m1 to memory.
Program sum_behind_a_trap() {
  Program p(code_base);
  p.set(0, 5).set(1, 7).op("trap_mmmn_zi", {0}).op("get_mmmn_zi", {5, csr_count});
  p.op("add_mmmn", {2, 0, 1}).set(3, data).op("st32_mmmn_zi", {3, 15, 0, 2}).op("sync", {7});
  return p;
}

TEST_P(DebugWindow, ABreakpointAsTheDocumentsHaveIt) {
  const auto script = [&](Host& h, ChipModule& chip) {
    const Debugger debugger(h, 53);
    h.load(TileId{53}, sum_behind_a_trap());
    EXPECT_EQ(h.put_words(address(53, data), {0, 0xCAFE0001}), ok);
    EXPECT_EQ(h.write(control::go, 1), ok);
    EXPECT_EQ(debugger.wait_for_exception(), broken);
    EXPECT_EQ(h.read(control::chip_status).value, static_cast<std::uint32_t>(ChipStatus::stopped));
    EXPECT_EQ(debugger.csr(csr_pc), code_base + 8);
    EXPECT_EQ(debugger.m(0), 5U);
    EXPECT_EQ(debugger.m(1), 7U);
    EXPECT_EQ(debugger.load(data + 4), 0xCAFE0001U);
    debugger.store(data + 8, 0xBEEF);
    EXPECT_EQ(debugger.load(data + 8), 0xBEEFU);
    debugger.set_m(1, 30);
    debugger.store(code_base + 8, nop);
    rest_until(h, chip, 2000);
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 1), ok);
    EXPECT_EQ(chip.status(), ChipStatus::running);
    EXPECT_EQ(h.read(control::exception_count).value, 0U);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(debugger.read(Tdi::ctxt_sts).value, active);
    std::vector<std::uint8_t> result(12);
    EXPECT_EQ(h.move(tlm::TLM_READ_COMMAND, address(53, data), result), ok);
    EXPECT_EQ(result, (std::vector<std::uint8_t>{35, 0, 0, 0, 0x01, 0, 0xFE, 0xCA, 0xEF, 0xBE, 0, 0}));
    EXPECT_EQ(stops(h), 1);
    EXPECT_EQ(h.interrupts.back().vector, 5U);
  };
  Bench bench({53}, script, options());
  bench.run();
  // It went on in the cycle of the write: with the nop, then the instruction that tells the time.
  EXPECT_EQ(supervisor_m(*bench.chip, 0, 5), 2001U);
  EXPECT_TRUE(bench.chip->chip().report().exceptions.empty());
}

// The add issues in every cycle 7k, the branch in 7k + 1 and costs 6.
Program endless() {
  Program p(code_base);
  p.op("add_mmmn_si", {0, 0, 1}).op("bri_mmmn_zi", {code_base / 4}).op("sync", {7});
  return p;
}

TEST_P(DebugWindow, ARemoteBreakStopsARunningChip) {
  const auto script = [&](Host& h, ChipModule& chip) {
    const Debugger debugger(h, 0);
    h.load(TileId{0}, endless());
    EXPECT_EQ(h.write(control::go, 1), ok);
    rest_until(h, chip, 1000);
    EXPECT_EQ(debugger.read(Tdi::ctxt_sts).status, refused);
    EXPECT_EQ(debugger.write(Tdi::dbg_iexec, nop), refused);
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 1), refused);
    EXPECT_EQ(debugger.write(Tdi::dbg_rbrk, 0x40000001), ok);
    EXPECT_EQ(debugger.read(Tdi::dbg_rbrk).value, 0x40000001U);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::stopped);
    EXPECT_EQ(debugger.read(Tdi::ctxt_sts).value, broken);
    // The chip has run ahead to 65536 = 7 * 9362 + 2: the next bundle is the add of 7 * 9363.
    const Cycle stop{std::uint64_t{7} * 9363};
    const tile::ExceptionReport exception = chip.chip().exception(TileIndex{0}).value();
    EXPECT_EQ(exception.type, tile::ExceptionType::rbrk);
    EXPECT_EQ(exception.cycle, stop);
    EXPECT_EQ(exception.pc, ByteAddr{code_base});
    EXPECT_EQ(debugger.m(0), 9363U);
    EXPECT_EQ(stops(h), 1);
    EXPECT_EQ(h.interrupts.back().at, chip.clock().time_of(stop));

    // Cleared while the request stands, it stops again where it would go on.
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::stopped);
    EXPECT_EQ(chip.chip().exception(TileIndex{0})->cycle, stop + tile::min_resume_delay);
    EXPECT_EQ(debugger.m(0), 9363U);
    EXPECT_EQ(stops(h), 2);

    debugger.inject(branch_to(code_base + 8));
    EXPECT_EQ(debugger.write(Tdi::dbg_rbrk, 0x40000000), ok);
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(stops(h), 2);
  };
  Bench bench({0}, script, options());
  bench.run();
}

TEST_P(DebugWindow, ARemoteBreakBeforeTheStartStopsTheFirstInstruction) {
  const auto script = [&](Host& h, ChipModule& chip) {
    const Debugger debugger(h, 0);
    h.load(TileId{0}, endless());
    EXPECT_EQ(debugger.write(Tdi::dbg_rbrk, 1), ok);
    rest_until(h, chip, 100);
    EXPECT_EQ(h.write(control::go, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::stopped);
    EXPECT_EQ(debugger.csr(csr_pc), code_base);
    // Started in the first turn of slot 0 from cycle 100 on.
    EXPECT_EQ(chip.chip().exception(TileIndex{0})->cycle, Cycle{102});
  };
  Bench bench({0}, script, options());
  bench.run();
}

// Worker 0 is context 1. The supervisor stands in sync 2, so it takes no instruction.
TEST_P(DebugWindow, AWorkerIsDebuggedBesideItsSupervisor) {
  const auto script = [&](Host& h, ChipModule& chip) {
    const Debugger debugger(h, 0);
    Program worker(worker_code);
    worker.set(1, 9).op("trap_mmmn_zi", {1}).set(2, data).op("st32_mmmn_zi", {2, 15, 0, 1});
    worker.op("exitz_mmmn", {15});
    Program p(code_base);
    p.set(0, worker_code).op("run_mmmn_zi", {0, 15, 0}).op("sync", {2}).op("sync", {7});
    EXPECT_EQ(h.put_words(address(0, worker_code), worker.code()), ok);
    h.load(TileId{0}, p);
    EXPECT_EQ(h.write(control::go, 1), ok);
    EXPECT_EQ(debugger.wait_for_exception(), broken << 2U | active);
    EXPECT_EQ(debugger.read(Tdi::tdi_sts).value, control::tdi_not_quiescent);
    EXPECT_EQ(debugger.write(Tdi::dbg_iexec, nop), refused);
    EXPECT_EQ(debugger.read(Tdi::tdi_sts).value, control::tdi_not_quiescent | control::tdi_invalid);
    EXPECT_EQ(debugger.csr(csr_status, 1), 3U << 4U);  // ETYPE: PBRK1
    EXPECT_EQ(debugger.m(1, 1), 9U);
    debugger.set_m(1, 77, 1);
    debugger.store(worker_code + 4, nop, 1);
    // What would except is not done.
    EXPECT_EQ(debugger.write(Tdi::dbg_iexec, word("ld32_mmmn_zi", {15, 15, 0, 1})), refused);
    EXPECT_EQ(debugger.read(Tdi::tdi_sts).value, control::tdi_invalid);
    EXPECT_EQ(debugger.m(1, 1), 77U);
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 1), ok);  // the supervisor has none
    EXPECT_EQ(chip.status(), ChipStatus::stopped);
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 2), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    std::vector<std::uint8_t> result(4);
    EXPECT_EQ(h.move(tlm::TLM_READ_COMMAND, address(0, data), result), ok);
    EXPECT_EQ(result, (std::vector<std::uint8_t>{77, 0, 0, 0}));
  };
  Bench bench({0}, script, options());
  bench.run();
}

TEST_P(DebugWindow, BreaksOnSyncAreSwitchedFromOutside) {
  const auto script = [&](Host& h, ChipModule& chip) {
    const Debugger debugger(h, 0);
    Program p(code_base);
    p.op("sync", {7});
    h.load(TileId{0}, p);
    EXPECT_EQ(debugger.write(Tdi::dbg_ecsr, 0x20), ok);
    EXPECT_EQ(debugger.read(Tdi::dbg_ecsr).value, 0x20U);
    EXPECT_EQ(h.write(control::go, 1), ok);
    EXPECT_EQ(debugger.wait_for_exception(), broken);
    EXPECT_EQ(debugger.csr(csr_status), 4U << 4U);  // ETYPE
    EXPECT_EQ(debugger.write(Tdi::dbg_ecsr, 0), ok);
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
  };
  Bench bench({0}, script, options());
  bench.run();
}

TEST_P(DebugWindow, AMemoryErrorIsSeenAndOver) {
  const auto script = [&](Host& h, ChipModule& chip) {
    const Debugger debugger(h, 0);
    Program p(code_base);
    p.set(0, data).op("ld32_mmmn_zi", {0, 15, 0, 2}).op("sync", {7});
    h.load(TileId{0}, p);
    EXPECT_EQ(h.put_words(address(0, data), {1234}), ok);
    chip.chip().tile(TileIndex{0}).debug().set_memory_error(ByteAddr{data});
    EXPECT_EQ(h.write(control::go, 1), ok);
    EXPECT_EQ(debugger.wait_for_exception(), merr | failed);
    EXPECT_EQ(debugger.csr(csr_pc), code_base + 4);
    EXPECT_EQ(debugger.m(2), 0U);
    chip.chip().tile(TileIndex{0}).debug().set_memory_error(std::nullopt);
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(debugger.read(Tdi::ctxt_sts).value, active);
    EXPECT_EQ(supervisor_m(chip, 0, 2), 1234U);
  };
  Bench bench({0}, script, options());
  bench.run();
}

// A word from place 0 to place 53, whose receive base is left at 0: outside tile memory.
Program sender() {
  Program p(code_base);
  p.op("sync", {3}).op("delay", {29}).op("send", {0, data / 4, 3}).op("delay", {300}).op("sync", {7});
  return p;
}
// Waits for the word in sync 0, or in a delay.
Program misled_receiver(bool in_delay) {
  Program p(code_base);
  p.set(1, 1).nop().nop().nop().nop().nop().op("put_mmmn_zi", {1, csr_words});  // 0 to 6
  p.op("sync", {3}).op("delayxpic", {0, 0, 0});                                 // 12
  if (in_delay) p.op("delay", {200});
  p.op("sync", {0}).op("delayxpic", {0, 0, null_source}).op("get_mmmn_zi", {5, csr_count}).op("sync", {7});
  return p;
}

TEST_P(DebugWindow, AnExchangeErrorIsSeenAndOver) {
  const auto script = [&](Host& h, ChipModule& chip) {
    const Debugger debugger(h, 53);
    h.load(TileId{0}, sender());
    h.load(TileId{53}, misled_receiver(false));
    EXPECT_EQ(h.write(control::go, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::stopped);
    EXPECT_EQ(debugger.read(Tdi::ctxt_sts).value, eerr | ererr(3) | failed);
    EXPECT_EQ(debugger.read(Tdi::incoming_dcount).value, 0U);
    EXPECT_EQ(Debugger(h, 0).read(Tdi::exchange_ctl).value, 6U);  // SEV, SWV
    // Both release in 12 + 126; sent 30 later; published M(0, 53) = -23 and mux delay 59.
    const tile::ExceptionReport exception = chip.chip().exception(TileIndex{1}).value();
    EXPECT_EQ(exception.cause, tile::ExceptionCause::exchange_error);
    EXPECT_EQ(exception.cycle, Cycle{12 + 126 + 30 - 23 + 59});
    EXPECT_EQ(exception.pc, ByteAddr{code_base + 4 * 10});  // behind sync 0
    rest_until(h, chip, 2000);
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(debugger.read(Tdi::ctxt_sts).value, active);
    EXPECT_EQ(supervisor_m(chip, 1, 5), 2001U);
  };
  Bench::Options with_exceptions = options();
  with_exceptions.hazards.set("receive_address", config::HazardPolicy::exception);
  Bench bench({0, 53}, script, with_exceptions);
  bench.run();
  const ChipReport report = bench.chip->chip().report();
  ASSERT_EQ(report.hazards.size(), 1U);
  EXPECT_EQ(report.hazards[0].hazard.kind, tile::HazardKind::receive_address);
  EXPECT_FALSE(report.hazards[0].is_error);
}

TEST_P(DebugWindow, InsideAnExchangeInstructionThereIsNoGoingOn) {
  const auto script = [&](Host& h, ChipModule& chip) {
    const Debugger debugger(h, 53);
    h.load(TileId{0}, sender());
    h.load(TileId{53}, misled_receiver(true));
    EXPECT_EQ(h.write(control::go, 1), ok);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::stopped);
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 1), refused);
    EXPECT_EQ(chip.status(), ChipStatus::stopped);
    EXPECT_EQ(debugger.read(Tdi::ctxt_sts).value, eerr | ererr(3) | failed);
    EXPECT_EQ(h.read(control::exception_count).value, 1U);
  };
  Bench::Options with_exceptions = options();
  with_exceptions.hazards.set("receive_address", config::HazardPolicy::exception);
  Bench bench({0, 53}, script, with_exceptions);
  bench.run();
}

// Tile 0 stops in cycle 99 while tile 1 counts down for 120,000 cycles. Its window answers as soon as time
// has come so far; it goes on where tile 1 has been simulated to.
TEST_P(DebugWindow, ATileIsDebuggedWhileOthersRun) {
  constexpr std::uint32_t rounds = 20000;
  const auto script = [&](Host& h, ChipModule& chip) {
    const Debugger debugger(h, 0);
    Program stops_early(code_base);
    stops_early.op("delay", {98}).op("trap_mmmn_zi", {0}).op("get_mmmn_zi", {5, csr_count}).op("sync", {7});
    Program counts(code_base);
    counts.set(0, rounds).op("brnzdec_mmmn_zi", {0, (code_base + 4) / 4}).op("get_mmmn_zi", {5, csr_count});
    counts.op("sync", {7});
    h.load(TileId{0}, stops_early);
    h.load(TileId{53}, counts);
    EXPECT_EQ(h.write(control::go, 1), ok);
    rest_until(h, chip, 98);
    EXPECT_EQ(debugger.read(Tdi::ctxt_sts).status, refused);
    rest_until(h, chip, 99);
    EXPECT_EQ(debugger.read(Tdi::ctxt_sts).value, broken);
    EXPECT_EQ(chip.status(), ChipStatus::running);
    debugger.store(code_base + 4, nop);
    EXPECT_EQ(debugger.write(Tdi::dbg_eclr, 1), ok);
    EXPECT_EQ(debugger.read(Tdi::ctxt_sts).status, refused);
    EXPECT_EQ(h.wait_for_rest(chip), ChipStatus::waits_for_host);
    EXPECT_EQ(stops(h), 0);
    EXPECT_EQ(supervisor_m(chip, 0, 5), ChipModule::run_ahead_cycles + 1);
    // 6 cycles to the first round and for each that branches.
    EXPECT_EQ(supervisor_m(chip, 1, 5), 6 + 6 * rounds + 1);
  };
  Bench bench({0, 53}, script, options());
  bench.run();
}

}  // namespace
