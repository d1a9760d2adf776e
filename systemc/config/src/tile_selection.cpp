// SPDX-License-Identifier: Apache-2.0
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
  explicit Collector(const TileNames& names) : names_(names), taken_(names.size(), false) {}

  // "3", "0-7", "ipu1:0-7", "ipu1:all"
  void add(std::string_view text) {
    const auto colon = text.find(':');
    const ChipIndex chip =
        colon == std::string_view::npos ? only_chip(text) : chip_named(trimmed(text.substr(0, colon)));
    const std::string_view tiles = colon == std::string_view::npos ? text : text.substr(colon + 1);
    const std::size_t count = names_.chip(chip).tiles;
    if (colon != std::string_view::npos && trimmed(tiles) == "all")
      return take(chip, 0, static_cast<std::uint32_t>(count - 1));
    const auto [first, last] = parse_range(tiles);
    if (last >= count) {
      throw ConfigError(fmt::format("there is no tile {}: the {} has tiles 0 to {}", last,
                                    names_.chips() == 1 ? "system" : "chip " + names_.chip(chip).name,
                                    count - 1));
    }
    take(chip, first, last);
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
  ChipIndex only_chip(std::string_view text) const {
    if (names_.chips() == 1) return ChipIndex{0};
    throw ConfigError(
        fmt::format("expected the name of a chip before '{}', such as {}:0-7: the system has {}",
                    trimmed(text), names_.chip(ChipIndex{0}).name, chip_list()));
  }
  ChipIndex chip_named(std::string_view name) const {
    if (const auto chip = names_.find_chip(name)) return *chip;
    throw ConfigError(fmt::format("there is no chip '{}': the system has {}", name, chip_list()));
  }
  std::string chip_list() const {
    std::string list;
    for (std::uint32_t i = 0; i < names_.chips(); ++i) {
      list += (list.empty() ? "" : ", ") + names_.chip(ChipIndex{i}).name;
    }
    return list;
  }
  void take(ChipIndex chip, std::uint32_t first, std::uint32_t last) {
    const std::uint32_t base = names_.first_of(chip).value();
    for (std::uint32_t i = base + first; i <= base + last; ++i) {
      if (taken_[i]) throw ConfigError(fmt::format("tile {} is named twice", names_.name(TileIndex{i})));
      taken_[i] = true;
    }
  }

  const TileNames& names_;
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

TileSelection parse_tile_selection(std::string_view text, const TileNames& names) {
  Collector collector(names);
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

TileSelection read_tile_selection(const ConfigNode& node, const TileNames& names) {
  const auto told_at = [](const ConfigNode& at, const auto& action) {
    try {
      return action();
    } catch (const ConfigError& error) {
      throw at.error(error.what());
    }
  };
  if (!node.is_sequence()) {
    const std::string text = node.as_string();
    return told_at(node, [&] { return parse_tile_selection(text, names); });
  }
  Collector collector(names);
  for (const ConfigNode& item : node.items()) {
    const std::string text = item.as_string();
    told_at(item, [&] { collector.add(text); });
  }
  TileSelection result = collector.selection();
  if (result.empty()) throw node.error("expected at least one tile");
  return result;
}

std::string to_string(const TileSelection& tiles, const TileNames& names) {
  std::string text;
  for (std::size_t i = 0; i < tiles.size();) {
    const TileRef first = names.ref(tiles[i]);
    TileRef last = first;
    std::size_t next = i + 1;
    for (; next < tiles.size(); ++next) {
      const TileRef tile = names.ref(tiles[next]);
      if (tile.chip != first.chip || tile.tile.value() != last.tile.value() + 1) break;
      last = tile;
    }
    if (!text.empty()) text += ", ";
    text += names.name(tiles[i]);
    if (last != first) text += fmt::format("-{}", last.tile.value());
    i = next;
  }
  return text;
}

std::string to_string(const TileSelection& tiles) {
  return to_string(tiles, TileNames(tiles.empty() ? 0 : std::size_t{tiles.back().value()} + 1));
}

}  // namespace ipusim::config
