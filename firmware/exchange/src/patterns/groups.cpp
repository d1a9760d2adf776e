// SPDX-License-Identifier: Apache-2.0
// Groups of tiles, and the patterns that go on within them.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include "ipusim/exchange_planner/patterns.hpp"

namespace ipusim::exchange_planner {
namespace {

std::uint64_t bytes_of(std::uint32_t words) { return 4 * std::uint64_t{words}; }

using Tiles = std::vector<TileIndex>;

Tiles without(const Tiles& tiles, std::size_t k) {
  Tiles others = tiles;
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(k));
  return others;
}

template <class Pattern>
Location source_of(const Pattern& p, std::uint64_t offset = 0) {
  return {p.source, offset, p.where.source};
}
template <class Pattern>
Location destination_of(const Pattern& p, std::uint64_t offset = 0) {
  return {p.destination, offset, p.where.destination};
}

// Calls use(group, k) for every tile of every group but the root.
template <class Use>
void for_others(const Rooted& pattern, const Use& use) {
  for (const Tiles& group : pattern.groups.members) {
    for (std::size_t k = 0; k < group.size(); ++k) {
      if (k != pattern.root) use(group, k);
    }
  }
}

}  // namespace

std::string Groups::problem() const {
  if (members.empty()) return "there is no group of tiles; name one";
  std::vector<TileIndex> all;
  for (const Tiles& group : members) {
    if (group.size() < 2) return "one tile alone has nobody to exchange with; name at least two";
    all.insert(all.end(), group.begin(), group.end());
  }
  std::sort(all.begin(), all.end());
  const auto twice = std::adjacent_find(all.begin(), all.end());
  if (twice == all.end()) return {};
  return fmt::format("tile {} is named twice among the groups; it can be in one only", twice->value());
}

Groups groups_of_grid(const std::vector<TileIndex>& tiles, const std::vector<std::uint32_t>& extents,
                      const std::vector<std::uint32_t>& along) {
  std::uint64_t count = 1;
  for (const std::uint32_t extent : extents) count *= extent;
  if (count != tiles.size()) {
    throw std::invalid_argument(fmt::format(
        "the grid has {} places, but there are {} tiles; name as many as it has", count, tiles.size()));
  }
  std::vector<bool> runs(extents.size(), false);
  for (const std::uint32_t axis : along) {
    if (axis >= extents.size()) {
      throw std::invalid_argument(
          fmt::format("there is no axis {}: the grid has axes 0 to {}", axis, extents.size() - 1));
    }
    runs[axis] = true;
  }
  // A group's number is the place in the grid that is left without the axes along.
  std::vector<Tiles> groups;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    std::size_t rest = i;
    std::size_t number = 0;
    std::size_t scale = 1;
    for (std::size_t axis = extents.size(); axis-- > 0; rest /= extents[axis]) {
      if (runs[axis]) continue;
      number += scale * (rest % extents[axis]);
      scale *= extents[axis];
    }
    if (number >= groups.size()) groups.resize(number + 1);
    groups[number].push_back(tiles[i]);
  }
  return Groups(std::move(groups));
}

void AllGather::expand(MessageSink& sink) const {
  for (const Tiles& group : groups.members) {
    for (std::size_t k = 0; k < group.size(); ++k) {
      sink.message(group[k], without(group, k), words, source_of(*this),
                   destination_of(*this, bytes_of(words) * k));
    }
  }
}

void AllToAll::expand(MessageSink& sink) const {
  for (const Tiles& group : groups.members) {
    for (std::size_t k = 0; k < group.size(); ++k) {
      for (std::size_t j = 0; j < group.size(); ++j) {
        if (j == k) continue;
        sink.message(group[k], {&group[j], 1}, words, source_of(*this, bytes_of(words) * j),
                     destination_of(*this, bytes_of(words) * k));
      }
    }
  }
}

std::string Rooted::problem() const {
  if (std::string text = groups.problem(); !text.empty()) return text;
  for (const Tiles& group : groups.members) {
    if (root >= group.size()) {
      return fmt::format("root {} is not in a group of {} tiles, whose first is 0", root, group.size());
    }
  }
  return {};
}

void Broadcast::expand(MessageSink& sink) const {
  for (const Tiles& group : groups.members) {
    sink.message(group[root], without(group, root), words, source_of(*this), destination_of(*this));
  }
}

void Gather::expand(MessageSink& sink) const {
  for_others(*this, [&](const Tiles& group, std::size_t k) {
    sink.message(group[k], {&group[root], 1}, words, source_of(*this),
                 destination_of(*this, bytes_of(words) * k));
  });
}

void Scatter::expand(MessageSink& sink) const {
  for_others(*this, [&](const Tiles& group, std::size_t k) {
    sink.message(group[root], {&group[k], 1}, words, source_of(*this, bytes_of(words) * k),
                 destination_of(*this));
  });
}

}  // namespace ipusim::exchange_planner
