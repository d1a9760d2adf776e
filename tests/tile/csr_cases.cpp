// SPDX-License-Identifier: Apache-2.0
// get, put, uget, uput: values, masks, effects, and what a launch sets.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

std::uint32_t number(isa::Mode mode, std::string_view name) {
  return isa::find_csr(mode, name)->index & 0xFFU;
}
std::uint32_t on_supervisor(std::string_view name) { return number(isa::Mode::supervisor, name); }
std::uint32_t on_worker(std::string_view name) { return number(isa::Mode::worker, name); }

// Every writable CSR of the supervisor holds the bits that exist, and nothing else changes by that.
TEST_P(CsrCases, SupervisorCsrsHoldTheirBits) {
  Bench bench = make_bench();
  std::vector<const isa::Csr*> csrs;
  for (const isa::Csr& csr : isa::all_csrs()) {
    const bool ipu2 = (csr.arch_mask & static_cast<unsigned>(isa::Arch::ipu2)) != 0;
    if (csr.mode == isa::Mode::supervisor && csr.access == isa::CsrAccess::read_write && csr.rtl && ipu2 &&
        csr.name != "INCOMING_FORMAT" && csr.name != "DBG_DBRK0_CTL") {
      csrs.push_back(&csr);
    }
  }
  ASSERT_GE(csrs.size(), 14U);
  Program p(code);
  p.set_m(8, data.value());
  std::uint32_t slot = 0;
  for (const isa::Csr* csr : csrs) {
    p.add(Opcode::get_mmmn_zi, {1, csr->index});
    p.add(Opcode::st32_mmmn_zi, {8, 15, slot++, 1});
  }
  for (const std::uint32_t pattern : {0xFFFFFFFFU, 0xA5A5A5A5U}) {
    p.set_m(2, pattern);
    for (const isa::Csr* csr : csrs) {
      p.add(Opcode::put_mmmn_zi, {2, csr->index});
    }
    p.add(Opcode::delay, {20});  // beyond pointer_delay
    for (const isa::Csr* csr : csrs) {
      p.add(Opcode::get_mmmn_zi, {1, csr->index});
      p.add(Opcode::st32_mmmn_zi, {8, 15, slot++, 1});
    }
  }
  p.add(Opcode::sync, {2});
  p.add(Opcode::trap_mmmn_zi, {0});
  bench.run(p);
  slot = 0;
  for (const isa::Csr* csr : csrs) {
    EXPECT_EQ(bench.word(data + 4 * slot++), csr->reset) << csr->name;
  }
  for (const std::uint32_t pattern : {0xFFFFFFFFU, 0xA5A5A5A5U}) {
    for (const isa::Csr* csr : csrs) {
      EXPECT_EQ(bench.word(data + 4 * slot++), pattern & csr->mask) << csr->name;
    }
  }
}

TEST_P(CsrCases, RecordsOfPut) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(2, 0xFFFFFFFF);
  const ByteAddr put = p.add(Opcode::put_mmmn_zi, {2, on_supervisor("FP_ICTL")});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  for (const RetireRecord& record : bench.recorder().retired) {
    if (record.pc == put) {
      EXPECT_EQ(record.registers, (std::vector<RegisterWrite>{{RegisterWrite::File::csr, 0x20, 0x1F0007}}));
    }
  }
}

TEST_P(CsrCases, ReadOnlyCsrsOfTheSupervisor) {
  TileParameters parameters;
  parameters.id = TileId{0x4D3};
  Bench bench(GetParam(), true, parameters);
  Program p(code);
  p.add(Opcode::get_mmmn_zi, {1, on_supervisor("TILE_ID")});
  p.add(Opcode::get_mmmn_zi, {2, on_supervisor("PC")});
  p.add(Opcode::get_mmmn_zi, {3, on_supervisor("CR")});  // write only: 0
  p.add(Opcode::sync, {3});
  bench.load(p);
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(Context::supervisor(), 1), 0x4D3U);
  EXPECT_EQ(bench.m(Context::supervisor(), 2), (code + 4).value());
  EXPECT_EQ(bench.m(Context::supervisor(), 3), 0U);
}

TEST_P(CsrCases, WhatALaunchSets) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::get_mmmn_zi, {0, on_worker("WSR")});
  worker.add(Opcode::get_mmmn_zi, {1, on_worker("VERTEX_BASE")});
  worker.add(Opcode::get_mmmn_zi, {2, on_worker("WORKER_BASE")});
  worker.add(Opcode::get_mmmn_zi, {3, on_worker("PC")});
  worker.add(Opcode::uget_aaan_zi, {0, on_worker("FP_CTL")});
  worker.add(Opcode::uget_aaan_zi, {1, on_worker("FP_STS")});
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  p.set_m(5, 0x00130005);
  p.add(Opcode::put_mmmn_zi, {5, on_supervisor("FP_ICTL")});
  for (std::uint32_t n = 0; n < 6; ++n) {
    p.set_m(6, 0x70000 + 0x100 * n);
    p.add(Opcode::put_mmmn_zi, {6, on_supervisor("WORKER0_BASE") + n});
  }
  p.set_m(0, worker_code.value());
  p.set_m(1, data.value());
  p.add(Opcode::runall_mmmn_zi, {0, 1, 0x1000});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  for (unsigned n = 0; n < 6; ++n) {
    const Context context = Context::worker(n);
    EXPECT_EQ(bench.m(context, 0), n);
    EXPECT_EQ(bench.m(context, 1), data.value() + 0x4000 * n);
    EXPECT_EQ(bench.m(context, 2), 0x70000U + 0x100U * n);
    EXPECT_EQ(bench.m(context, 3), worker_code.value() + 12);
    EXPECT_EQ(bench.a(n, 0), 0x00130005U);
    EXPECT_EQ(bench.a(n, 1), 0U);
    EXPECT_EQ(bench.m(context, 12), 0x70000U + 0x100U * n);
    EXPECT_EQ(bench.m(context, 13), data.value() + 0x4000 * n);
  }
}

// run adds the memory base and four times its immediate, in all 16 bits.
TEST_P(CsrCases, VertexBaseOfRun) {
  Bench bench = make_bench();
  Program worker(worker_code);
  worker.add(Opcode::exitz_mmmn, {15});
  bench.load(worker);
  Program p(code);
  p.set_m(0, worker_code.value());
  p.set_m(1, 0x20);
  p.add(Opcode::run_mmmn_zi, {0, 1, 4 * 0x4321});
  p.add(Opcode::sync, {2});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.csr(Context::worker(0), "VERTEX_BASE"), 0x4C000U + 0x20U + 4U * 0x4321U);
}

TEST_P(CsrCases, WorkerUpperSpace) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(8, data.value());
  bench.store_word(data, 0xFFFFFFFF);
  bench.store_word(data + 4, 0x12345678);
  p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
  std::uint32_t slot = 2;
  const auto read = [&](std::string_view name) {
    p.add(Opcode::uget_aaan_zi, {2, on_worker(name)});
    p.add(Opcode::st32_mbmn_zi, {8, 15, slot++, 2});
  };
  for (const std::string_view name : {"FP_CTL", "PRNG_0_0", "PRNG_0_1", "PRNG_1_0", "PRNG_1_1", "TAS"}) {
    p.add(Opcode::uput_aaan_zi, {0, on_worker(name)});
    read(name);
    p.add(Opcode::uput_aaan_zi, {15, on_worker(name)});
  }
  p.add(Opcode::uput_aaan_zi, {1, on_worker("PRNG_SEED")});
  for (const std::string_view name :
       {"PRNG_0_0", "PRNG_0_1", "PRNG_1_0", "PRNG_1_1", "PRNG_SEED", "FP_CLR"}) {
    read(name);
  }
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  const std::uint32_t v = 0x12345678;
  const std::uint32_t expected[] = {0x001F0007,
                                    0xFFFFFFFF,
                                    0xFFFFFFFF,
                                    0xFFFFFFFF,
                                    0xFFFFFFFF,
                                    0xFFFFFFFF,
                                    v,
                                    ~v,
                                    (v << 13U) | (~v >> 19U),
                                    (~v << 13U) | (v >> 19U),
                                    0,
                                    0};
  slot = 2;
  for (const std::uint32_t value : expected) {
    EXPECT_EQ(bench.word(data + 4 * slot), value) << "slot " << slot;
    ++slot;
  }
}

TEST_P(CsrCases, FpClrClearsTheFlagsNamed) {
  Bench bench = make_bench();
  Program p(worker_code);
  p.set_m(8, data.value());
  bench.store_word(data, 0x7F7FFFFF);
  bench.store_word(data + 4, 0x7FC00000);
  p.add(Opcode::ld64_mman_zi, {8, 15, 0, 0});
  p.add(Opcode::f32add_aaan, {2, 0, 0});  // OFLO
  p.add(Opcode::f32add_aaan, {2, 1, 1});  // INV
  p.add(Opcode::uget_aaan_zi, {3, on_worker("FP_STS")});
  p.add(Opcode::setzi_aaan_zi, {4, 1});
  p.add(Opcode::uput_aaan_zi, {4, on_worker("FP_CLR")});
  p.add(Opcode::uget_aaan_zi, {5, on_worker("FP_STS")});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.a(0, 3), 5U);
  EXPECT_EQ(bench.a(0, 5), 4U);
}

}  // namespace
}  // namespace ipusim::tile::test
