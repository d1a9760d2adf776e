// SPDX-License-Identifier: Apache-2.0
// Sources pass through clang's preprocessor; complaints name the lines the user wrote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::HasSubstr;

class Preprocessor : public ::testing::Test {
 protected:
  // The diagnostics of a source of these files (the last is assembled).
  std::vector<Diagnostic> assemble_bad(const std::string& text) {
    write_text(source_, text);
    try {
      assemble(source_, options_);
    } catch (const ToolError& error) {
      return error.diagnostics();
    }
    ADD_FAILURE() << "no error";
    return {Diagnostic{}};
  }
  std::filesystem::path folder_ = test_folder();
  std::filesystem::path source_ = folder_ / "main.S";
  AssemblerOptions options_;
};

TEST_F(Preprocessor, ExpandsMacrosIncludesAndDefines) {
  write_text(folder_ / "inc/constants.h", "#define FIVE 5\n");
  write_text(source_,
             "#include \"constants.h\"\n#if HIDDEN == 32 && __IPU__ && __IPU_ARCH_VERSION__ == 2\n"
             ".globl _start\n_start: add $m0, $m0, FIVE\n#endif\n");
  options_.include_dirs = {folder_ / "inc"};
  options_.defines = {{"HIDDEN", "32"}};
  const auto linked = link({assemble(source_, options_)}, {});
  EXPECT_EQ(linked.image.segments.at(0).bytes, (std::vector<std::uint8_t>{5, 0, 0, 0x22}));
}

// A macro's parameter after a backslash, where GNU cpp puts a blank between; names after $.
TEST_F(Preprocessor, NamesOfRegistersAreReplacedWithoutBlanks) {
  write_text(
      source_,
      "#define REG m6\n#define SUM(x, y) add x, x, y\n.globl _start\n_start:\n"
      ".macro twice REG, number\n add $\\REG, $\\REG, \\number\n SUM($REG, \\number)\n.endm\n twice m5, 3\n");
  const auto linked = link({assemble(source_, options_)}, {});
  // add $m5, $m5, 3 and add $m6, $m6, 3
  EXPECT_EQ(linked.image.segments.at(0).bytes,
            (std::vector<std::uint8_t>{3, 0, 0x55, 0x22, 3, 0, 0x66, 0x22}));
}

// Decimal: 1, 2 and 21 (assembler facts, section 3).
TEST_F(Preprocessor, TheArchitectureIsANumber) {
  write_text(source_, ".long __IPU_ARCH_VERSION__\n");
  const std::map<isa::Arch, char> versions{
      {isa::Arch::ipu1, 1}, {isa::Arch::ipu2, 2}, {isa::Arch::ipu21, 21}};
  for (const auto& [arch, version] : versions) {
    options_.arch = arch;
    options_.debug = false;
    const auto elf = assemble(source_, options_).elf;
    const std::string bytes(elf.begin(), elf.end());
    const std::string word{version, 0, 0, 0};
    EXPECT_EQ(bytes.substr(0x34, 4), word)
        << static_cast<int>(version);  // the first section, after the file header
  }
}

TEST_F(Preprocessor, OptionsArePassedOn) {
  write_text(folder_ / "inc/given.h", "#define GIVEN 5\n");
  write_text(source_, ".globl _start\n_start: add $m0, $m0, GIVEN\n#ifdef __IPU__\nbad\n#endif\n");
  options_.include_dirs = {folder_ / "inc"};
  options_.cpp_options = {"-include", "given.h", "-U__IPU__"};
  EXPECT_NO_THROW(link({assemble(source_, options_)}, {}));
  options_.cpp_options = {"-fno-such-option"};
  EXPECT_THAT(tool_error([&] { assemble(source_, options_); }), HasSubstr("-fno-such-option"));
}

// What would be assembled as an empty or another source.
TEST_F(Preprocessor, OptionsThatSendItsOutputElsewhereAreRefused) {
  write_text(source_, "nop\n");
  for (const std::vector<std::string>& options :
       std::vector<std::vector<std::string>>{{"-o", (folder_ / "out").string()}, {"-dM"}, {"-M"}, {"-P"}}) {
    options_.cpp_options = options;
    EXPECT_THAT(tool_error([&] { assemble(source_, options_); }), HasSubstr("one of the options it is given"))
        << options[0];
  }
}

TEST_F(Preprocessor, ItsWarningsAreTold) {
  write_text(source_, "nop\n#warning look here\n nop\n");
  const auto object = assemble(source_, options_);
  ASSERT_EQ(object.warnings.size(), 1U);
  EXPECT_EQ(object.warnings[0].severity, Diagnostic::Severity::warning);
  EXPECT_EQ(object.warnings[0].file, source_.string());
  EXPECT_EQ(object.warnings[0].line, 2U);
  EXPECT_THAT(object.warnings[0].message, HasSubstr("look here"));
}

// Line markers of a source that was preprocessed elsewhere lead back too.
TEST_F(Preprocessor, SourcesMayBePreprocessedAlready) {
  options_.preprocess = false;
  const auto diagnostics =
      assemble_bad("# 1 \"first.S\"\nnop\n# 40 \"second.h\" 1\nnop\nbad\n# 3 \"first.S\" 2\nnop\n");
  ASSERT_EQ(diagnostics.size(), 1U);
  EXPECT_EQ(diagnostics[0].file, "second.h");
  EXPECT_EQ(diagnostics[0].line, 41U);
  const auto late = assemble_bad("# 7 \"first.S\"\n.p2align 3\nnop\nrpt 4, 0\nnop\nnop\n");
  ASSERT_EQ(late.size(), 1U);
  EXPECT_EQ(late[0].file, "first.S");
  EXPECT_EQ(late[0].line, 10U);
}

TEST_F(Preprocessor, HostMacrosAreUnknown) {
  write_text(source_,
             ".globl _start\n_start:\n#if defined(__x86_64__) || defined(linux) || defined(unix)\n "
             "bad\n#endif\n nop\n");
  EXPECT_NO_THROW(assemble(source_, options_));
}

TEST_F(Preprocessor, ErrorsNameTheWrittenLineAndColumn) {
  const auto diagnostics = assemble_bad("#define N 70000\n\n   add   $m0,   $m1, 80000   // comment\n");
  ASSERT_EQ(diagnostics.size(), 1U);
  EXPECT_EQ(diagnostics[0].file, source_.string());
  EXPECT_EQ(diagnostics[0].line, 3U);
  EXPECT_EQ(diagnostics[0].column, 22U);
  EXPECT_EQ(diagnostics[0].source_line, "   add   $m0,   $m1, 80000   // comment");
}

TEST_F(Preprocessor, ErrorsInIncludedFilesNameThem) {
  write_text(folder_ / "part.S", "nop\nbad $m0\n");
  const auto diagnostics = assemble_bad("nop\n#include \"part.S\"\n");
  ASSERT_EQ(diagnostics.size(), 1U);
  EXPECT_EQ(diagnostics[0].file, (folder_ / "part.S").string());
  EXPECT_EQ(diagnostics[0].line, 2U);
}

TEST_F(Preprocessor, ErrorsFoundAtLayoutNameTheWrittenLine) {
  const auto diagnostics = assemble_bad("#define ONE 1\n.p2align 3\nnop\nrpt 4, 0\nnop\nnop\n");
  ASSERT_EQ(diagnostics.size(), 1U);
  EXPECT_EQ(diagnostics[0].file, source_.string());
  EXPECT_EQ(diagnostics[0].line, 5U);
  EXPECT_THAT(diagnostics[0].message, HasSubstr("repeat blocks must only contain"));
}

TEST_F(Preprocessor, ItsOwnErrorsAreDiagnostics) {
  const auto diagnostics = assemble_bad("nop\n#include \"missing.h\"\n");
  ASSERT_EQ(diagnostics.size(), 1U);
  EXPECT_EQ(diagnostics[0].file, source_.string());
  EXPECT_EQ(diagnostics[0].line, 2U);
  EXPECT_THAT(diagnostics[0].message, HasSubstr("missing.h"));
  EXPECT_THAT(tool_error([&] { assemble_bad("#error stop here\n"), assemble(source_, options_); }),
              HasSubstr("stop here"));
}

// Twice: going on after the error would take forever.
TEST_F(Preprocessor, AFileThatIncludesItselfIsRefused) {
  const auto diagnostics = assemble_bad("#include \"main.S\"\n#include \"main.S\"\n");
  ASSERT_EQ(diagnostics.size(), 1U);
  EXPECT_EQ(diagnostics[0].line, 1U);
  EXPECT_THAT(diagnostics[0].message, HasSubstr("nested"));
}

TEST_F(Preprocessor, MissingSourcesAndProgramsAreNamed) {
  EXPECT_THAT(tool_error([&] { assemble(folder_ / "none.S", options_); }),
              HasSubstr("none.S: no such source file"));
  write_text(source_, "nop\n");
  ::setenv("IPUSIM_CPP", "/nonexistent/cpp", 1);
  EXPECT_THAT(
      tool_error([&] { assemble(source_, options_); }),
      HasSubstr("cannot find '/nonexistent/cpp', which preprocesses assembly sources: install Debian's "
                "package clang-14"));
  ::unsetenv("IPUSIM_CPP");
}

}  // namespace
}  // namespace ipusim::toolchain_test
