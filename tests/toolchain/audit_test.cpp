// SPDX-License-Identifier: Apache-2.0
// Walks the tables of docs/toolchain.md: what is stated there of every place, expression, relocation,
// assignment, directive, section and option is tried, row by row.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <map>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::HasSubstr;

struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
};

std::string trimmed(std::string text) {
  const auto begin = text.find_first_not_of(" `");
  if (begin == std::string::npos) return {};
  return text.substr(begin, text.find_last_not_of(" `") - begin + 1);
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|')
      cells.back() += line[++i];
    else if (line[i] == '|')
      cells.emplace_back();
    else
      cells.back() += line[i];
  }
  cells.pop_back();
  for (std::string& cell : cells) cell = trimmed(cell);
  return cells;
}

// The first table under the heading.
Table table_under(const std::string& heading) {
  std::ifstream file(TOOLCHAIN_DOC);
  Table table;
  bool here = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("#")) {
      if (here) break;
      here = line.substr(line.find_first_not_of("# ")) == heading;
    }
    if (!here || !line.starts_with("|")) {
      if (here && !table.rows.empty()) break;
      continue;
    }
    if (line.starts_with("|--") || line.starts_with("| --")) continue;
    if (table.head.empty())
      table.head = cells_of(line);
    else
      table.rows.push_back(cells_of(line));
  }
  EXPECT_GT(table.rows.size(), 3U) << heading;
  for (const auto& row : table.rows) EXPECT_EQ(row.size(), table.head.size()) << row.at(0);
  return table;
}

// ';' in a table's source ends a line.
std::string lines_of(std::string source) {
  for (char& c : source)
    if (c == ';') c = '\n';
  return source + "\n";
}

AssemblerOptions any_mode() { return plain(isa::Mode::supervisor); }

// Bytes of the first segment from `at`, or the error's text.
struct Outcome {
  std::vector<std::uint8_t> bytes;
  LinkedImage linked;
  std::string error;
};
Outcome build_all(const std::string& source, const LinkOptions& options = {}) {
  Outcome outcome;
  try {
    outcome.linked = link({assemble_text(source, "audit.s", any_mode())}, options);
    outcome.bytes = outcome.linked.image.segments.at(0).bytes;
  } catch (const ToolError& error) {
    outcome.error = error.what();
  }
  return outcome;
}

// --- places and expressions

struct Place {
  std::string source;  // EXPR stands for the expression
  unsigned bytes, bits, shift;
  bool from_base;
  std::uint32_t far;  // a value that fits
};
// Fields: the ABI's relocation table and the instruction formats.
const std::map<std::string, Place> places{
    {".byte", {".byte EXPR, 0, 0, 0", 1, 8, 0, false, 0x40}},
    {".short", {".short EXPR, 0", 2, 16, 0, false, 0x40}},
    {".long", {".long EXPR", 4, 32, 0, false, 0x40}},
    {".quad", {".quad EXPR", 8, 64, 0, false, 0x40}},
    {"rpt size", {".allow_invalid_repeat\nrpt $m0, EXPR", 4, 8, 0, false, 0x40}},
    {"cmpult", {"cmpult $m0, $m0, EXPR", 4, 16, 0, false, 0x40}},
    {"setzi", {"setzi $m0, EXPR", 4, 20, 0, false, 0x40}},
    {"branch", {"bri EXPR", 4, 19, 2, false, 0x40}},
    {"call", {"call $m0, EXPR", 4, 19, 2, false, 0x40}},
    {"run", {"run $m0, $m0, EXPR", 4, 16, 2, true, 0x4C040}}};

std::uint64_t value_of_expression(const std::string& expression, std::uint32_t far) {
  const std::map<std::string, std::uint64_t> values{{"12", 12},
                                                    {"early", 8},
                                                    {"later", 8},
                                                    {"near", 0x4C004},
                                                    {"weak", 0x4C004},
                                                    {"far", far},
                                                    {"far + 4", far + 4},
                                                    {"far - 4", far - 4},
                                                    {"b - a", 4},
                                                    {"far - 0x100000", far - std::uint64_t{0x100000}},
                                                    {"d - c", 4},
                                                    {"near@abs18@s2", 0x4C004 / 4},
                                                    {"near@abs18@s2 + 4", 0x4C008 / 4},
                                                    {"near@abs19@s2", 0x4C004 / 4},
                                                    {"near@abs@21", 0x4C004},
                                                    {"near@relative@16@s2", 1},
                                                    {"early@abs18@s2", 2},
                                                    {"later@abs18@s2", 2}};
  const auto found = values.find(expression);
  EXPECT_NE(found, values.end()) << expression;
  return found == values.end() ? 0 : found->second;
}

std::string source_of(const Place& place, const std::string& expression) {
  std::string text = place.source;
  text.replace(text.find("EXPR"), 4, expression);
  return ".allow_invalid_execution_mode\n.globl _start\n.set early, 8\n_start: nop\n.weak weak\nweak: near: "
         "nop\n"
         "a: nop\nb: nop\n" +
         text + "\n.data\nc: .long 0\nd: .long 0\n.set later, 8\n";
}

std::uint64_t field_of(const Place& place, const std::vector<std::uint8_t>& bytes) {
  std::uint64_t word = 0;
  for (unsigned i = 0; i < place.bytes; ++i) word |= std::uint64_t{bytes.at(16 + i)} << (8 * i);
  if (place.from_base) return (word & 0xFFFU) | ((word >> 4U) & 0xF000U);
  return place.bits == 64 ? word : word & ((std::uint64_t{1} << place.bits) - 1);
}

TEST(Audit, EveryExpressionInEveryPlace) {
  const Table table = table_under("Expressions and the places they stand in");
  const Table reasons = table_under("Reasons of refusal");
  std::map<std::string, std::string> messages;
  for (const auto& row : reasons.rows) messages[row.at(0)] = row.at(1);
  for (const auto& row : table.rows)
    for (std::size_t column = 1; column < row.size(); ++column) {
      const std::string& expression = row[0];
      const std::string& cell = row[column];
      SCOPED_TRACE(expression + " in " + table.head[column]);
      const Place& place = places.at(table.head[column]);
      LinkOptions options;
      options.defines = {{"far", place.far}};
      const Outcome outcome = build_all(source_of(place, expression), options);
      if (messages.contains(cell)) {
        EXPECT_THAT(outcome.error, HasSubstr(messages[cell]));
        continue;
      }
      ASSERT_EQ(outcome.error, "");
      std::uint64_t expected = value_of_expression(expression, place.far);
      if (cell == "value" && place.from_base) expected -= 0x4C000;
      if (cell == "value") expected >>= place.shift;
      EXPECT_THAT(cell, ::testing::AnyOf("value", "number", "variant"));
      if (place.bits < 64) expected &= (std::uint64_t{1} << place.bits) - 1;
      EXPECT_EQ(field_of(place, outcome.bytes), expected) << std::hex << expected;
    }
  EXPECT_EQ(table.head.size(), places.size() + 1);
}

// --- relocations

TEST(Audit, EveryRelocationAtTheEdgesOfItsField) {
  const Table table = table_under("Relocations");
  for (const auto& row : table.rows) {
    SCOPED_TRACE(row[1]);
    const auto bits = static_cast<unsigned>(std::stoul(row[2]));
    const auto shift = static_cast<unsigned>(std::stoul(row[3]));
    const std::uint64_t base = row[4] == "yes" ? 0x4C000 : 0;
    const auto with = [&](std::uint64_t far, const std::string& addend = "") {
      LinkOptions options;
      options.defines = {{"far", static_cast<std::uint32_t>(far)}};
      return build_all(".globl _start\n_start: nop\n.reloc 4, " + row[1] + ", far" + addend + "\n.quad 0\n",
                       options);
    };
    if (bits == 0) {
      EXPECT_EQ(with(0x12345678).bytes, with(0).bytes);
      continue;
    }
    const std::uint64_t largest =
        std::min<std::uint64_t>(((std::uint64_t{1} << std::min(bits, 32U)) - 1) << shift, 0xFFFFFFFF);
    const std::uint64_t stored = ((largest + base > 0xFFFFFFFF ? largest - base : largest) >> shift);
    const Outcome fits = with((stored << shift) + base);
    ASSERT_EQ(fits.error, "");
    std::uint64_t found = 0;
    std::memcpy(&found, fits.bytes.data() + 4, 8);
    EXPECT_EQ(found, row[5] == "yes" ? (stored & 0xFFFU) | (stored & 0xF000U) << 4U : stored)
        << std::hex << found;
    if (bits < 32) {
      EXPECT_THAT(with((std::uint64_t{1} << (bits + shift)) + base).error, HasSubstr("does not fit into"));
      EXPECT_THAT(with(base, " - 0x100000").error, HasSubstr("does not fit into"));
    }
    if (shift != 0) {
      EXPECT_THAT(with(base + 1).error, HasSubstr("is not a multiple of"));
    }
  }
}

// --- tables of sources with their results

// result: "done", bytes in hexadecimal, or "refused: " and a part of the message.
void check(const std::string& source, const std::string& result, const Outcome& outcome, std::size_t at) {
  SCOPED_TRACE(source);
  if (result.starts_with("refused: ")) {
    EXPECT_THAT(outcome.error, HasSubstr(result.substr(9)));
    return;
  }
  ASSERT_EQ(outcome.error, "");
  if (result == "done") return;
  std::string found;
  for (std::size_t i = at; i < std::min(outcome.bytes.size(), at + (result.size() + 1) / 3); ++i)
    found += fmt::format("{}{:02x}", found.empty() ? "" : " ", outcome.bytes[i]);
  EXPECT_EQ(found, result);
}

TEST(Audit, EveryAssignmentOfASymbol) {
  LinkOptions options;
  options.defines = {{"far", 0x40}};
  for (const auto& row : table_under("Symbols and assignments").rows)
    check(row[0], row[1],
          build_all(".globl _start\n_start: nop\n" + lines_of(row[0]) + ".balign 4\n", options), 4);
}

TEST(Audit, EveryDirective) {
  for (const auto& row : table_under("Directives").rows)
    check(row[0], row[1], build_all(".globl _start\n_start: nop\n" + lines_of(row[0])), 4);
}

TEST(Audit, EveryKindOfSection) {
  for (const auto& row : table_under("Sections").rows) {
    SCOPED_TRACE(row[0]);
    const Outcome outcome = build_all(".globl _start\n_start: nop\n" + lines_of(row[0]));
    if (row[1].starts_with("refused: ")) {
      EXPECT_THAT(outcome.error, HasSubstr(row[1].substr(9)));
      continue;
    }
    ASSERT_EQ(outcome.error, "");
    std::uint64_t loaded = 0;
    bool region_1 = false;
    for (const Segment& segment : outcome.linked.image.segments) {
      loaded += segment.size();
      region_1 |= segment.address >= ByteAddr{region1};
    }
    EXPECT_EQ(loaded > 4, row[1] != "not loaded") << loaded;
    EXPECT_EQ(region_1, row[1] == "region 1");
  }
}

// --- options

class AuditOptions : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = test_folder();
    write_text(folder_ / "a.S", ".supervisor\n.globl _start\n_start: call $m10, helper\n");
    write_text(folder_ / "b.S",
               ".supervisor\n.globl helper\nhelper: get $m0, $PC\nbr $m10\n.data\n.long 1\n");
    write_text(folder_ / "args", "a.o b.o\n");
    ASSERT_EQ(run_tool("ipu-as -g a.S").exit_code, 0);
    ASSERT_EQ(run_tool("ipu-as -g b.S").exit_code, 0);
    ASSERT_EQ(run_tool("ipu-ld a.o b.o -o x.elf").exit_code, 0);
    ASSERT_EQ(std::system(("cd '" + folder_.string() + "' && rm -f libb.a && ar rc libb.a b.o").c_str()), 0);
  }
  void walk(const std::string& heading) {
    for (const auto& row : table_under(heading).rows) {
      const ToolRun run = run_tool(row[0]);
      if (row[1].starts_with("refused: ")) {
        EXPECT_EQ(run.exit_code, 2) << row[0];
        EXPECT_THAT(run.output, HasSubstr(row[1].substr(9))) << row[0];
      } else {
        EXPECT_EQ(run.exit_code, 0) << row[0] << "\n" << run.output;
        if (row[1].starts_with("shows: ")) {
          EXPECT_THAT(run.output, HasSubstr(row[1].substr(7))) << row[0];
        }
      }
    }
  }
  std::filesystem::path folder_;
};

TEST_F(AuditOptions, OfTheAssembler) { walk("Options of ipu-as"); }
TEST_F(AuditOptions, OfTheLinker) { walk("Options of ipu-ld"); }
TEST_F(AuditOptions, OfTheDisassembler) { walk("Options of ipu-objdump"); }

}  // namespace
}  // namespace ipusim::toolchain_test
