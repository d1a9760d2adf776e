// SPDX-License-Identifier: Apache-2.0
// Runs one codelet on one tile, alone.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "ipusim/tile/no_exchange.hpp"
#include "ipusim/tile/tile_model.hpp"

namespace ipusim::codelet_test {

// Four buffers that share no memory element: pairs of elements of region 1. Those of an ipu1 lie lower.
std::array<std::uint32_t, 4> buffers_of(isa::Arch arch);
inline constexpr std::array<std::uint32_t, 4> buffers{0x80000, 0x88000, 0x90000, 0x98000};

// A kind of tile that the codelets are run on.
struct TileKind {
  std::string name;
  std::function<std::unique_ptr<tile::TileModel>(const tile::TileParameters&)> make;
  friend void PrintTo(const TileKind& kind, std::ostream* os) { *os << kind.name; }
};

// fast, rtl, lockstep.
const std::vector<TileKind>& tile_kinds();

class CodeletBench {
 public:
  enum class Vertex { workers, supervisor };
  // Assembles and links firmware/codelets/NAME.S behind a supervisor that runs it between two syncs. Workers
  // start with `fp_control` in FP_CTL and sums beyond f16 in their accumulators.
  CodeletBench(const std::string& name, Vertex vertex, const TileKind& kind, std::uint32_t fp_control = 0,
               isa::Arch arch = isa::Arch::ipu2);

  template <class T>
  void write(std::uint32_t address, const std::vector<T>& values) {
    if (!values.empty()) tile_->write_memory(ByteAddr{address}, std::as_bytes(std::span(values)));
  }
  template <class T>
  std::vector<T> read(std::uint32_t address, std::size_t count) const {
    std::vector<T> values(count);
    tile_->read_memory(ByteAddr{address}, std::as_writable_bytes(std::span(values)));
    return values;
  }

  // Runs it with this state. Returns the cycles from the first sync's release to the issue of the second.
  // Throws std::runtime_error if anything else stops the tile.
  std::uint64_t run(const std::vector<std::uint32_t>& state);
  // Bundles that a worker issued in the last run.
  std::uint64_t bundles(unsigned worker) const {
    return counter_.bundles.at(Context::worker(worker).index());
  }

 private:
  struct Counter : tile::TileObserver {
    std::array<std::uint64_t, Context::count> bundles{};
    void on_retire(const tile::RetireRecord& record) override { ++bundles.at(record.context.index()); }
    void on_receive(Cycle, const tile::MemoryWrite&) override {}
    void on_hazard(const tile::Hazard&) override {}
  };

  // Goes on to the next sync. Throws std::runtime_error if there is none.
  Cycle to_sync(Cycle limit);

  std::unique_ptr<tile::TileModel> tile_;
  tile::NoExchange exchange_;
  Counter counter_;
  ByteAddr entry_;
  ByteAddr state_;
};

// What a worker vertex costs if each worker issues `bundles`: from a release in slot 0, runall takes effect
// `launch` cycles later, worker 5 starts five cycles after worker 0, and the supervisor goes on when the
// local sync is over (docs/timing.md, section 1).
std::uint64_t worker_vertex_cycles(std::uint64_t bundles);

// What a supervisor vertex costs that loads the address of its coefficients, puts it, loads them in `loads`
// instructions, and runs its workers once: each of the first three holds up the next, and so do the branches
// there and back.
std::uint64_t engine_vertex_cycles(std::uint64_t loads, std::uint64_t bundles);

}  // namespace ipusim::codelet_test
