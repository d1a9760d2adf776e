// SPDX-License-Identifier: Apache-2.0
// Patterns that say tile by tile who sends what to whom.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "ipusim/exchange_planner/patterns.hpp"

namespace ipusim::exchange_planner {
namespace {

std::string repeated(std::vector<TileIndex> tiles, const char* among) {
  std::sort(tiles.begin(), tiles.end());
  const auto twice = std::adjacent_find(tiles.begin(), tiles.end());
  if (twice == tiles.end()) return {};
  return fmt::format("tile {} is named twice among the {}", twice->value(), among);
}

}  // namespace

std::string Permutation::problem() const {
  if (std::string text = repeated(tiles, "tiles"); !text.empty()) return text;
  if (to.size() != tiles.size()) {
    return fmt::format("the permutation has {} entries for {} tiles; give one for each", to.size(),
                       tiles.size());
  }
  std::vector<bool> taken(to.size(), false);
  for (const std::uint32_t k : to) {
    if (k >= to.size()) {
      return fmt::format("the permutation names the {}-th of {} tiles; the first is 0", k, to.size());
    }
    if (taken[k]) return fmt::format("the permutation names the {}-th tile twice; each is named once", k);
    taken[k] = true;
  }
  return {};
}

void Permutation::expand(MessageSink& sink) const {
  for (std::size_t k = 0; k < tiles.size(); ++k) {
    if (to[k] == k) continue;
    sink.message(tiles[k], {&tiles[to[k]], 1}, words, {source, 0, where.source},
                 {destination, 0, where.destination});
  }
}

std::vector<std::uint32_t> drawn_permutation(std::size_t count, std::uint32_t seed) {
  std::vector<std::uint32_t> to(count);
  std::iota(to.begin(), to.end(), 0U);
  std::mt19937 random(seed);
  for (std::size_t i = count; i-- > 1;) {
    const std::size_t j = (std::uint64_t{random()} * i) >> 32U;
    std::swap(to[i], to[j]);
  }
  return to;
}

std::string ManyToMany::problem() const {
  if (senders.empty() || receivers.empty()) return "nobody sends or nobody receives; name both";
  if (std::string text = repeated(senders, "senders"); !text.empty()) return text;
  if (std::string text = repeated(receivers, "receivers"); !text.empty()) return text;
  if (words.size() != 1 && words.size() != senders.size() * receivers.size()) {
    return fmt::format(
        "there are {} numbers of words for {} senders and {} receivers; give one for each pair", words.size(),
        senders.size(), receivers.size());
  }
  return {};
}

void ManyToMany::expand(MessageSink& sink) const {
  std::vector<std::uint64_t> destination_offsets(receivers.size(), 0);
  for (std::size_t k = 0; k < senders.size(); ++k) {
    std::uint64_t source_offset = 0;
    for (std::size_t j = 0; j < receivers.size(); ++j) {
      const std::uint32_t block = words.size() == 1 ? words[0] : words[k * receivers.size() + j];
      if (block != 0 && senders[k] != receivers[j]) {
        sink.message(senders[k], {&receivers[j], 1}, block, {source, source_offset, where.source},
                     {destination, destination_offsets[j], where.destination});
      }
      source_offset += 4 * std::uint64_t{block};
      destination_offsets[j] += 4 * std::uint64_t{block};
    }
  }
}

void Messages::expand(MessageSink& sink) const {
  for (const Message& m : messages) {
    sink.message(m.from, m.to, m.words, {m.source, m.source_offset, m.where.source},
                 {m.destination, m.destination_offset, m.where.destination});
  }
}

void MessageTable::expand(MessageSink& sink) const {
  std::vector<TileIndex> to;
  for (std::size_t i = 0; i < lines.size();) {
    const Line& first = lines[i];
    to.clear();
    for (; i < lines.size(); ++i) {
      Line same = first;
      same.to = lines[i].to;
      if (same != lines[i]) break;
      to.push_back(same.to);
    }
    sink.message(first.from, to, first.words, {source, first.source_offset, where.source},
                 {destination, first.destination_offset, where.destination});
  }
}

void Renamed::expand(MessageSink& sink) const {
  class Rename final : public MessageSink {
   public:
    Rename(MessageSink& sink, const Renamed& names) : sink_(sink), names_(names) {}
    void message(TileIndex from, std::span<const TileIndex> to, std::uint32_t words, const Location& source,
                 const Location& destination) override {
      sink_.message(from, to, words, renamed(source, names_.source, names_.where.source),
                    renamed(destination, names_.destination, names_.where.destination));
    }

   private:
    Location renamed(const Location& old, const std::string& all, const config::SourcePlace& where) const {
      if (!all.empty()) return {all, old.offset, where};
      const auto found = names_.symbols.find(old.symbol);
      return found == names_.symbols.end() ? old : Location{found->second, old.offset, where};
    }
    MessageSink& sink_;
    const Renamed& names_;
  } rename(sink, *this);
  pattern.expand(rename);
}

}  // namespace ipusim::exchange_planner
