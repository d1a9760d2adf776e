// SPDX-License-Identifier: Apache-2.0
// Every cause of docs/timing.md, 2 and 3, that no other file has, and their order of priority.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

constexpr auto supervisor = Context::supervisor();
constexpr auto worker0 = Context::worker(0);
constexpr Word no_encoding = 0;

const isa::ArchInfo& arch() { return isa::arch_info(isa::Arch::ipu2); }

// A program of one word (or bundle) for the supervisor or a worker; where it faults, `at` is its address.
StopReport run_word(Bench& bench, bool worker, Word first, Word second = nop().first) {
  Program p(worker ? worker_code : code);
  p.add_word(first);
  p.add_word(second);
  return worker ? bench.run_worker(p) : bench.run(p);
}

void expect_illegal(Bench& bench, bool worker, ExceptionCause cause, Word first, Word second = nop().first) {
  SCOPED_TRACE(::testing::Message() << std::hex << first << " " << second);
  const StopReport report = run_word(bench, worker, first, second);
  expect_exception(report, {ExceptionType::invalid_instruction, cause, worker ? worker0 : supervisor,
                            worker ? worker_code : code, std::nullopt, worker ? 30U : 12U});
  EXPECT_EQ(report.exception.words[0], first);
  const Context context = worker ? worker0 : supervisor;
  EXPECT_EQ(bench.csr(context, worker ? "WSR" : "SSR"), 12U << 4U);
  EXPECT_EQ(bench.tile().context_status(context), 3U);
}

TEST_P(ExceptionCases, WordsThatEncodeNothing) {
  ASSERT_EQ(isa::decode(no_encoding, isa::Mode::supervisor), Opcode::invalid);
  for (const bool worker : {false, true}) {
    Bench bench = make_bench();
    expect_illegal(bench, worker, ExceptionCause::illegal_instruction, no_encoding);
  }
}

TEST_P(ExceptionCases, MisalignedRegisterFields) {
  const Word odd_pair = encode(Opcode::or64_aaan, {0, 2, 4}).first | 1U << 4U;
  const Word odd_quad = encode(Opcode::ld128_mman_zi, {15, 15, 0, 4}).first | 2U << 16U;
  for (const Word word : {odd_pair, odd_quad}) {
    Bench bench = make_bench();
    expect_illegal(bench, true, ExceptionCause::illegal_instruction, word);
  }
}

TEST_P(ExceptionCases, InstructionsOfALaterArchitecture) {
  for (const Opcode opcode : {Opcode::sort8_aaan, Opcode::swap8_aaan}) {
    Bench bench = make_bench();
    expect_illegal(bench, true, ExceptionCause::illegal_instruction, encode(opcode, {0, 1}).first);
  }
}

TEST_P(ExceptionCases, ASupervisorHasNoBundles) {
  Bench bench = make_bench();
  expect_illegal(bench, false, ExceptionCause::illegal_instruction, nop().first | coissue_bit,
                 nop().first | coissue_bit);
}

TEST_P(ExceptionCases, InstructionsOfTheOtherMode) {
  for (const Word word :
       {encode(Opcode::exitz_mmmn, {15}).first, encode(Opcode::f32add_aaan, {0, 1, 2}).first,
        encode(Opcode::rpt_mmmn_zi_zi, {1, 0}).first, encode(Opcode::ld64_mman_zi, {15, 15, 0, 0}).first,
        encode(Opcode::atom_mamn, {0, 0}).first, encode(Opcode::urand32_aaan, {0}).first}) {
    Bench bench = make_bench();
    expect_illegal(bench, false, ExceptionCause::illegal_in_mode, word);
  }
  for (const Word word :
       {encode(Opcode::sync, {3}).first, encode(Opcode::runall_mmmn_zi, {0, 1, 0}).first,
        encode(Opcode::run_mmmn_zi, {0, 1, 0}).first, encode(Opcode::delay, {0}).first,
        encode(Opcode::send, {0, 0, 0}).first, encode(Opcode::ld64putcs_mmmn_zi, {0}).first}) {
    Bench bench = make_bench();
    expect_illegal(bench, true, ExceptionCause::illegal_in_mode, word);
  }
}

TEST_P(ExceptionCases, IllegalBundles) {
  const Word main = nop().first | coissue_bit;
  const Word aux = fnop().first | coissue_bit;
  Bench two_main = make_bench();
  expect_illegal(two_main, true, ExceptionCause::illegal_bundle, main, main);
  Bench two_aux = make_bench();
  expect_illegal(two_aux, true, ExceptionCause::illegal_bundle, aux, aux);
  Bench swapped = make_bench();
  expect_illegal(swapped, true, ExceptionCause::illegal_bundle, aux, main);
  Bench lone_second = make_bench();
  expect_illegal(lone_second, true, ExceptionCause::illegal_bundle, main, fnop().first);
  // An undecodable half outranks the shape of the bundle, and so does one of the wrong mode.
  Bench undecodable = make_bench();
  expect_illegal(undecodable, true, ExceptionCause::illegal_instruction, main, no_encoding | coissue_bit);
  Bench wrong_mode = make_bench();
  expect_illegal(wrong_mode, true, ExceptionCause::illegal_in_mode,
                 encode(Opcode::ld64putcs_mmmn_zi, {0}).first | coissue_bit, main);
}

// ---- The program counter

TEST_P(ExceptionCases, BadProgramCounters) {
  struct Target {
    std::uint32_t address;
    ExceptionCause cause;
  };
  for (const Target t :
       {Target{worker_code.value() + 2, ExceptionCause::misaligned_pc},
        Target{worker_code.value() + 1, ExceptionCause::misaligned_pc},
        Target{arch().region1_base + 2, ExceptionCause::misaligned_pc},
        Target{arch().region1_base, ExceptionCause::invalid_pc},
        Target{arch().memory_base - 4, ExceptionCause::invalid_pc}, Target{0, ExceptionCause::invalid_pc}}) {
    SCOPED_TRACE(t.address);
    Bench on_supervisor = make_bench();
    Program p(code);
    p.set_m(1, t.address);        // 12
    p.add(Opcode::br_mmmn, {1});  // 18
    expect_exception(on_supervisor.run(p),
                     {ExceptionType::invalid_pc, t.cause, supervisor, ByteAddr{t.address}, std::nullopt, 24});
    EXPECT_EQ(on_supervisor.cycles_at(code + 4).size(), 1U) << "the branch itself retires";

    Bench on_worker = make_bench();
    Program worker(worker_code);
    worker.set_m(1, t.address);
    worker.add(Opcode::br_mmmn, {1});
    expect_exception(on_worker.run_worker(worker),
                     {ExceptionType::invalid_pc, t.cause, worker0, ByteAddr{t.address}, std::nullopt, 42});
  }
}

TEST_P(ExceptionCases, RunningOffTheEndOfRegion0) {
  Bench bench = make_bench();
  Program p(ByteAddr{arch().region1_base - 4});
  p.add_word(nop().first);
  expect_exception(bench.run(p), {ExceptionType::invalid_pc, ExceptionCause::invalid_pc, supervisor,
                                  ByteAddr{arch().region1_base}, std::nullopt, 13});
}

// Unlike a bundle the supervisor's two-word instruction lies in one row.
TEST_P(ExceptionCases, MisalignedSendpicp) {
  Bench bench = make_bench();
  Program p(code);
  p.add_word(nop().first);
  p.add(Opcode::sendpicp, {0, 0, 0, 0, 0x640, 0});
  const StopReport report = bench.run(p);
  expect_exception(report, {ExceptionType::invalid_pc, ExceptionCause::misaligned_pc, supervisor, code + 4,
                            std::nullopt, 13});
  EXPECT_EQ(report.exception.words, (std::array<Word, 2>{p.words()[1], 0}));
}

// ---- CSRs

struct CsrFault {
  Opcode opcode;
  std::uint32_t number;
  ExceptionCause cause;
};

TEST_P(ExceptionCases, CsrFaultsOfTheSupervisor) {
  for (const CsrFault& c : {CsrFault{Opcode::get_mmmn_zi, 0xFF, ExceptionCause::invalid_csr},
                            CsrFault{Opcode::put_mmmn_zi, 0xFF, ExceptionCause::invalid_csr},  // strap
                            CsrFault{Opcode::get_mmmn_zi, 0x04, ExceptionCause::invalid_csr},  // a worker's
                            CsrFault{Opcode::put_mmmn_zi, 0x00, ExceptionCause::read_only_csr},
                            CsrFault{Opcode::put_mmmn_zi, 0x03, ExceptionCause::read_only_csr},
                            CsrFault{Opcode::get_mmmn_zi, 0xAB, ExceptionCause::unimplemented_csr},
                            CsrFault{Opcode::put_mmmn_zi, 0xAA, ExceptionCause::unimplemented_csr},
                            CsrFault{Opcode::get_mmmn_zi, 0x31, ExceptionCause::invalid_csr}}) {  // ipu21
    SCOPED_TRACE(::testing::Message() << std::hex << c.number);
    Bench bench = make_bench();
    Program p(code);
    c.opcode == Opcode::get_mmmn_zi ? p.add(c.opcode, {0, c.number}) : p.add(c.opcode, {15, c.number});
    expect_exception(bench.run(p),
                     {ExceptionType::invalid_operation, c.cause, supervisor, code, std::nullopt, 12});
    EXPECT_EQ(bench.csr(supervisor, "SSR"), 9U << 4U);
  }
}

TEST_P(ExceptionCases, CsrFaultsOfAWorker) {
  for (const CsrFault& c :
       {CsrFault{Opcode::get_mmmn_zi, 0x20, ExceptionCause::invalid_csr},  // the supervisor's
        CsrFault{Opcode::put_mmmn_zi, 0x01, ExceptionCause::read_only_csr},
        CsrFault{Opcode::put_mmmn_zi, 0x60, ExceptionCause::read_only_csr},
        CsrFault{Opcode::put_mmmn_zi, 0x71, ExceptionCause::read_only_csr},
        CsrFault{Opcode::uget_aaan_zi, 0x50, ExceptionCause::invalid_csr},
        CsrFault{Opcode::uput_aaan_zi, 0x00, ExceptionCause::read_only_csr},
        CsrFault{Opcode::uget_aaan_zi, 0x09, ExceptionCause::invalid_csr}}) {  // ipu21
    SCOPED_TRACE(::testing::Message() << std::hex << c.number);
    Bench bench = make_bench();
    Program p(worker_code);
    const bool reads = c.opcode == Opcode::get_mmmn_zi || c.opcode == Opcode::uget_aaan_zi;
    p.add(c.opcode, {reads ? 0U : 15U, c.number});
    expect_exception(bench.run_worker(p),
                     {ExceptionType::invalid_operation, c.cause, worker0, worker_code, std::nullopt, 30});
  }
}

// ---- Launches

TEST_P(ExceptionCases, BadEntriesAndVertexBases) {
  struct Launch {
    std::uint32_t entry;
    std::uint32_t vertex_base;
    ExceptionCause cause;
  };
  const std::uint32_t good = worker_code.value();
  for (const Launch c : {Launch{good + 2, data.value(), ExceptionCause::invalid_worker_pc},
                         Launch{arch().region1_base, data.value(), ExceptionCause::invalid_worker_pc},
                         Launch{arch().memory_base - 4, data.value(), ExceptionCause::invalid_worker_pc},
                         Launch{good, data.value() + 1, ExceptionCause::misaligned_vertex_base}}) {
    for (const Opcode opcode : {Opcode::run_mmmn_zi, Opcode::runall_mmmn_zi}) {
      Bench bench = make_bench();
      Program p(code);
      p.set_m(0, c.entry);
      p.set_m(1, c.vertex_base);
      const ByteAddr at = p.add(opcode, {0, 1, 0});
      const StopReport report = bench.run(p);
      ASSERT_EQ(report.reason, StopReason::exception);
      EXPECT_EQ(report.exception.type, ExceptionType::invalid_operation);
      EXPECT_EQ(report.exception.cause, c.cause);
      EXPECT_EQ(report.exception.pc, at);
      EXPECT_EQ(report.cycle.value(), 19U);
      EXPECT_EQ(bench.tile().context_status(worker0), 0U);
    }
  }
}

TEST_P(ExceptionCases, RunallWithAWorkerActive) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::bri_mmmn_zi, {worker_code.value()});
  bench.load(worker);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, 0);
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});                         // 19
  const ByteAddr at = p.add(Opcode::runall_mmmn_zi, {0, 1, 0});  // 25: worker 0 counts as active
  expect_exception(bench.run(p), {ExceptionType::invalid_operation, ExceptionCause::workers_active,
                                  supervisor, at, std::nullopt, 25});
  EXPECT_EQ(bench.csr(supervisor, "SSR"), 9U << 4U | 1U << 3U);
}

TEST_P(ExceptionCases, WorkerBaseOfAnActiveWorker) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::bri_mmmn_zi, {worker_code.value()});
  bench.load(worker);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, 0);
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});
  p.add(Opcode::put_mmmn_zi, {15, isa::find_csr(isa::Mode::supervisor, "WORKER1_BASE")->index});
  const ByteAddr at =
      p.add(Opcode::put_mmmn_zi, {15, isa::find_csr(isa::Mode::supervisor, "WORKER0_BASE")->index});
  expect_exception(bench.run(p), {ExceptionType::invalid_operation, ExceptionCause::workers_active,
                                  supervisor, at, std::nullopt, 31});
}

// ---- Priorities among the operation, the address and floating point

TEST_P(ExceptionCases, OperationBeforeAddress) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add_bundle(encode(Opcode::ld32_mmmn_zi, {15, 15, 0, 0}), encode(Opcode::uget_aaan_zi, {0, 0x50}));
  expect_exception(bench.run_worker(p),
                   {ExceptionType::invalid_operation, ExceptionCause::invalid_csr, worker0, worker_code});
}

TEST_P(ExceptionCases, AddressBeforeFloatingPoint) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add(Opcode::setzi_aaan_zi, {0, 7});
  p.add(Opcode::uput_aaan_zi, {0, isa::find_csr(isa::Mode::worker, "FP_CTL")->index - 0x100U});
  p.add(Opcode::or_aaan_iz, {1, 15, 0x7F800000});
  p.align(8);
  const ByteAddr at =
      p.add_bundle(encode(Opcode::ld32_mmmn_zi, {15, 15, 0, 0}), encode(Opcode::f32sub_aaan, {2, 1, 1}));
  expect_exception(bench.run_worker(p), {ExceptionType::invalid_address, ExceptionCause::invalid_address,
                                         worker0, at, ByteAddr{0}});
  EXPECT_EQ(bench.csr(worker0, "FP_STS"), 0U);
}

TEST_P(ExceptionCases, OfTwoOperationFaultsTheMainHalfWins) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.add_bundle(encode(Opcode::put_mmmn_zi, {0, 1}), encode(Opcode::uget_aaan_zi, {0, 0x50}));
  expect_exception(bench.run_worker(p),
                   {ExceptionType::invalid_operation, ExceptionCause::read_only_csr, worker0, worker_code});
}

// ---- What stops and what does not

TEST_P(ExceptionCases, AStoppedTileStaysStopped) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::add_mmmn_si, {1, 1, 1});
  worker.add(Opcode::bri_mmmn_zi, {worker_code.value()});
  bench.load(worker);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, 0);
  p.add(Opcode::run_mmmn_zi, {0, 1, 0});
  p.add(Opcode::delay, {29});        // 25
  p.add(Opcode::trap_mmmn_zi, {0});  // 55
  const StopReport report = bench.run(p);
  expect_exception(report,
                   {ExceptionType::pbrk0, ExceptionCause::trap, supervisor, code + 16, std::nullopt, 55});
  // The worker issued at 30, 36, 42, 48, 54 and no more.
  EXPECT_EQ(bench.m(worker0, 1), 3U);
  EXPECT_EQ(bench.tile().context_status(worker0), 1U);
  const StopReport again = bench.go_on();
  EXPECT_EQ(again.reason, StopReason::exception);
  EXPECT_EQ(again.exception, report.exception);
  EXPECT_EQ(bench.m(worker0, 1), 3U);
}

}  // namespace
}  // namespace ipusim::tile::test
