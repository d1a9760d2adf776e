// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run/instruction_witness.hpp"

#include <gtest/gtest.h>

namespace ipusim::app {
namespace {

tile::RetireRecord record(std::uint64_t cycle, Context context, std::uint32_t pc) {
  tile::RetireRecord result;
  result.cycle = Cycle{cycle};
  result.context = context;
  result.pc = ByteAddr{pc};
  return result;
}

TEST(InstructionWitness, ExactCycleElseTheSupervisorsLast) {
  InstructionWitness witness({Cycle{5}, Cycle{20}, Cycle{12}, Cycle{10}, Cycle{30}, Cycle{10}});
  witness.on_retire(record(8, Context::supervisor(), 0x100));
  witness.on_retire(record(10, Context::worker(2), 0x200));
  witness.on_retire(record(15, Context::worker(2), 0x204));
  witness.on_retire(record(20, Context::supervisor(), 0x104));
  EXPECT_FALSE(witness.seen(Cycle{5}));
  EXPECT_EQ(witness.seen(Cycle{10})->pc, ByteAddr{0x200});
  EXPECT_EQ(witness.seen(Cycle{10})->context, Context::worker(2));
  EXPECT_EQ(witness.seen(Cycle{12})->pc, ByteAddr{0x100});
  EXPECT_EQ(witness.seen(Cycle{20})->pc, ByteAddr{0x104});
  EXPECT_EQ(witness.seen(Cycle{30})->pc, ByteAddr{0x104});
  EXPECT_FALSE(witness.seen(Cycle{11}));
}

}  // namespace
}  // namespace ipusim::app
