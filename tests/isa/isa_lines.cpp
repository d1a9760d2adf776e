// SPDX-License-Identifier: Apache-2.0
#include "isa_lines.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace ipusim::isa::test {
namespace {

std::vector<std::string> cut(const std::string& text, char separator) {
  std::vector<std::string> pieces;
  std::istringstream stream(text);
  for (std::string piece; std::getline(stream, piece, separator);) {
    const std::size_t begin = piece.find_first_not_of(' ');
    const std::size_t end = piece.find_last_not_of(' ');
    pieces.push_back(begin == std::string::npos ? "" : piece.substr(begin, end - begin + 1));
  }
  return pieces;
}

// Value bits of an operand in the order its letters stand in, from "<hi:lo,hi:lo>"; empty if it has no
// layout.
std::vector<unsigned> listed_bits(const std::string& operands, unsigned number) {
  std::vector<unsigned> bits;
  const std::size_t operand = operands.find("op" + std::to_string(number) + ":");
  std::size_t end = operands.find("op" + std::to_string(number + 1) + ":", operand);
  if (end == std::string::npos) end = operands.size();
  const std::size_t open = operands.find('<', operand);
  if (open == std::string::npos || open > end) return bits;
  const std::string layout = operands.substr(open + 1, operands.find('>', open) - open - 1);
  for (const std::string& range : cut(layout, ',')) {
    const auto ends = cut(range, ':');
    const int low = std::stoi(ends.at(1));
    for (int bit = std::stoi(ends.at(0)); bit >= low; --bit) bits.push_back(static_cast<unsigned>(bit));
  }
  return bits;
}

// Registers that "op0:out:ARPair" names; 1 for anything but pairs and quads.
unsigned span_of(const std::string& operand) {
  const std::string cls = cut(operand, ':').at(2);
  if (cls.starts_with("ARPair") || cls.starts_with("MRPair")) return 2;
  return cls.starts_with("ARQuad") ? 4 : 1;
}

// From the class column, "aux worker load", and the architecture column: "all", "ipu2+" or one name.
void parse_standing(IsaLine& line, const std::vector<std::string>& columns) {
  line.coissue = line.patterns.front().front() == 'z';
  const auto words = cut(columns.at(4), ' ');
  line.aux = words.at(0) == "aux";
  line.worker = words.at(1) != "supervisor";
  line.supervisor = words.at(1) != "worker";
  const std::string& arch = columns.at(5);
  line.archs = arch == "all"     ? std::vector<std::string>{"ipu1", "ipu2", "ipu21"}
               : arch == "ipu2+" ? std::vector<std::string>{"ipu2", "ipu21"}
                                 : std::vector<std::string>{arch};
}

IsaLine parse(const std::string& text) {
  const auto columns = cut(text, '|');
  IsaLine line;
  line.id = columns.at(0);
  line.mnemonic = columns.at(1).substr(0, columns.at(1).find(' '));
  line.patterns = cut(columns.at(2), '/');
  for (const char c : line.patterns.front()) {
    line.mask = line.mask << 1U | (c == '0' || c == '1' ? 1U : 0U);
    line.match = line.match << 1U | (c == '1' ? 1U : 0U);
  }
  for (char letter = 'a'; letter < 'z'; ++letter) {
    std::vector<BitPlace> places;
    for (unsigned word = 0; word < line.patterns.size(); ++word)
      for (unsigned i = 0; i < 32; ++i)
        if (line.patterns[word].at(i) == letter) places.push_back({line.operand_count, 0, word, 31 - i});
    if (places.empty()) break;
    const auto listed = listed_bits(columns.at(3), line.operand_count);
    for (std::size_t i = 0; i < places.size(); ++i)
      places[i].value_bit = listed.empty() ? static_cast<unsigned>(places.size() - 1 - i) : listed.at(i);
    line.bits.insert(line.bits.end(), places.begin(), places.end());
    ++line.operand_count;
  }
  // A layout "<hi:lo,hi:lo>" holds commas of its own.
  std::string operands = columns.at(3);
  for (std::size_t open; (open = operands.find('<')) != std::string::npos;)
    operands.erase(open, operands.find('>', open) - open + 1);
  for (const std::string& operand : cut(operands, ',')) {
    line.spans.push_back(span_of(operand));
    line.writes_a.push_back(operand.find(":out:A") != std::string::npos);
  }
  parse_standing(line, columns);
  return line;
}

std::vector<IsaLine> read_all() {
  std::vector<IsaLine> lines;
  for (const char* name : {"vertex.isa", "exchange.isa"}) {
    std::ifstream file(std::string(IPUSIM_SOURCE_DIR "/isa/") + name);
    if (!file) throw std::runtime_error(std::string(name) + " cannot be read");
    for (std::string text; std::getline(file, text);)
      if (!text.empty() && text.front() != '#') lines.push_back(parse(text));
  }
  return lines;
}

}  // namespace

std::array<std::uint32_t, 2> IsaLine::encode(const std::vector<std::uint32_t>& fields) const {
  std::array<std::uint32_t, 2> words{match, 0};
  for (const BitPlace& place : bits)
    words.at(place.word) |= ((fields.at(place.operand) >> place.value_bit) & 1U) << place.bit;
  return words;
}

std::uint32_t IsaLine::field(unsigned operand, const std::array<std::uint32_t, 2>& words) const {
  std::uint32_t value = 0;
  for (const BitPlace& place : bits)
    if (place.operand == operand) value |= ((words.at(place.word) >> place.bit) & 1U) << place.value_bit;
  return value;
}

bool IsaLine::aligned(const std::array<std::uint32_t, 2>& words) const {
  for (unsigned n = 0; n < operand_count; ++n)
    if (spans.at(n) > 1 && field(n, words) % spans[n] != 0) return false;
  return true;
}

bool IsaLine::on(std::string_view arch) const {
  return std::find(archs.begin(), archs.end(), arch) != archs.end();
}

std::uint32_t IsaLine::field_bits(unsigned operand) const {
  std::uint32_t field = 0;
  for (const BitPlace& place : bits)
    if (place.operand == operand) field |= 1U << place.value_bit;
  return field;
}

const std::vector<IsaLine>& isa_lines() {
  static const std::vector<IsaLine> lines = read_all();
  return lines;
}

}  // namespace ipusim::isa::test
