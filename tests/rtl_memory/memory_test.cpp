// SPDX-License-Identifier: Apache-2.0
// The tile memory of the simulation (one array per element, a port per user) and the one for silicon
// (one-port elements) against a memory written here, on random accesses that do not meet in an element; and
// what the elements do where users meet.
#include <gtest/gtest.h>
#include <verilated.h>

#include <array>
#include <random>
#include <vector>

#include "Vmemory_views.h"
#include "ipusim/isa/isa.hpp"

namespace ipusim {
namespace {

using U32 = std::uint32_t;
using U64 = std::uint64_t;

const isa::ArchInfo& map() { return isa::arch_info(IPUSIM_TEST_ARCH); }

class Memories {
 public:
  Memories() : unit_(&context_) { unit_.arch_i = static_cast<std::uint8_t>(IPUSIM_TEST_ARCH); }
  ~Memories() { unit_.final(); }
  Vmemory_views* operator->() { return &unit_; }
  void clock() {
    unit_.clk_i = 0;
    unit_.eval();
    unit_.clk_i = 1;
    unit_.eval();
    unit_.fetch_en_i = unit_.load_en_i = unit_.load_wide_i = unit_.second_en_i = unit_.store_en_i = 0;
    unit_.send_en_i = unit_.receive_en_i = 0;
  }
  void store(U32 at, U64 row) {
    unit_.store_en_i = 3;
    unit_.store_addr_i = at;
    unit_.store_data_i = row;
    clock();
  }
  std::array<U64, 2> load(U32 at) {
    unit_.load_en_i = 1;
    unit_.load_addr_i = at;
    clock();
    return {unit_.load_o[0], unit_.load_o[1]};
  }

 private:
  VerilatedContext context_;
  Vmemory_views unit_;
};

constexpr std::array<U64, 2> both(U64 row) { return {row, row}; }
template <typename Out>
std::array<U64, 2> views(const Out& out) {
  return {out[0], out[1]};
}

// By the rule of the documents, as a number that no two elements share.
U32 element(U32 address) {
  if (address < map().region1_base) return address / map().element_bytes;
  return 1000 + 2 * (address / (2 * map().element_bytes)) + (address >> 3U & 1U);
}

class Random {
 public:
  U32 below(U32 n) { return static_cast<U32>(engine_() % n); }
  bool one_in(U32 n) { return below(n) == 0; }
  U64 bits() { return engine_(); }
  // A row among few, so that what is written is read again: three near the begin of an element, and its last.
  U32 row(U32 begin, U32 end) {
    const U32 elements = (end - begin) / map().element_bytes;
    const U32 at = begin + below(elements) * map().element_bytes;
    return one_in(4) ? at + map().element_bytes - 8 - 8 * below(2) : at + 8 * below(6);
  }
  U32 any_row() { return row(map().memory_base, map().memory_end); }

 private:
  std::mt19937_64 engine_{1};
};

TEST(MemoryViews, BothAreTheMemoryOfTheDocuments) {
  Memories memories;
  Random random;
  std::vector<U64> rows(map().memory_end / 8);
  for (U32 at = map().memory_base; at < map().memory_end; at += 8)
    memories.store(at, rows[at / 8] = random.bits());
  constexpr U64 low_half = 0xFFFFFFFF;
  memories->fetch_en_i = 3;
  memories->fetch_addr_i = map().memory_base;
  memories.clock();
  U64 fetched = rows[map().memory_base / 8];
  for (int cycle = 0; cycle < 300'000; ++cycle) {
    std::vector<U32> used;
    // Draws until the place is free.
    const auto place = [&](auto draw) {
      while (true) {
        const U32 at = draw();
        bool free = true;
        for (const U32 e : used) free = free && e != element(at);
        if (!free) continue;
        used.push_back(element(at));
        return at;
      }
    };
    const auto any = [&] { return random.any_row(); };
    const bool load = random.one_in(2), wide = random.one_in(2), second = random.one_in(2),
               send = random.one_in(2);
    const auto receive = static_cast<std::uint8_t>(random.below(4));
    if (load && wide) {
      memories->load_addr_i = place([&] { return random.row(map().region1_base, map().memory_end) & ~15U; });
      used.push_back(element(memories->load_addr_i + 8));
    } else if (load) {
      memories->load_addr_i = place(any);
    }
    if (second) memories->second_addr_i = place(any);
    if (send) memories->send_addr_i = place(any);
    memories->store_addr_i = place(any);
    memories->store_en_i = static_cast<std::uint8_t>(random.below(4));
    memories->store_data_i = random.bits();
    memories->receive_addr_i = place(any);
    memories->receive_data_i = random.bits();
    // Beside any of them, and of the same row, too. From an odd word on the next row's, maybe in the next
    // element; at the end there is none.
    memories->fetch_addr_i = random.row(map().memory_base, map().region1_base) + 4 * random.below(2);
    const U32 fetched_odd = memories->fetch_addr_i & ~7U, fetched_even = (memories->fetch_addr_i + 4) & ~7U;
    const bool fetch_odd = !random.one_in(4),
               fetch_even = !random.one_in(4) && fetched_even != map().region1_base;
    memories->load_en_i = load;
    memories->load_wide_i = load && wide;
    memories->second_en_i = second;
    memories->send_en_i = send;
    memories->fetch_en_i = static_cast<std::uint8_t>((fetch_even ? 1U : 0U) | (fetch_odd ? 2U : 0U));
    memories->receive_en_i = receive;

    const U64 loaded = rows[memories->load_addr_i / 8],
              upper = rows[memories->load_addr_i / 8 + (wide ? 1 : 0)];
    const U64 second_loaded = rows[memories->second_addr_i / 8], sent = rows[memories->send_addr_i / 8];
    if (fetch_even) fetched = (fetched & ~low_half) | (rows[fetched_even / 8] & low_half);
    if (fetch_odd) fetched = (fetched & low_half) | (rows[fetched_odd / 8] & ~low_half);
    U64& stored = rows[memories->store_addr_i / 8];
    const auto halves = [](unsigned enables) {
      return (enables & 1U ? 0xFFFFFFFFULL : 0) | (enables & 2U ? ~0xFFFFFFFFULL : 0);
    };
    const U64 written = halves(memories->store_en_i);
    stored = (stored & ~written) | (memories->store_data_i & written);
    U64& received = rows[memories->receive_addr_i / 8];
    received = (received & ~halves(receive)) | (memories->receive_data_i & halves(receive));

    memories.clock();
    if (load) {
      ASSERT_EQ(views(memories->load_o), both(loaded)) << cycle;
    }
    if (load && wide) {
      ASSERT_EQ(views(memories->upper_o), both(upper)) << cycle;
    }
    if (second) {
      ASSERT_EQ(views(memories->second_o), both(second_loaded)) << cycle;
    }
    if (send) {
      ASSERT_EQ(views(memories->send_o), both(sent)) << cycle;
    }
    // A half that is not fetched stays.
    ASSERT_EQ(views(memories->fetch_o), both(fetched)) << cycle;
  }
  for (U32 at = map().memory_base; at < map().memory_end; at += 8)
    ASSERT_EQ(memories.load(at), both(rows[at / 8])) << std::hex << at;
}

// While the front end stands still its bundle waits.
TEST(MemoryViews, WhatWasFetchedStays) {
  Memories memories;
  const U32 at = map().memory_base;
  memories.store(at, 0x1111222233334444);
  memories.store(at + 8, 0x5555666677778888);
  memories->fetch_en_i = 3;
  memories->fetch_addr_i = at + 8;
  memories.clock();
  memories.store(at + 8, 0);
  memories.load(at);
  EXPECT_EQ(views(memories->fetch_o), both(0x5555666677778888));
}

// Two words from any word on.
TEST(MemoryViews, AFetchFromAnOddWordEndsInTheNextRow) {
  Memories memories;
  const U32 element = map().memory_base + map().element_bytes;
  for (const U32 at : {map().memory_base, element - 8}) {
    memories.store(at, 0x1111222233334444);
    memories.store(at + 8, 0x5555666677778888);
    memories->fetch_en_i = 3;
    memories->fetch_addr_i = at + 4;
    memories.clock();
    EXPECT_EQ(views(memories->fetch_o), both(0x1111222277778888));
  }
}

// Received word, store, load, send: the first that is there has the element. The simulation serves them all.
TEST(MemoryViews, AnElementServesOneUser) {
  Memories memories;
  const U32 at = map().memory_base;
  for (U32 row = 0; row < 4; ++row) memories.store(at + 8 * row, 0x100 + row);
  const auto write_both = [&] {
    memories->receive_en_i = 3;
    memories->receive_addr_i = at;
    memories->receive_data_i = 0x200;
    memories->store_en_i = 3;
    memories->store_addr_i = at + 8;
    memories->store_data_i = 0x201;
  };
  write_both();
  memories.clock();
  EXPECT_EQ(memories.load(at), both(0x200));
  EXPECT_EQ(memories.load(at + 8), (std::array<U64, 2>{0x201, 0x101}));
  // A store and a send: the store is done, the word sent is what the element showed before.
  memories->store_en_i = 3;
  memories->store_addr_i = at + 8;
  memories->store_data_i = 0x301;
  memories->send_en_i = 1;
  memories->send_addr_i = at + 16;
  memories.clock();
  EXPECT_EQ(views(memories->send_o), (std::array<U64, 2>{0x102, 0x101}));
  EXPECT_EQ(memories.load(at + 8), both(0x301));
  // A load and a send: the send shows the load's row.
  memories->load_en_i = 1;
  memories->load_addr_i = at + 24;
  memories->send_en_i = 1;
  memories->send_addr_i = at + 16;
  memories.clock();
  EXPECT_EQ(views(memories->load_o), both(0x103));
  EXPECT_EQ(views(memories->send_o), (std::array<U64, 2>{0x102, 0x103}));
}

}  // namespace
}  // namespace ipusim
