// SPDX-License-Identifier: Apache-2.0
// Places, and the commands that go by what registers, memory and the cycle are.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

#include "ipusim/app/debug/console.hpp"
#include "ipusim/app/debug/register_scope.hpp"
#include "ipusim/arith/half_arithmetic.hpp"

namespace ipusim::app {
namespace {

constexpr unsigned half_bits = 16;

std::string join(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

// "main.S:25": what stands before the last colon, and the number behind it. A pair of registers is none.
std::optional<std::pair<std::string, unsigned>> parse_line(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0 || text.find_first_of("$[(") != std::string::npos)
    return std::nullopt;
  unsigned line = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data() + colon + 1, end, line);
  if (failure != std::errc{} || stop != end) return std::nullopt;
  return std::pair{text.substr(0, colon), line};
}

std::string hexadecimal(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  return value < 0 ? fmt::format("-{:#x}", 0 - bits) : fmt::format("{:#x}", bits);
}

std::uint32_t word_of(std::int64_t value) {
  if (value < INT32_MIN || value > std::int64_t{UINT32_MAX})
    throw CommandError(fmt::format("{} has more than 32 bits", value));
  return static_cast<std::uint32_t>(value);
}

std::string f32_text(std::uint32_t bits) {
  const float value = std::bit_cast<float>(bits);
  return std::isnan(value) ? fmt::format("nan ({:#010x})", bits) : fmt::format("{}", value);
}

std::string f16_text(std::uint16_t bits) {
  const float value = std::bit_cast<float>(arith::widen(bits).bits);
  return std::isnan(value) ? fmt::format("nan ({:#06x})", bits) : fmt::format("{}", value);
}

}  // namespace

ByteAddr Console::parse_place(TileIndex tile, const std::string& text) {
  if (const auto line = parse_line(text)) return view_.line(tile, line->first, line->second);
  const std::int64_t value = evaluate(Expression(text), tile);
  if (value < 0 || value > std::int64_t{UINT32_MAX})
    throw CommandError(fmt::format("'{}' is {}: no address", text, hexadecimal(value)));
  return ByteAddr{static_cast<std::uint32_t>(value)};
}

std::int64_t Console::evaluate(const Expression& expression, TileIndex tile) {
  RegisterScope scope(session_, view_, tile, context_,
                      [&](const std::string& place) { return parse_place(tile, place); });
  return expression.evaluate(scope);
}

std::string Console::print(const Arguments& arguments) {
  return format(evaluate(Expression(join(arguments)), tile_)) + "\n";
}

std::string Console::format(std::int64_t value) const {
  if (format_.empty()) {
    std::string text = fmt::format("{} ({})", hexadecimal(value), value);
    if (value < 0 || value > std::int64_t{UINT32_MAX}) return text;
    const auto symbol = view_.symbol_at(tile_, ByteAddr{static_cast<std::uint32_t>(value)});
    return symbol ? text + " " + *symbol : text;
  }
  if (format_ == "x") return hexadecimal(value);
  if (format_ == "u") return fmt::format("{}", static_cast<std::uint64_t>(value));
  if (format_ == "t") return fmt::format("{:#b}", static_cast<std::uint64_t>(value));
  // A register is 32 bits wide, and its highest the sign.
  if (format_ == "d")
    return fmt::format("{}", value >= 0 && value <= std::int64_t{UINT32_MAX}
                                 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(value))
                                 : value);
  if (format_ == "f") return f32_text(word_of(value));
  if (format_ == "h")
    return fmt::format("{} {}", f16_text(static_cast<std::uint16_t>(word_of(value))),
                       f16_text(static_cast<std::uint16_t>(word_of(value) >> half_bits)));
  if (format_ == "a") return view_.name_of(tile_, ByteAddr{word_of(value)});
  throw CommandError(fmt::format("'{}' is no format: x, d, u, t, f, h or a", format_));
}

std::string Console::only_if(const Arguments& arguments) {
  const std::string line = join(arguments);
  std::string_view rest = line;
  const Expression condition = Expression::take_from(rest);
  if (rest.empty()) throw CommandError("usage: if EXPR COMMAND");
  return evaluate(condition, tile_) != 0 ? execute(std::string{rest}) : std::string{};
}

std::string Console::until(const Arguments& arguments) {
  const Expression condition(join(arguments));
  evaluate(condition, tile_);  // a mistake in it is told before anything runs
  const auto goes_on = [&] { return session_.standing().reason == Standing::Reason::hit; };
  do {
    session_.resume();
    select_hit();
  } while (goes_on() && evaluate(condition, tile_) == 0);
  return describe_standing();
}

}  // namespace ipusim::app
