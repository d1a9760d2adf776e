// SPDX-License-Identifier: Apache-2.0
// The commands that show where the machine stands and what is in it.
#include <fmt/format.h>

#include <algorithm>

#include "ipusim/app/debug/console.hpp"
#include "ipusim/config/tile_selection.hpp"
#include "ipusim/tile/names.hpp"

namespace ipusim::app {
namespace {

constexpr std::uint32_t word_bytes = 4;
constexpr unsigned inactive = 0;         // of CTXT_STS
constexpr std::size_t most_hits = 9;     // shown of one stop
constexpr std::size_t most_faults = 20;  // listed of each kind
constexpr unsigned lines_before = 5;     // and behind, in a listing

}  // namespace

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
    out += fmt::format("{:>4} {:<9}", i, session_.chip().tile(index).kind());
    if (status(index, Context::supervisor()) != inactive)
      out += fmt::format(" supervisor at {}:", view_.place(index, at));
    out += fmt::format(" {}\n", session_.chip().describe(index));
  }
  return out;
}

std::string Console::faults(const Arguments&) {
  const chip::ChipReport report = session_.chip().report();
  std::string out;
  for (std::size_t i = 0; i < report.exceptions.size() && i < most_faults; ++i)
    out += describe(report.exceptions[i].tile, report.exceptions[i].report) + "\n";
  if (report.exceptions.size() > most_faults)
    out += fmt::format("{} more exceptions\n", report.exceptions.size() - most_faults);
  for (std::size_t i = 0; i < report.hazards.size() && i < most_faults; ++i)
    out += describe(report.hazards[i].tile, report.hazards[i].hazard, nullptr) +
           (report.hazards[i].is_error ? "\n" : " (warning)\n");
  const std::uint64_t hazards = report.hazards.size() + report.hazards_left_out;
  if (hazards > most_faults) out += fmt::format("{} more hazards\n", hazards - most_faults);
  return out.empty() ? "no exceptions and no hazards\n" : out;
}

std::string Console::registers(const Arguments&) {
  using File = tile::RegisterWrite::File;
  constexpr unsigned registers_of_file = 16;
  constexpr unsigned per_line = 4;
  const auto& model = session_.chip().tile(tile_);
  std::string out =
      status(tile_, context_) == inactive ? "pc   inactive\n" : fmt::format("pc   {:#010x}\n", pc().value());
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

std::vector<std::uint32_t> Console::read_words(ByteAddr start, std::uint32_t words) const {
  std::vector<std::uint32_t> values(words);
  try {
    session_.chip().tile(tile_).read_memory(start, std::as_writable_bytes(std::span(values)));
  } catch (const std::out_of_range&) {
    const isa::ArchInfo& map = isa::arch_info(session_.input().system.arch());
    throw CommandError(fmt::format("{:#x}, {} bytes: outside tile memory, {:#x} to {:#x}", start.value(),
                                   word_bytes * std::uint64_t{words}, map.memory_base, map.memory_end - 1));
  }
  return values;
}

std::string Console::memory(const Arguments& arguments) {
  constexpr std::uint32_t per_line = 4;
  constexpr std::uint32_t most_words = 1 << 18;
  const ByteAddr start = parse_place(tile_, arguments[0]);
  const auto values = read_words(start, arguments.size() == 2 ? parse_count(arguments[1], most_words) : 8);
  std::string out;
  for (std::uint32_t i = 0; i < values.size(); ++i)
    out += (i % per_line == 0 ? fmt::format("{:#08x}:", start.value() + word_bytes * i) : "") +
           fmt::format(" {:08x}", values[i]) +
           (i % per_line == per_line - 1 || i + 1 == values.size() ? "\n" : "");
  return out;
}

std::string Console::disassemble(const Arguments& arguments) {
  ByteAddr at = arguments.empty() ? pc() : parse_place(tile_, arguments[0]);
  const std::uint32_t count = arguments.size() == 2 ? parse_count(arguments[1], 100'000) : 8;
  const bool is_active = status(tile_, context_) != inactive;
  std::string out;
  try {
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto one = view_.disassemble(session_.chip(), tile_, context_, at);
      out += fmt::format("{} {:#08x} <{}>: {}\n", is_active && at == pc() ? "=>" : "  ", at.value(),
                         view_.name_of(tile_, at), one.text);
      at = at + one.bytes;
    }
  } catch (const std::out_of_range&) {
    if (out.empty()) throw CommandError(fmt::format("{:#x}: outside tile memory", at.value()));
  }
  return out;
}

// The line as the assembler or compiler saw it, between its neighbours.
std::string Console::source(const Arguments& arguments) {
  if (arguments.empty() && status(tile_, context_) == inactive)
    throw CommandError(fmt::format("{} is inactive: name a place", context_.name()));
  const ByteAddr at = arguments.empty() ? pc() : parse_place(tile_, arguments[0]);
  const auto place = view_.source_of(tile_, at);
  if (!place) return fmt::format("no line information for {:#x}\n", at.value());
  std::string out = place->format() + "\n";
  if (!view_.text().indented_line(*place))
    return out + fmt::format("the text of {} is not there\n", place->file);
  const unsigned first = place->line - std::min(place->line - 1, lines_before);
  for (unsigned n = first; n <= place->line + lines_before; ++n)
    if (const auto text = view_.text().indented_line({place->file, n, place->path}))
      out += fmt::format("{} {:>5}  {}\n", n == place->line ? "=>" : "  ", n, *text);
  return out;
}

std::string Console::backtrace(const Arguments&) {
  if (status(tile_, context_) == inactive)
    return fmt::format("tile {}, {} is inactive\n", tile_.value(), context_.name());
  std::string out = fmt::format("#0 {}{}\n", view_.place(tile_, pc()), source_suffix(tile_, pc()));
  const auto& calls = session_.calls(tile_, context_);
  for (std::size_t i = calls.size(); i > 0; --i) {
    const ByteAddr call = calls[i - 1].call;
    out +=
        fmt::format("#{} {}{}\n", calls.size() - i + 1, view_.place(tile_, call), source_suffix(tile_, call));
  }
  return out;
}

// ---- where it stands

ByteAddr Console::pc() const { return session_.chip().tile(tile_).pc(context_); }

unsigned Console::status(TileIndex tile, Context context) const {
  constexpr unsigned states = 4;
  return session_.chip().tile(tile).context_status(context) % states;
}

const Hit* Console::shown_hit() const {
  const auto& hits = session_.standing().hits;
  if (hits.empty()) return nullptr;
  // Of several of the first kind, the one that the user looks at already.
  for (const Hit& hit : hits)
    if (hit.kind == hits.front().kind && hit.tile == tile_ && hit.context == context_) return &hit;
  return &hits.front();
}

void Console::select_hit() {
  const Hit* hit = shown_hit();
  if (hit == nullptr) return;
  tile_ = hit->tile;
  if (hit->context) context_ = *hit->context;
  if (hit->kind == Hit::Kind::hazard && !hit->context) context_ = Context::supervisor();
}

std::string Console::describe_standing() {
  const Standing& standing = session_.standing();
  std::string out = fmt::format("cycle {}:", session_.cycle());
  switch (standing.reason) {
    case Standing::Reason::start:
      out += " start\n";
      break;
    case Standing::Reason::stepped:
      out += "\n";
      break;
    case Standing::Reason::interrupted:
      out += " interrupted\n";
      break;
    case Standing::Reason::hit:
      out += " ";
      break;
    case Standing::Reason::ended:
      out += fmt::format(" the run is over: {}\n", chip::to_string(standing.state));
      break;
  }
  if (const Hit* hit = shown_hit()) out += describe_hit(*hit) + "\n" + describe_other_hits();
  if (standing.reason == Standing::Reason::ended)
    for (const std::string& problem : session_.chip().report().problems) out += problem + "\n";
  return out + describe_place(tile_, context_);
}

std::string Console::describe_hit(const Hit& hit) {
  switch (hit.kind) {
    case Hit::Kind::exception:
      return describe(hit.tile, hit.exception);
    case Hit::Kind::hazard:
      return describe(hit.tile, hit.hazard, &hit);
    case Hit::Kind::watchpoint:
      return fmt::format("watchpoint {}, written by {}", hit.number,
                         hit.context ? hit.context->name() : "an incoming word");
    case Hit::Kind::breakpoint:
      return fmt::format("breakpoint {}", hit.number);
  }
  return {};
}

// Of a breakpoint or watchpoint one line for all tiles.
std::string Console::describe_other_hits() {
  std::vector<std::pair<const Hit*, std::vector<TileIndex>>> groups;
  for (const Hit& hit : session_.standing().hits) {
    if (&hit == shown_hit()) continue;
    const auto same = [&](const auto& group) {
      const Hit& other = *group.first;
      return hit.number != 0 && other.number == hit.number && other.context == hit.context;
    };
    const auto found = std::find_if(groups.begin(), groups.end(), same);
    if (found == groups.end()) {
      groups.push_back({&hit, {hit.tile}});
    } else if (found->second.back() != hit.tile) {
      found->second.push_back(hit.tile);
    }
  }
  std::string out;
  for (std::size_t i = 0; i < groups.size() && i < most_hits; ++i) {
    const auto& [hit, tiles] = groups[i];
    out += "also " + describe_hit(*hit);
    if (hit->number != 0)
      out += fmt::format(" on tile{} {}", tiles.size() == 1 ? "" : "s", config::to_string(tiles));
    if (hit->kind == Hit::Kind::breakpoint) out += ", " + hit->context->name();
    out += "\n";
  }
  if (groups.size() > most_hits) out += fmt::format("and {} more\n", groups.size() - most_hits);
  return out;
}

std::string Console::describe(TileIndex tile, const tile::ExceptionReport& exception) {
  std::string text =
      fmt::format("exception in cycle {}: tile {}, {}: {}", session_.since_start(exception.cycle),
                  tile.value(), exception.context.name(), tile::name_of(exception.type));
  if (tile::name_of(exception.cause) != tile::name_of(exception.type))
    text += fmt::format(" ({})", tile::name_of(exception.cause));
  text += fmt::format(" at {}{}", view_.place(tile, exception.pc), source_suffix(tile, exception.pc));
  if (exception.data_address) text += ", address " + view_.place(tile, *exception.data_address);
  return text;
}

std::string Console::describe(TileIndex tile, const tile::Hazard& hazard, const Hit* hit) {
  std::string text =
      fmt::format("hazard in cycle {}: tile {}", session_.since_start(hazard.cycle), tile.value());
  if (hit != nullptr && hit->context) text += ", " + hit->context->name();
  text += fmt::format(": {}", tile::name_of(hazard.kind));
  if (hit != nullptr && hit->pc)
    text += fmt::format(" at {}{}", view_.place(tile, *hit->pc), source_suffix(tile, *hit->pc));
  if (hazard.kind == tile::HazardKind::receive_incomplete)
    return text + fmt::format(", {} words never came", hazard.word);
  if (hazard.address.value() != 0)  // which is outside every tile's memory
    text += ", address " + view_.place(tile, hazard.address);
  return text + fmt::format(", word {:#010x}", hazard.word);
}

std::string Console::source_suffix(TileIndex tile, ByteAddr address) {
  const auto place = view_.source_of(tile, address);
  return place ? " (" + place->format() + ")" : std::string{};
}

std::string Console::describe_place(TileIndex tile, Context context) {
  constexpr const char* names[] = {"inactive", "active", "excepted (debug)", "excepted"};
  const unsigned state = status(tile, context);
  const std::string who = fmt::format("tile {}, {}, {}", tile.value(), context.name(), names[state]);
  // Where a context that does nothing has stopped, or never started, is no place.
  if (state == inactive) return who + "\n";
  const ByteAddr at = session_.chip().tile(tile).pc(context);
  std::string text = fmt::format("{}, {}{}", who, view_.place(tile, at), source_suffix(tile, at));
  if (const auto place = view_.source_of(tile, at))
    if (const auto line = view_.text().indented_line(*place))
      text += fmt::format("\n  {:>5}  {}", place->line, *line);
  try {
    text += "\n  " + view_.disassemble(session_.chip(), tile, context, at).text;
  } catch (const std::out_of_range&) {
    text += "\n  no memory there";
  }
  return text + "\n";
}

}  // namespace ipusim::app
