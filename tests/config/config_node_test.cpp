// SPDX-License-Identifier: Apache-2.0
// Every kind of mistake in a YAML file is answered with file, line, column, key and cure.
#include "ipusim/config/config_node.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "ipusim/config/nearest_name.hpp"
#include "ipusim/config/text_file.hpp"

namespace {

using ipusim::config::ConfigError;
using ipusim::config::ConfigNode;
using ipusim::config::nearest_name;
using ipusim::config::SourcePlace;

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const ConfigError& e) {
    return e.what();
  }
  return "no error";
}

TEST(ConfigNode, ReadsScalars) {
  const auto root = ConfigNode::parse("a: 7\nb: 0x1F\nc: -3\nd: 2.5\ne: true\nf: word\n", "t.yaml");
  EXPECT_EQ(root.at("a").as_unsigned(), 7U);
  EXPECT_EQ(root.at("b").as_unsigned(), 31U);
  EXPECT_EQ(root.at("c").as_signed(), -3);
  EXPECT_EQ(root.at("d").as_number(0, 10), 2.5);
  EXPECT_TRUE(root.at("e").as_bool());
  EXPECT_EQ(root.at("f").as_choice({"word", "other"}), "word");
  EXPECT_NO_THROW(root.reject_unknown_keys());
}

TEST(ConfigNode, MissingKeyNamesFileLineAndPath) {
  const auto root = ConfigNode::parse("top: 1\nmap:\n  x: 1\n", "t.yaml");
  EXPECT_EQ(error_of([&] { root.at("map").at("y"); }), "t.yaml:3:3: key 'map.y': missing; add it here");
}

TEST(ConfigNode, WrongKindSaysWhatWasExpectedAndFound) {
  const auto root = ConfigNode::parse("a: [1, 2]\nb: x\nc: {d: 1}\n", "t.yaml");
  EXPECT_EQ(error_of([&] { root.at("a").as_unsigned(0, 9); }),
            "t.yaml:1:4: key 'a': expected a whole number from 0 to 9, got a list");
  EXPECT_EQ(error_of([&] { root.at("b").items(); }), "t.yaml:2:4: key 'b': expected a list, got 'x'");
  EXPECT_EQ(error_of([&] { root.at("b").at("z"); }),
            "t.yaml:2:4: key 'b': expected a map (key: value), got 'x'");
  EXPECT_EQ(error_of([&] { root.at("c").as_string(); }),
            "t.yaml:3:4: key 'c': expected a word or text, got a map");
}

TEST(ConfigNode, NumbersAreCheckedWhole) {
  const auto root = ConfigNode::parse(
      "big: 18446744073709551616\nneg: -1\njunk: 12ab\nmin: -9223372036854775808\nnan: .nan\n"
      "less: -9223372036854775809\n",
      "t.yaml");
  EXPECT_EQ(error_of([&] { root.at("big").as_unsigned(); }),
            "t.yaml:1:6: key 'big': expected a whole number of at least 0, got '18446744073709551616'");
  EXPECT_EQ(error_of([&] { root.at("neg").as_unsigned(0, 9); }),
            "t.yaml:2:6: key 'neg': expected a whole number from 0 to 9, got '-1'");
  EXPECT_EQ(error_of([&] { root.at("junk").as_signed(-5, 12); }),
            "t.yaml:3:7: key 'junk': expected a whole number from -5 to 12, got '12ab'");
  EXPECT_EQ(error_of([&] { root.at("nan").as_number(0, 1); }),
            "t.yaml:5:6: key 'nan': expected a number from 0 to 1, got '.nan'");
  EXPECT_EQ(
      error_of([&] { root.at("less").as_signed(); }),
      "t.yaml:6:7: key 'less': expected a whole number from -9223372036854775808 to 9223372036854775807, "
      "got '-9223372036854775809'");
  EXPECT_EQ(root.at("min").as_signed(), INT64_MIN);
}

// For what only later steps can find wrong.
TEST(ConfigNode, PlacesOutliveTheNodes) {
  const SourcePlace place =
      ConfigNode::parse("a:\n  b: [1, 2]\n", "t.yaml").at("a").at("b").items()[1].source();
  EXPECT_EQ(place, (SourcePlace{"t.yaml", 2, 10, "a.b[1]"}));
  EXPECT_EQ(place.place(), "t.yaml:2:10");
  EXPECT_STREQ(place.error("wrong").what(), "t.yaml:2:10: key 'a.b[1]': wrong");
  EXPECT_TRUE(SourcePlace{}.empty());
  EXPECT_STREQ(SourcePlace{}.error("wrong").what(), "wrong");
  EXPECT_STREQ((SourcePlace{"t.yaml", 0, 0, ""}.error("wrong").what()), "t.yaml: wrong");
}

TEST(NearestName, IsAtMostTwoLettersAway) {
  EXPECT_EQ(nearest_name("colour", {"name", "color"}), "color");
  EXPECT_EQ(nearest_name("rlt", {"fast", "rtl"}), "rtl");
  EXPECT_EQ(nearest_name("fsat", {"rtl", "fast"}), "fast");
  EXPECT_EQ(nearest_name("quick", {"fast", "rtl"}), std::nullopt);
  EXPECT_EQ(nearest_name("x", {}), std::nullopt);
}

TEST(ConfigNode, UnknownKeySuggestsTheNearest) {
  const auto root = ConfigNode::parse("name: a\ncolour: red\n", "t.yaml");
  root.at("name");
  root.find("color");
  EXPECT_EQ(error_of([&] { root.reject_unknown_keys(); }),
            "t.yaml:2:1: key 'colour': unknown; did you mean 'color'?");
}

TEST(ConfigNode, UnknownKeyListsAllWhenNothingIsNear) {
  const auto root = ConfigNode::parse("name: a\nzzzzzzzz: red\n", "t.yaml");
  root.at("name");
  EXPECT_EQ(error_of([&] { root.reject_unknown_keys(); }),
            "t.yaml:2:1: key 'zzzzzzzz': unknown; expected one of: name");
}

TEST(ConfigNode, DuplicateKeysAreRefused) {
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: 1\nb: {c: 1, c: 2}\n", "t.yaml"); }),
            "t.yaml:2:11: key 'c': given twice in one map; remove one of the two");
}

TEST(ConfigNode, NodesThatContainThemselvesAreRefused) {
  const std::string what = "this alias stands within what it stands for";
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: &x [*x]\n", "t.yaml"); }), "t.yaml:1:8: " + what);
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: &x {b: *x}\n", "t.yaml"); }), "t.yaml:1:11: " + what);
}

// `levels` lists around a number.
std::string nested(unsigned levels) {
  return std::string(levels, '[') + "1" + std::string(levels, ']') + "\n";
}

TEST(ConfigNode, DepthIsLimited) {
  EXPECT_EQ(error_of([] { ConfigNode::parse(nested(63), "t.yaml"); }), "no error");
  for (const unsigned levels : {65U, 1000U, 100'000U}) {
    EXPECT_EQ(error_of([&] { ConfigNode::parse(nested(levels), "t.yaml"); }),
              "t.yaml:1:65: more than 64 levels deep");
  }
  // Block lists and maps, and depth that only aliases make.
  std::string maps, lists, chain = "- &a0 [1]\n";
  for (unsigned i = 0; i < 100; ++i) {
    maps += std::string(i, ' ') + "a:\n";
    lists += "- ";
    chain += "- &a" + std::to_string(i + 1) + " [*a" + std::to_string(i) + "]\n";
  }
  for (const std::string& text : {maps, lists + "1\n", chain}) {
    EXPECT_NE(error_of([&] { ConfigNode::parse(text, "t.yaml"); }).find("more than 64 levels deep"),
              std::string::npos);
  }
}

TEST(ConfigNode, AliasesMayNotMultiply) {
  // Each line names the one before ten times: the last stands for 10^30 numbers.
  std::string bomb = "a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n";
  for (unsigned i = 1; i < 30; ++i) {
    const std::string alias = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + alias;
    for (unsigned k = 1; k < 10; ++k) bomb += ", " + alias;
    bomb += "]\n";
  }
  EXPECT_EQ(error_of([&] { ConfigNode::parse(bomb, "t.yaml"); }).find("t.yaml:6:"), 0U);
  EXPECT_NE(error_of([&] { ConfigNode::parse(bomb, "t.yaml"); }).find("more than 64 MiB with every alias"),
            std::string::npos);
  // One long text named often is as bad.
  std::string texts = "a: &a " + std::string(1'000'000, 'x') + "\nb: [";
  for (unsigned i = 0; i < 100; ++i) texts += "*a, ";
  EXPECT_NE(error_of([&] { ConfigNode::parse(texts + "]\n", "t.yaml"); }).find("more than 64 MiB"),
            std::string::npos);
}

TEST(ConfigNode, AliasesThatDoNotMultiplyAreRead) {
  const auto root = ConfigNode::parse("a: &x {b: 1}\nc: [*x, *x]\n", "t.yaml");
  EXPECT_EQ(root.at("c").items().at(1).at("b").as_unsigned(), 1U);
}

// https://yaml.org/type/merge.html: own keys before merged ones, of several maps the earlier.
TEST(ConfigNode, MergeKeys) {
  const auto root = ConfigNode::parse(
      "one: &one {x: 1, y: 2}\ntwo: &two {y: 20, z: 30}\n"
      "single: {<<: *one, y: 5}\nboth: {<<: [*one, *two]}\nown: {w: 0, <<: {x: 7}}\n'<<': text\n",
      "t.yaml");
  EXPECT_EQ(root.at("single").at("x").as_unsigned(), 1U);
  EXPECT_EQ(root.at("single").at("y").as_unsigned(), 5U);
  EXPECT_NO_THROW(root.at("single").reject_unknown_keys());
  EXPECT_EQ(root.at("both").at("y").as_unsigned(), 2U);
  EXPECT_EQ(root.at("both").at("z").as_unsigned(), 30U);
  EXPECT_EQ(root.at("own").keys(), (std::vector<std::string>{"w", "x"}));
  EXPECT_EQ(root.at("<<").as_string(), "text");  // in quotes: a key like any other
  // What is merged is looked through as well.
  EXPECT_EQ(error_of([&] { root.at("own").reject_unknown_keys(); }), "no error");
  const auto other = ConfigNode::parse("one: &one {x: 1}\ntwo: {<<: *one}\n", "t.yaml");
  EXPECT_EQ(error_of([&] { other.at("two").reject_unknown_keys(); }),
            "t.yaml:1:12: key 'two.x': unknown; expected one of: ");
}

TEST(ConfigNode, MergeKeysTakeMaps) {
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: {<<: 1}\n", "t.yaml"); }),
            "t.yaml:1:5: a merge key (<<) takes a map or a list of maps, got '1'");
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: {<<: [{x: 1}, [2]]}\n", "t.yaml"); }),
            "t.yaml:1:5: a merge key (<<) takes a map or a list of maps, got a list");
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: {<<: {x: 1}, <<: {y: 1}}\n", "t.yaml"); }),
            "t.yaml:1:17: key '<<': given twice in one map; remove one of the two");
}

TEST(ConfigNode, OneDocumentPerFile) {
  EXPECT_EQ(error_of([] { ConfigNode::parse("---\na: 1\n...\n", "t.yaml"); }), "no error");
  EXPECT_EQ(
      error_of([] { ConfigNode::parse("a: 1\n---\nb: 2\n", "t.yaml"); }),
      "t.yaml:2:1: a second YAML document begins here; a file holds one: make two files of it, or remove "
      "the `---`");
  EXPECT_NE(error_of([] { ConfigNode::parse("a: 1\n--- 2\n", "t.yaml"); }), "no error");
}

TEST(ConfigNode, TextsThatAreNone) {
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: 1\nb: \x04\nc: 3\n", "t.yaml"); }),
            "t.yaml:2:4: not valid YAML: control character 0x04");
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: \xC0\x80\n", "t.yaml"); }),
            "t.yaml:1:4: not valid YAML: no UTF-8 text: byte 0xc0");
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: \xE2\x82", "t.yaml"); }),
            "t.yaml:1:4: not valid YAML: no UTF-8 text: byte 0xe2");
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: \xF0\x9F\x98\x80 \xC3\xA4\tb\r\n", "t.yaml"); }), "no error");
  EXPECT_EQ(error_of([] { ConfigNode::parse("", "t.yaml").at("a"); }),
            "t.yaml: expected a map (key: value), got nothing");
}

TEST(ConfigNode, LongValuesAreShortenedInMessages) {
  const auto root = ConfigNode::parse("a: " + std::string(1000, 'x') + "\nb: \"x\\ty\"\n", "t.yaml");
  EXPECT_EQ(error_of([&] { root.at("a").as_bool(); }), "t.yaml:1:4: key 'a': expected true or false, got '" +
                                                           std::string(80, 'x') + "...' (1000 characters)");
  EXPECT_EQ(error_of([&] { root.at("b").as_bool(); }),
            "t.yaml:2:4: key 'b': expected true or false, got 'x\\x09y'");
}

TEST(ConfigNode, WhatIsNoFileIsNotRead) {
  EXPECT_EQ(error_of([] { ConfigNode::load("/dev/zero"); }),
            "/dev/zero: cannot read the file: it is a device, not a file");
  EXPECT_EQ(error_of([] { ConfigNode::load("/"); }), "/: cannot read the file: it is a folder");
  const std::string pipe = ::testing::TempDir() + "/ipusim_config_pipe";
  std::remove(pipe.c_str());
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);  // nobody writes to it
  EXPECT_EQ(error_of([&] { ConfigNode::load(pipe); }),
            pipe + ": cannot read the file: it is a pipe, not a file");
  std::remove(pipe.c_str());
}

TEST(ConfigNode, FilesBeyondALimitAreNotRead) {
  const std::string name = ::testing::TempDir() + "/ipusim_config_long.yaml";
  std::ofstream{name} << "a: 1\n";
  EXPECT_EQ(ipusim::config::read_file(name, 5, "cure"), "a: 1\n");
  EXPECT_EQ(error_of([&] { ipusim::config::read_file(name, 4, "cure"); }),
            name + ": cannot read the file: it has more than 4 bytes; cure");
  std::filesystem::resize_file(name, std::uintmax_t{10'000'000'000});  // sparse
  EXPECT_EQ(error_of([&] { ConfigNode::load(name); }),
            name +
                ": cannot read the file: it has more than 8388608 bytes; put many numbers into files of "
                "their own");
  std::remove(name.c_str());
}

// Whatever a file holds, it is read or refused: pieces of YAML in random order, and good files with bytes
// changed, doubled and lost.
TEST(ConfigNode, BrokenFilesAreReadOrRefused) {
  const std::vector<std::string> pieces{"a",  "b: ",         "- ",   "[",      "]",    "{",   "}",
                                        ", ", "\n",          "\n  ", "\n    ", "&a ",  "*a ", ": ",
                                        "? ", "| ",          "> ",   "!t ",    "!!",   "'",   "\"",
                                        "#",  "%YAML 1.2\n", "---",  "...",    "<<: ", "\\",  "\t",
                                        "~",  "@",           "\x7f", "\xff",   "!<",   "&",   "*"};
  const std::string good =
      "program: p\nimages: &i\n  - {tiles: all, sources: [a.S], defines: {A: \"x\\n\"}}\nload:\n"
      "  - {<<: *i, symbol: |\n      w\n    , tiles: 'a b'}\n# end\nexpectations:\n- ? x\n  : [1, 2.5]\n";
  std::mt19937 random(11);
  unsigned refused = 0;
  for (unsigned i = 0; i < 4000; ++i) {
    std::string text = i % 2 == 0 ? good : std::string{};
    for (unsigned k = 0; k < (i % 2 == 0 ? 1 + random() % 6 : 1 + random() % 40); ++k) {
      const std::string& piece = pieces[random() % pieces.size()];
      const std::size_t at = random() % (text.size() + 1);
      if (i % 2 != 0 || random() % 2 == 0) {
        text.insert(at, piece);
      } else {
        text.erase(at, 1 + random() % 8);
      }
    }
    refused += error_of([&] { ConfigNode::parse(text, "t.yaml"); }) == "no error" ? 0U : 1U;
  }
  EXPECT_GT(refused, 1000U);
  EXPECT_LT(refused, 4000U);
}

TEST(ConfigNode, BrokenYamlNamesTheLine) {
  EXPECT_EQ(error_of([] {
              ConfigNode::parse("a: 1\nb: [1, 2\n", "t.yaml");
            }).rfind("t.yaml:3:1: not valid YAML", 0),
            0U);
}

// Files that say what they differ in.
class Based : public ::testing::Test {
 protected:
  Based() { std::filesystem::create_directories(folder_); }
  ~Based() override { std::filesystem::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name} << text;
  }
  ConfigNode load(const std::string& name) const { return ConfigNode::load_based(folder_ / name); }
  std::string error(const std::function<void()>& action) const {
    std::string text = error_of(action);
    const std::string path = folder_.string() + "/";
    for (auto at = text.find(path); at != std::string::npos; at = text.find(path))
      text.erase(at, path.size());
    return text;
  }
  std::filesystem::path folder_ =
      std::filesystem::path{::testing::TempDir()} / ("ipusim_based_" + std::to_string(::getpid()));
};

TEST_F(Based, MapsAreMergedAndAllElseReplaced) {
  write("base.yaml", "a: 1\nm: {x: 1, y: 2, n: {p: 5, q: 6}}\nl: [1, 2, 3]\nkept: {k: 9}\n");
  write("middle.yaml", "based_on: base.yaml\nm: {y: 3, n: {q: 7}}\n");
  write("top.yaml", "based_on: middle.yaml\na: 4\nl: [8]\nextra: 5\n");
  const auto top = load("top.yaml");
  EXPECT_EQ(top.at("a").as_unsigned(), 4U);
  EXPECT_EQ(top.at("extra").as_unsigned(), 5U);
  EXPECT_EQ(top.at("l").items().size(), 1U);
  EXPECT_EQ(top.at("m").at("x").as_unsigned(), 1U);
  EXPECT_EQ(top.at("m").at("y").as_unsigned(), 3U);
  EXPECT_EQ(top.at("m").at("n").at("p").as_unsigned(), 5U);
  EXPECT_EQ(top.at("m").at("n").at("q").as_unsigned(), 7U);
  EXPECT_EQ(top.at("m").keys(), (std::vector<std::string>{"y", "n", "x"}));
  EXPECT_EQ(top.at("kept").at("k").as_unsigned(), 9U);
  EXPECT_TRUE(top.is_inherited("kept"));
  EXPECT_FALSE(top.is_inherited("a"));
  EXPECT_FALSE(top.is_inherited("nothing"));
  EXPECT_FALSE(top.find("nothing"));
  for (const char* map : {"m", "kept"}) top.at(map).reject_unknown_keys();
  top.at("m").at("n").reject_unknown_keys();
  top.reject_unknown_keys();
}

TEST_F(Based, MistakesNameTheFileTheyAreIn) {
  write("base.yaml", "a: word\nm: {x: 1}\n");
  write("top.yaml", "based_on: base.yaml\nm: {xx: 2}\n");
  const auto top = load("top.yaml");
  EXPECT_EQ(error([&] { top.at("a").as_unsigned(); }),
            "base.yaml:1:4: key 'a': expected a whole number of at least 0, got 'word'");
  EXPECT_EQ(top.at("m").at("x").as_unsigned(), 1U);
  EXPECT_EQ(error([&] { top.at("m").reject_unknown_keys(); }),
            "top.yaml:2:5: key 'm.xx': unknown; did you mean 'x'?");
  write("base.yaml", "a: 1\nold: 2\n");
  write("top.yaml", "based_on: base.yaml\na: 3\n");
  const auto other = load("top.yaml");
  EXPECT_EQ(other.at("a").as_unsigned(), 3U);
  EXPECT_EQ(error([&] { other.reject_unknown_keys(); }).substr(0, 37),
            "base.yaml:2:1: key 'old': unknown; ex");
  EXPECT_EQ(error([&] { other.at("b"); }), "top.yaml:1:1: key 'b': missing; add it here");
}

TEST_F(Based, AMapForAScalarReplacesIt) {
  write("base.yaml", "a: 1\nb: {x: 1}\n");
  write("top.yaml", "based_on: base.yaml\na: {y: 2}\nb: 3\n");
  const auto top = load("top.yaml");
  EXPECT_EQ(top.at("a").at("y").as_unsigned(), 2U);
  EXPECT_EQ(top.at("b").as_unsigned(), 3U);
}

TEST_F(Based, CirclesAndBadBasesAreRefused) {
  write("a.yaml", "based_on: b.yaml\n");
  write("b.yaml", "based_on: ./a.yaml\n");
  EXPECT_EQ(error([&] { load("a.yaml"); }),
            "b.yaml:1:11: key 'based_on': './a.yaml' is based on this file; name one that is not");
  write("a.yaml", "based_on: a.yaml\n");
  EXPECT_EQ(error([&] { load("a.yaml"); }),
            "a.yaml:1:11: key 'based_on': 'a.yaml' is based on this file; name one that is not");
  write("a.yaml", "based_on: list.yaml\n");
  write("list.yaml", "[1, 2]\n");
  EXPECT_EQ(error([&] { load("a.yaml"); }), "list.yaml:1:1: expected a map (key: value), got a list");
  write("a.yaml", "based_on: none.yaml\n");
  EXPECT_EQ(error([&] { load("a.yaml"); }).substr(0, 31), "none.yaml: cannot read the file");
}

TEST(ConfigNode, MissingFile) {
  EXPECT_EQ(error_of([] { ConfigNode::load("/nonexistent/x.yaml"); }),
            "/nonexistent/x.yaml: cannot read the file: No such file or directory");
}

TEST(ConfigNode, ListItemsCarryTheirIndex) {
  const auto root = ConfigNode::parse("a:\n  - 1\n  - x\n", "t.yaml");
  EXPECT_EQ(error_of([&] {
              for (const auto& item : root.at("a").items()) item.as_unsigned(0, 5);
            }),
            "t.yaml:3:5: key 'a[1]': expected a whole number from 0 to 5, got 'x'");
}

}  // namespace
