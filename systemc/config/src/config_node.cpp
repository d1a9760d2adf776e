#include "ipusim/config/config_node.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <numeric>
#include <set>
#include <sstream>

namespace ipusim::config {

struct ConfigNode::State {
  YAML::Node node;
  std::string file;
  std::string key_path;  // empty at the root
  std::set<std::string> asked_for;
  // One State per child, so that all copies of a child share what was asked for.
  std::vector<std::pair<std::string, std::shared_ptr<State>>> children;
};

namespace {

std::string position(const std::string& file, const YAML::Mark& mark) {
  return mark.is_null() ? file : fmt::format("{}:{}:{}", file, mark.line + 1, mark.column + 1);
}

std::string describe(const YAML::Node& node) {
  switch (node.Type()) {
    case YAML::NodeType::Map:
      return "a map";
    case YAML::NodeType::Sequence:
      return "a list";
    case YAML::NodeType::Scalar:
      return fmt::format("'{}'", node.Scalar());
    default:
      return "nothing";
  }
}

constexpr unsigned max_depth = 64;

// Throws for a key that stands twice in one map: yaml-cpp would silently keep one of them. Also for a node
// that contains itself by an alias, which nothing could walk through.
void reject_duplicate_keys(const YAML::Node& node, const std::string& file, unsigned depth = 0) {
  if (depth > max_depth) {
    throw ConfigError(fmt::format("{}: more than {} levels deep, or contains itself by an alias",
                                  position(file, node.Mark()), max_depth));
  }
  if (node.IsMap()) {
    std::set<std::string> seen;
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) {
        throw ConfigError(fmt::format("{}: expected a word as key, got {}",
                                      position(file, entry.first.Mark()), describe(entry.first)));
      }
      if (!seen.insert(entry.first.Scalar()).second) {
        throw ConfigError(fmt::format("{}: key '{}': given twice in one map; remove one of the two",
                                      position(file, entry.first.Mark()), entry.first.Scalar()));
      }
      reject_duplicate_keys(entry.second, file, depth + 1);
    }
  } else if (node.IsSequence()) {
    for (const auto& item : node) reject_duplicate_keys(item, file, depth + 1);
  }
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substitute = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      diagonal = row[j];
      row[j] = std::min({substitute, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

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
  std::ifstream stream(file);
  std::error_code ignored;
  if (!stream || std::filesystem::is_directory(file, ignored)) {
    const std::string why = stream ? "it is a folder" : std::strerror(errno);
    throw ConfigError(fmt::format("{}: cannot read the file: {}", file.string(), why));
  }
  std::ostringstream text;
  text << stream.rdbuf();
  return parse(text.str(), file.string());
}

ConfigNode ConfigNode::parse(std::string_view text, const std::string& name) {
  auto state = std::make_shared<State>();
  state->file = name;
  try {
    state->node = YAML::Load(std::string{text});
  } catch (const YAML::ParserException& e) {
    throw ConfigError(fmt::format("{}: not valid YAML: {}", position(name, e.mark), e.msg));
  }
  reject_duplicate_keys(state->node, name);
  return ConfigNode{std::move(state)};
}

std::string ConfigNode::place() const { return position(state_->file, state_->node.Mark()); }

ConfigError ConfigNode::error(std::string_view message) const {
  const std::string where = place();
  if (state_->key_path.empty()) return ConfigError(fmt::format("{}: {}", where, message));
  return ConfigError(fmt::format("{}: key '{}': {}", where, state_->key_path, message));
}

ConfigError ConfigNode::expected(std::string_view what) const {
  return error(fmt::format("expected {}, got {}", what, describe(state_->node)));
}

void ConfigNode::require_map() const {
  if (!state_->node.IsMap()) throw expected("a map (key: value)");
}

ConfigNode ConfigNode::child(const std::string& key) const {
  for (const auto& [name, state] : state_->children) {
    if (name == key) return ConfigNode{state};
  }
  auto state = std::make_shared<State>();
  state->node = state_->node[key];
  state->file = state_->file;
  state->key_path = state_->key_path.empty() ? key : state_->key_path + "." + key;
  state_->children.emplace_back(key, state);
  return ConfigNode{std::move(state)};
}

std::optional<ConfigNode> ConfigNode::find(const std::string& key) const {
  require_map();
  state_->asked_for.insert(key);
  const YAML::Node& map = state_->node;
  if (!map[key]) return std::nullopt;
  return child(key);
}

ConfigNode ConfigNode::at(const std::string& key) const {
  auto found = find(key);
  if (!found) {
    const std::string path = state_->key_path.empty() ? key : state_->key_path + "." + key;
    throw ConfigError(
        fmt::format("{}: key '{}': missing; add it here", position(state_->file, state_->node.Mark()), path));
  }
  return *found;
}

std::vector<ConfigNode> ConfigNode::items() const {
  if (!state_->node.IsSequence()) throw expected("a list");
  std::vector<ConfigNode> result;
  for (std::size_t i = 0; i < state_->node.size(); ++i) {
    auto state = std::make_shared<State>();
    state->node = state_->node[i];
    state->file = state_->file;
    state->key_path = fmt::format("{}[{}]", state_->key_path, i);
    result.push_back(ConfigNode{std::move(state)});
  }
  return result;
}

std::vector<std::string> ConfigNode::keys() const {
  require_map();
  std::vector<std::string> result;
  for (const auto& entry : state_->node) {
    result.push_back(entry.first.Scalar());
    state_->asked_for.insert(result.back());
  }
  return result;
}

bool ConfigNode::is_map() const { return state_->node.IsMap(); }
bool ConfigNode::is_sequence() const { return state_->node.IsSequence(); }
bool ConfigNode::is_scalar() const { return state_->node.IsScalar(); }

std::string ConfigNode::as_string() const {
  if (!state_->node.IsScalar()) throw expected("a word or text");
  return state_->node.Scalar();
}

bool ConfigNode::as_bool() const {
  if (state_->node.IsScalar()) {
    if (state_->node.Scalar() == "true") return true;
    if (state_->node.Scalar() == "false") return false;
  }
  throw expected("true or false");
}

std::uint64_t ConfigNode::as_unsigned(std::uint64_t low, std::uint64_t high) const {
  if (state_->node.IsScalar()) {
    const auto value = parse_integer<std::uint64_t>(state_->node.Scalar());
    if (value && *value >= low && *value <= high) return *value;
  }
  throw expected(high == UINT64_MAX ? fmt::format("a whole number of at least {}", low)
                                    : fmt::format("a whole number from {} to {}", low, high));
}

std::int64_t ConfigNode::as_signed(std::int64_t low, std::int64_t high) const {
  if (state_->node.IsScalar()) {
    const auto value = parse_integer<std::int64_t>(state_->node.Scalar());
    if (value && *value >= low && *value <= high) return *value;
  }
  throw expected(fmt::format("a whole number from {} to {}", low, high));
}

double ConfigNode::as_number(double low, double high) const {
  if (state_->node.IsScalar()) {
    const std::string& text = state_->node.Scalar();
    double value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = failure == std::errc{} && end == text.data() + text.size();
    if (whole && std::isfinite(value) && value >= low && value <= high) return value;
  }
  throw expected(fmt::format("a number from {} to {}", low, high));
}

std::string ConfigNode::as_choice(std::initializer_list<std::string_view> choices) const {
  if (state_->node.IsScalar() &&
      std::find(choices.begin(), choices.end(), state_->node.Scalar()) != choices.end()) {
    return state_->node.Scalar();
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
  for (const auto& entry : state_->node) {
    const std::string& key = entry.first.Scalar();
    if (state_->asked_for.contains(key)) continue;
    const auto nearest = std::min_element(
        state_->asked_for.begin(), state_->asked_for.end(),
        [&](const auto& a, const auto& b) { return edit_distance(a, key) < edit_distance(b, key); });
    std::string cure = fmt::format("expected one of: {}", fmt::join(state_->asked_for, ", "));
    if (nearest != state_->asked_for.end() && edit_distance(*nearest, key) <= 2) {
      cure = fmt::format("did you mean '{}'?", *nearest);
    }
    const std::string path = state_->key_path.empty() ? key : state_->key_path + "." + key;
    throw ConfigError(
        fmt::format("{}: key '{}': unknown; {}", position(state_->file, entry.first.Mark()), path, cure));
  }
}

}  // namespace ipusim::config
