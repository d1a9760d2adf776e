// The debugger's command language, one command per line; `help` lists it.
#pragma once

#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ipusim/cli/debug/program_view.hpp"
#include "ipusim/cli/debug/session.hpp"

namespace ipusim::cli {

// What is wrong with a command.
class CommandError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Console {
 public:
  explicit Console(Session& session);

  // Executes a line and returns what it prints. Empty lines and those that begin with # do nothing. Throws
  // CommandError, and InputError for a bad tile selection.
  std::string execute(const std::string& line);
  bool quit_asked() const { return quit_; }

 private:
  using Arguments = std::vector<std::string>;
  struct Command {
    std::string_view names;  // "continue c": the long one first
    std::string_view usage, help;
    std::size_t least, most;  // arguments
    std::string (Console::*run)(const Arguments&);
  };
  static const std::vector<Command>& commands();

  // --- running
  std::string restart(const Arguments&);
  std::string resume(const Arguments&);
  std::string step(const Arguments&);
  std::string cycles(const Arguments&);
  std::string until(const Arguments&);
  std::string only_if(const Arguments&);
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
  std::string registers(const Arguments&);
  std::string csrs(const Arguments&);
  std::string memory(const Arguments&);
  std::string disassemble(const Arguments&);
  std::string source(const Arguments&);
  std::string backtrace(const Arguments&);
  std::string evaluate(const Arguments&);
  std::string help(const Arguments&);
  std::string quit(const Arguments&);

  // A condition is three words: VALUE COMPARISON VALUE.
  bool holds(const Arguments& condition);
  std::uint64_t value_of(const std::string& text);
  // The tile and context that stopped are the selected ones.
  void select_hit();
  std::string describe_standing();
  std::string describe_place(TileIndex tile, Context context);
  ByteAddr pc() const;
  // Takes "on TILES" and "in CONTEXT" from the end of the arguments.
  std::vector<TileIndex> take_tiles(Arguments& arguments) const;
  std::optional<Context> take_context(Arguments& arguments) const;
  Context parse_context(const std::string& text) const;
  std::uint32_t parse_count(const std::string& text, std::uint32_t most) const;

  Session& session_;
  ProgramView view_;
  TileIndex tile_;
  Context context_;
  bool quit_ = false;
};

}  // namespace ipusim::cli
