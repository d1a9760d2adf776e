// SPDX-License-Identifier: Apache-2.0
// How each pattern is read. A new one is a row more.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "ipusim/config/nearest_name.hpp"
#include "pattern_reader.hpp"

namespace ipusim::exchange_planner {
namespace {

using config::ConfigNode;

template <class Group>
Pattern read_group(const PatternReader& in) {
  return Group{.groups = in.groups(),
               .words = in.number("words", 1),
               .source = in.symbol("source"),
               .destination = in.symbol("destination"),
               .where = in.places()};
}

template <class Kind>
Pattern read_rooted(const PatternReader& in) {
  Kind result;
  result.groups = in.groups();
  result.root = in.number("root", 0, 0);
  result.words = in.number("words", 1);
  result.source = in.symbol("source");
  result.destination = in.symbol("destination");
  result.where = in.places();
  return result;
}

Pattern read_transpose(const PatternReader& in) {
  const auto grid = in.numbers("grid");
  if (grid.size() != 2) throw in.map().at("grid").error("expected rows and columns, such as [32, 46]");
  return Transpose{.tiles = in.tiles("tiles"),
                   .rows = grid[0],
                   .columns = grid[1],
                   .words = in.number("words", 1),
                   .source = in.symbol("source"),
                   .destination = in.symbol("destination"),
                   .where = in.places()};
}

Face read_face(const PatternReader& in) {
  Face face{.to = {},
            .words = in.number("words", 1),
            .source_offset = in.offset("source_offset"),
            .destination_offset = in.offset("destination_offset"),
            .count = in.number("count", 1, 1),
            .source_step = in.offset("source_step"),
            .destination_step = in.offset("destination_step")};
  for (const ConfigNode& item : in.map().at("to").items())
    face.to.push_back(static_cast<std::int32_t>(item.as_signed(-1'000'000, 1'000'000)));
  in.map().reject_unknown_keys();
  return face;
}

Pattern read_halo(const PatternReader& in) {
  Halo halo{.tiles = in.tiles("tiles"),
            .extents = in.numbers("grid"),
            .periodic = {},
            .faces = {},
            .source = in.symbol("source"),
            .destination = in.symbol("destination"),
            .where = in.places()};
  halo.periodic.assign(halo.extents.size(), false);
  if (const auto periodic = in.map().find("periodic")) {
    if (periodic->is_sequence()) {
      halo.periodic.clear();
      for (const ConfigNode& item : periodic->items()) halo.periodic.push_back(item.as_bool());
    } else {
      halo.periodic.assign(halo.extents.size(), periodic->as_bool());
    }
  }
  for (const ConfigNode& item : in.map().at("faces").items())
    halo.faces.push_back(read_face(in.within(item)));
  return halo;
}

Pattern read_permutation(const PatternReader& in) {
  Permutation result{.tiles = in.tiles("tiles"),
                     .to = {},
                     .words = in.number("words", 1),
                     .source = in.symbol("source"),
                     .destination = in.symbol("destination"),
                     .where = in.places()};
  if (int{in.has("to")} + int{in.has("to_file")} + int{in.has("seed")} != 1)
    throw in.map().error("expected one of `to`, `to_file` and `seed`");
  if (in.has("to")) {
    result.to = in.numbers("to");
  } else if (in.has("to_file")) {
    result.to = in.table("to_file").numbers;
  } else {
    result.to = drawn_permutation(result.tiles.size(), in.number("seed", 0));
  }
  return result;
}

Pattern read_many_to_many(const PatternReader& in) {
  ManyToMany result{.senders = in.tiles("senders"),
                    .receivers = in.tiles("receivers"),
                    .words = {},
                    .source = in.symbol("source"),
                    .destination = in.symbol("destination"),
                    .where = in.places()};
  if (in.has("words") == in.has("words_file"))
    throw in.map().error("expected either `words` or `words_file`");
  if (in.has("words")) {
    result.words = {in.number("words", 1)};
  } else {
    result.words = in.table("words_file", result.receivers.size()).numbers;
  }
  return result;
}

Message read_message(const PatternReader& in) {
  Message message{.from = in.tile("from"),
                  .to = in.tiles("to"),
                  .words = in.number("words", 1),
                  .source = in.symbol("source"),
                  .source_offset = in.offset("source_offset"),
                  .destination = in.symbol("destination"),
                  .destination_offset = in.offset("destination_offset"),
                  .where = in.places()};
  if (std::find(message.to.begin(), message.to.end(), message.from) != message.to.end()) {
    throw in.map().at("to").error(
        fmt::format("tile {} sends to itself; copy the words instead", in.name(message.from)));
  }
  in.map().reject_unknown_keys();
  return message;
}

MessageTable read_message_table(const PatternReader& in) {
  constexpr std::size_t columns = 5;  // from, to, words, source_offset, destination_offset
  const auto table = in.table("messages_file", columns);
  MessageTable result{.lines = {},
                      .source = in.symbol("source"),
                      .destination = in.symbol("destination"),
                      .where = in.places()};
  result.lines.reserve(table.rows);
  for (std::size_t i = 0; i < table.rows; ++i) {
    const std::uint32_t* row = &table.numbers[i * columns];
    for (const std::uint32_t tile : {row[0], row[1]}) {
      if (tile >= in.system_tiles()) {
        throw in.map()
            .at("messages_file")
            .error(fmt::format("line {}: there is no tile {}: the system has tiles 0 to {}", i, tile,
                               in.system_tiles() - 1));
      }
    }
    result.lines.push_back({TileIndex{row[0]}, TileIndex{row[1]}, row[2], row[3], row[4]});
  }
  return result;
}

Pattern read_messages(const PatternReader& in) {
  if (in.has("messages_file")) {
    if (const auto list = in.map().find("messages")) throw list->error("the messages are in `messages_file`");
    return read_message_table(in);
  }
  Messages result;
  for (const ConfigNode& item : in.map().at("messages").items())
    result.messages.push_back(read_message(in.within(item)));
  return result;
}

struct Row {
  std::string_view name;
  Pattern (*read)(const PatternReader& in);
};
constexpr std::array table{Row{AllGather::name(), read_group<AllGather>},
                           Row{AllToAll::name(), read_group<AllToAll>},
                           Row{Broadcast::name(), read_rooted<Broadcast>},
                           Row{Gather::name(), read_rooted<Gather>},
                           Row{Scatter::name(), read_rooted<Scatter>},
                           Row{Transpose::name(), read_transpose},
                           Row{Halo::name(), read_halo},
                           Row{Permutation::name(), read_permutation},
                           Row{ManyToMany::name(), read_many_to_many},
                           Row{Messages::name(), read_messages}};

}  // namespace

Pattern read_pattern(const PatternReader& reader) {
  const ConfigNode node = reader.map().at("pattern");
  const std::string name = node.as_string();
  const auto row = std::find_if(table.begin(), table.end(), [&](const Row& r) { return r.name == name; });
  if (row == table.end()) {
    std::vector<std::string> known;
    for (const Row& r : table) known.emplace_back(r.name);
    const auto nearest = config::nearest_name(name, known);
    throw node.error(fmt::format("there is no pattern '{}'{}; there are {}", name,
                                 nearest ? fmt::format(", did you mean '{}'?", *nearest) : std::string{},
                                 fmt::join(known, ", ")));
  }
  Pattern pattern = row->read(reader);
  if (const std::string problem = pattern.problem(); !problem.empty()) throw reader.map().error(problem);
  return pattern;
}

}  // namespace ipusim::exchange_planner
