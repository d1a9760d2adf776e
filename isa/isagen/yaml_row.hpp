// SPDX-License-Identifier: Apache-2.0
// Reading YAML mappings whose keys are known, with messages that name file and line.
#pragma once

#include <yaml-cpp/yaml.h>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics.hpp"
#include "model.hpp"

namespace ipusim::isagen {

SourceLine place_in(const std::string& file, const YAML::Mark& mark);

// Nothing if the file cannot be read or is not YAML, which is reported.
std::optional<YAML::Node> load_yaml(const std::string& file, Diagnostics& diagnostics);

// The named fields of one YAML mapping. Reports missing, unknown and malformed ones.
class Row {
 public:
  Row(const YAML::Node& node, SourceLine where, std::string name, Diagnostics& diagnostics);

  bool ok() const { return ok_; }
  const SourceLine& where() const { return where_; }

  std::string text(const char* key);
  std::string text_or(const char* key, const char* otherwise);
  std::uint32_t number(const char* key);
  std::uint32_t number_or(const char* key, std::uint32_t otherwise);
  // Whether the key is there.
  bool has(const char* key);
  // The value of the key, whatever it is; nothing, and a message, if it is missing.
  std::optional<YAML::Node> node(const char* key);
  // A list of single values.
  std::vector<std::string> list(const char* key);
  // A mapping of names to texts, in the order written.
  std::vector<NamedText> named_texts(const char* key);

  // A value of a fixed set of names, through `parse`.
  template <typename Value>
  Value choice(const char* key, const std::string& name, std::optional<Value> (*parse)(std::string_view)) {
    const auto value = parse(name);
    if (ok_ && !value) fail_choice(key, name);
    return value.value_or(Value{});
  }

  // Call after all keys have been read.
  void reject_other_keys();
  void fail(const std::string& message);

 private:
  YAML::Node field(const char* key);
  void fail_choice(const char* key, const std::string& name);

  YAML::Node node_;
  SourceLine where_;
  std::string name_;
  Diagnostics& diagnostics_;
  std::set<std::string, std::less<>> known_;
  bool ok_ = true;
};

}  // namespace ipusim::isagen
