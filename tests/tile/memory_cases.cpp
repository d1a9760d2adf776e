// SPDX-License-Identifier: Apache-2.0
// Loads and stores: addresses, widths, extension, post-increment, regions, and the faults of bad addresses.
#include "cases.hpp"

namespace ipusim::tile::test {
namespace {

constexpr std::uint32_t pattern[] = {0x83828180, 0x87868584, 0x0B0A0908, 0x0F0E0D0C,
                                     0x13121110, 0x17161514, 0x1B1A1918, 0x1F1E1D1C};

void store_pattern(Bench& bench, ByteAddr at) {
  std::uint32_t offset = 0;
  for (const std::uint32_t word : pattern) {
    bench.store_word(at + offset, word);
    offset += 4;
  }
}

// One M load: base = data, delta register, offset; expected value.
struct LoadCase {
  Opcode by_register;
  Opcode by_immediate;
  std::uint32_t delta;   // bytes
  std::uint32_t offset;  // accesses
  std::uint32_t expected;
};

const LoadCase m_loads[] = {
    {Opcode::lds8_mmmn, Opcode::lds8_mmmn_zi, 0, 1, 0xFFFFFF81},
    {Opcode::lds8_mmmn, Opcode::lds8_mmmn_zi, 3, 6, 0x00000009},
    {Opcode::ldz8_mmmn, Opcode::ldz8_mmmn_zi, 2, 1, 0x00000083},
    {Opcode::lds16_mmmn, Opcode::lds16_mmmn_zi, 2, 1, 0xFFFF8584},
    {Opcode::lds16_mmmn, Opcode::lds16_mmmn_zi, 4, 3, 0x00000B0A},
    {Opcode::ldz16_mmmn, Opcode::ldz16_mmmn_zi, 0, 3, 0x00008786},
    {Opcode::ld32_mmmn, Opcode::ld32_mmmn_zi, 4, 2, 0x0F0E0D0C},
    {Opcode::ld32_mmmn, Opcode::ld32_mmmn_zi, 0, 7, 0x1F1E1D1C},
};

TEST_P(MemoryCases, LoadsToM) {
  Bench bench = make_bench();
  store_pattern(bench, data);
  Program p(code);
  p.set_m(1, data.value());
  p.set_m(8, data.value() + 0x100);
  std::uint32_t slot = 0;
  for (const LoadCase& c : m_loads) {
    p.set_m(2, c.delta);
    p.set_m(3, c.offset);
    p.add(c.by_register, {1, 2, 3, 4});
    p.add(Opcode::st32_mmmn_zi, {8, 15, slot++, 4});
    p.add(c.by_immediate, {2, 1, c.offset, 4});  // base and delta are interchangeable
    p.add(Opcode::st32_mmmn_zi, {8, 15, slot++, 4});
  }
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  slot = 0;
  for (const LoadCase& c : m_loads) {
    for (const Opcode opcode : {c.by_register, c.by_immediate}) {
      EXPECT_EQ(bench.word(data + 0x100 + 4 * slot++), c.expected) << isa::instruction(opcode).id;
    }
  }
}

TEST_P(MemoryCases, AddressSumWrapsModulo32Bits) {
  Bench bench = make_bench();
  store_pattern(bench, data);
  Program p(code);
  p.set_m(1, data.value() + 0x20);
  p.set_m(2, 0xFFFFFFF0);  // -16
  p.set_m(3, 0xFFFFFFFE);  // -2 words
  p.add(Opcode::ld32_mmmn, {1, 2, 3, 4});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.m(Context::supervisor(), 4), pattern[2]);
}

struct StepCase {
  Opcode by_register;
  Opcode by_immediate;
  std::uint32_t size;
  std::uint32_t expected;  // at data + 4
};

const StepCase m_steps[] = {
    {Opcode::lds8step_mmmn, Opcode::lds8step_mmmn_si, 1, 0xFFFFFF84},
    {Opcode::ldz8step_mmmn, Opcode::ldz8step_mmmn_si, 1, 0x84},
    {Opcode::lds16step_mmmn, Opcode::lds16step_mmmn_si, 2, 0xFFFF8584},
    {Opcode::ldz16step_mmmn, Opcode::ldz16step_mmmn_si, 2, 0x8584},
    {Opcode::ld32step_mmmn, Opcode::ld32step_mmmn_si, 4, 0x87868584},
};

TEST_P(MemoryCases, StepLoadsToM) {
  Bench bench = make_bench();
  store_pattern(bench, data);
  Program p(code);
  p.set_m(1, data.value());
  p.set_m(8, data.value() + 0x100);
  p.set_m(3, 0xFFFFFFFD);  // stride -3
  std::uint32_t slot = 0;
  const auto store = [&](unsigned m) { p.add(Opcode::st32_mmmn_zi, {8, 15, slot++, m}); };
  for (const StepCase& c : m_steps) {
    p.set_m(2, 4);
    p.add(c.by_register, {1, 2, 3, 4});
    store(4);
    store(2);
    p.set_m(2, 4);
    p.add(c.by_immediate, {1, 2, static_cast<std::uint32_t>(-128), 4});
    store(4);
    store(2);
  }
  // The loaded data win over the increment of the same register.
  p.set_m(2, 4);
  p.add(Opcode::ld32step_mmmn_si, {1, 2, 1, 2});
  store(2);
  // A dropped destination leaves the scaled add.
  p.set_m(2, 4);
  p.add(Opcode::ld32step_mmmn_si, {1, 2, 5, 15});
  store(2);
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  slot = 0;
  const auto next = [&] { return bench.word(data + 0x100 + 4 * slot++); };
  for (const StepCase& c : m_steps) {
    EXPECT_EQ(next(), c.expected) << isa::instruction(c.by_register).id;
    EXPECT_EQ(next(), 4U - 3U * c.size) << isa::instruction(c.by_register).id;
    EXPECT_EQ(next(), c.expected) << isa::instruction(c.by_immediate).id;
    EXPECT_EQ(next(), 4U - 128U * c.size) << isa::instruction(c.by_immediate).id;
  }
  EXPECT_EQ(next(), pattern[1]);
  EXPECT_EQ(next(), 4U + 20U);
}

TEST_P(MemoryCases, StoresFromM) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(1, data.value());
  p.set_m(2, 8);
  p.set_m(3, 3);
  p.set_m(4, 0xCAFE0001);
  p.add(Opcode::st32_mmmn_zi, {1, 2, 5, 4});                                   // data + 8 + 20
  p.add(Opcode::st32step_mmmn_si, {1, 2, static_cast<std::uint32_t>(-1), 4});  // data + 8, delta -> 4
  p.add(Opcode::stm32_mmmn, {1, 3, 4});                                        // data + 12
  p.set_m(5, data.value() + 0x40);
  p.add(Opcode::stm32step_mmmn, {3, 5, 4});  // data + 0x40, base -> + 12
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  for (const std::uint32_t offset : {28U, 8U, 12U, 0x40U}) {
    EXPECT_EQ(bench.word(data + offset), 0xCAFE0001U) << offset;
  }
  EXPECT_EQ(bench.m(Context::supervisor(), 2), 4U);
  EXPECT_EQ(bench.m(Context::supervisor(), 5), data.value() + 0x4C);
}

struct ArfLoad {
  Opcode opcode;
  bool step;
  bool immediate;
  std::uint32_t size;
};

// Every A load reads pattern + 16 and writes a0..; the registers and the stepped delta are stored and
// compared.
TEST_P(MemoryCases, LoadsToA) {
  const ArfLoad loads[] = {
      {Opcode::ldb16_mman, false, false, 2},     {Opcode::ldb16_mman_zi, false, true, 2},
      {Opcode::ldb16step_mmbn, true, false, 2},  {Opcode::ldb16step_mmbn_si, true, true, 2},
      {Opcode::ld32_mman, false, false, 4},      {Opcode::ld32_mman_zi, false, true, 4},
      {Opcode::ld32step_mmbn, true, false, 4},   {Opcode::ld32step_mmbn_si, true, true, 4},
      {Opcode::ld64_mman, false, false, 8},      {Opcode::ld64_mman_zi, false, true, 8},
      {Opcode::ld64step_mmbn, true, false, 8},   {Opcode::ld64step_mmbn_si, true, true, 8},
      {Opcode::ld128_mman, false, false, 16},    {Opcode::ld128_mman_zi, false, true, 16},
      {Opcode::ld128step_mmbn, true, false, 16}, {Opcode::ld128step_mmbn_si, true, true, 16},
  };
  Bench bench = make_bench();
  store_pattern(bench, wide_data);
  Program p(worker_code);
  p.set_m(1, wide_data.value());
  p.set_m(8, data.value());
  p.set_m(3, 0xFFFFFFFF);
  std::uint32_t slot = 0;
  for (const ArfLoad& load : loads) {
    p.set_m(2, load.step ? 16 : 32);
    if (load.step && load.immediate) {
      p.add(load.opcode, {1, 2, 127, 0});
    } else if (load.immediate) {
      p.set_m(2, 0);
      p.add(load.opcode, {1, 2, 16 / load.size, 0});
    } else if (load.step) {
      p.add(load.opcode, {1, 2, 3, 0});
    } else {
      p.set_m(4, 0U - 16U / load.size);
      p.add(load.opcode, {1, 2, 4, 0});
    }
    for (std::uint32_t i = 0; i < 4; ++i) {
      p.add(Opcode::st32_mbmn_zi, {8, 15, slot++, i});
    }
    p.add(Opcode::st32_mmmn_zi, {8, 15, slot++, 2});
    for (std::uint32_t i = 0; i < 4; ++i) {
      p.add(Opcode::setzi_aaan_zi, {i, 0});
    }
  }
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  slot = 0;
  const auto next = [&] { return bench.word(data + 4 * slot++); };
  for (const ArfLoad& load : loads) {
    for (std::uint32_t i = 0; i < 4; ++i) {
      const std::uint32_t expected =
          load.size == 2 ? (i == 0 ? 0x11101110U : 0) : (4 * i < load.size ? pattern[4 + i] : 0);
      EXPECT_EQ(next(), expected) << isa::instruction(load.opcode).id << " a" << i;
    }
    const std::uint32_t delta = next();
    if (load.step) {
      EXPECT_EQ(delta, load.immediate ? 16U + 127U * load.size : 16U - load.size)
          << isa::instruction(load.opcode).id;
    }
  }
}

TEST_P(MemoryCases, StoresFromA) {
  Bench bench = make_bench();
  store_pattern(bench, data + 0x200);
  Program p(worker_code);
  p.set_m(1, data.value());
  p.set_m(3, 3);
  p.add(Opcode::ld64_mman_zi, {1, 15, 0x40, 2});  // a2:3 = pattern[0..1]
  p.set_m(2, 8);
  p.add(Opcode::st32_mbmn, {1, 2, 3, 3});         // data + 8 + 12
  p.add(Opcode::st32_mbmn_zi, {1, 2, 0xABC, 3});  // data + 8 + 4*0xABC: all three nibbles of the offset
  p.add(Opcode::st64_mbmn, {1, 2, 3, 2});         // data + 8 + 24
  p.add(Opcode::st64_mbmn_zi, {1, 2, 0x345, 2});
  p.add(Opcode::st32step_mbmn, {1, 2, 3, 2});  // data + 8; delta += 12
  p.add(Opcode::st32step_mbmn_si,
        {1, 2, 0x57, 2});  // data + 20... delta += 4*0x57: both nibbles of the stride
  p.set_m(4, 0x100);
  p.add(Opcode::st64step_mbmn, {1, 4, 3, 2});                                  // data + 0x100; += 24
  p.add(Opcode::st64step_mbmn_si, {1, 4, static_cast<std::uint32_t>(-2), 2});  // data + 0x118; += -16
  p.set_m(8, data.value() + 0x80);
  p.add(Opcode::st32_mmmn_zi, {8, 15, 0, 2});
  p.add(Opcode::st32_mmmn_zi, {8, 15, 1, 4});
  p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  EXPECT_EQ(bench.word(data + 20), pattern[0]) << "st32step si came after st32 to the same place";
  EXPECT_EQ(bench.word(data + 8 + 4 * 0xABC), pattern[1]);
  EXPECT_EQ(bench.word(data + 32), pattern[0]);
  EXPECT_EQ(bench.word(data + 36), pattern[1]);
  EXPECT_EQ(bench.word(data + 8 + 8 * 0x345), pattern[0]);
  EXPECT_EQ(bench.word(data + 12 + 8 * 0x345), pattern[1]);
  EXPECT_EQ(bench.word(data + 8), pattern[0]);
  EXPECT_EQ(bench.word(data + 0x100), pattern[0]);
  EXPECT_EQ(bench.word(data + 0x104), pattern[1]);
  EXPECT_EQ(bench.word(data + 0x118), pattern[0]);
  EXPECT_EQ(bench.word(data + 0x11C), pattern[1]);
  EXPECT_EQ(bench.word(data + 0x80), 8U + 12U + 4U * 0x57U);
  EXPECT_EQ(bench.word(data + 0x84), 0x100U + 24U - 16U);
}

TEST_P(MemoryCases, RecordsOfLoadsAndStores) {
  Bench bench = make_bench();
  store_pattern(bench, data);
  Program p(worker_code);
  p.set_m(1, data.value());
  p.set_m(2, 8);
  const ByteAddr load = p.add(Opcode::ld64step_mmbn_si, {1, 2, 1, 4});
  const ByteAddr store = p.add(Opcode::st64_mbmn_zi, {1, 15, 4, 4});
  const ByteAddr exit = p.add(Opcode::exitz_mmmn, {15});
  expect_sync(bench.run_worker(p));
  std::vector<RetireRecord> found;
  for (const RetireRecord& record : bench.recorder().retired) {
    if (record.pc >= load && record.pc <= exit) {
      found.push_back(record);
    }
  }
  ASSERT_EQ(found.size(), 3U);
  using File = RegisterWrite::File;
  EXPECT_EQ(found[0].registers, (std::vector<RegisterWrite>{
                                    {File::m, 2, 16}, {File::a, 4, pattern[2]}, {File::a, 5, pattern[3]}}));
  EXPECT_TRUE(found[0].memory.empty());
  EXPECT_TRUE(found[1].registers.empty());
  EXPECT_EQ(found[1].memory,
            (std::vector<MemoryWrite>{{data + 32, 8, pattern[2] | std::uint64_t{pattern[3]} << 32U}}));
  EXPECT_EQ(found[1].context, Context::worker(0));
  EXPECT_EQ(found[1].pc, store);
  EXPECT_EQ(found[1].words[0], p.words()[(store - worker_code) / 4]);
  EXPECT_TRUE(found[2].registers.empty());
  EXPECT_TRUE(found[2].memory.empty());
}

// ---- Bad addresses

struct BadAddress {
  Opcode opcode;
  std::uint32_t address;
  ExceptionCause cause;
};

void check_bad_address(const TileKind& kind, const BadAddress& c) {
  Bench bench(kind);
  Program p(worker_code);
  p.set_m(1, c.address);
  p.set_m(2, 0);
  ByteAddr at{0};
  switch (isa::instruction(c.opcode).operands.size()) {
    case 3:
      at = p.add(c.opcode, {1, 15, 0});
      break;
    default:
      at = p.add(c.opcode, {1, 2, 0, 0});
      break;
  }
  p.add(Opcode::exitz_mmmn, {15});
  SCOPED_TRACE(std::string(isa::instruction(c.opcode).id) + " at " + std::to_string(c.address));
  const StopReport report = bench.run_worker(p);
  expect_exception(report,
                   {ExceptionType::invalid_address, c.cause, Context::worker(0), at, ByteAddr{c.address}});
  EXPECT_EQ(bench.tile().pc(Context::worker(0)), at);
  EXPECT_EQ(bench.tile().context_status(Context::worker(0)), 3U);
  EXPECT_EQ(bench.csr(Context::worker(0), "WSR"), 8U << 4U);
  EXPECT_TRUE(bench.cycles_at(at).empty()) << "a faulting bundle does not retire";
}

TEST_P(MemoryCases, BadAddresses) {
  const isa::ArchInfo& arch = isa::arch_info(isa::Arch::ipu2);
  const BadAddress cases[] = {
      {Opcode::ld32_mmmn_zi, arch.memory_base - 4, ExceptionCause::invalid_address},
      {Opcode::ld32_mmmn_zi, arch.memory_end, ExceptionCause::invalid_address},
      {Opcode::ld32_mmmn_zi, 0, ExceptionCause::invalid_address},
      {Opcode::ld32_mmmn_zi, arch.memory_end - 2, ExceptionCause::invalid_address},  // half of it
      {Opcode::ld64_mman_zi, arch.memory_end - 4, ExceptionCause::invalid_address},
      {Opcode::ld32_mmmn_zi, 0x200000 + data.value(), ExceptionCause::invalid_address},
      {Opcode::ld32_mmmn_zi, 0xFFFFFFFD, ExceptionCause::invalid_address},  // range before alignment
      {Opcode::ld32_mmmn_zi, data.value() + 2, ExceptionCause::misaligned_address},
      {Opcode::lds16_mmmn_zi, data.value() + 1, ExceptionCause::misaligned_address},
      {Opcode::ldb16_mman_zi, data.value() + 3, ExceptionCause::misaligned_address},
      {Opcode::ld64_mman_zi, data.value() + 4, ExceptionCause::misaligned_address},
      {Opcode::ld128_mman_zi, wide_data.value() + 8, ExceptionCause::misaligned_address},
      {Opcode::ld128_mman_zi, data.value(), ExceptionCause::invalid_region},
      {Opcode::ld128_mman_zi, data.value() + 8, ExceptionCause::invalid_region},  // region before alignment
      {Opcode::ld128_mman_zi, arch.memory_end, ExceptionCause::invalid_address},
      {Opcode::st32_mmmn_zi, arch.memory_end + 4, ExceptionCause::invalid_address},
      {Opcode::st32_mmmn_zi, data.value() + 1, ExceptionCause::misaligned_address},
      {Opcode::st64_mbmn_zi, data.value() + 4, ExceptionCause::misaligned_address},
      {Opcode::stm32_mmmn, data.value() + 2, ExceptionCause::misaligned_address},
  };
  for (const BadAddress& c : cases) {
    check_bad_address(GetParam(), c);
  }
}

TEST_P(MemoryCases, BordersOfMemory) {
  const isa::ArchInfo& arch = isa::arch_info(isa::Arch::ipu2);
  Bench bench = make_bench();
  Program p(code);
  p.set_m(1, arch.memory_base);
  p.set_m(2, arch.memory_end - 4);
  p.set_m(3, 0x1234);
  p.add(Opcode::st32_mmmn_zi, {1, 15, 0, 3});
  p.add(Opcode::st32_mmmn_zi, {2, 15, 0, 3});
  p.add(Opcode::ldz8_mmmn_zi, {2, 15, 1, 4});
  p.add(Opcode::sync, {3});
  expect_sync(bench.run(p));
  EXPECT_EQ(bench.word(ByteAddr{arch.memory_base}), 0x1234U);
  EXPECT_EQ(bench.word(ByteAddr{arch.memory_end - 4}), 0x1234U);
  EXPECT_EQ(bench.m(Context::supervisor(), 4), 0x12U);
  EXPECT_THROW(bench.word(ByteAddr{arch.memory_end}), std::out_of_range);
  EXPECT_THROW(bench.store_word(ByteAddr{arch.memory_base - 4}, 0), std::out_of_range);
}

// A faulting step form leaves its delta alone.
TEST_P(MemoryCases, FaultLeavesThePostIncrementUndone) {
  Bench bench = make_bench();
  Program p(code);
  p.set_m(1, data.value() + 1);
  p.set_m(2, 8);
  p.set_m(4, 77);
  const ByteAddr at = p.add(Opcode::ld32step_mmmn_si, {1, 2, 1, 4});
  p.add(Opcode::sync, {3});
  expect_exception(bench.run(p), {ExceptionType::invalid_address, ExceptionCause::misaligned_address,
                                  Context::supervisor(), at, data + 9});
  EXPECT_EQ(bench.m(Context::supervisor(), 2), 8U);
  EXPECT_EQ(bench.m(Context::supervisor(), 4), 77U);
}

// Two accesses of an instruction may not meet in one element. In region 1 address bit 3 chooses between the
// two of a pair, 32 KiB long.
TEST_P(MemoryCases, AccessesInOneElement) {
  constexpr Opcode loads = Opcode::ld2x64pace_mmbn_ef;
  constexpr Opcode loads_and_store = Opcode::ld2xst64pace_mbbn_ef;
  const std::uint32_t plain = data.value();
  const std::uint32_t wide = wide_data.value();
  struct Clash {
    Opcode opcode;
    std::array<std::uint32_t, 3> addresses;
    std::optional<std::uint32_t> at;  // the later of those that meet
  };
  const Clash cases[] = {
      {loads, {plain, plain + 0x3FF8, 0}, plain + 0x3FF8},
      {loads, {plain, plain + 0x4000, 0}, std::nullopt},
      {loads, {wide, wide + 0x7FF0, 0}, wide + 0x7FF0},
      {loads, {wide, wide + 0x7FF8, 0}, std::nullopt},
      {loads, {wide, wide + 0x8000, 0}, std::nullopt},
      {loads_and_store, {plain, plain + 0x4000, plain + 0x8000}, std::nullopt},
      {loads_and_store, {plain, plain + 0x4000, plain + 0x4008}, plain + 0x4008},
      {loads_and_store, {plain, plain + 0x4000, plain + 0x3FF8}, plain + 0x3FF8},
      {loads_and_store, {wide, wide + 8, wide + 0x4000}, wide + 0x4000},
      {loads_and_store, {wide, wide + 8, wide + 0x4008}, wide + 0x4008},
  };
  for (const Clash& c : cases) {
    Bench bench = make_bench();
    Program p(worker_code);
    for (std::uint32_t n = 0; n < 3; ++n) p.set_m(n, c.addresses[n]);
    p.add(Opcode::tapack_mmmn, {0, 1, 2, 4});
    const ByteAddr at =
        c.opcode == loads ? p.add(loads, {15, 4, 0, 2, 0}) : p.add(loads_and_store, {15, 4, 0, 4, 0});
    p.add(Opcode::exitz_mmmn, {15});
    const StopReport stop = bench.run_worker(p);
    if (!c.at) {
      expect_sync(stop);
      continue;
    }
    expect_exception(stop, {ExceptionType::conflict, ExceptionCause::element_conflict, Context::worker(0), at,
                            ByteAddr{*c.at}});
  }
}

}  // namespace
}  // namespace ipusim::tile::test
