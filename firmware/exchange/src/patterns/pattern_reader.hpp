// SPDX-License-Identifier: Apache-2.0
// What the patterns' readers have in common: values of a phase's map in a program file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/config/config_node.hpp"
#include "ipusim/config/tile_names.hpp"
#include "ipusim/exchange_planner/phase.hpp"

namespace ipusim::exchange_planner {

// A phase's map, and what its readers need to know besides. All functions throw config::ConfigError naming
// file, line and key.
class PatternReader {
 public:
  PatternReader(const config::ConfigNode& map, const config::TileNames& names, Bases bases)
      : map_(map), names_(names), bases_(bases) {}
  // The same for a map within it.
  PatternReader within(const config::ConfigNode& map) const { return {map, names_, bases_}; }

  const config::ConfigNode& map() const { return map_; }
  std::string name(TileIndex tile) const { return names_.name(tile); }
  std::size_t system_tiles() const { return names_.size(); }
  bool has(const char* key) const { return map_.find(key).has_value(); }
  std::uint32_t number(const char* key, std::uint32_t least) const;
  std::uint32_t number(const char* key, std::uint32_t least, std::uint32_t otherwise) const;
  std::uint32_t offset(const char* key) const;  // bytes, 0 if it is not given
  std::vector<std::uint32_t> numbers(const char* key) const;
  std::vector<TileIndex> tiles(const char* key) const;
  TileIndex tile(const char* key) const;
  Groups groups() const;  // of `tiles`, or `groups`

  // A symbol's name; where the caller gives the bases it may be left out.
  std::string symbol(const char* key) const;
  SymbolPlaces places() const;

  // Whole numbers of a .npy file, or of any other as a text: rows of `columns`; of as many as there are if 0.
  struct Table {
    std::vector<std::uint32_t> numbers;  // row after row
    std::size_t rows = 0;
  };
  Table table(const char* key, std::size_t columns = 0) const;

 private:
  const config::ConfigNode& map_;
  const config::TileNames& names_;
  Bases bases_;
};

// Whether it can be a symbol of the assembler, which also takes dots and dollars.
bool is_symbol(const std::string& text);
bool is_identifier(const std::string& text);

// The pattern that the map's key `pattern` names.
Pattern read_pattern(const PatternReader& reader);

}  // namespace ipusim::exchange_planner
