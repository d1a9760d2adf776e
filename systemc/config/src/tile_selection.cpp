#include "ipusim/config/tile_selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace ipusim::config {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t";
  const auto begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

// Collects ranges and watches over what they name.
class Collector {
 public:
  explicit Collector(std::size_t tile_count) : taken_(tile_count, false) {}
  void add(std::string_view text) {
    const auto [first, last] = parse_range(text);
    if (last >= taken_.size()) {
      throw ConfigError(
          fmt::format("there is no tile {}: the system has tiles 0 to {}", last, taken_.size() - 1));
    }
    for (std::uint32_t i = first; i <= last; ++i) {
      if (taken_[i]) throw ConfigError(fmt::format("tile {} is named twice", i));
      taken_[i] = true;
    }
  }
  void add_all() { taken_.assign(taken_.size(), true); }
  TileSelection selection() const {
    TileSelection result;
    for (std::uint32_t i = 0; i < taken_.size(); ++i) {
      if (taken_[i]) result.push_back(TileIndex{i});
    }
    return result;
  }

 private:
  std::vector<bool> taken_;
};

}  // namespace

std::pair<std::uint32_t, std::uint32_t> parse_range(std::string_view text) {
  const std::string_view whole = trimmed(text);
  const auto dash = whole.find('-');
  const auto first = parse_number(trimmed(whole.substr(0, dash)));
  const auto last = dash == std::string_view::npos ? first : parse_number(trimmed(whole.substr(dash + 1)));
  if (!first || !last)
    throw ConfigError(fmt::format("expected a number or a range such as 0-7, got '{}'", whole));
  if (*first > *last) throw ConfigError(fmt::format("the range '{}' runs backwards", whole));
  return {*first, *last};
}

TileSelection parse_tile_selection(std::string_view text, std::size_t tile_count) {
  Collector collector(tile_count);
  if (trimmed(text) == "all") {
    collector.add_all();
    return collector.selection();
  }
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    collector.add(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return collector.selection();
}

TileSelection read_tile_selection(const ConfigNode& node, std::size_t tile_count) {
  const auto told_at = [](const ConfigNode& at, const auto& action) {
    try {
      return action();
    } catch (const ConfigError& error) {
      throw at.error(error.what());
    }
  };
  if (!node.is_sequence()) {
    const std::string text = node.as_string();
    return told_at(node, [&] { return parse_tile_selection(text, tile_count); });
  }
  Collector collector(tile_count);
  for (const ConfigNode& item : node.items()) {
    const std::string text = item.as_string();
    told_at(item, [&] { collector.add(text); });
  }
  TileSelection result = collector.selection();
  if (result.empty()) throw node.error("expected at least one tile");
  return result;
}

std::string to_string(const TileSelection& tiles) {
  std::string text;
  for (std::size_t i = 0; i < tiles.size();) {
    std::size_t last = i;
    while (last + 1 < tiles.size() && tiles[last + 1].value() == tiles[last].value() + 1) ++last;
    if (!text.empty()) text += ", ";
    text += last == i ? fmt::format("{}", tiles[i].value())
                      : fmt::format("{}-{}", tiles[i].value(), tiles[last].value());
    i = last + 1;
  }
  return text;
}

}  // namespace ipusim::config
