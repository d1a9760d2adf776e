// SPDX-License-Identifier: Apache-2.0
#include "dropping.hpp"

#include <fmt/format.h>

#include <deque>
#include <map>
#include <utility>

namespace ipusim::toolchain {
namespace {

constexpr std::string_view once_prefix = ".gnu.linkonce.";

using SectionId = std::pair<std::size_t, std::size_t>;  // object, section

// What can be reached from some sections and names.
class Reachable {
 public:
  explicit Reachable(const std::vector<InputObject>& objects) : objects_(objects), marked_(objects.size()) {
    for (std::size_t o = 0; o < objects.size(); ++o) {
      marked_[o].resize(objects[o].sections.size());
      for (const InputSymbol& symbol : objects[o].symbols) {
        if (symbol.local || symbol.kind != InputSymbol::Kind::in_section) continue;
        const auto [known, inserted] =
            definitions_.try_emplace(symbol.name, Definition{{o, symbol.section}, symbol.weak});
        if (!inserted && known->second.weak && !symbol.weak) known->second = {{o, symbol.section}, false};
      }
      for (std::size_t s = 0; s < objects[o].sections.size(); ++s)
        if (objects[o].sections[s].retained) mark({o, s});
      for (std::size_t g = 0; g < objects[o].groups.size(); ++g)
        for (const std::size_t member : objects[o].groups[g].sections) groups_[{o, member}].push_back(g);
    }
  }

  void mark_name(const std::string& name) {
    if (const auto found = definitions_.find(name); found != definitions_.end()) mark(found->second.section);
    for (const std::string_view prefix : {"__start_", "__stop_"})
      if (name.starts_with(prefix)) mark_sections(name.substr(prefix.size()));
  }
  // Follows everything marked so far.
  void follow() {
    while (!open_.empty()) {
      const auto [object, section] = open_.front();
      open_.pop_front();
      for (const std::size_t group : groups_[{object, section}])
        for (const std::size_t member : objects_[object].groups[group].sections) mark({object, member});
      for (const InputRelocation& relocation : objects_[object].sections[section].relocations) {
        const InputSymbol& symbol = objects_[object].symbols[relocation.symbol];
        if (symbol.local && symbol.kind == InputSymbol::Kind::in_section)
          mark({object, symbol.section});
        else if (!symbol.local)
          mark_name(symbol.name);
      }
    }
  }
  bool has(std::size_t object, std::size_t section) const { return marked_[object][section]; }

 private:
  struct Definition {
    SectionId section;
    bool weak;
  };

  void mark(SectionId id) {
    const InputSection& section = objects_[id.first].sections[id.second];
    if (!section.dropped.empty() || !section.allocated || marked_[id.first][id.second]) return;
    marked_[id.first][id.second] = true;
    open_.push_back(id);
  }
  void mark_sections(const std::string& name) {
    for (std::size_t o = 0; o < objects_.size(); ++o)
      for (std::size_t s = 0; s < objects_[o].sections.size(); ++s)
        if (objects_[o].sections[s].name == name) mark({o, s});
  }

  const std::vector<InputObject>& objects_;
  std::vector<std::vector<bool>> marked_;
  std::map<std::string, Definition> definitions_;
  std::map<SectionId, std::vector<std::size_t>> groups_;
  std::deque<SectionId> open_;
};

}  // namespace

void drop_section(InputObject& object, std::size_t index, const std::string& reason) {
  InputSection& section = object.sections[index];
  if (!section.dropped.empty()) return;
  section.dropped = reason;
  for (InputSymbol& symbol : object.symbols)
    if (symbol.kind == InputSymbol::Kind::in_section && symbol.section == index && !symbol.local)
      symbol.kind = InputSymbol::Kind::undefined;
}

void drop_duplicate_groups(std::vector<InputObject>& objects) {
  std::map<std::string, std::string> kept;  // signature -> object
  for (InputObject& object : objects) {
    std::vector<InputGroup> groups = object.groups;
    for (std::size_t s = 0; s < object.sections.size(); ++s)
      if (object.sections[s].name.starts_with(once_prefix))
        groups.push_back({object.sections[s].name, true, {s}});
    for (const InputGroup& group : groups) {
      if (!group.comdat) continue;
      const auto [known, inserted] = kept.try_emplace(group.signature, object.name);
      if (inserted) continue;
      for (const std::size_t section : group.sections)
        drop_section(object, section,
                     fmt::format("belongs to the group '{}', of which the copy in {} is linked",
                                 group.signature, known->second));
    }
  }
}

void drop_unused_sections(std::vector<InputObject>& objects, const LinkOptions& options) {
  Reachable reachable(objects);
  reachable.mark_name(options.entry);
  for (const std::string& name : options.undefined) reachable.mark_name(name);
  for (const auto& [name, alias] : options.aliases) reachable.mark_name(alias.symbol);
  reachable.follow();
  for (std::size_t o = 0; o < objects.size(); ++o)
    for (std::size_t s = 0; s < objects[o].sections.size(); ++s)
      if (objects[o].sections[s].allocated && !reachable.has(o, s))
        drop_section(objects[o], s, "is not used (--gc-sections)");
}

}  // namespace ipusim::toolchain
