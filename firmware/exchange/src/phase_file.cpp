#include "ipusim/exchange_planner/phase_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <set>

namespace ipusim::exchange_planner {
namespace {

using config::ConfigNode;

constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();

bool is_identifier(const std::string& text) {
  const auto part = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::all_of(text.begin(), text.end(), part);
}

// A symbol of the assembler, which also takes dots and dollars.
std::string read_symbol(const ConfigNode& node) {
  const std::string text = node.as_string();
  std::string letters = text;
  std::replace_if(
      letters.begin(), letters.end(), [](char c) { return c == '.' || c == '$'; }, '_');
  if (!is_identifier(letters)) throw node.error(fmt::format("'{}' is no name for a symbol", text));
  return text;
}

std::uint32_t read_words(const ConfigNode& map) {
  return static_cast<std::uint32_t>(map.at("words").as_unsigned(1, most));
}

std::uint32_t read_offset(const ConfigNode& map, const char* key) {
  const auto node = map.find(key);
  if (!node) return 0;
  const std::uint64_t offset = node->as_unsigned(0, most);
  if (offset % 4 != 0) throw node->error(fmt::format("expected a multiple of 4, got {}", offset));
  return static_cast<std::uint32_t>(offset);
}

// Tiles of a selection, which may name none twice.
class TileReader {
 public:
  explicit TileReader(std::size_t tile_count) : tile_count_(tile_count) {}

  TileIndex one(const ConfigNode& node) const {
    const std::uint64_t tile = node.as_unsigned();
    check(node, tile);
    return TileIndex{static_cast<std::uint32_t>(tile)};
  }

  // `all`, `3`, `0-7` or a list of such; ascending.
  std::vector<TileIndex> several(const ConfigNode& node) const {
    std::set<TileIndex> tiles;
    if (node.is_sequence()) {
      for (const ConfigNode& item : node.items()) add_range(item, tiles);
    } else if (node.as_string() == "all") {
      for (std::uint32_t i = 0; i < tile_count_; ++i) tiles.insert(TileIndex{i});
    } else {
      add_range(node, tiles);
    }
    if (tiles.empty()) throw node.error("expected at least one tile");
    return {tiles.begin(), tiles.end()};
  }

 private:
  void check(const ConfigNode& node, std::uint64_t tile) const {
    if (tile >= tile_count_) {
      throw node.error(
          fmt::format("there is no tile {}: the system has tiles 0 to {}", tile, tile_count_ - 1));
    }
  }

  void add_range(const ConfigNode& node, std::set<TileIndex>& tiles) const {
    const std::string text = node.as_string();
    const std::size_t dash = text.find('-');
    const std::uint32_t first = number(node, text.substr(0, dash));
    const std::uint32_t last = dash == std::string::npos ? first : number(node, text.substr(dash + 1));
    if (first > last) throw node.error(fmt::format("the range '{}' runs backwards", text));
    check(node, last);
    for (std::uint32_t tile = first; tile <= last; ++tile) {
      if (!tiles.insert(TileIndex{tile}).second)
        throw node.error(fmt::format("tile {} is named twice", tile));
    }
  }

  static std::uint32_t number(const ConfigNode& node, const std::string& text) {
    std::uint32_t value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failure != std::errc{} || end != text.data() + text.size()) {
      throw node.error(
          fmt::format("expected `all`, a tile number, a range such as 0-7, or a list of these, got '{}'",
                      node.as_string()));
    }
    return value;
  }

  std::size_t tile_count_;
};

Message read_message(const ConfigNode& node, const TileReader& tiles) {
  Message message{.from = tiles.one(node.at("from")),
                  .to = tiles.several(node.at("to")),
                  .words = read_words(node),
                  .source = read_symbol(node.at("source")),
                  .source_offset = read_offset(node, "source_offset"),
                  .destination = read_symbol(node.at("destination")),
                  .destination_offset = read_offset(node, "destination_offset")};
  if (std::find(message.to.begin(), message.to.end(), message.from) != message.to.end()) {
    throw node.at("to").error(
        fmt::format("tile {} sends to itself; copy the words instead", message.from.value()));
  }
  node.reject_unknown_keys();
  return message;
}

template <class Group>
Group read_group(const ConfigNode& node, const TileReader& tiles) {
  Group group{.tiles = tiles.several(node.at("tiles")),
              .words = read_words(node),
              .source = read_symbol(node.at("source")),
              .destination = read_symbol(node.at("destination"))};
  if (group.tiles.size() < 2) {
    throw node.at("tiles").error("one tile alone has nobody to exchange with; name at least two");
  }
  return group;
}

Phase read_phase(const ConfigNode& node, const TileReader& tiles) {
  Phase phase{.name = node.at("name").as_string(), .where = node.place(), .pattern = {}};
  if (!is_identifier(phase.name)) {
    throw node.at("name").error(fmt::format(
        "expected letters, digits and underscores, as the function is called exchange_NAME; got '{}'",
        phase.name));
  }
  const std::string pattern = node.at("pattern").as_choice({"all_gather", "all_to_all", "messages"});
  if (pattern == "all_gather") {
    phase.pattern = read_group<AllGather>(node, tiles);
  } else if (pattern == "all_to_all") {
    phase.pattern = read_group<AllToAll>(node, tiles);
  } else {
    Messages messages;
    for (const ConfigNode& item : node.at("messages").items()) {
      messages.messages.push_back(read_message(item, tiles));
    }
    phase.pattern = std::move(messages);
  }
  node.reject_unknown_keys();
  return phase;
}

}  // namespace

std::vector<Phase> parse_phases(const config::ConfigNode& list, std::size_t tile_count) {
  const TileReader tiles(tile_count);
  std::vector<Phase> phases;
  std::set<std::string> names;
  for (const ConfigNode& item : list.items()) {
    phases.push_back(read_phase(item, tiles));
    if (!names.insert(phases.back().name).second) {
      throw item.at("name").error(fmt::format("there is a phase '{}' already", phases.back().name));
    }
  }
  return phases;
}

}  // namespace ipusim::exchange_planner
