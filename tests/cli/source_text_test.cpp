// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run/source_text.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace ipusim::app {
namespace {

using toolchain::SourceLocation;

TEST(SourceText, LinesCountFromOneAndLoseTheirIndent) {
  const cli_test::TempFolder folder;
  const auto file =
      folder.write("a.S", "first\n\t  second\tword \r\n" + std::string(500, 'x') + "\n").string();
  SourceText text;
  EXPECT_EQ(text.line({"a.S", 1, file}), "first");
  EXPECT_EQ(text.line({"a.S", 2, file}), "second word");
  EXPECT_EQ(text.line({"a.S", 3, file}).size(), 163U);
  EXPECT_EQ(text.line({"a.S", 4, file}), "");
  EXPECT_EQ(text.line({"a.S", 0, file}), "");
}

TEST(SourceText, WhatIsNoUtf8IsReplaced) {
  const cli_test::TempFolder folder;
  const auto file = folder.write("a.S", "nop // gr\xC3\xBC\xC3\x9F\nnop // gr\xFC\n").string();
  SourceText text;
  EXPECT_EQ(text.line({"a.S", 1, file}), "nop // gr\xC3\xBC\xC3\x9F");
  EXPECT_EQ(text.line({"a.S", 2, file}), "nop // gr\xEF\xBF\xBD");
}

TEST(SourceText, WhatIsNoFileHasNoLines) {
  const cli_test::TempFolder folder;
  SourceText text(folder.path());
  EXPECT_EQ(text.line({"none.S", 1, "/nonexistent/none.S"}), "");
  EXPECT_EQ(text.line({".", 1, folder.path().string()}), "");
  EXPECT_EQ(text.line({"zero", 1, "/dev/zero"}), "");
}

TEST(SourceText, GeneratedFilesAreFoundInTheFolderOfResults) {
  const cli_test::TempFolder folder;
  folder.write("images/tile0.exchange.s", "sync 3\n");
  SourceText text(folder.path());
  EXPECT_EQ(text.line({"images/tile0.exchange.s", 1, "/elsewhere/images/tile0.exchange.s"}), "sync 3");
}

}  // namespace
}  // namespace ipusim::app
