// SPDX-License-Identifier: Apache-2.0
// The debugger's expressions. Expected values: what C makes of the same text with 64-bit signed operands.
#include "ipusim/app/debug/expression.hpp"

#include <gmock/gmock.h>

#include <map>

namespace ipusim::app {
namespace {

using ::testing::HasSubstr;

class FakeScope : public ExpressionScope {
 public:
  std::int64_t read_register(const std::string& name) override { return find(registers, name); }
  std::int64_t symbol(const std::string& name) override { return find(symbols, name); }
  std::int64_t place(const std::string& text) override { return find(places, text); }
  std::uint64_t read_memory(std::int64_t address, unsigned bytes) override {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < bytes; ++i)
      value |= std::uint64_t{memory.at(static_cast<std::size_t>(address) + i)} << (8 * i);
    ++reads;
    return value;
  }

  std::map<std::string, std::int64_t> registers{{"m1", 12}, {"m2", 0xFFFFFFFF}, {"m0:1", 5}, {"SR", 3}};
  std::map<std::string, std::int64_t> symbols{{"table", 4}, {".Lx", 1}, {"u8", 77}, {"a$b", 9}};
  std::map<std::string, std::int64_t> places{{"my main.S:25", 0x4C000}};
  std::vector<std::uint8_t> memory{0x80, 0x00, 0xFF, 0x7F, 0xFE, 0xFF, 0xFF, 0xFF, 1, 2, 3, 4, 5, 6, 7, 8};
  int reads = 0;

 private:
  static std::int64_t find(const std::map<std::string, std::int64_t>& values, const std::string& name) {
    const auto found = values.find(name);
    if (found == values.end()) throw ExpressionError("unknown " + name);
    return found->second;
  }
};

std::int64_t value_of(const std::string& text) {
  FakeScope scope;
  return Expression(text).evaluate(scope);
}

std::string error_of(const std::string& text) {
  try {
    return std::to_string(value_of(text));
  } catch (const ExpressionError& error) {
    return error.what();
  }
}

TEST(Expression, Numbers) {
  EXPECT_EQ(value_of("42"), 42);
  EXPECT_EQ(value_of("0x1F"), 31);
  EXPECT_EQ(value_of("0b101"), 5);
  EXPECT_EQ(value_of("0xffffffffffffffff"), -1);
  EXPECT_EQ(value_of("  7  "), 7);
}

TEST(Expression, OperatorsBindAsInC) {
  EXPECT_EQ(value_of("2 + 3 * 4"), 14);
  EXPECT_EQ(value_of("(2 + 3) * 4"), 20);
  EXPECT_EQ(value_of("20 - 3 - 4"), 13);
  EXPECT_EQ(value_of("100 / 7 / 2"), 7);
  EXPECT_EQ(value_of("-7 / 2"), -3);
  EXPECT_EQ(value_of("-7 % 3"), -1);
  EXPECT_EQ(value_of("1 << 2 + 1"), 8);
  EXPECT_EQ(value_of("-16 >> 2"), -4);
  EXPECT_EQ(value_of("6 & 3 == 3"), 0);  // 6 & (3 == 3)
  EXPECT_EQ(value_of("1 | 6 ^ 3 & 2"), 5);
  EXPECT_EQ(value_of("1 < 2 == 1"), 1);
  EXPECT_EQ(value_of("0 && 0 || 1"), 1);
  EXPECT_EQ(value_of("1 || 0 && 0"), 1);
  EXPECT_EQ(value_of("!5 + ~0"), -1);
  EXPECT_EQ(value_of("- - 3"), 3);
  EXPECT_EQ(value_of("+4"), 4);
  EXPECT_EQ(value_of("2 != 2"), 0);
  EXPECT_EQ(value_of("3 >= 3"), 1);
  EXPECT_EQ(value_of("3 <= 2"), 0);
  EXPECT_EQ(value_of("3 > 2"), 1);
  EXPECT_EQ(value_of("7 && 8"), 1);
}

TEST(Expression, WrapsAround) {
  EXPECT_EQ(value_of("0x7fffffffffffffff + 1"), INT64_MIN);
  EXPECT_EQ(value_of("0x8000000000000000 / -1"), INT64_MIN);
  EXPECT_EQ(value_of("0x8000000000000000 % -1"), 0);
  EXPECT_EQ(value_of("-0x8000000000000000"), INT64_MIN);
}

TEST(Expression, NamesAndMemory) {
  EXPECT_EQ(value_of("$m1 + table"), 16);
  EXPECT_EQ(value_of("$m0:1"), 5);
  EXPECT_EQ(value_of("$SR | .Lx + a$b"), 3 | 10);
  EXPECT_EQ(value_of("'my main.S:25' + 4"), 0x4C004);
  EXPECT_EQ(value_of("[table]"), 0xFFFFFFFE);
  EXPECT_EQ(value_of("i32[table]"), -2);
  EXPECT_EQ(value_of("[$m1 - table]"), 0x04030201);
  EXPECT_EQ(value_of("u8[0]"), 0x80);
  EXPECT_EQ(value_of("i8[0]"), -128);
  EXPECT_EQ(value_of("u16[2]"), 0x7FFF);
  EXPECT_EQ(value_of("i16[4]"), -2);
  EXPECT_EQ(value_of("u64[8]"), 0x0807060504030201);
  EXPECT_EQ(value_of("i32($m2)"), -1);
  EXPECT_EQ(value_of("u16(-1)"), 65535);
  EXPECT_EQ(value_of("u8 + 1"), 78);  // a symbol of that name
}

TEST(Expression, TheRightSideIsReadOnlyIfItMatters) {
  FakeScope scope;
  EXPECT_EQ(Expression("0 && [0]").evaluate(scope), 0);
  EXPECT_EQ(Expression("1 || [0]").evaluate(scope), 1);
  EXPECT_EQ(scope.reads, 0);
  EXPECT_EQ(Expression("1 && [0]").evaluate(scope), 1);
  EXPECT_EQ(scope.reads, 1);
}

TEST(Expression, MistakesAreExplained) {
  EXPECT_THAT(error_of(""), HasSubstr("a value is missing"));
  EXPECT_THAT(error_of("1 +"), HasSubstr("a value is missing at the end"));
  EXPECT_THAT(error_of("(1"), HasSubstr("')' is missing at the end"));
  EXPECT_THAT(error_of("[1)"), HasSubstr("']' is missing before ')'"));
  EXPECT_THAT(error_of("1 2"), HasSubstr("'2' is left over"));
  EXPECT_THAT(error_of("1 = 2"), HasSubstr("'= 2' is left over"));
  EXPECT_THAT(error_of("0x"), HasSubstr("'0x' is no number"));
  EXPECT_THAT(error_of("12ab"), HasSubstr("'12ab' is no number"));
  EXPECT_THAT(error_of("0x10000000000000000"), HasSubstr("more than 64 bits"));
  EXPECT_THAT(error_of("4 / (2 - 2)"), HasSubstr("4 is divided by zero"));
  EXPECT_THAT(error_of("4 % 0"), HasSubstr("4 is divided by zero"));
  EXPECT_THAT(error_of("1 << 64"), HasSubstr("a shift by 64 bits"));
  EXPECT_THAT(error_of("1 >> -1"), HasSubstr("a shift by -1 bits"));
  EXPECT_THAT(error_of("'main.S:2"), HasSubstr("a closing ' is missing"));
  EXPECT_THAT(error_of("* 3"), HasSubstr("a value is missing before '* 3'"));
  EXPECT_THAT(error_of("nothing"), HasSubstr("unknown nothing"));
  EXPECT_THAT(error_of(std::string(100'000, '(')), HasSubstr("nested too deeply"));
  EXPECT_THAT(error_of(std::string(100'000, '-') + "1"), HasSubstr("nested too deeply"));
  std::string sum = "1";
  for (int i = 0; i < 100'000; ++i) sum += "+1";
  EXPECT_THAT(error_of(sum), HasSubstr("more than 1000 operators"));
}

TEST(Expression, IsTakenFromTheFrontOfALine) {
  FakeScope scope;
  std::string_view line = "$m1 == 12 && table < 5 print 0x1 + 2";
  EXPECT_EQ(Expression::take_from(line).evaluate(scope), 1);
  EXPECT_EQ(line, "print 0x1 + 2");
  line = "1";
  EXPECT_EQ(Expression::take_from(line).evaluate(scope), 1);
  EXPECT_EQ(line, "");
  line = "$m1 = 12 regs";
  EXPECT_THROW(Expression::take_from(line), ExpressionError);
  line = "1 ? regs";
  EXPECT_THROW(Expression::take_from(line), ExpressionError);
}

}  // namespace
}  // namespace ipusim::app
