// SPDX-License-Identifier: Apache-2.0
// Points of docs/timing.md that are easily forgotten, on both models of the tile.
#include "cases.hpp"
#include "ipusim/rtl/rtl_tile.hpp"
#include "ipusim/tile/fast_tile.hpp"

namespace ipusim::tile::test {
namespace {

constexpr auto supervisor = Context::supervisor();
constexpr Word no_encoding = 0;

std::uint32_t csr(std::string_view name) { return isa::find_csr(isa::Mode::supervisor, name)->index; }

class ContractPoints : public TileCase {};

// Section 3: the tile stops, but a word that arrives in that cycle is written; the next one is not.
TEST_P(ContractPoints, AWordInTheCycleOfAnException) {
  Program p(code);
  p.set_m(0, data.value());
  p.add(Opcode::put_mmmn_zi, {0, csr("INCOMING_BASE")});
  p.set_m(1, 5);
  p.add(Opcode::put_mmmn_zi, {1, csr("INCOMING_DCOUNT")});
  p.add(Opcode::delay, {20});
  const ByteAddr bad = p.add_word(no_encoding);
  Bench first = make_bench();
  const std::uint64_t at = first.run(p).cycle.value();

  Bench bench = make_bench();
  bench.port().words = {{Cycle{at}, 0x11111111}, {Cycle{at + 1}, 0x22222222}};
  expect_exception(bench.run(p), {ExceptionType::invalid_instruction, ExceptionCause::illegal_instruction,
                                  supervisor, bad, std::nullopt, at});
  EXPECT_EQ(bench.word(data), 0x11111111U);
  EXPECT_EQ(bench.word(data + 4), 0U);
  EXPECT_EQ(bench.csr(supervisor, "INCOMING_DCOUNT"), 4U);
  EXPECT_EQ(bench.csr(supervisor, "INCOMING_DELTA"), 4U);
  ASSERT_EQ(bench.recorder().received.size(), 1U);
  EXPECT_EQ(bench.recorder().received[0].at.value(), at);
}

// Section 3: the supervisor's stream runs on through the cycle in which a worker excepts, and ends there.
TEST_P(ContractPoints, AnItemInTheCycleOfAnException) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::trap_mmmn_zi, {0});
  bench.load(worker);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, 0);
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});
  p.add(Opcode::send, {50, data.value() / 4, 1});
  const StopReport report = bench.run(p);
  ASSERT_EQ(report.reason, StopReason::exception);
  ASSERT_EQ(report.exception.cause, ExceptionCause::trap);
  const auto& sent = bench.port().sent;
  ASSERT_FALSE(sent.empty());
  const auto issued = sent.front().at;
  ASSERT_LT(issued, report.cycle);
  EXPECT_EQ(sent.back().at, report.cycle);
  EXPECT_EQ(sent.size(), report.cycle - issued + 1);
}

// Section 6: nothing is read where no bus is driven, so no address is checked. Address 0 is outside memory.
TEST_P(ContractPoints, SendsWithoutDirectionsCheckNoAddress) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::send, {2, 0, 0});
  p.add(Opcode::sendoff, {0, 1, 0});
  p.add(Opcode::sendpic, {3, 2, 0x100});
  p.add(Opcode::get_mmmn_zi, {2, csr("OUTGOING_DELTA")});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_TRUE(bench.port().sent.empty());
  EXPECT_EQ(bench.m(supervisor, 2), 4U * (3 + 1 + 1 + 4));  // every stream steps over its items all the same
}

// Section 6: sendpic continues what EXCHANGE_CTL says, 64-bit items included.
TEST_P(ContractPoints, SendpicContinuingA64BitStream) {
  for (const std::uint32_t control : {0x8U, 0xAU}) {  // S64 alone; with SEV
    Bench bench = make_bench();
    Program p(code);
    p.set_m(0, control);
    p.add(Opcode::put_mmmn_zi, {0, csr("EXCHANGE_CTL")});
    p.set_m(1, data.value());
    p.add(Opcode::put_mmmn_zi, {1, csr("OUTGOING_DELTA")});
    p.add(Opcode::sendpic, {0, 0, 0x640});
    p.add(Opcode::get_mmmn_zi, {2, csr("OUTGOING_DELTA")});
    p.add(Opcode::sync, {3});
    expect_sync(bench.run(p));
    EXPECT_TRUE(bench.port().sent.empty());
    EXPECT_EQ(bench.port().sent_items.size(), control == 0xAU ? 1U : 0U);
    EXPECT_EQ(bench.m(supervisor, 2), data.value() + 8);
  }
}

TEST_P(ContractPoints, TheFormatOfASendComesBeforeItsAddress) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::sendpicp, {0, 0, 1, 1, 0x640, 3});
  expect_exception(bench.run(p), {ExceptionType::exchange_configuration, ExceptionCause::exchange_format,
                                  supervisor, code, std::nullopt, 12});
}

// Section 1: what the words alone tell to be a fault waits for no register.
TEST_P(ContractPoints, FaultsOfTheWordsDoNotWait) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::add_mmmn_si, {1, 1, 1});
  const ByteAddr at = p.add_word(encode(Opcode::exitz_mmmn, {1}).first);
  expect_exception(bench.run(p), {ExceptionType::invalid_instruction, ExceptionCause::illegal_in_mode,
                                  supervisor, at, std::nullopt, 13});
}

// The same registers without the fault are waited for: otherwise the test above shows nothing.
TEST_P(ContractPoints, LegalInstructionsInTheirPlaceWait) {
  Bench bench = make_bench();
  Program p(code);
  p.add(Opcode::add_mmmn_si, {1, 1, 1});                         // 12
  const ByteAddr reads = p.add(Opcode::add_mmmn_si, {2, 1, 1});  // 18
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.cycles_at(reads), (std::vector<std::uint64_t>{18}));
}

std::unique_ptr<TileModel> make_rtl(const TileParameters& parameters) {
  return rtl::make_rtl_tile(parameters);
}

INSTANTIATE_TEST_SUITE_P(Models, ContractPoints,
                         ::testing::Values(TileKind{"fast", make_fast_tile}, TileKind{"rtl", make_rtl}));

}  // namespace
}  // namespace ipusim::tile::test
