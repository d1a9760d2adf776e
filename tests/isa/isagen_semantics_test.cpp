// SPDX-License-Identifier: Apache-2.0
// What instructions do: the page isagen writes of it, and what it refuses in isa/semantics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "isagen_bench.hpp"

namespace ipusim::isa::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(IsagenSemantics, PageHasWhatIsStatedAndWhatFollows) {
  const IsagenBench bench;
  bench.write({});
  ASSERT_EQ(bench.run("--page page.md").exit_code, 0);
  EXPECT_THAT(
      bench.read("page.md"),
      AllOf(
          HasSubstr("| [add](#add) | Sum. |"),
          HasSubstr(
              "- `add $mD, $mA, $mB` (worker or supervisor, main lane, may share a bundle, 1 turn; `add`)"),
          HasSubstr(
              "- `bri T:target19` (worker or supervisor, main lane, may share a bundle, not in a rpt body"),
          HasSubstr("```\nD = A + B\n```"), HasSubstr("- Timing: One in 6 cycles.\n"),
          HasSubstr(
              "- Fault: invalid_pc: T is outside memory\n- Fault: illegal_in_repeat: in the body of a rpt\n"),
          HasSubstr("    $m1 = 5, $m2 = 7\n        add $m0, $m1, $m2\n    $m0 = 12\n"),
          HasSubstr("| `plus` | `plus $m0, $m1, $m2` | `add $m0, $m1, $m2` | another name |")));
}

// Values as IEEE 754 has them.
TEST(IsagenSemantics, ValuesOfExamples) {
  struct {
    const char* value;
    const char* words;
  } const cases[]{
      {"-1", "0xffffffff"},
      {"0xfffffffe", "0xfffffffe"},
      {"1.0", "0x3f800000"},
      {"-0.0", "0x80000000"},
      {"-inf", "0xff800000"},
      {"nan", "0x7fc00000"},
      {"[1.0, -2.0]", "0xc0003c00"},
      {"[0.000061035156, 65504.0]", ""},
      {"[0.00006103515625, 65504.0]", "0x7bff0400"},
      {"[0.000000059604644775390625, inf]", "0x7c000001"},
      {"[1, 2, 3, 0xff]", "0xff030201"},
      {"[-1, 2]", "0x2ffff"},
      {"[0.0, 65536.0]", ""},
      {"0.1", ""},
      {"[1.0, 2.0, 3.0, 4.0]", ""},
      {"[1, 2, 3]", ""},
      {"[0x10000, 1]", ""},
      {"0x100000000", ""},
      {"-0x80000001", ""},
      {"one", ""},
  };
  for (const auto& [value, words] : cases) {
    const IsagenBench bench;
    IsagenInput input;
    const std::string good = "m1: 5";
    input.semantics.replace(input.semantics.find(good), good.size(), "m1: " + std::string(value));
    bench.write(input);
    const IsagenResult result = bench.run("--output .");
    EXPECT_EQ(result.exit_code, *words == '\0' ? 1 : 0) << value << ": " << result.output;
    if (*words != '\0') {
      EXPECT_THAT(bench.read("isa_explanations.cpp"),
                  HasSubstr("word_rows[] = {\n    " + std::string(words) + ",\n"))
          << value;
    }
  }
}

struct Bad {
  const char* name;
  std::string IsagenInput::*file;
  const char* find;  // what is replaced in the good file
  const char* replace;
  const char* message;
};
void PrintTo(const Bad& bad, std::ostream* os) { *os << bad.name; }

class RefusedSemantics : public ::testing::TestWithParam<Bad> {};

TEST_P(RefusedSemantics, NamesPlaceAndReason) {
  const Bad& bad = GetParam();
  const IsagenBench bench;
  IsagenInput input;
  std::string& text = input.*bad.file;
  const std::string find = bad.find;
  ASSERT_NE(text.find(find), std::string::npos);
  text.replace(text.find(find), find.size(), bad.replace);
  const IsagenResult result = bench.run(input);
  EXPECT_EQ(result.exit_code, 1) << text;
  EXPECT_THAT(result.output, HasSubstr(bad.message));
}

constexpr auto semantics = &IsagenInput::semantics;
constexpr auto general = &IsagenInput::general;

const Bad bad_files[]{
    {"NotYaml", semantics, "title: All of it", "title: [", "not valid YAML"},
    {"NoTitle", semantics, "title: All of it\n", "", "semantics.yaml:1: error: key 'title' is missing"},
    {"UnknownSectionKey", semantics,
     "title:", "name: x\ntitle:", "semantics.yaml:1: error: unknown key 'name'"},
    {"NotExplained", semantics, "  bri:\n", "  bro:\n",
     "in.isa:3: error: isa/semantics does not say what 'bri' does"},
    {"NoSuchInstruction", semantics, "  bri:\n", "  bro:\n",
     "semantics.yaml:9: error: there is no instruction 'bro'"},
    {"ExplainedTwice", semantics, "  bri:\n", "  \"bri, add\":\n",
     "semantics.yaml:9: error: 'add' is explained twice, first at semantics.yaml:3"},
    {"NoSummary", semantics, "    summary: Sum.\n", "",
     "semantics.yaml:3: error: add: key 'summary' is missing"},
    {"SummaryIsNoSentence", semantics, "summary: Sum.", "summary: Sum", "add: the summary is a sentence"},
    {"NoOperation", semantics, "    operation: D = A + B\n", "", "add: key 'operation' is missing"},
    {"EmptyOperation", semantics, "operation: D = A + B", "operation: \"\"", "add: the operation is empty"},
    {"UnknownKey", semantics, "    operation: pc", "    opration: x\n    operation: pc",
     "bri: unknown key 'opration'"},
    {"OperandMissing", semantics, "{D: result, A: first term, B: second term}", "{D: result, A: first term}",
     "add: 2 operands are explained, add has 3 (in.isa:2)"},
    {"OperandNotUsed", semantics, "D = A + B", "D = A + 1",
     "add: operand B stands neither in the operation nor in notes or faults"},
    {"OperandInAWord", semantics, "D = A + B", "D = A + BE",
     "add: operand B stands neither in the operation nor in notes or faults"},
    {"OperandTwice", semantics, "{D: result, A: first", "{D: result, D: x, A: first", "'D' stands twice"},
    {"OperandIsAWord", semantics, "{T: target}", "{Target: target}",
     "'Target': the name of an operand is a capital letter"},
    {"UnknownFault", semantics, "invalid_pc: T", "bad_pc: T", "bri: 'bad_pc' is no cause of an exception"},
    {"UnknownFaultOfAnExample", semantics, "after: {pc: 0x10}", "fault: bad_pc",
     "bri: 'bad_pc' is no cause of an exception"},
    {"UnknownFlag", semantics, "    operation: pc", "    flags: {UFLO: never}\n    operation: pc",
     "bri: 'UFLO' is no flag"},
    {"UnknownCsr", semantics, "    operation: pc", "    reads: [CRX]\n    operation: pc",
     "bri: 'CRX' is no CSR, nor AACC, CWEI or PRNG"},
    {"UnknownField", semantics, "    operation: pc", "    writes: [CR.Z]\n    operation: pc",
     "bri: the CSR CR has no field 'Z'"},
    {"UnknownTimingKey", semantics, "{slots}", "{slotz}", "bri: timing.yaml has no key 'slotz'"},
    {"AccessOfNoLoad", semantics, "    operation: pc", "    accesses: [load 4]\n    operation: pc",
     "bri: the accesses do not fit the class of bri (in.isa:3)"},
    {"StrangeAccess", semantics, "    operation: pc", "    accesses: [load 3]\n    operation: pc",
     "bri: an access is 'load' or 'store'"},
    {"AccessOfAnother", semantics, "    operation: pc", "    accesses: {add: [load 4]}\n    operation: pc",
     "bri: accesses of 'add', which the entry does not explain"},
    {"NoExamples", semantics, "    examples:\n      - {before: {}, code: bri 4, after: {pc: 0x10}}\n", "",
     "bri: key 'examples' is missing"},
    {"ExampleOfAnother", semantics, "code: bri 4", "code: br $m4",
     "semantics.yaml:16: error: the example begins with 'br', which the entry does not explain"},
    {"NoExampleOfOne", semantics, "code: bri 4", "code: br $m4", "bri: there is no example of bri"},
    {"UnknownPlace", semantics, "m1: 5", "n1: 5",
     "semantics.yaml:8: error: example: key 'before': 'n1' is no part of the state"},
    {"FaultAndAfter", semantics, "after: {pc: 0x10}", "after: {pc: 0x10}, fault: invalid_pc",
     "example: unknown key 'after'"},
    {"AliasWithoutCode", general, "code: ", "cod: ", "general.yaml:3: error: key 'code' is missing"},
    {"NoAliases", general, "aliases:", "alias:", "general.yaml:1: error: key 'aliases' is missing"},
};
std::string name_of_bad(const ::testing::TestParamInfo<Bad>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(All, RefusedSemantics, ::testing::ValuesIn(bad_files), name_of_bad);

}  // namespace
}  // namespace ipusim::isa::test
