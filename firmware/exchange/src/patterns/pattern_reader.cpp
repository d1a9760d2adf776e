// SPDX-License-Identifier: Apache-2.0
#include "pattern_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "ipusim/base/input_error.hpp"
#include "ipusim/config/tile_selection.hpp"
#include "ipusim/numbers/number_spec.hpp"

namespace ipusim::exchange_planner {
namespace {

using config::ConfigNode;

constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();

std::vector<std::uint32_t> read_numbers(const ConfigNode& node) {
  std::vector<std::uint32_t> result;
  if (!node.is_sequence()) return {static_cast<std::uint32_t>(node.as_unsigned(0, most))};
  for (const ConfigNode& item : node.items())
    result.push_back(static_cast<std::uint32_t>(item.as_unsigned(0, most)));
  return result;
}

}  // namespace

bool is_identifier(const std::string& text) {
  const auto part = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::all_of(text.begin(), text.end(), part);
}

bool is_symbol(const std::string& text) {
  std::string letters = text;
  std::replace_if(
      letters.begin(), letters.end(), [](char c) { return c == '.' || c == '$'; }, '_');
  return is_identifier(letters);
}

std::uint32_t PatternReader::number(const char* key, std::uint32_t least) const {
  return static_cast<std::uint32_t>(map_.at(key).as_unsigned(least, most));
}

std::uint32_t PatternReader::number(const char* key, std::uint32_t least, std::uint32_t otherwise) const {
  return has(key) ? number(key, least) : otherwise;
}

std::uint32_t PatternReader::offset(const char* key) const {
  const auto node = map_.find(key);
  if (!node) return 0;
  const std::uint64_t offset = node->as_unsigned(0, most);
  if (offset % 4 != 0) throw node->error(fmt::format("expected a multiple of 4, got {}", offset));
  return static_cast<std::uint32_t>(offset);
}

std::vector<std::uint32_t> PatternReader::numbers(const char* key) const {
  return read_numbers(map_.at(key));
}

std::vector<TileIndex> PatternReader::tiles(const char* key) const {
  return config::read_tile_selection(map_.at(key), names_);
}

TileIndex PatternReader::tile(const char* key) const {
  const ConfigNode node = map_.at(key);
  if (names_.chips() == 1)
    return TileIndex{static_cast<std::uint32_t>(node.as_unsigned(0, names_.size() - 1))};
  const auto tiles = config::read_tile_selection(node, names_);
  if (node.is_sequence() || tiles.size() != 1) throw node.error("expected one tile");
  return tiles.front();
}

Groups PatternReader::groups() const {
  const auto node = map_.find("groups");
  const std::string problem_key = node ? "groups" : "tiles";
  Groups result;
  if (!node) {
    result = tiles("tiles");
  } else if (node->is_sequence()) {
    if (const auto tiles = map_.find("tiles"))
      throw tiles->error("`groups` lists the tiles already; leave it out");
    for (const ConfigNode& item : node->items())
      result.members.push_back(config::read_tile_selection(item, names_));
  } else {
    const auto grid = node->at("grid");
    const auto along = node->at("along");
    node->reject_unknown_keys();
    try {
      result = groups_of_grid(tiles("tiles"), read_numbers(grid), read_numbers(along));
    } catch (const std::invalid_argument& error) {
      throw node->error(error.what());
    }
  }
  if (const std::string text = result.problem(); !text.empty()) throw map_.at(problem_key).error(text);
  return result;
}

std::string PatternReader::symbol(const char* key) const {
  const auto node = map_.find(key);
  if (!node && bases_ == Bases::caller) return {};
  const std::string text = map_.at(key).as_string();
  if (!is_symbol(text)) throw node->error(fmt::format("'{}' is no name for a symbol", text));
  return text;
}

SymbolPlaces PatternReader::places() const {
  const auto place = [this](const char* key) {
    const auto node = map_.find(key);
    return node ? node->source() : config::SourcePlace{};
  };
  return {place("source"), place("destination")};
}

PatternReader::Table PatternReader::table(const char* key, std::size_t columns) const {
  constexpr std::size_t most_numbers = std::size_t{1} << 26U;
  const ConfigNode node = map_.at(key);
  const std::filesystem::path path = node.as_path().lexically_normal();
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw node.error(fmt::format("there is no '{}' (paths are relative to this file)", path.string()));
  }
  const auto encoding =
      path.extension() == ".npy" ? ::ipusim::numbers::Encoding::npy : ::ipusim::numbers::Encoding::text;
  const ::ipusim::numbers::NumberSpec spec{.where = node.source(),
                                           .from = ::ipusim::numbers::NumberFile{path, encoding}};
  const auto rows =
      spec.read(::ipusim::numbers::ElementType::u32, most_numbers, ::ipusim::numbers::RowLengths::equal);
  Table result{.numbers = {}, .rows = rows.size()};
  if (columns != 0 && rows.size() * columns != rows.elements.size()) {
    throw node.error(fmt::format("expected {} columns, but '{}' has {} numbers in {} lines", columns,
                                 path.string(), rows.elements.size(), rows.size()));
  }
  result.numbers.reserve(rows.elements.size());
  for (const auto& element : rows.elements) result.numbers.push_back(element.bits);
  return result;
}

}  // namespace ipusim::exchange_planner
