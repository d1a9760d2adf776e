// SPDX-License-Identifier: Apache-2.0
// Random supervisor programs: arithmetic, memory, CSRs, launches, exchange and syncs, as they come.
#pragma once

#include <cstdint>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/random/family.hpp"
#include "ipusim/random/sequence.hpp"

namespace ipusim::random {

struct SupervisorLayout {
  ByteAddr code;
  ByteAddr data;  // 16-aligned; 4 KiB in either region belong to the supervisor
  ByteAddr wide_data;
  std::vector<ByteAddr> worker_code;  // what `run` may start
  ByteAddr worker_data;
  std::vector<TileId> peers;  // whose words it may receive
  bool words_arrive = false;  // from outside: a wait for words ends
  isa::Arch arch = isa::Arch::ipu2;
};

// Some hundred instructions and endless `sync 3`. Registers $m0..$m6 are anything, $m7..$m11 have roles.
Sequence make_supervisor(const SupervisorLayout& layout, std::uint64_t seed, const Weights& weights);
// A short one that nearly always excepts.
Sequence make_faulty_supervisor(const SupervisorLayout& layout, std::uint64_t seed, const Weights& weights);

}  // namespace ipusim::random
