// SPDX-License-Identifier: Apache-2.0
// Reading YAML with errors a user can act on: every complaint names file, line, column, key path, what was
// expected and what was found. Keys nobody asked for are errors too, with the nearest known key suggested.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/config/source_place.hpp"

namespace ipusim::config {

// A position in a YAML document. Cheap to copy; copies share the record of which keys were read.
class ConfigNode {
 public:
  // Throws ConfigError if the file cannot be read, has more than 8 MiB, is no YAML, or is one that no reader
  // should follow: a second document, a key given twice, a node that contains itself, more than 64 levels, or
  // more than 64 MiB with every alias written out. Merge keys (`<<: *a`) are resolved: keys the map gives
  // itself stand.
  static ConfigNode load(const std::filesystem::path& file);
  // The same of a file that may say what it differs in from another: the key `based_on` at its top names that
  // file, relative to this one, which may do so too. Keys of a map that the file does not give are those of
  // the other; where both give a map, so it goes on within; everything else the file gives replaces what the
  // other says, lists as a whole. Throws ConfigError as load(), of whichever file it is, and for files that
  // are based on each other.
  static ConfigNode load_based(const std::filesystem::path& file);
  // As load(), from text; `name` stands for the file in messages.
  static ConfigNode parse(std::string_view text, const std::string& name);

  // The value of a key. `at` throws ConfigError if it is missing; both throw if this is not a map.
  ConfigNode at(const std::string& key) const;
  std::optional<ConfigNode> find(const std::string& key) const;
  // Elements of a sequence; throws ConfigError if it is none.
  std::vector<ConfigNode> items() const;
  // Keys of a map in file order, then those of what it is based on, all taken as read.
  std::vector<std::string> keys() const;
  bool is_map() const;
  bool is_sequence() const;
  bool is_scalar() const;
  // A scalar without quotes.
  bool is_plain() const;

  // Scalars; each throws ConfigError on a value of another kind or out of range (both ends included).
  std::string as_string() const;
  bool as_bool() const;
  std::uint64_t as_unsigned(std::uint64_t low = 0, std::uint64_t high = UINT64_MAX) const;
  std::int64_t as_signed(std::int64_t low = INT64_MIN, std::int64_t high = INT64_MAX) const;
  double as_number(double low, double high) const;
  // One of the given words.
  std::string as_choice(std::initializer_list<std::string_view> choices) const;
  // A path relative to the folder of the file this node stands in. The file need not exist.
  std::filesystem::path as_path() const;

  // Throws ConfigError for the first key of this map, or of what it is based on, that was never asked for.
  // Call it when all were.
  void reject_unknown_keys() const;

  // Whether a key of this map is from the file that this is based on.
  bool is_inherited(const std::string& key) const;
  // Where this stands, for errors found where there is no node any more.
  SourcePlace source() const;
  // An error at this position, for checks only the caller can make.
  ConfigError error(std::string_view message) const;

 private:
  struct State;
  static ConfigNode load_based(const std::filesystem::path& file, std::vector<std::filesystem::path>& chain);
  explicit ConfigNode(std::shared_ptr<State> state);
  void require_map() const;
  ConfigError expected(std::string_view what) const;
  std::shared_ptr<State> state_;
};

}  // namespace ipusim::config
