// SPDX-License-Identifier: Apache-2.0
// Every published encoding vector, both ways. The file is a list of facts from public tests of the vendor's
// LLVM fork; nothing in it comes from this project.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <regex>
#include <sstream>

#include "bench.hpp"
#include "ipusim/toolchain/disassembler.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;

struct Vector {
  unsigned line;
  char section;  // A..G of the file
  std::string text;
  std::vector<std::uint8_t> bytes;
  bool decode_only;
};

void PrintTo(const Vector& vector, std::ostream* stream) {
  *stream << "line " << vector.line << ": " << vector.text;
}

std::vector<std::uint8_t> parse_bytes(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::uint8_t> bytes;
  for (std::string byte; stream >> byte;)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(byte, nullptr, 16)));
  return bytes;
}

std::vector<Vector> read_vectors() {
  std::ifstream file(ENCODING_VECTORS);
  std::vector<Vector> vectors;
  char section = '?';
  bool decode_only = false;
  unsigned number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("# ---- ")) section = line[7];
    if (line.starts_with("#@decode-only begin")) decode_only = true;
    if (line.starts_with("#@decode-only end")) decode_only = false;
    const auto bar = line.find(" | ");
    if (line.starts_with("#") || bar == std::string::npos) continue;
    vectors.push_back({number, section, line.substr(0, bar), parse_bytes(line.substr(bar + 3)), decode_only});
  }
  return vectors;
}

// What the printer writes for a text of the file: forced-immediate spellings lose their letter, the address
// delta that may be left out is there, expressions and hexadecimal zeros are plain numbers.
std::string printed_form(std::string text) {
  text = std::regex_replace(text, std::regex("^(add|cmpeq|max|min|sub)[sz] "), "$1 ");
  text = std::regex_replace(text, std::regex("1 \\+ 100 - 2"), "99");
  text = std::regex_replace(text, std::regex("^(st64 \\$a0:1, \\$m2), 0"), "$1, $$m15, 0");
  text = std::regex_replace(text, std::regex("^get (\\$a\\d+)"), "uget $1");
  text = std::regex_replace(text, std::regex("^put (\\d+), (\\$a\\d+)"), "uput $1, $2");
  return text;
}

isa::Arch arch_of(const Vector& vector) { return vector.section == 'E' ? isa::Arch::ipu21 : isa::Arch::ipu2; }

std::vector<Vector> sources() {
  auto vectors = read_vectors();
  std::erase_if(vectors, [](const Vector& vector) { return vector.decode_only; });
  return vectors;
}

class Vectors : public ::testing::TestWithParam<Vector> {};
class SourceVectors : public Vectors {};

TEST(VectorFile, HoldsAllOfThem) {
  // 183 lines, as the facts about the target count them.
  EXPECT_EQ(read_vectors().size(), 183U);
}

TEST_P(SourceVectors, Assembles) {
  const Vector& vector = GetParam();
  AssemblerOptions options = plain();
  options.arch = arch_of(vector);
  // A rpt alone has no body, and some lines are of the other mode.
  const auto linked =
      build(".allow_invalid_execution_mode\n.allow_invalid_repeat\n" + vector.text + "\n", options);
  EXPECT_EQ(linked.image.segments.at(0).bytes, vector.bytes);
}

TEST_P(Vectors, Disassembles) {
  const Vector& vector = GetParam();
  // A word with bit 31 is half of a bundle; alone it is shown as the instruction it holds.
  std::vector<std::uint8_t> bytes = vector.bytes;
  bytes[3] &= 0x7F;
  const Disassembly one = Disassembler(arch_of(vector)).disassemble(bytes, region0);
  EXPECT_TRUE(one.valid);
  EXPECT_EQ(one.bytes, 4U);
  EXPECT_EQ(one.text, printed_form(vector.text));
}

std::string name_of(const ::testing::TestParamInfo<Vector>& test) {
  return "Line" + std::to_string(test.param.line);
}
INSTANTIATE_TEST_SUITE_P(Published, SourceVectors, ::testing::ValuesIn(sources()), name_of);
INSTANTIATE_TEST_SUITE_P(Published, Vectors, ::testing::ValuesIn(read_vectors()), name_of);

TEST(Vectors, OddPairAndQuadFieldsAreNoInstructions) {
  // Section H of the file.
  const Disassembler disassembler(isa::Arch::ipu2);
  for (unsigned odd = 1; odd < 16; odd += 2) {
    const std::vector<std::uint8_t> st64{static_cast<std::uint8_t>(odd << 4U), 0xF0, 0x20, 0x5F};
    EXPECT_FALSE(disassembler.disassemble(st64, region0).valid) << odd;
  }
  for (unsigned field = 0; field < 16; ++field) {
    const std::vector<std::uint8_t> ld128{static_cast<std::uint8_t>(field << 4U | 5U), 0x08, 0x00, 0x4D};
    EXPECT_EQ(disassembler.disassemble(ld128, region0).valid, field % 4 == 0) << field;
  }
  for (const std::uint8_t field : std::array<std::uint8_t, 4>{0x42, 0x46, 0x4A, 0x4E}) {
    const std::vector<std::uint8_t> ld2xst64pace{0x00, 0x28, field, 0x56};
    EXPECT_FALSE(disassembler.disassemble(ld2xst64pace, region0).valid) << unsigned{field};
  }
}

}  // namespace
}  // namespace ipusim::toolchain_test
