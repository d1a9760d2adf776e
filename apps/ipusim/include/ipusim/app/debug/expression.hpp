// SPDX-License-Identifier: Apache-2.0
// The debugger's expressions: registers, symbols, memory, arithmetic and comparisons, as in C.
//
//   $m1 + 4 * i8[table + $m2]    ($a0 & 0xff) == 3 && cycle > 1000    [labels + 4]
//
// Values are 64-bit integers; sums, differences, products and left shifts wrap around. From the weakest
// binding on: || && | ^ & (== !=) (< <= > >=) (<< >>) (+ -) (* / %), then the unary - + ~ !. Truths are 1
// and 0; any value but 0 is true. TYPE[ADDRESS] reads memory, TYPE(VALUE) converts, TYPE being i8, u8, i16,
// u16, i32, u32, i64 or u64; [ADDRESS] is u32[ADDRESS]. 'main.S:25' in quotes is a place.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ipusim::app {

// What is wrong with an expression, or why it has no value.
class ExpressionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What the names in an expression stand for. All throw ExpressionError where there is nothing.
class ExpressionScope {
 public:
  virtual ~ExpressionScope() = default;
  // name: without the $.
  virtual std::int64_t read_register(const std::string& name) = 0;
  // A name without $ or quotes.
  virtual std::int64_t symbol(const std::string& name) = 0;
  // What stood in quotes.
  virtual std::int64_t place(const std::string& text) = 0;
  // bytes: 1, 2, 4 or 8; little-endian, in the low bits.
  virtual std::uint64_t read_memory(std::int64_t address, unsigned bytes) = 0;
};

class Expression {
 public:
  // The whole text is one expression. Throws ExpressionError.
  explicit Expression(std::string_view text);
  // The longest expression that `text` begins with is taken off its front. Only a word may follow.
  static Expression take_from(std::string_view& text);

  // Throws ExpressionError: what the scope throws, a division by zero, a shift by more than 63.
  std::int64_t evaluate(ExpressionScope& scope) const { return value_(scope); }

 private:
  using Evaluation = std::function<std::int64_t(ExpressionScope&)>;
  friend class ExpressionParser;
  explicit Expression(Evaluation value) : value_(std::move(value)) {}

  Evaluation value_;
};

}  // namespace ipusim::app
