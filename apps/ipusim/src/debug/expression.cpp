// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/debug/expression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace ipusim::app {
namespace {

constexpr unsigned deepest_nesting = 100;
constexpr unsigned most_operators = 1000;
constexpr unsigned byte_bits = 8;
constexpr std::string_view blanks = " \t";

using Operation = std::int64_t (*)(std::int64_t, std::int64_t);

std::uint64_t bits(std::int64_t value) { return static_cast<std::uint64_t>(value); }
std::int64_t number(std::uint64_t value) { return static_cast<std::int64_t>(value); }

void check_division(std::int64_t left, std::int64_t right) {
  if (right == 0) throw ExpressionError(fmt::format("{} is divided by zero", left));
}

std::uint64_t shift_count(std::int64_t count) {
  constexpr std::int64_t width = 64;
  if (count < 0 || count >= width) throw ExpressionError(fmt::format("a shift by {} bits", count));
  return bits(count);
}

std::int64_t divide(std::int64_t a, std::int64_t b) {
  check_division(a, b);
  return b == -1 ? number(0 - bits(a)) : a / b;
}
std::int64_t remainder(std::int64_t a, std::int64_t b) {
  check_division(a, b);
  return b == -1 ? 0 : a % b;
}

struct Operator {
  std::string_view text;
  unsigned strength;  // the higher binds first
  Operation apply;    // nullptr: && and ||, which do not always look at their right side
};
// A text comes before those it begins with.
constexpr std::array operators{
    Operator{"||", 1, nullptr},
    Operator{"&&", 2, nullptr},
    Operator{"==", 6, [](std::int64_t a, std::int64_t b) -> std::int64_t { return a == b; }},
    Operator{"!=", 6, [](std::int64_t a, std::int64_t b) -> std::int64_t { return a != b; }},
    Operator{"<=", 7, [](std::int64_t a, std::int64_t b) -> std::int64_t { return a <= b; }},
    Operator{">=", 7, [](std::int64_t a, std::int64_t b) -> std::int64_t { return a >= b; }},
    Operator{"<<", 8, [](std::int64_t a, std::int64_t b) { return number(bits(a) << shift_count(b)); }},
    Operator{">>", 8, [](std::int64_t a, std::int64_t b) { return a >> shift_count(b); }},
    Operator{"<", 7, [](std::int64_t a, std::int64_t b) -> std::int64_t { return a < b; }},
    Operator{">", 7, [](std::int64_t a, std::int64_t b) -> std::int64_t { return a > b; }},
    Operator{"|", 3, [](std::int64_t a, std::int64_t b) { return a | b; }},
    Operator{"^", 4, [](std::int64_t a, std::int64_t b) { return a ^ b; }},
    Operator{"&", 5, [](std::int64_t a, std::int64_t b) { return a & b; }},
    Operator{"+", 9, [](std::int64_t a, std::int64_t b) { return number(bits(a) + bits(b)); }},
    Operator{"-", 9, [](std::int64_t a, std::int64_t b) { return number(bits(a) - bits(b)); }},
    Operator{"*", 10, [](std::int64_t a, std::int64_t b) { return number(bits(a) * bits(b)); }},
    Operator{"/", 10, divide},
    Operator{"%", 10, remainder},
};

struct Type {
  std::string_view name;
  unsigned bytes;
  bool is_signed;
};
constexpr std::array types{Type{"u8", 1, false},  Type{"i8", 1, true},   Type{"u16", 2, false},
                           Type{"i16", 2, true},  Type{"u32", 4, false}, Type{"i32", 4, true},
                           Type{"u64", 8, false}, Type{"i64", 8, true}};

const Type* find_type(std::string_view name) {
  const auto found = std::find_if(types.begin(), types.end(), [&](const Type& t) { return t.name == name; });
  return found == types.end() ? nullptr : &*found;
}

// The low bytes of a value, as the type reads them.
std::int64_t convert(std::uint64_t value, const Type& type) {
  const unsigned spare = byte_bits * (static_cast<unsigned>(sizeof value) - type.bytes);
  const std::uint64_t shifted = value << spare;
  return type.is_signed ? number(shifted) >> spare : number(shifted >> spare);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$';
}
bool goes_on_word(char c) { return begins_word(c) || is_digit(c) || c == '@'; }

}  // namespace

class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : rest_(text) {}

  Expression parse() { return Expression(operations(0)); }
  // What is left, without blanks in front.
  std::string_view rest() {
    skip_blanks();
    return rest_;
  }

 private:
  using Evaluation = Expression::Evaluation;

  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(blanks), rest_.size())); }
  bool take(std::string_view token) {
    skip_blanks();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  void expect(std::string_view token) {
    if (!take(token)) throw ExpressionError(fmt::format("'{}' is missing {}", token, where()));
  }
  std::string where() {
    skip_blanks();
    return rest_.empty() ? std::string{"at the end"} : fmt::format("before '{}'", rest_);
  }

  const Operator* next_operator() {
    skip_blanks();
    const auto is_next = [&](const Operator& o) { return rest_.starts_with(o.text); };
    const auto found = std::find_if(operators.begin(), operators.end(), is_next);
    return found == operators.end() ? nullptr : &*found;
  }

  // Operands and all operators between them that bind more strongly than `weakest`.
  Evaluation operations(unsigned weakest) {
    Evaluation left = unary();
    for (const Operator* op = next_operator(); op != nullptr && op->strength > weakest;
         op = next_operator()) {
      take(op->text);
      if (++operators_ > most_operators)
        throw ExpressionError(fmt::format("the expression has more than {} operators", most_operators));
      left = combine(*op, std::move(left), operations(op->strength));
    }
    return left;
  }

  static Evaluation combine(const Operator& op, Evaluation left, Evaluation right) {
    if (op.text == "||")
      return [l = std::move(left), r = std::move(right)](ExpressionScope& scope) -> std::int64_t {
        return l(scope) != 0 || r(scope) != 0;
      };
    if (op.text == "&&")
      return [l = std::move(left), r = std::move(right)](ExpressionScope& scope) -> std::int64_t {
        return l(scope) != 0 && r(scope) != 0;
      };
    return [apply = op.apply, l = std::move(left), r = std::move(right)](ExpressionScope& scope) {
      const std::int64_t value = l(scope);
      return apply(value, r(scope));
    };
  }

  Evaluation unary() {
    if (++depth_ > deepest_nesting) throw ExpressionError("the expression is nested too deeply");
    Evaluation value = unary_of_this_depth();
    --depth_;
    return value;
  }

  Evaluation unary_of_this_depth() {
    if (take("-")) return [v = unary()](ExpressionScope& scope) { return number(0 - bits(v(scope))); };
    if (take("+")) return unary();
    if (take("~")) return [v = unary()](ExpressionScope& scope) { return ~v(scope); };
    if (take("!")) return [v = unary()](ExpressionScope& scope) -> std::int64_t { return v(scope) == 0; };
    return primary();
  }

  Evaluation primary() {
    if (take("(")) return bracketed(")");
    if (take("[")) return memory(*find_type("u32"), bracketed("]"));
    if (take("'")) return quoted();
    if (rest_.empty()) throw ExpressionError("a value is missing at the end");
    if (is_digit(rest_.front())) return literal();
    if (begins_word(rest_.front())) return word();
    throw ExpressionError(fmt::format("a value is missing {}", where()));
  }

  Evaluation bracketed(std::string_view end) {
    Evaluation value = operations(0);
    expect(end);
    return value;
  }

  static Evaluation memory(const Type& type, Evaluation address) {
    return [type, a = std::move(address)](ExpressionScope& scope) {
      return convert(scope.read_memory(a(scope), type.bytes), type);
    };
  }

  Evaluation quoted() {
    const std::size_t end = rest_.find('\'');
    if (end == std::string_view::npos) throw ExpressionError("a closing ' is missing");
    std::string text{rest_.substr(0, end)};
    rest_.remove_prefix(end + 1);
    return [t = std::move(text)](ExpressionScope& scope) { return scope.place(t); };
  }

  std::string_view take_word() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), goes_on_word);
    const std::string_view word = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(word.size());
    return word;
  }

  Evaluation literal() {
    const std::string_view text = take_word();
    std::string_view digits = text;
    int base = 10;
    for (const auto& [prefix, of_prefix] : {std::pair{"0x", 16}, {"0X", 16}, {"0b", 2}, {"0B", 2}}) {
      if (!text.starts_with(prefix)) continue;
      digits.remove_prefix(2);
      base = of_prefix;
    }
    std::uint64_t value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (failure == std::errc::result_out_of_range)
      throw ExpressionError(fmt::format("{} has more than 64 bits", text));
    if (failure != std::errc{} || end != digits.data() + digits.size())
      throw ExpressionError(fmt::format("'{}' is no number", text));
    return [v = number(value)](ExpressionScope&) { return v; };
  }

  Evaluation word() {
    std::string name{take_word()};
    if (name.front() == '$') return register_named(name.substr(1));
    if (const Type* type = find_type(name)) {
      if (take("[")) return memory(*type, bracketed("]"));
      if (take("("))
        return [t = *type, v = bracketed(")")](ExpressionScope& scope) { return convert(bits(v(scope)), t); };
    }
    return [n = std::move(name)](ExpressionScope& scope) { return scope.symbol(n); };
  }

  // A pair of registers, $m0:1, is one name.
  Evaluation register_named(std::string name) {
    if (rest_.size() > 1 && rest_[0] == ':' && is_digit(rest_[1])) {
      rest_.remove_prefix(1);
      name += ":";
      name += take_word();
    }
    return [n = std::move(name)](ExpressionScope& scope) { return scope.read_register(n); };
  }

  std::string_view rest_;
  unsigned depth_ = 0;
  unsigned operators_ = 0;
};

Expression::Expression(std::string_view text) {
  ExpressionParser parser(text);
  *this = parser.parse();
  if (!parser.rest().empty())
    throw ExpressionError(fmt::format("'{}' is left over behind the expression", parser.rest()));
}

Expression Expression::take_from(std::string_view& text) {
  ExpressionParser parser(text);
  Expression expression = parser.parse();
  text = parser.rest();
  if (text.starts_with("=")) throw ExpressionError("'=' is no operator; == compares");
  if (!text.empty() && !begins_word(text.front()))
    throw ExpressionError(fmt::format("'{}' is no operator", text.front()));
  return expression;
}

}  // namespace ipusim::app
