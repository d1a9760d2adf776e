// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/debug/console.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

#include "ipusim/base/input_error.hpp"
#include "ipusim/config/tile_selection.hpp"

namespace ipusim::app {
namespace {

constexpr std::size_t any_number = SIZE_MAX;
constexpr std::uint32_t most_steps = 1'000'000'000;

std::vector<std::string> split(std::string_view line) {
  std::istringstream stream{std::string{line}};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<TileIndex> tiles_of(const PlaceOnTiles& places) {
  std::vector<TileIndex> tiles;
  for (const auto& place : places) tiles.push_back(place.first);
  return tiles;
}

}  // namespace

const std::vector<Console::Command>& Console::commands() {
  static const std::vector<Command> list{
      {"restart", "", "back to the start of the program; breakpoints stay", 0, 0, &Console::restart},
      {"continue c", "", "run until something is hit, or to the end", 0, 0, &Console::resume},
      {"step s", "[N]", "until the selected context has issued N more bundles (default 1)", 0, 1,
       &Console::step},
      {"until u", "EXPR", "continue from hit to hit until this is true, or to the end", 1, any_number,
       &Console::until},
      {"if", "EXPR COMMAND", "the command, if this is true", 2, any_number, &Console::only_if},
      {"cycles", "N", "run N cycles of the whole chip", 1, 1, &Console::cycles},
      {"goto", "CYCLE", "to this cycle, back or ahead, past everything that could be hit on the way", 1, 1,
       &Console::go_to},
      {"back", "[N]", "N cycles back (default 1), likewise", 0, 1, &Console::back},
      {"reverse-step rs", "[N]", "back to where the selected context issued its last N bundles (default 1)",
       0, 1, &Console::step_back},
      {"break b", "PLACE [in CONTEXT] [on TILES]", "stop before the instruction at PLACE issues", 1, 5,
       &Console::add_break},
      {"watch w", "PLACE [BYTES] [on TILES]",
       "stop after a store or an incoming word wrote there (default 4 bytes)", 1, 4, &Console::add_watch},
      {"delete d", "N", "remove a breakpoint or watchpoint", 1, 1, &Console::remove},
      {"points", "", "list breakpoints and watchpoints", 0, 0, &Console::list_points},
      {"tile t", "N", "select a tile, by index", 1, 1, &Console::select_tile},
      {"context x", "supervisor|0..5", "select the supervisor or a worker of the tile", 1, 1,
       &Console::select_context},
      {"where", "", "cycle, instruction and source line of the selected context", 0, 0, &Console::where},
      {"tiles", "", "what every tile does", 0, 0, &Console::tiles},
      {"faults", "", "exceptions and hazards so far", 0, 0, &Console::faults},
      {"registers regs r", "", "registers of the selected context", 0, 0, &Console::registers},
      {"csrs", "", "its control and status registers", 0, 0, &Console::csrs},
      {"memory mem m", "PLACE [WORDS]", "memory of the selected tile in 32-bit words (default 8)", 1, 2,
       &Console::memory},
      {"disassemble dis", "[PLACE] [N]", "N instructions from PLACE (default 8, from the PC)", 0, 2,
       &Console::disassemble},
      {"list l", "[PLACE]", "source text around PLACE (default the PC)", 0, 1, &Console::source},
      {"backtrace bt", "", "calls the selected context is in", 0, 0, &Console::backtrace},
      {"print p", "EXPR",
       "its value; print/x, /d, /u, /t, /f, /h, /a: hexadecimal, signed, unsigned, binary, "
       "f32, two f16, address",
       1, any_number, &Console::print},
      {"help h", "", "this list", 0, any_number, &Console::help},
      {"quit q", "", "leave", 0, 0, &Console::quit}};
  return list;
}

const Console::Command* Console::find_command(std::string_view name) {
  for (const Command& command : commands()) {
    const auto names = split(command.names);
    if (std::find(names.begin(), names.end(), name) != names.end()) return &command;
  }
  return nullptr;
}

Console::Console(Session& session, const std::filesystem::path& sources)
    : session_(session), view_(session.input().images, session.input().system.arch(), sources) {
  // Start with the first tile that has a program.
  for (std::uint32_t i = 0; i < session.chip().size(); ++i)
    if (session.input().program.has_image(TileIndex{i})) {
      tile_ = TileIndex{i};
      break;
    }
}

std::string Console::execute(const std::string& line) {
  Arguments words = split(line);
  if (words.empty() || words[0].starts_with("#")) return {};
  const std::string given = words[0];
  words.erase(words.begin());
  const std::size_t slash = given.find('/');
  const Command* command = find_command(given.substr(0, slash));
  const bool takes_format = command != nullptr && command->run == &Console::print;
  if (command == nullptr || (slash != std::string::npos && !takes_format))
    throw CommandError(fmt::format("'{}' is no command; help lists them", given));
  format_ = slash == std::string::npos ? std::string{} : given.substr(slash + 1);
  if (words.size() < command->least || words.size() > command->most)
    throw CommandError(fmt::format("usage: {} {}", split(command->names)[0], command->usage));
  return (this->*command->run)(words);
}

std::vector<std::string> Console::completions(std::string_view line) const {
  const std::size_t first = line.find_first_not_of(" \t");
  const bool in_command = first == std::string_view::npos || line.find_first_of(" \t", first) == line.npos;
  if (in_command) {
    std::vector<std::string> words;
    for (const Command& command : commands()) words.push_back(split(command.names)[0]);
    return words;
  }
  std::vector<std::string> words = view_.symbol_names(tile_);
  const std::string name{line.substr(first, line.find_first_of(" \t/", first) - first)};
  const Command* command = find_command(name);
  if (command == nullptr) return words;
  if (command->run == &Console::add_break) words.insert(words.end(), {"in", "on", "supervisor"});
  if (command->run == &Console::add_watch) words.emplace_back("on");
  if (command->run == &Console::select_context) words = {"supervisor", "0", "1", "2", "3", "4", "5"};
  if (command->run == &Console::only_if)
    for (const Command& other : commands()) words.push_back(split(other.names)[0]);
  return words;
}

// ---- running

std::string Console::restart(const Arguments&) {
  session_.restart();
  return describe_standing();
}
std::string Console::resume(const Arguments&) {
  session_.resume();
  select_hit();
  return describe_standing();
}
std::string Console::step(const Arguments& arguments) {
  session_.step(tile_, context_, arguments.empty() ? 1 : parse_count(arguments[0], most_steps));
  select_hit();
  return describe_standing();
}
std::string Console::cycles(const Arguments& arguments) {
  session_.run_cycles(parse_count(arguments[0], UINT32_MAX));
  select_hit();
  return describe_standing();
}

std::string Console::go_to(const Arguments& arguments) {
  session_.go_to(arguments[0] == "0" ? 0 : parse_count(arguments[0], UINT32_MAX));
  select_hit();
  return describe_standing();
}
std::string Console::back(const Arguments& arguments) {
  const std::uint64_t count = arguments.empty() ? 1 : parse_count(arguments[0], UINT32_MAX);
  session_.go_to(session_.cycle() - std::min(count, session_.cycle()));
  select_hit();
  return describe_standing();
}
std::string Console::step_back(const Arguments& arguments) {
  session_.step_back(tile_, context_, arguments.empty() ? 1 : parse_count(arguments[0], most_steps));
  select_hit();
  return describe_standing();
}

// ---- stopping

std::string Console::add_break(const Arguments& given) {
  Arguments arguments = given;
  Breakpoint point;
  const auto tiles = take_tiles(arguments);
  point.context = take_context(arguments);
  if (arguments.size() != 1) throw CommandError("usage: break PLACE [in CONTEXT] [on TILES]");
  point.text = arguments[0];
  point.places = tiles ? places_on(*tiles, point.text) : places_where_known(point.text);
  const std::string where = describe_places(point.places);
  return fmt::format("breakpoint {} at {}\n", session_.add(std::move(point)), where);
}

std::string Console::add_watch(const Arguments& given) {
  Arguments arguments = given;
  Watchpoint point;
  const auto tiles = take_tiles(arguments);
  if (arguments.empty() || arguments.size() > 2) throw CommandError("usage: watch PLACE [BYTES] [on TILES]");
  point.text = arguments[0];
  point.places = places_on(tiles.value_or(std::vector{tile_}), point.text);
  point.bytes = arguments.size() == 2 ? parse_count(arguments[1], UINT32_MAX) : 4;
  const std::string where = describe_places(point.places);
  const std::uint32_t bytes = point.bytes;
  return fmt::format("watchpoint {} on {}, {} bytes\n", session_.add(std::move(point)), where, bytes);
}

std::string Console::remove(const Arguments& arguments) {
  const std::uint32_t number = parse_count(arguments[0], UINT32_MAX);
  if (!session_.remove(number))
    throw CommandError(fmt::format("there is no breakpoint or watchpoint {}", number));
  return {};
}

std::string Console::list_points(const Arguments&) {
  std::string out;
  for (const Breakpoint& point : session_.breakpoints())
    out += fmt::format("{:>3} break {} at {}{} on tiles {}\n", point.number, point.text,
                       describe_places(point.places), point.context ? " in " + point.context->name() : "",
                       config::to_string(tiles_of(point.places)));
  for (const Watchpoint& point : session_.watchpoints())
    out += fmt::format("{:>3} watch {} at {}, {} bytes on tiles {}\n", point.number, point.text,
                       describe_places(point.places), point.bytes, config::to_string(tiles_of(point.places)));
  return out.empty() ? "no breakpoints and no watchpoints\n" : out;
}

// ---- words of commands

std::string Console::help(const Arguments&) {
  constexpr std::size_t column = 44;
  std::string out;
  for (const Command& command : commands()) {
    const std::string names = fmt::format("{}", fmt::join(split(command.names), ", "));
    out += fmt::format("  {:<{}} {}\n", fmt::format("{} {}", names, command.usage), column, command.help);
  }
  return out + R"(A hit is a breakpoint, a watchpoint, an exception or a hazard that fails the run.
EXPR     as in C, of $m3, $a3, $m2:3, $lr, CSRs such as $INCOMING_DCOUNT, pc, cycle, symbols and numbers; [EXPR] is
         the word in memory there, i8[EXPR], u16[EXPR] and so on other sizes; i32(EXPR) and so on convert
PLACE    an EXPR without blanks, or file:line
TILES    all, 3, 0-7 or a list with commas (default: all for break, the selected tile for watch)
CONTEXT  supervisor, or a worker 0..5
Registers are those of the selected context: after a hit the one that made it. Cycles are counted from the start.
)";
}

std::string Console::quit(const Arguments&) {
  quit_ = true;
  return {};
}

PlaceOnTiles Console::places_on(const std::vector<TileIndex>& tiles, const std::string& text) {
  PlaceOnTiles places;
  for (const TileIndex tile : tiles) places[tile] = parse_place(tile, text);
  return places;
}

// On all tiles whose program has it; what is wrong is told of the selected tile.
PlaceOnTiles Console::places_where_known(const std::string& text) {
  PlaceOnTiles places;
  for (std::uint32_t i = 0; i < session_.chip().size(); ++i) {
    if (!session_.input().program.has_image(TileIndex{i})) continue;
    try {
      places[TileIndex{i}] = parse_place(TileIndex{i}, text);
    } catch (const std::runtime_error&) {
      continue;
    }
  }
  if (places.empty()) parse_place(tile_, text);
  return places;
}

std::string Console::describe_places(const PlaceOnTiles& places) const {
  const auto& [tile, address] = *places.begin();
  std::set<ByteAddr> different;
  for (const auto& place : places) different.insert(place.second);
  std::string text = fmt::format("{:#x} ({})", address.value(), view_.name_of(tile, address));
  if (different.size() > 1) text += fmt::format(" and {} other addresses", different.size() - 1);
  return text;
}

std::optional<std::vector<TileIndex>> Console::take_tiles(Arguments& arguments) const {
  const auto on = std::find(arguments.begin(), arguments.end(), "on");
  if (on == arguments.end()) return std::nullopt;
  if (on + 2 != arguments.end()) throw CommandError("after 'on' one tile selection is expected");
  const auto selection = config::parse_tile_selection(*(on + 1), session_.chip().size());
  arguments.erase(on, arguments.end());
  return selection;
}

std::optional<Context> Console::take_context(Arguments& arguments) const {
  const auto in = std::find(arguments.begin(), arguments.end(), "in");
  if (in == arguments.end()) return std::nullopt;
  if (in + 2 != arguments.end()) throw CommandError("after 'in' one context is expected");
  const Context context = parse_context(*(in + 1));
  arguments.erase(in, arguments.end());
  return context;
}

Context Console::parse_context(const std::string& text) const {
  if (text == "supervisor") return Context::supervisor();
  if (text.size() == 1 && text[0] >= '0' && text[0] < '0' + static_cast<char>(Context::workers))
    return Context::worker(static_cast<unsigned>(text[0] - '0'));
  throw CommandError(fmt::format("'{}' is no context: supervisor, or a worker 0..5", text));
}

std::uint32_t Console::parse_count(const std::string& text, std::uint32_t most) const {
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value == 0 || value > most)
    throw CommandError(fmt::format("'{}' is no number from 1 to {}", text, most));
  return value;
}

}  // namespace ipusim::app
