// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/phase_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "ipusim/config/tile_selection.hpp"
#include "ipusim/exchange_planner/phase_chips.hpp"

namespace ipusim::exchange_planner {
namespace {

using config::ConfigNode;
using config::TileNames;

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

SymbolPlaces read_places(const ConfigNode& map) {
  return {map.at("source").source(), map.at("destination").source()};
}

TileIndex read_tile(const ConfigNode& node, const TileNames& names) {
  if (names.chips() == 1) return TileIndex{static_cast<std::uint32_t>(node.as_unsigned(0, names.size() - 1))};
  const auto tiles = config::read_tile_selection(node, names);
  if (node.is_sequence() || tiles.size() != 1) throw node.error("expected one tile");
  return tiles.front();
}

Message read_message(const ConfigNode& node, const TileNames& names) {
  Message message{.from = read_tile(node.at("from"), names),
                  .to = config::read_tile_selection(node.at("to"), names),
                  .words = read_words(node),
                  .source = read_symbol(node.at("source")),
                  .source_offset = read_offset(node, "source_offset"),
                  .destination = read_symbol(node.at("destination")),
                  .destination_offset = read_offset(node, "destination_offset"),
                  .where = read_places(node)};
  if (std::find(message.to.begin(), message.to.end(), message.from) != message.to.end()) {
    throw node.at("to").error(
        fmt::format("tile {} sends to itself; copy the words instead", names.name(message.from)));
  }
  node.reject_unknown_keys();
  return message;
}

template <class Group>
Group read_group(const ConfigNode& node, const TileNames& names) {
  Group group{.tiles = config::read_tile_selection(node.at("tiles"), names),
              .words = read_words(node),
              .source = read_symbol(node.at("source")),
              .destination = read_symbol(node.at("destination")),
              .where = read_places(node)};
  if (group.tiles.size() < 2) {
    throw node.at("tiles").error("one tile alone has nobody to exchange with; name at least two");
  }
  return group;
}

Phase read_phase(const ConfigNode& node, const TileNames& names) {
  Phase phase{.name = node.at("name").as_string(), .where = node.source(), .pattern = {}};
  if (!is_identifier(phase.name)) {
    throw node.at("name").error(fmt::format(
        "expected letters, digits and underscores, as the function is called exchange_NAME; got '{}'",
        phase.name));
  }
  const std::string pattern = node.at("pattern").as_choice({"all_gather", "all_to_all", "messages"});
  if (pattern == "all_gather") {
    phase.pattern = read_group<AllGather>(node, names);
  } else if (pattern == "all_to_all") {
    phase.pattern = read_group<AllToAll>(node, names);
  } else {
    Messages messages;
    for (const ConfigNode& item : node.at("messages").items()) {
      messages.messages.push_back(read_message(item, names));
    }
    phase.pattern = std::move(messages);
  }
  node.reject_unknown_keys();
  return phase;
}

}  // namespace

std::vector<Phase> parse_phases(const config::ConfigNode& list, const TileNames& names) {
  std::vector<Phase> phases;
  std::set<std::pair<ChipIndex, std::string>> taken;
  for (const ConfigNode& item : list.items()) {
    phases.push_back(read_phase(item, names));
    if (!taken.insert({chip_of(phases.back(), names), phases.back().name}).second) {
      throw item.at("name").error(fmt::format("there is a phase '{}' already", phases.back().name));
    }
  }
  return phases;
}

}  // namespace ipusim::exchange_planner
