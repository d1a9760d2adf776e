// SPDX-License-Identifier: Apache-2.0
// The debugger's command language, one command per line; `help` lists it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/app/debug/expression.hpp"
#include "ipusim/app/debug/program_view.hpp"
#include "ipusim/app/debug/session.hpp"

namespace ipusim::app {

// What is wrong with a command.
class CommandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Console {
 public:
  // sources: where generated source files lie.
  Console(Session& session, const std::filesystem::path& sources);

  // Executes a line and returns what it prints. Empty lines and those that begin with # do nothing. Throws
  // CommandError, ExpressionError, and InputError for a bad tile selection or symbol.
  std::string execute(const std::string& line);
  bool quit_asked() const { return quit_; }
  // What the last word of a line that begins like this may be: commands, symbols, words of the command.
  std::vector<std::string> completions(std::string_view line) const;

 private:
  using Arguments = std::vector<std::string>;
  struct Command {
    std::string_view names;  // "continue c": the long one first
    std::string_view usage, help;
    std::size_t least, most;  // arguments
    std::string (Console::*run)(const Arguments&);
  };
  static const std::vector<Command>& commands();
  static const Command* find_command(std::string_view name);

  // --- running
  std::string restart(const Arguments&);
  std::string resume(const Arguments&);
  std::string step(const Arguments&);
  std::string cycles(const Arguments&);
  std::string go_to(const Arguments&);
  std::string back(const Arguments&);
  std::string step_back(const Arguments&);
  // --- stopping
  std::string add_break(const Arguments&);
  std::string add_watch(const Arguments&);
  std::string remove(const Arguments&);
  std::string list_points(const Arguments&);
  // --- looking
  std::string select_tile(const Arguments&);
  std::string select_context(const Arguments&);
  std::string where(const Arguments&);
  std::string tiles(const Arguments&);
  std::string faults(const Arguments&);
  std::string registers(const Arguments&);
  std::string csrs(const Arguments&);
  std::string memory(const Arguments&);
  std::string disassemble(const Arguments&);
  std::string source(const Arguments&);
  std::string backtrace(const Arguments&);
  std::string help(const Arguments&);
  std::string quit(const Arguments&);
  // --- values
  std::string print(const Arguments&);
  std::string until(const Arguments&);
  std::string only_if(const Arguments&);

  // PLACE: an expression, or file:line, of a tile.
  ByteAddr parse_place(TileIndex tile, const std::string& text);
  std::int64_t evaluate(const Expression& expression, TileIndex tile);
  std::string format(std::int64_t value) const;

  // One of what stopped the machine is shown; its tile and context become the selected ones. nullptr: none.
  const Hit* shown_hit() const;
  void select_hit();
  std::string describe_standing();
  std::string describe_hit(const Hit& hit);
  std::string describe_other_hits();
  std::string describe(TileIndex tile, const tile::ExceptionReport& exception);
  // hit: what made it a hit; nullptr if it is none.
  std::string describe(TileIndex tile, const tile::Hazard& hazard, const Hit* hit);
  std::string describe_place(TileIndex tile, Context context);
  // " (main.S:25)", or nothing.
  std::string source_suffix(TileIndex tile, ByteAddr address);
  ByteAddr pc() const;
  unsigned status(TileIndex tile, Context context) const;
  std::vector<std::uint32_t> read_words(ByteAddr start, std::uint32_t words) const;
  PlaceOnTiles places_on(const std::vector<TileIndex>& tiles, const std::string& text);
  PlaceOnTiles places_where_known(const std::string& text);
  std::string describe_places(const PlaceOnTiles& places) const;
  // Takes "on TILES" and "in CONTEXT" from the end of the arguments.
  std::optional<std::vector<TileIndex>> take_tiles(Arguments& arguments) const;
  std::optional<Context> take_context(Arguments& arguments) const;
  Context parse_context(const std::string& text) const;
  // From 1 on.
  std::uint32_t parse_count(const std::string& text, std::uint32_t most) const;

  Session& session_;
  ProgramView view_;
  TileIndex tile_;
  Context context_;
  std::string format_;  // of print: what stands behind its slash
  bool quit_ = false;
};

}  // namespace ipusim::app
