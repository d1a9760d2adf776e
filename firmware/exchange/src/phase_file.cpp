// SPDX-License-Identifier: Apache-2.0
#include "ipusim/exchange_planner/phase_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "ipusim/config/nearest_name.hpp"
#include "ipusim/exchange_planner/phase_chips.hpp"
#include "patterns/pattern_reader.hpp"

namespace ipusim::exchange_planner {
namespace {

using config::ConfigNode;
using config::TileNames;

// The nearest phase of that name above.
const Phase& named_above(const ConfigNode& node, const std::vector<Phase>& above) {
  const std::string name = node.as_string();
  const auto found =
      std::find_if(above.rbegin(), above.rend(), [&](const Phase& phase) { return phase.name == name; });
  if (found != above.rend()) return *found;
  std::vector<std::string> known;
  for (const Phase& phase : above) known.push_back(phase.name);
  const auto nearest = config::nearest_name(name, known);
  throw node.error(fmt::format("no phase above this one has the name '{}'{}", name,
                               nearest ? fmt::format("; did you mean '{}'?", *nearest) : std::string{}));
}

// The messages of the other phase, with this one's symbols.
Pattern read_same(const PatternReader& in, const Phase& other) {
  if (const auto pattern = in.map().find("pattern"))
    throw pattern->error("`same_as` says the pattern already; leave it out");
  Renamed renamed{.pattern = other.pattern, .where = in.places()};
  if (in.has("source")) renamed.source = in.symbol("source");
  if (in.has("destination")) renamed.destination = in.symbol("destination");
  if (const auto symbols = in.map().find("symbols")) {
    renamed.where = {symbols->source(), symbols->source()};
    for (const std::string& old : symbols->keys()) {
      const std::string name = symbols->at(old).as_string();
      if (!is_symbol(name)) throw symbols->at(old).error(fmt::format("'{}' is no name for a symbol", name));
      renamed.symbols[old] = name;
    }
  }
  return renamed;
}

Phase read_phase(const ConfigNode& node, const TileNames& names, const std::vector<Phase>& above) {
  Phase phase{.name = node.at("name").as_string(), .where = node.source()};
  if (!is_identifier(phase.name)) {
    throw node.at("name").error(fmt::format(
        "expected letters, digits and underscores, as the function is called exchange_NAME; got '{}'",
        phase.name));
  }
  if (const auto bases = node.find("bases")) {
    phase.bases = bases->as_choice({"symbols", "caller"}) == "caller" ? Bases::caller : Bases::symbols;
  }
  const PatternReader in(node, names, phase.bases);
  if (const auto width = node.find("width")) {
    const std::string text = width->as_choice({"32", "64", "auto"});
    phase.width = text == "32" ? Width::bits32 : text == "64" ? Width::bits64 : Width::automatic;
  }
  if (const auto elements = node.find("elements")) {
    const std::string text = elements->as_choice({"warn", "error", "avoid"});
    phase.elements = text == "warn" ? Elements::warn : text == "error" ? Elements::error : Elements::avoid;
  }
  phase.max_code_bytes = in.number("max_code_bytes", 1, 0);
  if (const auto other = node.find("same_as")) {
    for (const char* key : {"width", "max_code_bytes"})
      if (const auto own = node.find(key))
        throw own->error("`same_as` has the rows of the other phase; leave it out");
    if (phase.elements == Elements::avoid)
      throw node.at("elements").error("`same_as` has the rows of the other phase; say `avoid` there");
    const Phase& same = named_above(*other, above);
    phase.same_as = same.name;
    phase.pattern = read_same(in, same);
  } else {
    phase.pattern = read_pattern(in);
  }
  node.reject_unknown_keys();
  return phase;
}

}  // namespace

std::vector<Phase> parse_phases(const config::ConfigNode& list, const TileNames& names) {
  std::vector<Phase> phases;
  std::set<std::pair<ChipIndex, std::string>> taken;
  for (const ConfigNode& item : list.items()) {
    phases.push_back(read_phase(item, names, phases));
    if (!taken.insert({chip_of(phases.back(), names), phases.back().name}).second) {
      throw item.at("name").error(fmt::format("there is a phase '{}' already", phases.back().name));
    }
  }
  return phases;
}

}  // namespace ipusim::exchange_planner
