// SPDX-License-Identifier: Apache-2.0
#include "ipusim/program/program_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "ipusim/config/config_node.hpp"
#include "ipusim/config/text_file.hpp"
#include "ipusim/exchange_planner/phase_file.hpp"

namespace ipusim::program {
namespace {

using config::ConfigError;
using config::ConfigNode;
using config::TileNames;
using numbers::Encoding;
using numbers::NumberSpec;

std::string read_text(const ConfigNode& node) {
  std::string text = node.as_string();
  if (text.empty()) throw node.error("expected a word or text, got nothing");
  return text;
}

std::filesystem::path read_existing(const ConfigNode& node) {
  std::filesystem::path path = node.as_path().lexically_normal();
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    throw node.error(fmt::format("there is no '{}' (paths are relative to this file)", path.string()));
  }
  return path;
}

// A name that is also one of a file or folder.
std::string read_file_name(const ConfigNode& node) {
  constexpr std::size_t longest = 200;  // room for an ending: names have at most 255 bytes
  std::string name = read_text(node);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (name.find('/') != std::string::npos || name.starts_with('.') || name.size() > longest ||
      std::any_of(name.begin(), name.end(), is_control)) {
    throw node.error(
        fmt::format("expected a name without '/' and control characters that does not begin with '.', of at "
                    "most {} characters, got {}",
                    longest, config::in_quotes(name)));
  }
  return name;
}

numbers::ElementType read_type(const ConfigNode& map) {
  const std::string name =
      map.at("type").as_choice({"f32", "f16", "f8", "i32", "u32", "i16", "u16", "i8", "u8"});
  if (name != "f8") {
    for (const char* key : {"format", "scale"}) {
      if (const auto other = map.find(key)) throw other->error("`format` and `scale` go with type f8 alone");
    }
    return *numbers::parse_element_type(name);
  }
  const auto type = numbers::parse_element_type(map.at("format").as_choice({"f143", "f152"}));
  const auto scale = map.find("scale");
  return {type->kind(), scale ? static_cast<int>(scale->as_signed(numbers::ElementType::least_scale,
                                                                  numbers::ElementType::most_scale))
                              : 0};
}

std::uint32_t read_u32(const ConfigNode& node, std::uint32_t low) {
  return static_cast<std::uint32_t>(node.as_unsigned(low, std::numeric_limits<std::uint32_t>::max()));
}

std::uint32_t read_offset(const ConfigNode& map) {
  const auto offset = map.find("offset");
  return offset ? read_u32(*offset, 0) : 0;
}

std::vector<FileSpec> read_files(const ConfigNode& map, const std::string& key) {
  std::vector<FileSpec> files;
  if (const auto list = map.find(key)) {
    for (const ConfigNode& item : list->items()) files.push_back({item.source(), read_existing(item)});
  }
  return files;
}

isa::Mode read_mode(const ConfigNode& node) {
  return node.as_choice({"supervisor", "worker"}) == "worker" ? isa::Mode::worker : isa::Mode::supervisor;
}

// A file's name, or a map with what goes for this source alone.
SourceSpec read_source(const ConfigNode& node) {
  if (!node.is_map()) return {.where = node.source(), .path = read_existing(node)};
  SourceSpec source{.where = node.source(), .path = read_existing(node.at("file"))};
  if (const auto mode = node.find("mode")) source.mode = read_mode(*mode);
  if (const auto preprocess = node.find("preprocess")) source.preprocess = preprocess->as_bool();
  node.reject_unknown_keys();
  return source;
}

std::vector<SourceSpec> read_sources(const ConfigNode& map) {
  std::vector<SourceSpec> sources;
  if (const auto list = map.find("sources")) {
    for (const ConfigNode& item : list->items()) sources.push_back(read_source(item));
  }
  return sources;
}

std::vector<std::string> read_texts(const ConfigNode& map, const std::string& key) {
  std::vector<std::string> texts;
  if (const auto list = map.find(key)) {
    for (const ConfigNode& item : list->items()) texts.push_back(read_text(item));
  }
  return texts;
}

std::vector<std::pair<std::string, std::string>> read_defines(const ConfigNode& map) {
  std::vector<std::pair<std::string, std::string>> result;
  const auto defines = map.find("defines");
  if (!defines) return result;
  for (const std::string& name : defines->keys()) {
    const ConfigNode value = defines->at(name);
    if (!is_identifier(name)) throw value.error(fmt::format("'{}' is no name for a define", name));
    result.emplace_back(name, value.as_string());
  }
  return result;
}

ImageSpec read_image(const ConfigNode& node, const TileNames& names) {
  ImageSpec image{.where = node.source(),
                  .tiles = config::read_tile_selection(node.at("tiles"), names),
                  .sources = read_sources(node),
                  .objects = read_files(node, "objects"),
                  .defines = read_defines(node),
                  .cpp_options = read_texts(node, "cpp_options")};
  if (const auto executable = node.find("executable")) {
    for (const char* key :
         {"sources", "objects", "include_dirs", "defines", "cpp_options", "entry", "mode"}) {
      if (const auto other = node.find(key)) {
        throw other->error(fmt::format("`{}` goes with what is linked here, not with an `executable`", key));
      }
    }
    image.executable = FileSpec{executable->source(), read_existing(*executable)};
    node.reject_unknown_keys();
    return image;
  }
  if (image.sources.empty() && image.objects.empty()) {
    throw node.error("expected `sources` or `objects` with at least one file, or an `executable`");
  }
  for (const FileSpec& dir : read_files(node, "include_dirs")) {
    if (!std::filesystem::is_directory(dir.path)) throw dir.where.error("expected a folder");
    image.include_dirs.push_back(dir.path);
  }
  if (const auto entry = node.find("entry")) image.entry = read_text(*entry);
  if (const auto mode = node.find("mode")) image.mode = read_mode(*mode);
  node.reject_unknown_keys();
  return image;
}

std::vector<ImageSpec> read_images(const ConfigNode& node, const TileNames& names) {
  std::vector<ImageSpec> images;
  std::set<TileIndex> taken;
  for (const ConfigNode& item : node.items()) {
    images.push_back(read_image(item, names));
    for (const TileIndex tile : images.back().tiles) {
      if (!taken.insert(tile).second) {
        throw item.at("tiles").error(
            fmt::format("tile {} is in an earlier entry of `images` already", names.name(tile)));
      }
    }
  }
  if (images.empty()) throw node.error("expected at least one image");
  return images;
}

// How the numbers of a file lie in it: as the map says, or else as the file's name does.
Encoding read_encoding(const ConfigNode& map, const std::filesystem::path& file) {
  const std::map<std::string, Encoding> names{
      {"text", Encoding::text}, {"npy", Encoding::npy}, {"raw", Encoding::raw}};
  if (const auto encoding = map.find("encoding")) {
    return names.at(encoding->as_choice({"text", "npy", "raw"}));
  }
  if (file.extension() == ".npy") return Encoding::npy;
  return file.extension() == ".bin" ? Encoding::raw : Encoding::text;
}

// "0-63", 5, or a list of such.
numbers::IndexRanges read_ranges(const ConfigNode& node) {
  const auto read = [](const ConfigNode& item) {
    const std::string text = item.as_string();
    try {
      return config::parse_range(text);
    } catch (const ConfigError& error) {
      throw item.error(error.what());
    }
  };
  if (!node.is_sequence()) return {read(node)};
  numbers::IndexRanges ranges;
  for (const ConfigNode& item : node.items()) ranges.push_back(read(item));
  if (ranges.empty()) throw node.error("expected at least one number or range");
  return ranges;
}

// A list of numbers, each a row of its own, or a list of lists, each a row.
numbers::NumberList read_list(const ConfigNode& node) {
  const auto read = [](const ConfigNode& cell) {
    const config::SourcePlace where = cell.source();
    return numbers::WrittenNumber{cell.as_string(), where.line, where.column};
  };
  numbers::NumberList list{.file = node.source().file, .rows = {}};
  for (const ConfigNode& item : node.items()) {
    if (item.is_map()) throw item.error("expected a number, or a list of numbers that makes a line");
    const config::SourcePlace where = item.source();
    numbers::WrittenRow row{.numbers = {}, .line = where.line, .column = where.column};
    if (item.is_sequence()) {
      for (const ConfigNode& cell : item.items()) row.numbers.push_back(read(cell));
    } else {
      row.numbers.push_back(read(item));
    }
    list.rows.push_back(std::move(row));
  }
  return list;
}

// The numbers that `node`, a value of the map, stands for: a list, a file, or in an expectation one number.
NumberSpec read_numbers(const ConfigNode& map, const ConfigNode& node, bool may_be_single) {
  NumberSpec spec{.where = node.source()};
  if (const auto lines = map.find("lines")) spec.lines = read_ranges(*lines);
  if (const auto columns = map.find("columns")) spec.columns = read_ranges(*columns);
  if (node.is_sequence()) {
    spec.from = read_list(node);
  } else if (may_be_single && node.is_plain() && numbers::is_number(node.as_string())) {
    spec.from = numbers::SingleNumber{node.as_string()};
    for (const char* key : {"lines", "columns"}) {
      if (const auto other = map.find(key))
        throw other->error("goes with a file or a list, not with one number");
    }
  } else {
    const std::filesystem::path file = read_existing(node);
    spec.from = numbers::NumberFile{file, read_encoding(map, file)};
    return spec;
  }
  if (const auto encoding = map.find("encoding")) throw encoding->error("goes with a file");
  return spec;
}

void require_images(const ConfigNode& node, const config::TileSelection& tiles, const Program& program,
                    const TileNames& names) {
  for (const TileIndex tile : tiles) {
    if (!program.has_image(tile)) {
      throw node.error(fmt::format(
          "tile {} has no image, so it has no symbols: no entry of `images` names it", names.name(tile)));
    }
  }
}

LoadSpec read_load(const ConfigNode& node, const Program& program, const TileNames& names) {
  const auto file = node.find("file");
  const auto values = node.find("values");
  if (file.has_value() == values.has_value()) throw node.error("expected either `file` or `values`");
  if (values && !values->is_sequence()) throw values->error("expected a list of numbers");
  if (file && !file->is_scalar())
    throw file->error("expected the name of a file; a list stands under `values`");
  LoadSpec load{.where = node.source(),
                .symbol = read_text(node.at("symbol")),
                .symbol_where = node.at("symbol").source(),
                .offset = read_offset(node),
                .tiles = config::read_tile_selection(node.at("tiles"), names),
                .type = read_type(node),
                .numbers = read_numbers(node, file ? *file : *values, false)};
  require_images(node.at("tiles"), load.tiles, program, names);
  if (const auto distribute = node.find("distribute")) {
    const bool split = distribute->as_choice({"same", "split"}) == "split";
    load.distribution = split ? Distribution::split : Distribution::same;
  }
  node.reject_unknown_keys();
  return load;
}

RunSpec read_run(const ConfigNode& node) {
  RunSpec run;
  if (const auto syncs = node.find("host_syncs")) {
    run.host_syncs = static_cast<std::uint32_t>(syncs->as_unsigned(0, RunSpec::most_host_syncs));
  }
  if (const auto timeout = node.find("timeout_cycles"))
    run.timeout = Cycle{timeout->as_unsigned(1, RunSpec::most_cycles)};
  node.reject_unknown_keys();
  return run;
}

ReadSpec read_read(const ConfigNode& node, const Program& program, const TileNames& names, isa::Arch arch) {
  ReadSpec read{.where = node.source(),
                .name = read_file_name(node.at("name")),
                .symbol = read_text(node.at("symbol")),
                .symbol_where = node.at("symbol").source(),
                .offset = read_offset(node),
                .tiles = config::read_tile_selection(node.at("tiles"), names),
                .type = read_type(node),
                .count = read_u32(node.at("count"), 1)};
  const isa::ArchInfo& map = isa::arch_info(arch);
  const std::uint32_t tile_bytes = map.memory_end - map.memory_base;
  if (read.count > tile_bytes / size_of(read.type)) {
    throw node.at("count").error(
        fmt::format("{} elements of type {} are more than the {} bytes of a tile's memory", read.count,
                    to_string(read.type), tile_bytes));
  }
  if (const auto encoding = node.find("encoding")) {
    if (encoding->as_choice({"npy", "raw"}) == "raw") read.encoding = Encoding::raw;
  }
  require_images(node.at("tiles"), read.tiles, program, names);
  for (const ReadSpec& other : program.reads) {
    if (other.name == read.name) {
      throw node.at("name").error(fmt::format("'{}' is the name of an earlier entry already", read.name));
    }
  }
  node.reject_unknown_keys();
  return read;
}

std::string read_output(const ConfigNode& node, const Program& program) {
  const std::string name = node.as_string();
  std::vector<std::string> known;
  for (const ReadSpec& read : program.reads) known.push_back(read.name);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    throw node.error(fmt::format("no entry of `read` has the name '{}'; there is: {}", name,
                                 known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
  }
  return name;
}

CyclesSpec read_cycles(const ConfigNode& node) {
  const std::map<std::string, CycleKind> kinds{{"total", CycleKind::total},
                                               {"compute", CycleKind::compute},
                                               {"sync", CycleKind::sync},
                                               {"exchange", CycleKind::exchange}};
  CyclesSpec cycles;
  cycles.kind = kinds.at(node.at("cycles").as_choice({"total", "compute", "sync", "exchange"}));
  if (const auto low = node.find("at_least")) cycles.at_least = low->as_unsigned();
  if (const auto high = node.find("at_most")) cycles.at_most = high->as_unsigned();
  if (!cycles.at_least && !cycles.at_most) throw node.error("expected `at_least`, `at_most` or both");
  if (cycles.at_least && cycles.at_most && *cycles.at_least > *cycles.at_most) {
    throw node.error("`at_least` is more than `at_most`: nothing can hold that");
  }
  return cycles;
}

Tolerance read_tolerance(const ConfigNode& node, const std::string& output, const Program& program) {
  constexpr double most = 1e38;
  constexpr std::uint64_t most_ulp = std::numeric_limits<std::uint32_t>::max();
  Tolerance tolerance;
  if (const auto absolute = node.find("absolute")) tolerance.absolute = absolute->as_number(0, most);
  if (const auto relative = node.find("relative")) tolerance.relative = relative->as_number(0, most);
  const auto ulp = node.find("ulp");
  if (!ulp) return tolerance;
  if (!tolerance.is_exact()) throw ulp->error("stands alone, not with `absolute` or `relative`");
  const auto read = std::find_if(program.reads.begin(), program.reads.end(),
                                 [&](const ReadSpec& candidate) { return candidate.name == output; });
  if (read != program.reads.end() && !is_float(read->type)) {
    throw ulp->error(fmt::format("output '{}' is of type {}: for whole numbers, say `absolute`", output,
                                 to_string(read->type)));
  }
  tolerance.ulp = ulp->as_unsigned(0, most_ulp);
  return tolerance;
}

ExpectationSpec read_expectation(const ConfigNode& node, const Program& program) {
  ExpectationSpec expectation{.where = node.source(), .name = read_text(node.at("name"))};
  const auto output = node.find("output");
  if (output.has_value() == node.find("cycles").has_value()) {
    throw node.error("expected either `output` or `cycles`");
  }
  for (const ExpectationSpec& other : program.expectations) {
    if (other.name == expectation.name) {
      throw node.at("name").error(
          fmt::format("'{}' is the name of an earlier entry already", expectation.name));
    }
  }
  if (!output) {
    expectation.check = read_cycles(node);
  } else {
    const std::string name = read_output(*output, program);
    const auto equals = node.find("equals");
    const auto matches = node.find("matches");
    if (equals.has_value() == matches.has_value()) throw node.error("expected either `equals` or `matches`");
    if (equals) {
      expectation.check =
          EqualsSpec{name, read_numbers(node, *equals, true), read_tolerance(node, name, program)};
    } else {
      expectation.check =
          MatchesSpec{name, read_numbers(node, *matches, true), node.at("at_least").as_number(0, 1)};
    }
  }
  node.reject_unknown_keys();
  return expectation;
}

template <class Read>
void for_items(const ConfigNode& root, const std::string& key, const Read& read) {
  if (const auto list = root.find(key)) {
    for (const ConfigNode& item : list->items()) read(item);
  }
}

Program read_program(const ConfigNode& root, const std::filesystem::path& file,
                     const config::SystemConfig& system) {
  const TileNames names = system.tile_names();
  Program program;
  program.file = file;
  program.name = read_file_name(root.at("program"));  // of the default output folder
  if (const auto text = root.find("description")) program.description = text->as_string();
  if (const auto arch = root.find("arch")) {
    if (isa::parse_arch(arch->as_choice({"ipu1", "ipu2", "ipu21"})) != system.arch()) {
      throw arch->error(fmt::format("the program is for {}, the system '{}' is an {}", arch->as_string(),
                                    system.name, isa::arch_info(system.arch()).name));
    }
  }
  program.images = read_images(root.at("images"), names);
  const auto exchange = root.find("exchange");
  if (exchange) program.exchange = exchange_planner::parse_phases(*exchange, names);
  for (const ImageSpec& image : program.images) {
    if (exchange && image.executable) {
      throw image.executable->where.error(
          "a program with planned `exchange` links its code into every image, which an executable does not "
          "allow");
    }
  }
  for_items(root, "load",
            [&](const ConfigNode& n) { program.loads.push_back(read_load(n, program, names)); });
  if (const auto run = root.find("run")) program.run = read_run(*run);
  for_items(root, "read", [&](const ConfigNode& n) {
    program.reads.push_back(read_read(n, program, names, system.arch()));
  });
  for_items(root, "expectations",
            [&](const ConfigNode& n) { program.expectations.push_back(read_expectation(n, program)); });
  root.reject_unknown_keys();
  return program;
}

}  // namespace

bool is_identifier(const std::string& text) {
  const auto part = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::all_of(text.begin(), text.end(), part);
}

Program load_program(const std::filesystem::path& file, const config::SystemConfig& system) {
  return read_program(ConfigNode::load(file), file, system);
}

Program parse_program(std::string_view text, const std::string& name, const config::SystemConfig& system) {
  return read_program(ConfigNode::parse(text, name), name, system);
}

}  // namespace ipusim::program
