#include "ipusim/cli/debug/console.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "ipusim/cli/input_error.hpp"
#include "ipusim/config/tile_selection.hpp"

namespace ipusim::cli {
namespace {

constexpr std::size_t any_number = 99;
constexpr std::uint32_t most_steps = 1'000'000;

std::vector<std::string> split(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

}  // namespace

const std::vector<Console::Command>& Console::commands() {
  static const std::vector<Command> list{
      {"restart", "", "back to the start of the program; breakpoints stay", 0, 0, &Console::restart},
      {"continue c", "", "run to the next breakpoint or watchpoint, or to the end", 0, 0, &Console::resume},
      {"step s", "[N]", "until the selected context has issued N more bundles (default 1)", 0, 1,
       &Console::step},
      {"until u", "VALUE ==|!=|<|<=|>|>= VALUE", "continue from stop to stop until this holds, or to the end",
       3, 3, &Console::until},
      {"if", "VALUE ==|!=|<|<=|>|>= VALUE COMMAND", "the command, if this holds", 4, any_number,
       &Console::only_if},
      {"cycles", "N", "run N cycles of the whole chip", 1, 1, &Console::cycles},
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
      {"regs r", "", "registers of the selected context", 0, 0, &Console::registers},
      {"csrs", "", "its control and status registers", 0, 0, &Console::csrs},
      {"mem m", "PLACE [WORDS]", "memory of the selected tile in 32-bit words (default 8)", 1, 2,
       &Console::memory},
      {"disassemble dis", "[PLACE] [N]", "N instructions from PLACE (default 8, from the PC)", 0, 2,
       &Console::disassemble},
      {"list l", "[PLACE]", "the source line of PLACE (default the PC)", 0, 1, &Console::source},
      {"backtrace bt", "", "calls the selected context is in", 0, 0, &Console::backtrace},
      {"print p", "PLACE", "the address of a symbol or line, and what it is near to", 1, 1,
       &Console::evaluate},
      {"help h", "", "this list", 0, any_number, &Console::help},
      {"quit q", "", "leave", 0, 0, &Console::quit}};
  return list;
}

Console::Console(Session& session)
    : session_(session), view_(session.input().images, session.input().system.arch) {
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
  const std::string name = words[0];
  words.erase(words.begin());
  for (const Command& command : commands()) {
    const auto names = split(std::string(command.names));
    if (std::find(names.begin(), names.end(), name) == names.end()) continue;
    if (words.size() < command.least || words.size() > command.most)
      throw CommandError(fmt::format("usage: {} {}", names[0], command.usage));
    return (this->*command.run)(words);
  }
  throw CommandError(fmt::format("'{}' is no command; help lists them", name));
}

// ---- running

std::string Console::restart(const Arguments&) {
  session_.restart();
  return describe_standing();
}
std::string Console::resume(const Arguments&) {
  session_.resume();
  return describe_standing();
}
std::string Console::step(const Arguments& arguments) {
  const std::uint32_t count = arguments.empty() ? 1 : parse_count(arguments[0], most_steps);
  for (std::uint32_t i = 0; i < count; ++i)
    if (session_.step(tile_, context_).reason != Standing::Reason::stepped) break;
  return describe_standing();
}
std::string Console::cycles(const Arguments& arguments) {
  session_.run_cycles(parse_count(arguments[0], UINT32_MAX));
  return describe_standing();
}

// ---- stopping

std::string Console::add_break(const Arguments& given) {
  Arguments arguments = given;
  Breakpoint point;
  point.tiles = take_tiles(arguments);
  point.context = take_context(arguments);
  if (arguments.size() != 1) throw CommandError("usage: break PLACE [in CONTEXT] [on TILES]");
  point.address = view_.parse_address(point.tiles.front(), arguments[0]);
  point.text = arguments[0];
  const ByteAddr address = point.address;
  const TileIndex tile = point.tiles.front();
  const unsigned number = session_.add(std::move(point));
  return fmt::format("breakpoint {} at {:#x} ({})\n", number, address.value(), view_.name_of(tile, address));
}

std::string Console::add_watch(const Arguments& given) {
  Arguments arguments = given;
  Watchpoint point;
  point.tiles = take_tiles(arguments);
  if (arguments.empty() || arguments.size() > 2) throw CommandError("usage: watch PLACE [BYTES] [on TILES]");
  point.address = view_.parse_address(point.tiles.front(), arguments[0]);
  point.bytes = arguments.size() == 2 ? parse_count(arguments[1], UINT32_MAX) : 4;
  point.text = arguments[0];
  const ByteAddr address = point.address;
  const std::uint32_t bytes = point.bytes;
  const unsigned number = session_.add(std::move(point));
  return fmt::format("watchpoint {} on {:#x}, {} bytes\n", number, address.value(), bytes);
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
    out += fmt::format("{:>3} break {} at {:#x}{} on tiles {}\n", point.number, point.text,
                       point.address.value(), point.context ? " in " + point.context->name() : "",
                       config::to_string(point.tiles));
  for (const Watchpoint& point : session_.watchpoints())
    out += fmt::format("{:>3} watch {} at {:#x}, {} bytes on tiles {}\n", point.number, point.text,
                       point.address.value(), point.bytes, config::to_string(point.tiles));
  return out.empty() ? "no breakpoints and no watchpoints\n" : out;
}

// ---- looking

std::string Console::select_tile(const Arguments& arguments) {
  const auto selection = config::parse_tile_selection(arguments[0], session_.chip().size());
  if (selection.size() != 1) throw CommandError("one tile is expected");
  tile_ = selection.front();
  return describe_place(tile_, context_);
}
std::string Console::select_context(const Arguments& arguments) {
  context_ = parse_context(arguments[0]);
  return describe_place(tile_, context_);
}
std::string Console::where(const Arguments&) { return describe_standing(); }

std::string Console::tiles(const Arguments&) {
  std::string out;
  for (std::uint32_t i = 0; i < session_.chip().size(); ++i) {
    const TileIndex index{i};
    const ByteAddr at = session_.chip().tile(index).pc(Context::supervisor());
    out += fmt::format("{:>4} {:<9} supervisor at {:#x} ({}): {}\n", i, session_.chip().tile(index).kind(),
                       at.value(), view_.name_of(index, at), session_.chip().describe(index));
  }
  return out;
}

std::string Console::registers(const Arguments&) {
  using File = tile::RegisterWrite::File;
  constexpr unsigned registers_of_file = 16;
  constexpr unsigned per_line = 4;
  const auto& model = session_.chip().tile(tile_);
  std::string out = fmt::format("pc   {:#010x}\n", pc().value());
  const auto print_file = [&](File file, char letter) {
    for (unsigned i = 0; i < registers_of_file; ++i)
      out += fmt::format("{:<4} {:#010x}{}", fmt::format("{}{}", letter, i),
                         model.read_register(context_, file, i), i % per_line == per_line - 1 ? "\n" : "   ");
  };
  print_file(File::m, 'm');
  if (context_.is_worker()) print_file(File::a, 'a');
  return out;
}

std::string Console::csrs(const Arguments&) {
  const isa::Mode mode = context_.is_worker() ? isa::Mode::worker : isa::Mode::supervisor;
  std::string out;
  const auto& model = session_.chip().tile(tile_);
  for (const isa::Csr& csr : isa::all_csrs()) {
    if (!(model.kind() == "rtl" ? csr.rtl : csr.fast) || csr.access == isa::CsrAccess::write_only ||
        (csr.mode != isa::Mode::both && csr.mode != mode))
      continue;
    out += fmt::format("{:<16} {:#010x}\n", csr.name,
                       model.read_register(context_, tile::RegisterWrite::File::csr, csr.index));
  }
  return out;
}

std::string Console::memory(const Arguments& arguments) {
  constexpr std::uint32_t per_line = 4;
  const ByteAddr start = view_.parse_address(tile_, arguments[0]);
  const std::uint32_t words = arguments.size() == 2 ? parse_count(arguments[1], 1 << 18) : 8;
  std::vector<std::uint32_t> values(words);
  try {
    session_.chip().tile(tile_).read_memory(start, std::as_writable_bytes(std::span(values)));
  } catch (const std::out_of_range& error) {
    throw CommandError(error.what());
  }
  std::string out;
  for (std::uint32_t i = 0; i < words; ++i)
    out += (i % per_line == 0 ? fmt::format("{:#08x}:", start.value() + 4 * i) : "") +
           fmt::format(" {:08x}", values[i]) + (i % per_line == per_line - 1 || i + 1 == words ? "\n" : "");
  return out;
}

std::string Console::disassemble(const Arguments& arguments) {
  ByteAddr at = arguments.empty() ? pc() : view_.parse_address(tile_, arguments[0]);
  const std::uint32_t count = arguments.size() == 2 ? parse_count(arguments[1], 100'000) : 8;
  std::string out;
  try {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto one = view_.disassemble(session_.chip(), tile_, context_, at);
      out += fmt::format("{} {:#08x} <{}>: {}\n", at == pc() ? "=>" : "  ", at.value(),
                         view_.name_of(tile_, at), one.text);
      at = at + one.bytes;
    }
  } catch (const std::out_of_range& error) {
    if (out.empty()) throw CommandError(error.what());
  }
  return out;
}

std::string Console::source(const Arguments& arguments) {
  const ByteAddr at = arguments.empty() ? pc() : view_.parse_address(tile_, arguments[0]);
  const auto place = view_.source_of(tile_, at);
  return place ? place->format() + "\n" : fmt::format("no line information for {:#x}\n", at.value());
}

std::string Console::backtrace(const Arguments&) {
  std::string out = fmt::format("#0 {:#x} {}\n", pc().value(), view_.name_of(tile_, pc()));
  const auto& calls = session_.calls(tile_, context_);
  for (std::size_t i = calls.size(); i > 0; --i) {
    const ByteAddr call = calls[i - 1].call;
    const auto place = view_.source_of(tile_, call);
    out += fmt::format("#{} {:#x} {}{}\n", calls.size() - i + 1, call.value(), view_.name_of(tile_, call),
                       place ? " (" + place->format() + ")" : "");
  }
  return out;
}

std::string Console::evaluate(const Arguments& arguments) {
  const ByteAddr at = view_.parse_address(tile_, arguments[0]);
  return fmt::format("{:#x} {}\n", at.value(), view_.name_of(tile_, at));
}

std::string Console::help(const Arguments&) {
  std::string out;
  for (const Command& command : commands()) {
    const auto names = split(std::string(command.names));
    out +=
        fmt::format("  {:<44} {}\n",
                    fmt::format("{}{} {}", names[0], names.size() > 1 ? ", " + names[1] : "", command.usage),
                    command.help);
  }
  return out +
         "PLACE: symbol, symbol+offset, address, or file:line. TILES: all, 3, 0-7 or a list with commas "
         "(default: all\n"
         "for break, the selected tile for watch). CONTEXT: supervisor, or a worker 0..5. VALUE: a number, "
         "$m3, $a3,\n"
         "pc, cycle, [PLACE]: of the selected context, after a stop the one that stopped; unsigned.\n";
}

std::string Console::quit(const Arguments&) {
  quit_ = true;
  return {};
}

// ---- helpers

ByteAddr Console::pc() const { return session_.chip().tile(tile_).pc(context_); }

void Console::select_hit() {
  const Standing& standing = session_.standing();
  if (!standing.hit) return;
  tile_ = standing.hit->tile;
  if (standing.hit->context) context_ = *standing.hit->context;
}

std::string Console::describe_standing() {
  const Standing& standing = session_.standing();
  select_hit();
  std::string out = fmt::format("cycle {}: ", session_.cycle());
  switch (standing.reason) {
    case Standing::Reason::start:
      out += "start\n";
      break;
    case Standing::Reason::stepped:
      out += "\n";
      break;
    case Standing::Reason::breakpoint:
      out += fmt::format("breakpoint {}\n", standing.hit->number);
      break;
    case Standing::Reason::watchpoint:
      out += fmt::format("watchpoint {}, written by {}\n", standing.hit->number,
                         standing.hit->context ? standing.hit->context->name() : "an incoming word");
      break;
    case Standing::Reason::ended:
      out += fmt::format("the run is over: {}\n", chip::to_string(standing.state));
      break;
  }
  if (standing.reason == Standing::Reason::ended)
    for (const std::string& problem : session_.chip().report().problems) out += problem + "\n";
  return out + describe_place(tile_, context_);
}

std::string Console::describe_place(TileIndex tile, Context context) {
  const ByteAddr at = session_.chip().tile(tile).pc(context);
  std::string text = fmt::format("tile {}, {}", tile.value(), context.name());
  constexpr const char* status[] = {"inactive", "active", "excepted (debug)", "excepted"};
  text += fmt::format(", {}", status[session_.chip().tile(tile).context_status(context) & 3U]);
  text += fmt::format(", {:#x} {}", at.value(), view_.name_of(tile, at));
  if (const auto place = view_.source_of(tile, at)) text += " (" + place->format() + ")";
  try {
    text += "\n  " + view_.disassemble(session_.chip(), tile, context, at).text;
  } catch (const std::out_of_range&) {
    text += "\n  no memory there";
  }
  return text + "\n";
}

std::vector<TileIndex> Console::take_tiles(Arguments& arguments) const {
  const auto on = std::find(arguments.begin(), arguments.end(), "on");
  if (on == arguments.end()) {
    std::vector<TileIndex> all;
    for (std::uint32_t i = 0; i < session_.chip().size(); ++i)
      if (session_.input().program.has_image(TileIndex{i})) all.push_back(TileIndex{i});
    return all;
  }
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

}  // namespace ipusim::cli
