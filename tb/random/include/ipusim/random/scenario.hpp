// SPDX-License-Identifier: Apache-2.0
// One random test: up to a few tiles with code, data and words from outside.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/random/family.hpp"
#include "ipusim/random/sequence.hpp"

namespace ipusim::random {

struct Data {
  ByteAddr at;
  std::vector<std::uint32_t> words;
};

struct TileSetup {
  TileId place;
  ByteAddr entry;  // of the supervisor
  std::vector<Sequence> code;
  std::vector<Data> data;                   // written before the code
  std::map<Cycle, std::uint32_t> incoming;  // words that arrive whatever the other tiles do
};

struct Scenario {
  std::vector<std::string> comments;      // lines of text about it
  isa::Arch arch = isa::Arch::ipu2;       // of all tiles
  std::vector<TileSetup> tiles;           // at least one; places differ
  std::uint64_t max_cycles = 0;           // it ends here, if nothing ends it before
  std::optional<std::uint64_t> debugger;  // seed of what one does to the tile; one tile only
  unsigned max_syncs = 0;                 // as many syncs of the chip are released; the next one ends it
};

enum class Kind : std::uint8_t {
  program,   // one tile: a supervisor that launches workers, words from outside
  words,     // one tile: words of all kinds, most of them faulty
  faults,    // one tile: a short program that excepts, each time for another reason
  exchange,  // two to four tiles that send to each other
  debug,     // one tile: a program or faults, and a debugger beside it
  any        // one of the others, chosen by the seed
};

struct GeneratorOptions {
  Kind kind = Kind::any;
  Weights weights;
  isa::Arch arch = isa::Arch::ipu2;
};

// The same seed and options give the same scenario, as long as the set of instructions is the same.
Scenario make_scenario(std::uint64_t seed, const GeneratorOptions& options = {});

// The text form: '#' starts a comment, numbers are hexadecimal except cycles and counts.
//   scenario 1                      version of the form
//   architecture NAME               if it is not ipu2
//   limit CYCLES syncs COUNT
//   debugger SEED                   if there is one
//   tile PLACE entry ADDRESS        the lines below belong to it
//   code ADDRESS / data ADDRESS     words follow, any number per line
//   incoming                        lines of CYCLE WORD follow
// Comments are lost in reading, but for those before `scenario`. read_scenario throws std::runtime_error with
// the line's number. Code read back has a part per word.
void write_scenario(const Scenario& scenario, std::ostream& out);
Scenario read_scenario(std::istream& in);

// A worker's code by itself: needs data_base, a place of 64 KiB in region 0, and wide_base, the same in
// region 1 (both 16-aligned and pointing to the middle), and loads its registers from 256 bytes per worker at
// wide_base. Ends with an exit, if no fault ends it. `careless`: one in so many accesses and operands is left
// to chance.
struct WorkerLayout {
  ByteAddr code;
  ByteAddr data;
  ByteAddr wide_data;
  isa::Arch arch = isa::Arch::ipu2;
  bool crosses_elements = false;  // an element ends a little behind `code`, and a bundle shall lie across
};
Sequence make_worker(const WorkerLayout& layout, std::uint64_t seed, const Weights& weights = {});
// A short one that nearly always excepts.
Sequence make_faulty_worker(const WorkerLayout& layout, std::uint64_t seed, const Weights& weights = {});

// Numbers that make trouble in between ordinary ones: whole, f32 and f16.
std::vector<std::uint32_t> make_data(std::size_t words, std::uint64_t seed);

}  // namespace ipusim::random
