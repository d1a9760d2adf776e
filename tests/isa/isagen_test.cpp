// isagen: good input, and what it refuses in instruction files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "isagen_bench.hpp"

namespace ipusim::isa::test {
namespace {

using ::testing::HasSubstr;

TEST(Isagen, AcceptsGoodInput) {
  const IsagenBench bench;
  const IsagenResult result = bench.run(IsagenInput{});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, "");
}

TEST(Isagen, EqualInputsGiveEqualBytes) {
  const IsagenBench bench;
  bench.write({});
  ASSERT_EQ(bench.run("--output one --manual one/isa.md --page one/instructions.md").exit_code, 0);
  ASSERT_EQ(bench.run("--output two --manual two/isa.md --page two/instructions.md").exit_code, 0);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(bench.directory() / "one")) {
    if (!entry.is_regular_file()) continue;
    const auto name = std::filesystem::relative(entry.path(), bench.directory() / "one").string();
    EXPECT_FALSE(bench.read("one/" + name).empty()) << name;
    EXPECT_EQ(bench.read("one/" + name), bench.read("two/" + name)) << name;
    ++files;
  }
  EXPECT_EQ(files,
            9U);  // C++ enumerators, timing, zones, tables, texts, SystemVerilog, TableGen, two manuals
}

TEST(Isagen, ManualHasEveryInstructionAndCsr) {
  const IsagenBench bench;
  bench.write({});
  ASSERT_EQ(bench.run("--manual isa.md").exit_code, 0);
  const std::string manual = bench.read("isa.md");
  EXPECT_THAT(
      manual,
      HasSubstr("| `add` | `add $m[a], $m[b], $m[c]` | `z1000100bbbb0000cccc0000aaaa0001` | both | all | "
                "yes | yes | 1 |"));
  EXPECT_THAT(manual, HasSubstr("| `bri` | `bri a:target19` |"));
  EXPECT_THAT(manual, HasSubstr("| 0x02 | CR | write_only | 0x00000007 |"));
}

TEST(Isagen, ManualTellsTheTestsOfAnInstruction) {
  const IsagenBench bench;
  bench.write({});
  std::ofstream(bench.directory() / "counts.txt") << "# counted\nadd 12\n";
  ASSERT_EQ(bench.run("--tests counts.txt --manual isa.md").exit_code, 0);
  const std::string manual = bench.read("isa.md");
  EXPECT_THAT(manual, HasSubstr("| yes | yes | modelled | modelled | 12 |"));
  EXPECT_THAT(manual, HasSubstr("| yes | yes | modelled | modelled | - |"));
}

TEST(Isagen, RefusesCountsOfNothing) {
  const IsagenBench bench;
  bench.write({});
  std::ofstream(bench.directory() / "counts.txt") << "add 12x\nsub 3\nbri\n";
  const IsagenResult result = bench.run("--tests counts.txt");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.output,
            "counts.txt:1: error: expected an instruction's id and a number\n"
            "counts.txt:2: error: no instruction has the id 'sub'\n"
            "counts.txt:3: error: expected an instruction's id and a number\n");
  EXPECT_THAT(bench.run("--tests none.txt").output, HasSubstr("none.txt:0: error: cannot be read"));
}

TEST(Isagen, MissingAndUnwritableFiles) {
  const IsagenBench bench;
  bench.write({});
  std::filesystem::remove(bench.directory() / "in.isa");
  IsagenResult result = bench.run();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr("in.isa:0: error: cannot be read"));
  bench.write({});
  std::filesystem::remove(bench.directory() / "csr.yaml");
  result = bench.run();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr("csr.yaml:0: error: cannot be read"));
  bench.write({});
  result = bench.run("--output in.isa/below");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr("error: cannot be written"));
}

TEST(Isagen, ShowsEveryErrorOfARun) {
  const IsagenBench bench;
  IsagenInput input;
  input.instructions += "one\ntwo\n";
  input.timing = "slots: {value: six, source: x}\n";
  const IsagenResult result = bench.run(input);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr("in.isa:4: error:"));
  EXPECT_THAT(result.output, HasSubstr("in.isa:5: error:"));
  EXPECT_THAT(result.output, HasSubstr("timing.yaml:1: error:"));
}

// A line put behind the good ones, as line 4, and what is said about it.
struct BadLine {
  const char* name;
  const char* line;
  const char* message;
};
void PrintTo(const BadLine& bad, std::ostream* os) { *os << bad.name; }

class RefusedLine : public ::testing::TestWithParam<BadLine> {};

TEST_P(RefusedLine, NamesPlaceAndReason) {
  const IsagenBench bench;
  IsagenInput input;
  input.instructions += std::string(GetParam().line) + "\n";
  const IsagenResult result = bench.run(input);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.output, HasSubstr(std::string("in.isa:4: error: ") + GetParam().message));
}

constexpr BadLine bad_lines[]{
    // Encodings
    {"OverlapWithAll",
     "x | x $op0 | zaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | op0:in:imm31zi | main both | all | 1 | modelled",
     "encoding of x overlaps add at in.isa:2: both match 0x44000001"},
    {"OverlapByOneFreeBit",
     "x | x $op0, $op1, $op2, $op3 | z1000100bbbb0000cccc0000aaaa000d | op0:out:MR, op1:in:MR, op2:in:MR, "
     "op3:in:imm1zi | main both | "
     "all | 1 | modelled",
     "encoding of x overlaps add at in.isa:2: both match 0x44000001"},
    {"OverlapWithFixedBit31", "x | x | 01000100000000000000000000000001 | | main both | all | 1 | modelled",
     "encoding of x overlaps add at in.isa:2: both match 0x44000001"},
    {"TooFewBits", "x | x | z000 | | main both | all | 1 | modelled",
     "x: incomplete pattern 'z000': 4 bits instead of 32"},
    {"TooManyBits", "x | x | z00000000000000000000000000000000 | | main both | all | 1 | modelled",
     "x: incomplete pattern"},
    {"NoPattern", "x | x | | | main both | all | 1 | modelled", "x: one or two words are needed as pattern"},
    {"ThreeWords",
     "x | x | "
     "00000000000000000000000000000000/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb | | "
     "main "
     "supervisor | all | 1 | modelled",
     "x: one or two words are needed as pattern"},
    {"StrangeBit", "x | x | z00000000000000?0000000000000000 | | main both | all | 1 | modelled",
     "x: '?' at bit 16 is neither 0, 1, z nor an operand letter"},
    {"CoissueBitElsewhere", "x | x | 0z000000000000000000000000000000 | | main both | all | 1 | modelled",
     "x: the co-issue bit 'z' can only be bit 31 of the first word"},
    {"FixedBitsInSecondWord",
     "x | x | 11110000000000000000000000000000/00000000000000000000000000000000 | | main supervisor | all | "
     "1 | modelled",
     "x: the second word is never decoded"},
    {"TwoWordsInABundle",
     "x | x $op0, $op1 | z1110000000000000000000000000000/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | op0:in:imm31zi, "
     "op1:in:imm1zi | "
     "main supervisor | all | 1 | modelled",
     "x: a two-word instruction cannot be half of a bundle"},
    // Names
    {"DuplicateId", "add | add | 01111111111111111111111111111111 | | main both | all | 1 | modelled",
     "duplicate instruction id 'add', first at in.isa:2"},
    {"UpperCaseId", "X | x | z0000000000000000000000000000000 | | main both | all | 1 | modelled",
     "X: id 'X' must be lower-case letters, digits and '_'"},
    {"NoId", " | x | z0000000000000000000000000000000 | | main both | all | 1 | modelled", "id '' must be"},
    {"TooFewColumns", "x | x | z0000000000000000000000000000000", "3 columns instead of 8"},
    {"TooManyColumns", "x | x | z0000000000000000000000000000000 | | main both | all | 1 | modelled | more",
     "9 columns instead of 8"},
    // Operands
    {"UnknownClass",
     "x | x $op0 | z000000000000000000000000000aaaa | op0:in:BR | main both | all | 1 | modelled",
     "x: op0: unknown operand class 'BR'"},
    {"ImmediateOfNoWidth",
     "x | x $op0 | z000000000000000000000000000aaaa | op0:in:imm0zi | main both | all | 1 | modelled",
     "x: op0: unknown operand class 'imm0zi'"},
    {"ClassTooWide",
     "x | x $op0 | z000000000000000000000000000aaaa | op0:in:imm8zi | main both | all | 1 | modelled",
     "x: op0: class imm8zi does not fit a field of 4 bits"},
    {"ValueAsOutput",
     "x | x $op0 | z00000000000000000000000aaaaaaaa | op0:out:imm8zi | main both | all | 1 | modelled",
     "x: op0: only a register can be out"},
    {"UnknownDirection",
     "x | x $op0 | z000000000000000000000000000aaaa | op0:through:MR | main both | all | 1 | modelled",
     "x: op0: direction 'through' is not in, out or inout"},
    {"OperandWithoutClass",
     "x | x $op0 | z000000000000000000000000000aaaa | op0:in | main both | all | 1 | modelled",
     "x: operand 'op0:in' must be name:direction:class"},
    {"WrongNumber",
     "x | x $op1 | z000000000000000000000000000aaaa | op1:in:MR | main both | all | 1 | modelled",
     "x: operand 'op1' where 'op0' is expected"},
    {"LetterWithoutOperand", "x | x | z000000000000000000000000000aaaa | | main both | all | 1 | modelled",
     "x: pattern letter 'a' has no operand op0"},
    {"OperandWithoutLetter",
     "x | x $op0 | z0000000000000000000000000000000 | op0:in:MR | main both | all | 1 | modelled",
     "x: op0: no bits: letter 'a' does not stand in the pattern"},
    {"LayoutNotClosed",
     "x | x $op0 | z000000000000000000000000000aaaa | op0:in:imm4zi<3:0 | main both | all | 1 | modelled",
     "x: operand 'op0:in:imm4zi<3:0': layout must end with '>'"},
    {"LayoutOfOtherWidth",
     "x | x $op0 | z000000000000000000000000000aaaa | op0:in:imm4zi<2:0> | main both | all | 1 | modelled",
     "x: op0: layout range '2:0' does not fit a run of 4 bits"},
    {"LayoutWithGap",
     "x | x $op0 | z000000000000000000000aa0000aaaa | op0:in:imm7zi<6:5,3:0> | main both | all | 1 | "
     "modelled",
     "x: op0: gap in the field: value bit 4 stands nowhere in the pattern"},
    {"LayoutTwice",
     "x | x $op0 | z000000000000000000000aa0000aaaa | op0:in:imm4zi<3:2,3:0> | main both | all | 1 | "
     "modelled",
     "x: op0: value bits 0xc stand twice in the pattern"},
    {"SingleRegisterWithGap",
     "x | x $op0 | z000000000000000000000000000aaa0 | op0:in:MR<3:1> | main both | all | 1 | modelled",
     "x: op0: gap in the field: value bit 0 stands nowhere in the pattern"},
    // Assembly
    {"NoMnemonic", "x | | z0000000000000000000000000000000 | | main both | all | 1 | modelled",
     "x: no mnemonic"},
    {"OperandMissing",
     "x | x | z000000000000000000000000000aaaa | op0:in:MR | main both | all | 1 | modelled",
     "x: op0 is missing in the assembly form"},
    {"OperandTwice",
     "x | x $op0, $op0 | z000000000000000000000000000aaaa | op0:in:MR | main both | all | 1 | modelled",
     "x: op0 stands twice in the assembly form"},
    {"UnknownOperand",
     "x | x $op1 | z000000000000000000000000000aaaa | op0:in:MR | main both | all | 1 | modelled",
     "x: assembly operand '$op1' is not an operand"},
    {"UnknownSuffix",
     "x | x $op0-- | z000000000000000000000000000aaaa | op0:inout:MR | main both | all | 1 | modelled",
     "x: op0: unknown post-modify suffix '--'"},
    {"SuffixOfAnInput",
     "x | x $op0++ | z000000000000000000000000000aaaa | op0:in:MR | main both | all | 1 | modelled",
     "x: op0 is post-modified and so must be inout"},
    // Class, architectures, cycles, status
    {"UnknownLane", "x | x | z0000000000000000000000000000000 | | third both | all | 1 | modelled",
     "x: unknown lane 'third'"},
    {"UnknownMode", "x | x | z0000000000000000000000000000000 | | main user | all | 1 | modelled",
     "x: unknown mode 'user'"},
    {"NoMode", "x | x | z0000000000000000000000000000000 | | main | all | 1 | modelled",
     "x: class must begin with lane and mode"},
    {"UnknownFlag", "x | x | z0000000000000000000000000000000 | | main both branch | all | 1 | modelled",
     "x: unknown class word 'branch'"},
    {"AuxForTheSupervisor", "x | x | z0000000000000000000000000000000 | | aux both | all | 1 | modelled",
     "x: the auxiliary lane belongs to workers"},
    {"ArfForTheSupervisor",
     "x | x $op0 | z000000000000000000000000000aaaa | op0:in:AR | main both | all | 1 | modelled",
     "x: op0 is an ARF register, which the supervisor does not have"},
    {"UnknownArch", "x | x | z0000000000000000000000000000000 | | main both | ipu3 | 1 | modelled",
     "x: unknown architecture 'ipu3'"},
    {"NoCycles", "x | x | z0000000000000000000000000000000 | | main both | all | 0 | modelled",
     "x: cycles '0' is not 1..15"},
    {"TooManyCycles", "x | x | z0000000000000000000000000000000 | | main both | all | 16 | modelled",
     "x: cycles '16' is not 1..15"},
    {"CyclesInWords", "x | x | z0000000000000000000000000000000 | | main both | all | one | modelled",
     "x: cycles 'one' is not 1..15"},
    {"UnknownStatus", "x | x | z0000000000000000000000000000000 | | main both | all | 1 | perhaps",
     "x: status 'perhaps' is neither modelled, fast nor unmodelled"},
};
std::string name_of_line(const ::testing::TestParamInfo<BadLine>& info) { return info.param.name; }
INSTANTIATE_TEST_SUITE_P(All, RefusedLine, ::testing::ValuesIn(bad_lines), name_of_line);

}  // namespace
}  // namespace ipusim::isa::test
