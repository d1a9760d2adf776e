// SPDX-License-Identifier: Apache-2.0
// What a run left behind, as plain data: for checks and reports.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ipusim/app/timing/chip_timing.hpp"
#include "ipusim/base/types.hpp"
#include "ipusim/chip/chip.hpp"
#include "ipusim/numbers/number_spec.hpp"

namespace ipusim::app {

// What the host read for an entry of `read`: tile after tile, `count` elements each.
struct Output {
  std::string name;
  numbers::ElementType type = numbers::ElementType::u32;
  std::vector<TileIndex> tiles;
  std::size_t count = 0;
  std::vector<numbers::Element> elements;
  numbers::Encoding encoding = numbers::Encoding::npy;  // of the file it is left in
  bool of_stopped_run = false;  // what stood there when a run stopped that did not complete
};

// An instruction with its place in the program.
struct CodePlace {
  ByteAddr pc;
  std::string symbol;    // the symbol that contains pc, "name+0x10"; empty if none
  std::string mnemonic;  // disassembled; empty if pc is outside memory
  std::string source;    // "file:line"; empty if the object has no line information
  std::string text;      // of that line; empty if the file is not found
};
// "pc 0x4c018 <name+0x10> `trap 0`, file:7: `trap 0`", what is empty left out.
std::string to_string(const CodePlace& place);

// An exception or a hazard with its place in the program.
struct Fault {
  TileIndex tile;
  TileId place;
  std::string kind;   // "invalid_address", "clash_with_access": snake case
  std::string cause;  // exceptions: in finer grain; empty for hazards
  Cycle cycle;        // of the chip, see RunOutcome::start
  // The instruction that excepted; of a hazard, the one that issued in its cycle or, if there was none, the
  // supervisor's last before. Empty where unknown.
  std::string context;  // "supervisor", "worker 3"
  std::optional<CodePlace> code;

  std::optional<ByteAddr> address;    // of the data or the incoming word
  std::string symbol;                 // the symbol that contains `address`, "name+0x10"; empty if none
  std::optional<std::uint32_t> word;  // hazards: the word concerned, or how many are missing
  bool is_error = true;               // a hazard with policy `warn` is none
};

// Contexts that stand alike where a run came to no end.
struct StandingGroup {
  bool workers = false;                        // else supervisors
  std::vector<TileIndex> tiles;                // rising
  std::size_t contexts = 0;                    // of these tiles
  std::array<bool, Context::workers> which{};  // workers: whether any of that number is among them
  std::string doing;                           // "waits in sync 3", "goes on"
  std::optional<unsigned> sync;                // operand of the sync that holds the supervisors
  // Of all: from the least to the most. Cycles of the chip; how long they have waited.
  std::optional<std::pair<Cycle, Cycle>> since;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> words_missing;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> acknowledged;  // syncs in advance
  std::optional<CodePlace> code;                                        // the sync, or what they go on with
};

// How far a chip of the system came.
struct ChipOutcome {
  std::string name;
  std::string state;        // as RunOutcome::state, or "unused": the program has nothing for it
  Cycle start;              // cycle of the chip in which its tiles were started; loading takes time too
  chip::CycleSplit cycles;  // from there on
  std::uint64_t supersteps = 0;
};

struct RunOutcome {
  bool completed = false;          // every tile of every chip waits in sync 7 for a grant that does not come
  std::string state;               // "completed", or how the run stopped
  std::string failure;             // of the simulator itself, state "failed"; empty if there is none
  std::vector<ChipOutcome> chips;  // by chip index
  // Of the chip that took longest, the first of them.
  ChipIndex longest{0};
  Cycle start;
  chip::CycleSplit cycles;
  std::uint64_t supersteps = 0;
  std::vector<chip::CycleSplit> tile_cycles;  // by tile index
  std::vector<std::string> tile_kinds;
  std::vector<Fault> exceptions;
  std::vector<Fault> hazards;
  std::uint64_t hazards_left_out = 0;
  std::vector<std::string> problems;
  std::vector<StandingGroup> standing;  // of what came to no end: the fewest contexts first
  std::vector<Output> outputs;          // that could be read
  std::string memory_sha256;            // hexadecimal
  std::vector<ChipTiming> timing;       // of the chips that were used; none if nobody asked
  bool traced = false;                  // a trace was asked for
};

}  // namespace ipusim::app
