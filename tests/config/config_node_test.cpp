// Every kind of mistake in a YAML file is answered with file, line, column, key and cure.
#include "ipusim/config/config_node.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace {

using ipusim::config::ConfigError;
using ipusim::config::ConfigNode;

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
      "big: 18446744073709551616\nneg: -1\njunk: 12ab\nmin: -9223372036854775808\nnan: .nan\n", "t.yaml");
  EXPECT_NE(error_of([&] { root.at("big").as_unsigned(); }), "no error");
  EXPECT_NE(error_of([&] { root.at("neg").as_unsigned(); }), "no error");
  EXPECT_NE(error_of([&] { root.at("junk").as_signed(); }), "no error");
  EXPECT_NE(error_of([&] { root.at("nan").as_number(0, 1); }), "no error");
  EXPECT_EQ(root.at("min").as_signed(), INT64_MIN);
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
  const std::string cure = "more than 64 levels deep, or contains itself by an alias";
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: &x [*x]\n", "t.yaml"); }), "t.yaml:1:4: " + cure);
  EXPECT_EQ(error_of([] { ConfigNode::parse("a: &x {b: *x}\n", "t.yaml"); }), "t.yaml:1:4: " + cure);
}

TEST(ConfigNode, BrokenYamlNamesTheLine) {
  EXPECT_EQ(error_of([] {
              ConfigNode::parse("a: 1\nb: [1, 2\n", "t.yaml");
            }).rfind("t.yaml:3:1: not valid YAML", 0),
            0U);
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
