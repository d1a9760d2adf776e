// Sources pass through the C preprocessor; complaints name the lines the user wrote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
  EXPECT_THAT(tool_error([&] { assemble(source_, options_); }),
              HasSubstr("cannot run the C preprocessor '/nonexistent/cpp'"));
  ::unsetenv("IPUSIM_CPP");
}

}  // namespace
}  // namespace ipusim::toolchain_test
