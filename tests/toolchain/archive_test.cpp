// SPDX-License-Identifier: Apache-2.0
// Archives: members come in when something needs them, and only then.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bench.hpp"

namespace ipusim::toolchain_test {
namespace {

using namespace toolchain;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Archives : public ::testing::Test {
 protected:
  // An archive of the host's `ar` from these (name, source) members.
  std::filesystem::path make(const std::string& name,
                             const std::vector<std::pair<std::string, std::string>>& members) {
    std::string command = "ar rc '" + (folder_ / name).string() + "'";
    for (const auto& [member, source] : members) {
      const Object object = assemble_text(source, member, plain(isa::Mode::supervisor));
      write_text(folder_ / member, std::string(object.elf.begin(), object.elf.end()));
      command += " '" + (folder_ / member).string() + "'";
    }
    std::filesystem::remove(folder_ / name);
    EXPECT_EQ(std::system(command.c_str()), 0);
    return folder_ / name;
  }
  Object main_object(const std::string& text) {
    return assemble_text(".globl _start\n_start:\n" + text, "main.o", plain(isa::Mode::supervisor));
  }
  std::filesystem::path folder_ = test_folder();
};

TEST_F(Archives, OnlyNeededMembersAreLinked) {
  const Archive library = read_archive(
      make("lib.a", {{"first_member_with_a_long_name.o", ".globl f\nf: call $m10, g\n br $m10\n"},
                     {"g.o", ".globl g\ng: br $m10\n"},
                     {"unused.o", ".globl h\nh: br $m10\n"}}));
  ASSERT_EQ(library.members.size(), 3U);
  const auto linked = link({main_object("call $m10, f\n")}, {}, {library});
  EXPECT_THAT(linked.map, AllOf(HasSubstr("lib.a(first_member_with_a_long_name.o) (.text)"),
                                HasSubstr("lib.a(g.o) (.text)"), Not(HasSubstr("unused.o"))));
  EXPECT_EQ(linked.image.find_symbol("h"), nullptr);
  EXPECT_THAT(link({main_object("nop\n")}, {}, {library}).map, Not(HasSubstr("lib.a")));
}

TEST_F(Archives, MembersMayNeedEachOtherAcrossArchivesInAnyOrder) {
  const Archive a = read_archive(
      make("a.a", {{"a2.o", ".globl a2\na2: br $m10\n"}, {"a1.o", ".globl a1\na1: call $m10, b1\n"}}));
  const Archive b = read_archive(make("b.a", {{"b1.o", ".globl b1\nb1: call $m10, a2\n"}}));
  EXPECT_NO_THROW(link({main_object("call $m10, a1\n")}, {}, {a, b}));
  EXPECT_NO_THROW(link({main_object("call $m10, a1\n")}, {}, {b, a}));
}

TEST_F(Archives, DefinitionsOfObjectsComeFirstAndWeakReferencesTakeNothing) {
  const Archive library = read_archive(make("lib.a", {{"f.o", ".globl f\nf: br $m10\n"}}));
  EXPECT_THAT(link({main_object(".globl f\nf: call $m10, f\n")}, {}, {library}).map, Not(HasSubstr("lib.a")));
  EXPECT_THAT(link({main_object(".weak f\n.long f\n")}, {}, {library}).map, Not(HasSubstr("lib.a")));
}

TEST_F(Archives, TheEntryMayComeFromOne) {
  const Archive library =
      read_archive(make("lib.a", {{"start.o", ".globl _start\n_start: call $m10, main\n"}}));
  EXPECT_NO_THROW(link({assemble_text(".globl main\nmain: nop\n", "m.o", plain())}, {}, {library}));
}

TEST_F(Archives, ThinOnesNameTheirMembersFiles) {
  make("whole.a", {{"f.o", ".globl f\nf: br $m10\n"}, {"g.o", ".globl g\ng: br $m10\n"}});
  ASSERT_EQ(std::system(("cd '" + folder_.string() + "' && rm -f thin.a && ar rcT thin.a f.o g.o").c_str()),
            0);
  const Archive library = read_archive(folder_ / "thin.a");
  EXPECT_THAT(link({main_object("call $m10, f\n")}, {}, {library}).map, HasSubstr("thin.a(f.o) (.text)"));
  std::filesystem::remove(folder_ / "g.o");
  EXPECT_THAT(tool_error([&] { read_archive(folder_ / "thin.a"); }), HasSubstr("thin.a: "));
}

TEST_F(Archives, OnesWithoutAnIndexAndOnesWithinOthers) {
  make("f.a", {{"f.o", ".globl f\nf: br $m10\n"}});
  make("g.a", {{"g.o", ".globl g\ng: br $m10\n"}});
  ASSERT_EQ(std::system(("cd '" + folder_.string() + "' && rm -f n.a && ar rcS n.a f.a g.o").c_str()), 0);
  const Archive library = read_archive(folder_ / "n.a");
  EXPECT_THAT(link({main_object("call $m10, f\n")}, {}, {library}).map, HasSubstr("n.a(f.a)(f.o) (.text)"));
}

// 4.4BSD: a name with blanks or of more than 16 characters stands in front of the member's contents.
TEST_F(Archives, OnesWithNamesAfterBsd) {
  const Object f = assemble_text(".globl f\nf: br $m10\n", "f.o", plain(isa::Mode::supervisor));
  const std::string name("a name with blanks.o\0\0\0\0", 24);
  const std::string body = name + std::string(f.elf.begin(), f.elf.end());
  std::string file = "!<arch>\n#1/24           0           0     0     644     ";
  std::string size = std::to_string(body.size());
  size.resize(10, ' ');
  write_text(folder_ / "bsd.a", file + size + "`\n" + body);
  EXPECT_THAT(link({main_object("call $m10, f\n")}, {}, {read_archive(folder_ / "bsd.a")}).map,
              HasSubstr("bsd.a(a name with blanks.o) (.text)"));
}

TEST_F(Archives, AllMembersOnRequest) {
  make("lib.a", {{"f.o", ".globl f\nf: br $m10\n"}, {"g.o", ".globl g\ng: br $m10\n"}});
  write_text(folder_ / "main.S", ".supervisor\n.globl _start\n_start: nop\n");
  ASSERT_EQ(run_tool("ipu-as main.S").exit_code, 0);
  EXPECT_THAT(run_tool("ipu-ld -M main.o --whole-archive lib.a -o x.elf").output,
              AllOf(HasSubstr("lib.a(f.o)"), HasSubstr("lib.a(g.o)")));
  EXPECT_THAT(run_tool("ipu-ld -M main.o --whole-archive --no-whole-archive lib.a -o x.elf").output,
              Not(HasSubstr("lib.a(f.o)")));
  EXPECT_THAT(run_tool("ipu-ld -M main.o -u g lib.a -o x.elf").output,
              AllOf(Not(HasSubstr("lib.a(f.o)")), HasSubstr("lib.a(g.o)")));
}

TEST_F(Archives, BadOnesAreRefusedWithTheReason) {
  write_text(folder_ / "cut.a", "!<arch>\nnonsense");
  EXPECT_THAT(tool_error([&] { read_archive(folder_ / "cut.a"); }), HasSubstr("cut.a: "));
  write_text(folder_ / "text.o", "no object");
  ASSERT_EQ(std::system(("cd '" + folder_.string() + "' && rm -f bad.a && ar rc bad.a text.o").c_str()), 0);
  EXPECT_THAT(tool_error([&] { read_archive(folder_ / "bad.a"); }),
              HasSubstr("bad.a(text.o): not an ELF file"));
  EXPECT_FALSE(is_archive(folder_ / "text.o"));
  EXPECT_TRUE(is_archive(folder_ / "bad.a"));
}

TEST_F(Archives, TheLinkersCommandLineTakesThem) {
  make("lib.a", {{"f.o", ".globl f\nf: br $m10\n"}});
  write_text(folder_ / "main.S", ".supervisor\n.globl _start\n_start: call $m10, f\n");
  EXPECT_EQ(run_tool("ipu-as main.S").exit_code, 0);
  EXPECT_EQ(run_tool("ipu-ld main.o lib.a -o x.elf").exit_code, 0);
  EXPECT_THAT(run_tool("ipu-objdump -d x.elf").output, HasSubstr("<f>:"));
}

}  // namespace
}  // namespace ipusim::toolchain_test
