// SPDX-License-Identifier: Apache-2.0
// The LLVM disassembler against the instruction files, and back through the assembler: every word that is an
// instruction, and no other, is printed as text that assembles to the same word.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <span>
#include <vector>

#include "ipusim/toolchain/assembler.hpp"
#include "ipusim/toolchain/disassembler.hpp"
#include "ipusim/toolchain/linker.hpp"
#include "words.hpp"

namespace ipusim::decode_fuzz {
namespace {

using toolchain::Disassembler;

constexpr std::array architectures{isa::Arch::ipu1, isa::Arch::ipu2, isa::Arch::ipu21};

// Disassemblers of both modes of one architecture.
class Printers {
 public:
  explicit Printers(isa::Arch arch)
      : arch_(arch), worker_(arch, isa::Mode::worker), supervisor_(arch, isa::Mode::supervisor) {}

  toolchain::Disassembly print(const std::array<Word, 2>& words, unsigned count, bool supervisor) const {
    const auto bytes = std::as_bytes(std::span(words).first(count));
    return (supervisor ? supervisor_ : worker_)
        .disassemble({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()},
                     isa::arch_info(arch_).memory_base);
  }
  // The word alone, and as both halves of bundles beside one that does nothing.
  void check(Word word) const {
    for (const bool supervisor : {false, true}) check(word, supervisor);
    if (::testing::Test::HasFailure()) return;
    for (const std::array<Word, 2> words :
         {std::array<Word, 2>{word | coissue_bit, 0x9AD00000}, {0x99E00000, word | coissue_bit}}) {
      const bool want = expectation_of({words, false, false, false, arch_}).verdict == Verdict::executes;
      EXPECT_EQ(print(words, 2, false).valid, want) << text_of({words, false, false, false, arch_});
    }
  }

 private:
  void check(Word word, bool supervisor) const {
    if (::testing::Test::HasFailure()) return;
    const Place place{{word, 0}, supervisor, false, false, arch_};
    EXPECT_EQ(print(place.words, 1, supervisor).valid, expectation_of(place).verdict == Verdict::executes)
        << text_of(place);
  }

  isa::Arch arch_;
  Disassembler worker_, supervisor_;
};

TEST(ToolchainDecoder, EveryOpcode) {
  const Printers printers(isa::Arch::ipu21);
  for_each_opcode(11, [&](Word word) { printers.check(word); });
}

TEST(ToolchainDecoder, EveryOpcodeThatIsOneSomewhere) {
  for (const isa::Arch arch : {isa::Arch::ipu1, isa::Arch::ipu2}) {
    const Printers printers(arch);
    for_each_opcode(12, [&](Word word) {
      if (expectation_of({{word, 0}, false, false, false, isa::Arch::ipu21}).line != nullptr)
        printers.check(word);
    });
  }
}

// ---- Back to words

// Instructions whose text a sibling with another kind of immediate has too, for values that fit both.
bool has_sibling(const IsaLine& line, std::string_view ending, std::string_view others) {
  if (!line.id.ends_with(ending)) return false;
  const std::string sibling = line.id.substr(0, line.id.size() - ending.size()) + std::string(others);
  for (const IsaLine& other : isa::test::isa_lines())
    if (other.id == sibling && other.mnemonic == line.mnemonic) return true;
  return false;
}

// The printed text as source that means this very line: branch targets as word numbers, the immediate's kind
// as the letter that the published assembler takes for it.
std::string as_source(const IsaLine& line, std::string text) {
  static const std::regex target("^((?:br\\w+ \\$m\\d+, |bri |call \\$m\\d+, ))0x([0-9a-f]+)$");
  std::smatch match;
  if (std::regex_match(text, match, target))
    return match[1].str() + std::to_string(std::stoul(match[2].str(), nullptr, 16) / 4);
  const auto end = text.find(' ');
  if (has_sibling(line, "_si", "_zi")) return text.insert(end, "s");
  if (has_sibling(line, "_zi", "_si")) return text.insert(end, "z");
  return text;
}

// No letter tells an upper immediate from a lower one: zero is written in the lower form.
bool is_ambiguous(const IsaLine& line, const std::array<Word, 2>& words) {
  return has_sibling(line, "_iz", "_zi") && line.field(2, words) == 0;
}

// One bit per auxiliary register the word names as a destination.
unsigned written_a(const IsaLine& line, Word word) {
  unsigned mask = 0;
  for (unsigned n = 0; n < line.operand_count; ++n)
    if (line.writes_a.at(n)) mask |= ((1U << line.spans.at(n)) - 1U) << line.field(n, {word, 0});
  return mask;
}

std::vector<Word> assembled(const std::string& source, isa::Arch arch, isa::Mode mode) {
  toolchain::AssemblerOptions options;
  options.arch = arch;
  options.mode = mode;
  options.preprocess = false;
  options.debug = false;
  toolchain::LinkOptions link;
  link.arch = arch;
  const auto object = toolchain::assemble_text(".globl _start\n_start:\n" + source, "fuzz.S", options);
  const auto image = toolchain::link({object}, link).image;
  const auto& bytes = image.segments.at(0).bytes;
  std::vector<Word> words(bytes.size() / sizeof(Word));
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<std::uint8_t*>(words.data()));
  return words;
}

void check_round_trips(isa::Arch arch, bool supervisor, std::mt19937& random) {
  const Printers printers(arch);
  std::vector<Word> expected;
  std::string source = ".allow_invalid_repeat\n";
  std::set<const IsaLine*> seen;
  for (const IsaLine& line : isa::test::isa_lines()) {
    for (int i = 0; i < 80; ++i) {  // as many as fit into an ipu1's region 0
      const auto words = random_operands(line, random);
      const unsigned count = static_cast<unsigned>(line.patterns.size());
      if (expectation_of({words, supervisor, false, false, arch}).verdict != Verdict::executes) continue;
      const auto printed = printers.print(words, count, supervisor);
      ASSERT_TRUE(printed.valid) << line.id;
      if (is_ambiguous(line, words)) continue;
      seen.insert(&line);
      source += as_source(line, printed.text) + "\n";
      expected.insert(expected.end(), words.begin(), words.begin() + count);
    }
  }
  for (const IsaLine& line : isa::test::isa_lines())
    EXPECT_EQ(seen.contains(&line),
              line.on(isa::arch_info(arch).name) && (supervisor ? line.supervisor : line.worker))
        << line.id;
  const auto got = assembled(source, arch, supervisor ? isa::Mode::supervisor : isa::Mode::worker);
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i)
    ASSERT_EQ(got[i], expected[i]) << std::hex << got[i] << " for " << expected[i] << ": "
                                   << printers.print({expected[i], 0}, 1, supervisor).text;
}

TEST(ToolchainDecoder, WhatItPrintsAssemblesToTheSameWord) {
  std::mt19937 random(13);
  for (const isa::Arch arch : architectures)
    for (const bool supervisor : {false, true}) check_round_trips(arch, supervisor, random);
}

TEST(ToolchainDecoder, BundlesAssembleToTheSameWords) {
  std::mt19937 random(14);
  const auto& lines = isa::test::isa_lines();
  for (const isa::Arch arch : architectures) {
    const Printers printers(arch);
    std::vector<Word> expected;
    std::string source = ".allow_invalid_repeat\n";
    while (expected.size() < 30000) {
      const IsaLine& main = lines[random() % lines.size()];
      const IsaLine& aux = lines[random() % lines.size()];
      const std::array<Word, 2> words{random_operands(main, random)[0] | coissue_bit,
                                      random_operands(aux, random)[0] | coissue_bit};
      if (expectation_of({words, false, false, false, arch}).verdict != Verdict::executes) continue;
      const auto half = [&](const IsaLine& line, Word word) {
        return as_source(line, printers.print({word & ~coissue_bit, 0}, 1, false).text);
      };
      ASSERT_TRUE(printers.print(words, 2, false).valid);
      if ((written_a(main, words[0]) & written_a(aux, words[1])) != 0) continue;  // the assembler's business
      if (is_ambiguous(main, words) || is_ambiguous(aux, {words[1], 0})) continue;
      source += "{ " + half(main, words[0]) + " ; " + half(aux, words[1]) + " }\n";
      expected.insert(expected.end(), words.begin(), words.end());
    }
    EXPECT_EQ(assembled(source, arch, isa::Mode::worker), expected);
  }
}

}  // namespace
}  // namespace ipusim::decode_fuzz
