// SPDX-License-Identifier: Apache-2.0
// decode() and the operand tables against published assembly lines and their bytes
// (data/encoding_vectors.txt).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "ipusim/isa/isa.hpp"

namespace ipusim::isa {
namespace {

constexpr std::uint32_t coissue_bit = 0x80000000U;
constexpr std::size_t published_pairs = 183;  // docs/provenance.md

struct Vector {
  std::string text;
  std::uint32_t word = 0;
  char section = ' ';
  bool needs_ipu2 = false;  // "next two need ipu2 or later"
};

std::vector<Vector> read_vectors() {
  std::ifstream file(IPUSIM_SOURCE_DIR "/tests/isa/data/encoding_vectors.txt");
  std::vector<Vector> vectors;
  char section = ' ';
  int marked = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("# ---- ")) section = line[7];
    if (line.starts_with("# next two need ipu2 or later")) marked = 2;
    if (line.empty() || line.front() == '#') continue;
    const std::size_t bar = line.find('|');
    Vector vector{line.substr(0, bar - 1), 0, section, marked-- > 0};
    std::istringstream bytes(line.substr(bar + 1));
    unsigned byte = 0;
    for (unsigned shift = 0; bytes >> std::hex >> byte; shift += 8) vector.word |= byte << shift;
    vectors.push_back(vector);
  }
  return vectors;
}

struct Source {
  std::string mnemonic;
  std::vector<std::string> operands;
};

Source parse(const std::string& text) {
  const std::size_t space = text.find(' ');
  Source source{text.substr(0, space), {}};
  if (space == std::string::npos) return source;
  for (std::size_t begin = space + 1; begin < text.size();) {
    const std::size_t comma = std::min(text.find(", ", begin), text.size());
    source.operands.push_back(text.substr(begin, comma - begin));
    begin = comma + 2;
  }
  return source;
}

// The instruction an assembler's short form stands for.
std::string real_mnemonic(const Source& source) {
  static const std::map<std::string, std::string> names{
      {"addz", "add"},  {"adds", "add"},   {"subz", "sub"},     {"maxz", "max"},     {"minz", "min"},
      {"nop", "setzi"}, {"fnop", "setzi"}, {"cmpeqz", "cmpeq"}, {"cmpeqs", "cmpeq"}, {"movnz", "movz"}};
  const bool aux = std::any_of(source.operands.begin(), source.operands.end(),
                               [](const std::string& o) { return o.starts_with("$a"); });
  const bool from_main = !source.operands.empty() && source.operands.front().starts_with("$m");
  if (source.mnemonic == "get" || source.mnemonic == "put") return (aux ? "u" : "") + source.mnemonic;
  if (source.mnemonic == "mov") return aux && from_main ? "atom" : "or";
  if (source.mnemonic == "zero")
    return source.operands.front().find(':') == std::string::npos ? "or" : "or64";
  const auto name = names.find(source.mnemonic);
  return name == names.end() ? source.mnemonic : name->second;
}

bool is_short_form(const std::string& mnemonic) {
  return mnemonic == "nop" || mnemonic == "fnop" || mnemonic == "mov" || mnemonic == "zero";
}

std::string register_text(const Operand& operand, std::uint32_t number) {
  switch (operand.cls) {
    case OperandClass::MR:
      return fmt::format("$m{}", number);
    case OperandClass::MRPair:
      return fmt::format("$m{}:{}", number, number + 1);
    case OperandClass::AR:
      return fmt::format("$a{}", number);
    case OperandClass::ARPair:
      return fmt::format("$a{}:{}", number, number + 1);
    case OperandClass::ARQuad:
      return fmt::format("$a{}:{}", number, number + 3);
    case OperandClass::BroadcastLower:
      return fmt::format("$a{}:BL", number);
    case OperandClass::BroadcastUpper:
      return fmt::format("$a{}:BU", number);
    case OperandClass::Broadcast:
      return fmt::format("$a{}:B", number);
    default:
      return "";
  }
}

std::string_view suffix(PostModify post) {
  switch (post) {
    case PostModify::increment:
      return "++";
    case PostModify::add:
      return "+=";
    case PostModify::shift:
      return ">>";
    case PostModify::delta:
      return "@";
    case PostModify::none:
      break;
  }
  return "";
}

std::string operand_text(const Operand& operand, std::uint32_t word) {
  if (operand.cls <= OperandClass::Broadcast)
    return register_text(operand, operand.value(word)) + std::string(suffix(operand.post));
  // `run` is written in words, everything else as the value it stands for.
  if (operand.cls == OperandClass::run) return fmt::format("{}", operand.field(word));
  return fmt::format("{}", static_cast<std::int32_t>(operand.value(word)));
}

// Operands in the order of the assembly form.
std::vector<std::string> operands_of(const Instruction& info, std::uint32_t word) {
  std::vector<std::pair<std::size_t, std::string>> placed;
  for (const Operand& operand : info.operands)
    placed.emplace_back(info.assembly.find("$" + std::string(operand.name)), operand_text(operand, word));
  std::sort(placed.begin(), placed.end());
  std::vector<std::string> texts;
  for (const auto& [place, text] : placed) texts.push_back(text);
  return texts;
}

// A number as source writes it: decimal, 0x.., sums.
std::string plain(const std::string& operand) {
  if (operand.front() == '$') return operand;
  std::int64_t sum = 0;
  std::int64_t sign = 1;
  std::istringstream pieces(operand);
  for (std::string piece; pieces >> piece;) {
    if (piece == "+" || piece == "-") {
      sign = piece == "+" ? 1 : -1;
    } else {
      sum += sign * std::stoll(piece, nullptr, 0);
    }
  }
  return fmt::format("{}", sum);
}

void PrintTo(const Vector& vector, std::ostream* os) { *os << vector.text; }

class EncodingVectors : public ::testing::TestWithParam<Vector> {};

TEST_P(EncodingVectors, DecodesToItsLine) {
  const Vector& vector = GetParam();
  const Source source = parse(vector.text);
  const std::uint32_t word = vector.word & ~coissue_bit;
  const Opcode opcode = decode(vector.word, Mode::worker);
  ASSERT_NE(opcode, Opcode::invalid);
  const Instruction& info = instruction(opcode);
  EXPECT_EQ(info.mnemonic, real_mnemonic(source));
  EXPECT_TRUE(registers_aligned(info, word));
  EXPECT_TRUE((vector.word & coissue_bit) == 0 || info.coissue);

  const auto on = [&](Arch arch) { return (info.arch_mask & static_cast<unsigned>(arch)) != 0; };
  EXPECT_TRUE(on(Arch::ipu21));
  EXPECT_EQ(on(Arch::ipu2), vector.section != 'E');
  if (vector.needs_ipu2) {
    EXPECT_FALSE(on(Arch::ipu1));
  }

  const auto decoded = operands_of(info, word);
  if (is_short_form(source.mnemonic)) {
    if (!source.operands.empty()) {
      EXPECT_EQ(decoded.front(), source.operands.front());
    }
    return;
  }
  std::vector<std::string> written;
  for (const std::string& operand : source.operands) written.push_back(plain(operand));
  // An address of base and offset alone leaves out the zero register between them.
  if (written.size() + 1 == decoded.size()) written.insert(written.end() - 1, "$m15");
  EXPECT_EQ(decoded, written);
}

std::string name_of(const ::testing::TestParamInfo<Vector>& info) {
  std::string name = fmt::format("{}_{:08x}_", info.index, info.param.word);
  for (const char c : parse(info.param.text).mnemonic) name += c;
  return name;
}
INSTANTIATE_TEST_SUITE_P(Published, EncodingVectors, ::testing::ValuesIn(read_vectors()), name_of);

TEST(EncodingVectorFile, IsComplete) { EXPECT_EQ(read_vectors().size(), published_pairs); }

}  // namespace
}  // namespace ipusim::isa
