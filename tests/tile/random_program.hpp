// Random worker programs from every instruction that both tile models execute: what they do is defined, and nearly all of them
// end.
#pragma once

#include <random>

#include "assembler.hpp"

namespace ipusim::tile::test {

// Registers the program leaves alone, to be set by the launcher's code or by prologue().
struct RandomProgramLayout {
  ByteAddr code;
  ByteAddr data;       // 16-aligned, 64 KiB around it in region 0 belong to the program
  ByteAddr wide_data;  // 16-aligned, the same in region 1
};

// The worker's code: loads its registers from `wide_data` (256 bytes per worker), a few blocks of
// instructions, bundles, repeats and loops, and an exit. One program in eight enables floating-point
// exceptions.
Program random_worker(const RandomProgramLayout& layout, std::uint32_t seed);

}  // namespace ipusim::tile::test
