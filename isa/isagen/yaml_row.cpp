// SPDX-License-Identifier: Apache-2.0
#include "yaml_row.hpp"

#include <fmt/format.h>

#include <charconv>

namespace ipusim::isagen {

SourceLine place_in(const std::string& file, const YAML::Mark& mark) { return {file, mark.line + 1}; }

std::optional<YAML::Node> load_yaml(const std::string& file, Diagnostics& diagnostics) {
  try {
    return YAML::LoadFile(file);
  } catch (const YAML::BadFile&) {
    diagnostics.error({file, 0}, "cannot be read");
  } catch (const YAML::Exception& error) {
    diagnostics.error(place_in(file, error.mark), fmt::format("not valid YAML: {}", error.msg));
  }
  return std::nullopt;
}

Row::Row(const YAML::Node& node, SourceLine where, std::string name, Diagnostics& diagnostics)
    : node_(node), where_(std::move(where)), name_(std::move(name)), diagnostics_(diagnostics) {
  if (!node_.IsMap()) fail("a mapping of keys is expected here");
}

std::string Row::text(const char* key) {
  const YAML::Node value = field(key);
  if (!ok_) return {};
  if (value.IsScalar()) return value.Scalar();
  fail(fmt::format("key '{}' must be a single value", key));
  return {};
}

std::string Row::text_or(const char* key, const char* otherwise) {
  return ok_ && !has(key) ? otherwise : text(key);
}

std::uint32_t Row::number(const char* key) {
  const std::string value = text(key);
  if (!ok_) return 0;
  const bool hex = value.starts_with("0x");
  const char* begin = value.data() + (hex ? 2 : 0);
  const char* end = value.data() + value.size();
  std::uint32_t result = 0;
  const auto [stop, status] = std::from_chars(begin, end, result, hex ? 16 : 10);
  if (begin == end || stop != end || status != std::errc{})
    fail(fmt::format("key '{}': '{}' is not a 32-bit number", key, value));
  return result;
}

std::uint32_t Row::number_or(const char* key, std::uint32_t otherwise) {
  return ok_ && !has(key) ? otherwise : number(key);
}

bool Row::has(const char* key) {
  known_.insert(key);
  return ok_ && node_[key];
}

std::optional<YAML::Node> Row::node(const char* key) {
  const YAML::Node value = field(key);
  return ok_ ? std::optional(value) : std::nullopt;
}

std::vector<std::string> Row::list(const char* key) {
  std::vector<std::string> items;
  const auto value = node(key);
  if (!value) return items;
  if (!value->IsSequence()) {
    fail(fmt::format("key '{}' must be a list", key));
    return items;
  }
  for (const YAML::Node& item : *value) {
    if (!item.IsScalar()) {
      fail(fmt::format("key '{}' must be a list of single values", key));
      return items;
    }
    items.push_back(item.Scalar());
  }
  return items;
}

std::vector<NamedText> Row::named_texts(const char* key) {
  std::vector<NamedText> texts;
  const auto value = node(key);
  if (!value) return texts;
  if (!value->IsMap()) {
    fail(fmt::format("key '{}' must be a mapping of names to texts", key));
    return texts;
  }
  std::set<std::string> seen;
  for (const auto& entry : *value) {
    if (!entry.first.IsScalar() || !entry.second.IsScalar()) {
      fail(fmt::format("key '{}' must be a mapping of names to texts", key));
      return texts;
    }
    if (!seen.insert(entry.first.Scalar()).second)
      fail(fmt::format("key '{}': '{}' stands twice", key, entry.first.Scalar()));
    texts.push_back({entry.first.Scalar(), entry.second.Scalar()});
  }
  return texts;
}

void Row::reject_other_keys() {
  if (!ok_) return;
  std::set<std::string, std::less<>> seen;
  for (const auto& entry : node_) {
    const std::string& key = entry.first.Scalar();
    if (!known_.contains(key)) fail(fmt::format("unknown key '{}'", key));
    if (!seen.insert(key).second) fail(fmt::format("key '{}' stands twice", key));
  }
}

void Row::fail(const std::string& message) {
  ok_ = false;
  diagnostics_.error(where_, name_.empty() ? message : fmt::format("{}: {}", name_, message));
}

YAML::Node Row::field(const char* key) {
  known_.insert(key);
  if (!ok_) return {};
  const YAML::Node value = node_[key];
  if (!value) fail(fmt::format("key '{}' is missing", key));
  return value ? value : YAML::Node{};
}

void Row::fail_choice(const char* key, const std::string& name) {
  fail(fmt::format("key '{}': unknown value '{}'", key, name));
}

}  // namespace ipusim::isagen
