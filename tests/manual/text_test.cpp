// SPDX-License-Identifier: Apache-2.0
// The manual's examples, spellings and causes against the assembler, the disassembler and the tile's
// interface.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "example_run.hpp"
#include "ipusim/tile/names.hpp"
#include "ipusim/toolchain/disassembler.hpp"

namespace ipusim::manual {
namespace {

using isa::Mode;

template <typename Visit>
void for_each_example(Visit visit) {
  for (const isa::Explanation& entry : isa::all_explanations()) {
    for (const isa::Example& example : entry.examples) {
      SCOPED_TRACE(std::string(example.code));
      visit(example);
    }
  }
}

std::string first_word(const std::string& text) {
  const std::size_t begin = text.find_first_not_of("{ ");
  return text.substr(begin, text.find_first_of(" ;}", begin) - begin);
}

std::string disassembled(std::span<const std::uint32_t> words, Mode mode) {
  const auto bytes = std::as_bytes(words);
  const toolchain::Disassembler disassembler(isa::Arch::ipu21, mode);
  return disassembler
      .disassemble({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, 0x4C000)
      .text;
}

bool is_alias(const std::string& name, std::string_view mnemonic) {
  for (const isa::Alias& alias : isa::all_aliases())
    if (alias.name == name && first_word(std::string(alias.same)) == mnemonic) return true;
  return false;
}

TEST(ManualText, ExamplesBeginWithTheInstructionExplained) {
  for_each_example([](const isa::Example& example) {
    const auto words = assemble(example.code, mode_of(example));
    const isa::Opcode opcode = isa::decode(words.at(0), mode_of(example));
    ASSERT_NE(opcode, isa::Opcode::invalid);
    EXPECT_EQ(isa::instruction(opcode).mnemonic, example.mnemonic);
    const std::string printed = first_word(disassembled(words, mode_of(example)));
    EXPECT_TRUE(printed == example.mnemonic || is_alias(printed, example.mnemonic)) << printed;
  });
}

TEST(ManualText, EveryEncodingHasAnExample) {
  std::set<isa::Opcode> shown;
  for_each_example([&](const isa::Example& example) {
    shown.insert(isa::decode(assemble(example.code, mode_of(example)).at(0), mode_of(example)));
  });
  for (const isa::Instruction& row : isa::all_instructions())
    EXPECT_TRUE(shown.contains(row.opcode)) << row.id;
}

TEST(ManualText, EveryInstructionIsExplained) {
  for (const isa::Instruction& row : isa::all_instructions()) {
    const isa::Explanation* entry = isa::find_explanation(row.mnemonic);
    ASSERT_NE(entry, nullptr) << row.mnemonic;
    const auto is_form = [&](const isa::ExplainedForm& form) { return form.opcode == row.opcode; };
    EXPECT_EQ(std::count_if(entry->forms.begin(), entry->forms.end(), is_form), 1) << row.id;
    EXPECT_EQ(entry->operands.size(), row.operands.size()) << row.id;
  }
  EXPECT_EQ(isa::find_explanation("frobnicate"), nullptr);
}

TEST(ManualText, AliasesAreWhatTheyAreSaidToBe) {
  for (const isa::Alias& alias : isa::all_aliases()) {
    SCOPED_TRACE(std::string(alias.code));
    EXPECT_EQ(assemble(alias.code, Mode::worker), assemble(alias.same, Mode::worker));
    EXPECT_EQ(first_word(std::string(alias.code)), alias.name);
  }
}

}  // namespace
}  // namespace ipusim::manual
