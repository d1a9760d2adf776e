// Random supervisor programs: arithmetic, memory, CSRs, worker launches, exchange and syncs, as they come.
#pragma once

#include <random>
#include <vector>

#include "assembler.hpp"

namespace ipusim::tile::test {

struct SupervisorLayout {
  ByteAddr code;
  ByteAddr data;  // 16-aligned; 4 KiB in either region belong to the supervisor
  ByteAddr wide_data;
  std::vector<ByteAddr> worker_code;  // what `run` may start
  ByteAddr worker_data;
};

// Some hundred instructions and a `sync 3`. Registers $m0..$m6 are random, $m7..$m11 have fixed roles.
Program random_supervisor(const SupervisorLayout& layout, std::uint32_t seed);

// Whether both tile models execute what this word may stand for, or neither does.
bool executed_alike(std::uint32_t word);

// Words that are mostly instructions, with some bits flipped: for faults in all their variety. Executed alike.
Program random_words(ByteAddr code, std::uint32_t count, isa::Mode mode, std::uint32_t seed);

}  // namespace ipusim::tile::test
