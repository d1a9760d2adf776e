// SPDX-License-Identifier: Apache-2.0
// One YAML document as a tree that is safe to walk: of limited depth and size, with aliases and merge keys
// resolved.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ipusim::config {

// From 1; 0 for what stands nowhere.
struct Position {
  int line = 0;
  int column = 0;
};

struct YamlNode;
using YamlPointer = std::shared_ptr<const YamlNode>;

struct YamlEntry {
  std::string key;
  Position position;  // of the key
  YamlPointer value;
};

struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, sequence, map };
  Kind kind = Kind::null;
  Position position;
  bool plain = false;              // a scalar without quotes
  std::string text;                // scalars
  std::vector<YamlPointer> items;  // sequences
  std::vector<YamlEntry> entries;  // maps: in file order, then what merge keys (<<) add; no key twice
  // Of the whole tree below, with every alias counted as what it stands for.
  unsigned height = 1;
  std::uint64_t weight = 0;  // bytes, roughly

  std::unordered_map<std::string_view, YamlPointer> by_key;  // entries again

  // The value of a key; null if there is none.
  YamlPointer find(std::string_view key) const;
};

// For messages: "a map", "a list", "nothing", or the scalar in quotes.
std::string describe(const YamlNode& node);
// "file:line:column".
std::string to_string(const std::string& file, Position position);

// Throws ConfigError naming place and cure: not UTF-8, not YAML, a second document, keys that are no words or
// are given twice in one map, a node that contains itself, more than 64 levels, more than 64 MiB with aliases
// written out. An empty text is a null node.
YamlPointer parse_yaml(std::string_view text, const std::string& name);

}  // namespace ipusim::config
