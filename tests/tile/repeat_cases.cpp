// SPDX-License-Identifier: Apache-2.0
// rpt: docs/timing.md, 5.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

constexpr auto worker0 = Context::worker(0);

Encoded count_in_m(unsigned m) { return encode(Opcode::add_mmmn_si, {m, m, 1}); }

TEST_P(RepeatCases, RunsTheBodyCountTimesWithoutLosingACycle) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add_word(nop().first);                // 30
  p.add(Opcode::rpt_mmmn_zi_zi, {3, 1});  // 36
  const ByteAddr first = p.add_bundle(count_in_m(0), fnop());
  const ByteAddr second = p.add_bundle(count_in_m(1), encode(Opcode::setzi_aaan_zi, {0, 9}));
  const ByteAddr after =
      p.add(Opcode::get_mmmn_zi, {2, isa::find_csr(isa::Mode::worker, "REPEAT_COUNT")->index});
  p.add(Opcode::get_mmmn_zi, {3, isa::find_csr(isa::Mode::worker, "REPEAT_FIRST")->index});
  p.add(Opcode::get_mmmn_zi, {4, isa::find_csr(isa::Mode::worker, "REPEAT_END")->index});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  using Cycles = std::vector<std::uint64_t>;
  EXPECT_EQ(bench.cycles_at(first), (Cycles{42, 54, 66}));
  EXPECT_EQ(bench.cycles_at(second), (Cycles{48, 60, 72}));
  EXPECT_EQ(bench.cycles_at(after), (Cycles{78}));
  EXPECT_EQ(bench.m(worker0, 0), 3U);
  EXPECT_EQ(bench.m(worker0, 1), 3U);
  EXPECT_EQ(bench.m(worker0, 2), 0U);
  EXPECT_EQ(bench.m(worker0, 3), first.value());
  EXPECT_EQ(bench.m(worker0, 4), after.value());
}

TEST_P(RepeatCases, CountZeroSkipsTheBody) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(5, 0x30000);  // masked to 16 bits: 0
  p.add(Opcode::rpt_mmmn_zi, {5, 1});
  p.add_bundle(count_in_m(0), fnop());
  p.add_bundle(count_in_m(1), fnop());
  p.add_word(nop().first);
  p.add(Opcode::rpt_mmmn_zi_zi, {0, 0});
  p.add_bundle(count_in_m(0), fnop());
  const ByteAddr after = p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.m(worker0, 0), 0U);
  EXPECT_EQ(bench.m(worker0, 1), 0U);
  EXPECT_EQ(bench.cycles_at(after).size(), 1U);
}

TEST_P(RepeatCases, CountRegisterIsMasked) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(5, 0xABCD0002);
  p.add_word(nop().first);
  p.add(Opcode::rpt_mmmn_zi, {5, 0});
  p.add_bundle(count_in_m(0), fnop());
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.m(worker0, 0), 2U);
}

// The largest count, and the longest body; both at once would take six million cycles.
TEST_P(RepeatCases, LargestImmediates) {
  struct Case {
    std::uint32_t count, bundles;
  };
  for (const Case& c : {Case{0xFFF, 1}, Case{5, 256}}) {
    Bench bench = make_bench();
    Program p(worker_code);
    p.add_word(nop().first);
    p.add(Opcode::rpt_mmmn_zi_zi, {c.count, c.bundles - 1});
    for (std::uint32_t i = 1; i < c.bundles; ++i) p.add_bundle(count_in_m(0), fnop());
    p.add_bundle(count_in_m(1), fnop());
    p.add(Opcode::exitz_mmmn, {15});
    bench.load(p);
    expect_sync(bench.run(Bench::one_worker()));
    EXPECT_EQ(bench.m(worker0, 0), c.count * (c.bundles - 1));
    EXPECT_EQ(bench.m(worker0, 1), c.count);
  }
}

// All sixteen bits of a count that comes from a register. The body stops at once.
TEST_P(RepeatCases, LargestCountOfARegister) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(5, 0x3FFFF);
  p.add(Opcode::rpt_mmmn_zi, {5, 0});
  const ByteAddr body = p.add_bundle(encode(Opcode::ld32_mmmn_zi, {15, 15, 0, 2}), fnop());
  expect_exception(bench.run_worker(p), {ExceptionType::invalid_address, ExceptionCause::invalid_address,
                                         worker0, body, ByteAddr{0}});
  EXPECT_EQ(bench.csr(worker0, "REPEAT_COUNT"), 0xFFFFU);
  EXPECT_EQ(bench.csr(worker0, "WSR"), 8U << 4U | 1U << 9U);
}

TEST_P(RepeatCases, InABundleItsPartnerRunsOnce) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(5, 4);
  p.add(Opcode::setzi_aaan_zi, {1, 1});
  p.add_bundle(encode(Opcode::rpt_mmmn_zi, {5, 0}), encode(Opcode::not_aaan, {1, 1}));
  p.add_bundle(count_in_m(5), fnop());  // the count was read before
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.m(worker0, 5), 8U);
  EXPECT_EQ(bench.a(0, 1), ~1U);
}

TEST_P(RepeatCases, TwoRepeatsInARow) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {2, 0}), fnop());
  p.add_bundle(count_in_m(0), fnop());
  p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {5, 0}), fnop());
  p.add_bundle(count_in_m(1), fnop());
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.m(worker0, 0), 2U);
  EXPECT_EQ(bench.m(worker0, 1), 5U);
}

TEST_P(RepeatCases, IllegalBodies) {
  struct Body {
    Encoded main;
    std::optional<Encoded> aux;
  };
  const Body bodies[] = {
      {nop(), std::nullopt},  // a lone instruction
      {encode(Opcode::bri_mmmn_zi, {worker_code.value()}), fnop()},
      {encode(Opcode::call_mmmn_zi, {0, worker_code.value()}), fnop()},
      {encode(Opcode::rpt_mmmn_zi_zi, {1, 0}), fnop()},
      {encode(Opcode::get_mmmn_zi, {0, 1}), fnop()},
      {nop(), encode(Opcode::uget_aaan_zi, {0, 2})},
      {encode(Opcode::trap_mmmn_zi, {0}), fnop()},
      {encode(Opcode::exitz_mmmn, {15}), std::nullopt},
  };
  for (const Body& body : bodies) {
    Bench bench = make_bench();
    Program p(worker_code);
    p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {2, 0}), fnop());
    const ByteAddr at = p.here();
    body.aux ? p.add_bundle(body.main, *body.aux) : p.add_word(body.main.first);
    p.add(Opcode::exitz_mmmn, {15});
    expect_exception(bench.run_worker(p), {ExceptionType::invalid_instruction,
                                           ExceptionCause::illegal_in_repeat, worker0, at, std::nullopt, 36});
    // ETYPE 12, ERPT
    EXPECT_EQ(bench.csr(worker0, "WSR"), 12U << 4U | 1U << 9U);
    EXPECT_EQ(bench.csr(worker0, "REPEAT_COUNT"), 2U);
  }
}

// What is illegal anyway outranks the repeat, an instruction that is not modelled does not.
TEST_P(RepeatCases, PriorityOfIllegalBodies) {
  {
    Bench bench = make_bench();
    Program p(worker_code);
    p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {2, 0}), fnop());
    const ByteAddr at = p.add(Opcode::sync, {3});
    expect_exception(bench.run_worker(p),
                     {ExceptionType::invalid_instruction, ExceptionCause::illegal_in_mode, worker0, at});
  }
  {
    Bench bench = make_bench();
    Program p(worker_code);
    p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {2, 0}), fnop());
    const ByteAddr at = p.add(Opcode::urand32_aaan, {0});
    expect_exception(bench.run_worker(p),
                     {ExceptionType::invalid_instruction, ExceptionCause::illegal_in_repeat, worker0, at});
  }
}

TEST_P(RepeatCases, UnalignedBodyFaultsWhenItWouldIssue) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add(Opcode::rpt_mmmn_zi_zi, {2, 0});
  p.add_word(nop().first);
  p.add(Opcode::exitz_mmmn, {15});
  expect_exception(bench.run_worker(p), {ExceptionType::invalid_pc, ExceptionCause::misaligned_pc, worker0,
                                         worker_code + 4, std::nullopt, 36});
}

TEST_P(RepeatCases, AFaultInTheBodyKeepsTheCount) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(1, isa::arch_info(isa::Arch::ipu2).memory_end - 8);
  p.set_m(2, 0);
  p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {5, 0}), fnop());
  const ByteAddr at = p.add_bundle(encode(Opcode::ld32step_mmmn_si, {1, 2, 1, 3}), fnop());
  p.add(Opcode::exitz_mmmn, {15});
  expect_exception(bench.run_worker(p), {ExceptionType::invalid_address, ExceptionCause::invalid_address,
                                         worker0, at, ByteAddr{isa::arch_info(isa::Arch::ipu2).memory_end}});
  EXPECT_EQ(bench.csr(worker0, "REPEAT_COUNT"), 3U) << "the current pass included";
  EXPECT_EQ(bench.csr(worker0, "WSR"), 8U << 4U | 1U << 9U);
}

TEST_P(RepeatCases, AFaultInTheLastPassIsOneInARepeat) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add_bundle(encode(Opcode::rpt_mmmn_zi_zi, {1, 0}), fnop());
  const ByteAddr at = p.add_bundle(encode(Opcode::ld32_mmmn_zi, {15, 15, 0, 3}), fnop());
  expect_exception(bench.run_worker(p), {ExceptionType::invalid_address, ExceptionCause::invalid_address,
                                         worker0, at, ByteAddr{0}});
  EXPECT_EQ(bench.csr(worker0, "REPEAT_COUNT"), 1U);
  EXPECT_EQ(bench.csr(worker0, "WSR"), 8U << 4U | 1U << 9U);
}

}  // namespace
}  // namespace ipusim::tile::test
