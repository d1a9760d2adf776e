// `if` and `until`: commands that go by what registers, memory and the cycle are.
#include <fmt/format.h>

#include <charconv>

#include "ipusim/cli/debug/console.hpp"

namespace ipusim::cli {
namespace {

constexpr std::size_t condition_words = 3;

std::optional<std::uint64_t> number_of(std::string_view text) {
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string Console::only_if(const Arguments& arguments) {
  if (!holds(arguments)) return {};
  std::string line;
  for (std::size_t i = condition_words; i < arguments.size(); ++i) line += arguments[i] + " ";
  return execute(line);
}

std::string Console::until(const Arguments& arguments) {
  holds(arguments);  // a mistake in it is told before anything runs
  do {
    session_.resume();
    select_hit();
  } while (session_.standing().reason != Standing::Reason::ended && !holds(arguments));
  return describe_standing();
}

bool Console::holds(const Arguments& arguments) {
  const std::uint64_t left = value_of(arguments[0]);
  const std::uint64_t right = value_of(arguments[2]);
  const std::string& relation = arguments[1];
  if (relation == "==") return left == right;
  if (relation == "!=") return left != right;
  if (relation == "<") return left < right;
  if (relation == "<=") return left <= right;
  if (relation == ">") return left > right;
  if (relation == ">=") return left >= right;
  throw CommandError(fmt::format("'{}' is no comparison: == != < <= > >=", relation));
}

std::uint64_t Console::value_of(const std::string& text) {
  const auto& tile = session_.chip().tile(tile_);
  if (text == "pc") return pc().value();
  if (text == "cycle") return session_.cycle();
  if (const auto number = number_of(text)) return *number;
  if (text.starts_with("$m") || text.starts_with("$a")) {
    constexpr std::uint64_t registers = 16;
    const auto index = number_of(std::string_view{text}.substr(2));
    if (!index || *index >= registers) throw CommandError(fmt::format("there is no register {}", text));
    using File = tile::RegisterWrite::File;
    return tile.read_register(context_, text[1] == 'm' ? File::m : File::a, static_cast<unsigned>(*index));
  }
  if (text.size() > 2 && text.starts_with('[') && text.ends_with(']')) {
    const ByteAddr at = view_.parse_address(tile_, text.substr(1, text.size() - 2));
    std::uint32_t word = 0;
    try {
      tile.read_memory(at, std::as_writable_bytes(std::span(&word, 1)));
    } catch (const std::out_of_range& error) {
      throw CommandError(error.what());
    }
    return word;
  }
  throw CommandError(fmt::format("'{}' is no value: a number, $m3, $a3, pc, cycle or [PLACE]", text));
}

}  // namespace ipusim::cli
