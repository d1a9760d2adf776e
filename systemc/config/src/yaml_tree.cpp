// SPDX-License-Identifier: Apache-2.0
#include "yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>

#include "ipusim/config/config_node.hpp"
#include "ipusim/config/text_file.hpp"
#include "yaml_text.hpp"

namespace ipusim::config {
namespace {

constexpr unsigned max_depth = 64;
constexpr std::uint64_t max_weight = std::uint64_t{64} << 20U;
constexpr std::uint64_t node_weight = 64;  // about what one takes, text aside
constexpr std::string_view merge_key = "<<";

Position position_of(const YAML::Mark& mark) {
  return mark.is_null() ? Position{} : Position{mark.line + 1, mark.column + 1};
}

// Builds the tree from the parser's events. The parser itself keeps only what is open.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const std::string& file) : file_(file) {}

  YamlPointer root() const { return root_ ? root_ : std::make_shared<const YamlNode>(); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (std::exchange(begun_, true)) {
      fail(position_of(mark),
           "a second YAML document begins here; a file holds one: make two files of it, or remove the `---`");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(leaf(mark, YamlNode::Kind::null), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    auto node = leaf(mark, YamlNode::Kind::scalar);
    node->plain = tag != "!";
    node->text = value;
    node->weight += value.size();
    finish(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) fail(position_of(mark), "this alias stands within what it stands for");
    add(found->second, position_of(mark));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, anchor, YamlNode::Kind::sequence);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, anchor, YamlNode::Kind::map);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override {
    reject_duplicate_keys(*open_.back().node);
    merge(*open_.back().node);
    for (const YamlEntry& entry : open_.back().node->entries) {
      open_.back().node->by_key.emplace(entry.key, entry.value);
    }
    close();
  }

 private:
  struct Open {
    std::shared_ptr<YamlNode> node;
    YAML::anchor_t anchor;
    bool has_key = false;  // of a map: the next node is the value of `key`
    bool merges = false;
    YamlEntry key{};
  };

  [[noreturn]] void fail(Position position, const std::string& message) const {
    throw ConfigError(fmt::format("{}: {}", to_string(file_, position), message));
  }

  static std::shared_ptr<YamlNode> leaf(const YAML::Mark& mark, YamlNode::Kind kind) {
    auto node = std::make_shared<YamlNode>();
    node->kind = kind;
    node->position = position_of(mark);
    node->weight = node_weight;
    return node;
  }

  void open(const YAML::Mark& mark, YAML::anchor_t anchor, YamlNode::Kind kind) {
    open_.push_back({leaf(mark, kind), anchor});
    check_depth(0, position_of(mark));
  }
  void close() {
    const Open done = std::move(open_.back());
    open_.pop_back();
    finish(done.node, done.anchor);
  }
  void finish(YamlPointer node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    add(node, node->position);
  }

  void check_depth(std::size_t height, Position position) const {
    if (open_.size() + height > max_depth) fail(position, fmt::format("more than {} levels deep", max_depth));
  }

  // A finished node becomes part of the innermost open one.
  void add(const YamlPointer& node, Position position) {
    check_depth(node->height, position);
    if (open_.empty()) {
      root_ = node;
      return;
    }
    Open& parent = open_.back();
    grow(*parent.node, *node, position);
    if (parent.node->kind == YamlNode::Kind::sequence) {
      parent.node->items.push_back(node);
    } else if (!parent.has_key) {
      if (node->kind != YamlNode::Kind::scalar) {
        fail(position, "expected a word as key, got " + describe(*node));
      }
      parent.key = {node->text, position, nullptr};
      parent.has_key = true;
      parent.merges = node->plain && node->text == merge_key;
    } else {
      parent.key.value = node;
      parent.has_key = false;
      auto& list = parent.merges ? merged_[parent.node.get()] : parent.node->entries;
      list.push_back(std::move(parent.key));
    }
  }

  // An open node's own weight counts only once it is closed, so the limit is looked at on all levels: what is
  // open weighs together no more than its parts, each of which was looked at.
  void grow(YamlNode& parent, const YamlNode& child, Position position) {
    parent.height = std::max(parent.height, child.height + 1);
    parent.weight += child.weight;
    if (parent.weight > max_weight) {
      fail(position, fmt::format("more than {} MiB with every alias written out; put many numbers into files "
                                 "of their own, and use fewer aliases",
                                 max_weight >> 20U));
    }
  }

  void reject_duplicate_keys(const YamlNode& map) const {
    std::set<std::string_view> seen;
    const auto check = [&](const std::vector<YamlEntry>& entries) {
      for (const YamlEntry& entry : entries) {
        if (!seen.insert(entry.key).second) {
          fail(entry.position,
               fmt::format("key {}: given twice in one map; remove one of the two", in_quotes(entry.key)));
        }
      }
    };
    check(map.entries);
    if (const auto found = merged_.find(&map); found != merged_.end()) {
      seen.erase(merge_key);  // the same text in quotes is another key
      check(found->second);
    }
  }

  // Adds what `<<: *a` or `<<: [*a, *b]` names: keys the map gives itself stand, and of two maps the first.
  void merge(YamlNode& map) {
    const auto found = merged_.find(&map);
    if (found == merged_.end()) return;
    const YamlEntry& entry = found->second.front();
    const bool is_list = entry.value->kind == YamlNode::Kind::sequence;
    const std::vector<YamlPointer> sources = is_list ? entry.value->items : std::vector{entry.value};
    std::set<std::string, std::less<>> known;
    for (const YamlEntry& own : map.entries) known.insert(own.key);
    for (const YamlPointer& source : sources) {
      if (source->kind != YamlNode::Kind::map) {
        fail(entry.position, "a merge key (<<) takes a map or a list of maps, got " + describe(*source));
      }
      for (const YamlEntry& item : source->entries) {
        if (known.insert(item.key).second) map.entries.push_back(item);
      }
    }
    merged_.erase(found);
  }

  const std::string& file_;
  YamlPointer root_;
  bool begun_ = false;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlPointer> anchors_;  // of finished nodes
  std::map<const YamlNode*, std::vector<YamlEntry>> merged_;
};

}  // namespace

std::string describe(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::map:
      return "a map";
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::scalar:
      return in_quotes(node.text);
    case YamlNode::Kind::null:
      break;
  }
  return "nothing";
}

YamlPointer YamlNode::find(std::string_view key) const {
  const auto found = by_key.find(key);
  return found == by_key.end() ? nullptr : found->second;
}

std::string to_string(const std::string& file, Position position) {
  return position.line == 0 ? file : fmt::format("{}:{}:{}", file, position.line, position.column);
}

YamlPointer parse_yaml(std::string_view text, const std::string& name) {
  check_yaml_text(text, name);
  std::istringstream stream{std::string{text}};
  TreeBuilder builder(name);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    throw ConfigError(
        fmt::format("{}: not valid YAML: {}", to_string(name, position_of(error.mark)), error.msg));
  }
  return builder.root();
}

}  // namespace ipusim::config
