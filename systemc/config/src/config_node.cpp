// SPDX-License-Identifier: Apache-2.0
#include "ipusim/config/config_node.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

#include "ipusim/config/nearest_name.hpp"
#include "ipusim/config/text_file.hpp"
#include "yaml_tree.hpp"

namespace ipusim::config {

struct ConfigNode::State {
  YamlPointer node;
  std::string file;
  std::string key_path;  // empty at the root
  std::set<std::string> asked_for;
  // One State per child, so that all copies of a child share what was asked for.
  std::map<std::string, std::shared_ptr<State>> children;
  std::shared_ptr<State> base;  // of a map: where keys are that it does not give itself
};

namespace {

// Decimal, or hexadecimal with 0x; an optional sign. The whole text must be the number.
template <class Integer>
std::optional<Integer> parse_integer(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  std::uint64_t magnitude = 0;
  const auto [end, failure] =
      std::from_chars(text.data(), text.data() + text.size(), magnitude, hexadecimal ? 16 : 10);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if constexpr (std::is_signed_v<Integer>) {
    const std::uint64_t limit = std::uint64_t{INT64_MAX} + (negative ? 1U : 0U);
    if (magnitude > limit) return std::nullopt;
    return static_cast<Integer>(negative ? 0U - magnitude : magnitude);
  } else {
    if (negative && magnitude != 0) return std::nullopt;
    return magnitude;
  }
}

}  // namespace

ConfigNode::ConfigNode(std::shared_ptr<State> state) : state_(std::move(state)) {}

ConfigNode ConfigNode::load(const std::filesystem::path& file) {
  constexpr std::uint64_t most = std::uint64_t{8} << 20U;
  return parse(read_file(file, most, "put many numbers into files of their own"), file.string());
}

ConfigNode ConfigNode::load_based(const std::filesystem::path& file) {
  std::vector<std::filesystem::path> chain;
  return load_based(file, chain);
}

ConfigNode ConfigNode::load_based(const std::filesystem::path& file,
                                  std::vector<std::filesystem::path>& chain) {
  ConfigNode root = load(file);
  chain.push_back(std::filesystem::weakly_canonical(file));
  const auto named = root.find("based_on");
  if (!named) return root;
  const std::filesystem::path base = named->as_path();
  if (std::ranges::find(chain, std::filesystem::weakly_canonical(base)) != chain.end()) {
    throw named->error(fmt::format("'{}' is based on this file; name one that is not", named->as_string()));
  }
  ConfigNode other = load_based(base, chain);
  other.require_map();
  root.state_->base = std::move(other.state_);
  return root;
}

ConfigNode ConfigNode::parse(std::string_view text, const std::string& name) {
  auto state = std::make_shared<State>();
  state->file = name;
  state->node = parse_yaml(text, name);
  return ConfigNode{std::move(state)};
}

SourcePlace ConfigNode::source() const {
  const Position position = state_->node->position;
  return {state_->file, position.line, position.column, state_->key_path};
}

ConfigError ConfigNode::error(std::string_view message) const { return source().error(message); }

ConfigError ConfigNode::expected(std::string_view what) const {
  return error(fmt::format("expected {}, got {}", what, describe(*state_->node)));
}

void ConfigNode::require_map() const {
  if (!is_map()) throw expected("a map (key: value)");
}

std::optional<ConfigNode> ConfigNode::find(const std::string& key) const {
  require_map();
  const bool first_time = state_->asked_for.insert(key).second;
  auto& child = state_->children[key];
  if (!first_time) return child ? std::optional{ConfigNode{child}} : std::nullopt;
  const auto inherited = state_->base ? ConfigNode{state_->base}.find(key) : std::nullopt;
  if (YamlPointer value = state_->node->find(key)) {
    child = std::make_shared<State>();
    child->node = std::move(value);
    child->file = state_->file;
    child->key_path = state_->key_path.empty() ? key : state_->key_path + "." + key;
    if (inherited && inherited->is_map() && ConfigNode{child}.is_map()) child->base = inherited->state_;
  } else if (inherited) {
    child = inherited->state_;
  }
  return child ? std::optional{ConfigNode{child}} : std::nullopt;
}

bool ConfigNode::is_inherited(const std::string& key) const {
  require_map();
  return !state_->node->find(key) && find(key).has_value();
}

ConfigNode ConfigNode::at(const std::string& key) const {
  auto found = find(key);
  if (!found) {
    const std::string path = state_->key_path.empty() ? key : state_->key_path + "." + key;
    throw ConfigError(fmt::format("{}: key '{}': missing; add it here", source().place(), path));
  }
  return *found;
}

std::vector<ConfigNode> ConfigNode::items() const {
  if (!is_sequence()) throw expected("a list");
  std::vector<ConfigNode> result;
  result.reserve(state_->node->items.size());
  for (std::size_t i = 0; i < state_->node->items.size(); ++i) {
    auto state = std::make_shared<State>();
    state->node = state_->node->items[i];
    state->file = state_->file;
    state->key_path = fmt::format("{}[{}]", state_->key_path, i);
    result.push_back(ConfigNode{std::move(state)});
  }
  return result;
}

std::vector<std::string> ConfigNode::keys() const {
  require_map();
  std::vector<std::string> result;
  for (const YamlEntry& entry : state_->node->entries) {
    result.push_back(entry.key);
    find(entry.key);
  }
  if (state_->base) {
    for (std::string& key : ConfigNode{state_->base}.keys()) {
      if (!find(key) || state_->node->find(key)) continue;
      result.push_back(std::move(key));
    }
  }
  return result;
}

bool ConfigNode::is_map() const { return state_->node->kind == YamlNode::Kind::map; }
bool ConfigNode::is_sequence() const { return state_->node->kind == YamlNode::Kind::sequence; }
bool ConfigNode::is_scalar() const { return state_->node->kind == YamlNode::Kind::scalar; }
bool ConfigNode::is_plain() const { return is_scalar() && state_->node->plain; }

std::string ConfigNode::as_string() const {
  if (!is_scalar()) throw expected("a word or text");
  return state_->node->text;
}

bool ConfigNode::as_bool() const {
  if (is_scalar()) {
    if (state_->node->text == "true") return true;
    if (state_->node->text == "false") return false;
  }
  throw expected("true or false");
}

std::uint64_t ConfigNode::as_unsigned(std::uint64_t low, std::uint64_t high) const {
  if (is_scalar()) {
    const auto value = parse_integer<std::uint64_t>(state_->node->text);
    if (value && *value >= low && *value <= high) return *value;
  }
  throw expected(high == UINT64_MAX ? fmt::format("a whole number of at least {}", low)
                                    : fmt::format("a whole number from {} to {}", low, high));
}

std::int64_t ConfigNode::as_signed(std::int64_t low, std::int64_t high) const {
  if (is_scalar()) {
    const auto value = parse_integer<std::int64_t>(state_->node->text);
    if (value && *value >= low && *value <= high) return *value;
  }
  throw expected(fmt::format("a whole number from {} to {}", low, high));
}

double ConfigNode::as_number(double low, double high) const {
  if (is_scalar()) {
    const std::string& text = state_->node->text;
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = failure == std::errc{} && end == text.data() + text.size();
    if (whole && std::isfinite(value) && value >= low && value <= high) return value;
  }
  throw expected(fmt::format("a number from {} to {}", low, high));
}

std::string ConfigNode::as_choice(std::initializer_list<std::string_view> choices) const {
  if (is_scalar() && std::find(choices.begin(), choices.end(), state_->node->text) != choices.end()) {
    return state_->node->text;
  }
  throw expected(fmt::format("one of {}", fmt::join(choices, ", ")));
}

std::filesystem::path ConfigNode::as_path() const {
  const std::string text = as_string();
  if (text.empty()) throw expected("a path");
  return std::filesystem::path{state_->file}.parent_path() / text;
}

void ConfigNode::reject_unknown_keys() const {
  require_map();
  for (const YamlEntry& entry : state_->node->entries) {
    const std::string& key = entry.key;
    if (state_->asked_for.contains(key)) continue;
    const auto nearest = nearest_name(key, {state_->asked_for.begin(), state_->asked_for.end()});
    const std::string cure = nearest ? fmt::format("did you mean '{}'?", *nearest)
                                     : fmt::format("expected one of: {}", fmt::join(state_->asked_for, ", "));
    const std::string path = state_->key_path.empty() ? key : state_->key_path + "." + key;
    throw ConfigError(
        fmt::format("{}: key '{}': unknown; {}", to_string(state_->file, entry.position), path, cure));
  }
  if (state_->base) ConfigNode{state_->base}.reject_unknown_keys();
}

}  // namespace ipusim::config
