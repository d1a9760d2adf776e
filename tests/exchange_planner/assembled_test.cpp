// SPDX-License-Identifier: Apache-2.0
// The planned texts through the assembler and the linker: the same words as by the instruction set's tables.
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "ipusim/exchange_planner/plan_text.hpp"
#include "ipusim/exchange_planner/planner.hpp"
#include "ipusim/toolchain/assembler.hpp"
#include "ipusim/toolchain/linker.hpp"
#include "phase_run.hpp"

namespace {

using namespace ipusim;
using namespace ipusim::planner_test;

std::vector<std::uint32_t> words_at(const toolchain::Image& image, std::uint32_t address, std::size_t count) {
  std::vector<std::uint32_t> words(count);
  for (const toolchain::Segment& segment : image.segments) {
    const std::uint32_t begin = segment.address.value();
    if (address < begin || address + 4 * count > begin + segment.bytes.size()) continue;
    std::memcpy(words.data(), segment.bytes.data() + (address - begin), 4 * count);
  }
  return words;
}

TEST(Assembled, SameWordsAsByTheTables) {
  const auto system = system_of("mk2-16.yaml");
  std::mt19937 random(5);
  auto phases = three_phases(random, system.places.size(), 3);
  const Plan planned = plan(system, phases);
  const std::map<std::string, std::uint32_t> symbols{
      {"in", 0x60000}, {"out0", 0x80000}, {"out1", 0x90000}, {"out2", 0xA0000}};
  toolchain::AssemblerOptions options;
  options.mode = isa::Mode::supervisor;
  toolchain::LinkOptions link_options;
  link_options.entry = "exchange_gather";
  link_options.defines = symbols;
  for (std::uint32_t tile = 0; tile < system.places.size(); ++tile) {
    const std::string text = assembly_of(planned, TileIndex{tile});
    const auto object = toolchain::assemble_text(text, "plan.S", options);
    EXPECT_TRUE(object.warnings.empty());
    const auto linked = toolchain::link({object}, link_options);
    for (const Phase& phase : phases) {
      // Each function on its own: sections may be laid out with gaps.
      const std::string name = "exchange_" + phase.name;
      const std::uint32_t address = linked.image.symbol(name).value;
      EXPECT_EQ(address % 8, 0U);
      const std::size_t begin = text.find(".section .text." + name);
      const std::size_t end = text.find(".size " + name);
      TextEncoder encoder(symbols, address);
      encoder.encode(text.substr(begin, end - begin));
      EXPECT_EQ(words_at(linked.image, address, encoder.words().size()), encoder.words());
      EXPECT_EQ(linked.image.symbol(name).size, 4 * encoder.words().size());
    }
  }
}

}  // namespace
