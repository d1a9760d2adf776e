#include "ipusim/cli/program/program_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace ipusim::cli {
namespace {

using config::ConfigError;
using config::ConfigNode;

bool is_identifier(const std::string& text) {
  const auto part = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  return !text.empty() && !(text[0] >= '0' && text[0] <= '9') && std::all_of(text.begin(), text.end(), part);
}

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

ElementType read_type(const ConfigNode& node) {
  return *parse_element_type(node.as_choice({"f32", "i32", "u32", "i16", "u16", "i8", "u8"}));
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
    for (const ConfigNode& item : list->items()) files.push_back({item, read_existing(item)});
  }
  return files;
}

isa::Mode read_mode(const ConfigNode& node) {
  return node.as_choice({"supervisor", "worker"}) == "worker" ? isa::Mode::worker : isa::Mode::supervisor;
}

// A file's name, or a map with what goes for this source alone.
SourceSpec read_source(const ConfigNode& node) {
  if (!node.is_map()) return {.where = node, .path = read_existing(node), .mode = {}};
  SourceSpec source{.where = node, .path = read_existing(node.at("file")), .mode = {}};
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

ImageSpec read_image(const ConfigNode& node, std::size_t tile_count) {
  ImageSpec image{.where = node,
                  .tiles = config::read_tile_selection(node.at("tiles"), tile_count),
                  .executable = {},
                  .sources = read_sources(node),
                  .objects = read_files(node, "objects"),
                  .include_dirs = {},
                  .defines = read_defines(node),
                  .cpp_options = read_texts(node, "cpp_options")};
  if (const auto executable = node.find("executable")) {
    for (const char* key :
         {"sources", "objects", "include_dirs", "defines", "cpp_options", "entry", "mode"}) {
      if (const auto other = node.find(key)) {
        throw other->error(fmt::format("`{}` goes with what is linked here, not with an `executable`", key));
      }
    }
    image.executable = FileSpec{*executable, read_existing(*executable)};
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

std::vector<ImageSpec> read_images(const ConfigNode& node, std::size_t tile_count) {
  std::vector<ImageSpec> images;
  std::set<TileIndex> taken;
  for (const ConfigNode& item : node.items()) {
    images.push_back(read_image(item, tile_count));
    for (const TileIndex tile : images.back().tiles) {
      if (!taken.insert(tile).second) {
        throw item.at("tiles").error(
            fmt::format("tile {} is in an earlier entry of `images` already", tile.value()));
      }
    }
  }
  if (images.empty()) throw node.error("expected at least one image");
  return images;
}

// The numbers of `file_key`, or of `values` where the map may hold them itself.
NumberSpec read_numbers(const ConfigNode& map, const ConfigNode& node) {
  NumberSpec numbers{.where = node, .file = {}, .values = {}, .lines = {}, .columns = {}};
  if (node.is_sequence()) {
    numbers.values = node;
    for (const ConfigNode& item : node.items()) {
      if (item.is_map()) throw item.error("expected a number, or a list of numbers that makes a line");
    }
  } else {
    numbers.file = read_existing(node);
  }
  if (const auto lines = map.find("lines")) numbers.lines = read_ranges(*lines);
  if (const auto columns = map.find("columns")) numbers.columns = read_ranges(*columns);
  return numbers;
}

void require_images(const ConfigNode& node, const config::TileSelection& tiles, const Program& program) {
  for (const TileIndex tile : tiles) {
    if (!program.has_image(tile)) {
      throw node.error(fmt::format(
          "tile {} has no image, so it has no symbols: no entry of `images` names it", tile.value()));
    }
  }
}

LoadSpec read_load(const ConfigNode& node, const Program& program, std::size_t tile_count) {
  const auto file = node.find("file");
  const auto values = node.find("values");
  if (file.has_value() == values.has_value()) throw node.error("expected either `file` or `values`");
  if (values && !values->is_sequence()) throw values->error("expected a list of numbers");
  if (file && !file->is_scalar())
    throw file->error("expected the name of a file; a list stands under `values`");
  LoadSpec load{.where = node,
                .symbol = read_text(node.at("symbol")),
                .offset = read_offset(node),
                .tiles = config::read_tile_selection(node.at("tiles"), tile_count),
                .type = read_type(node.at("type")),
                .numbers = read_numbers(node, file ? *file : *values)};
  require_images(node.at("tiles"), load.tiles, program);
  if (const auto distribute = node.find("distribute")) {
    const bool split = distribute->as_choice({"same", "split"}) == "split";
    load.distribution = split ? Distribution::split : Distribution::same;
  }
  node.reject_unknown_keys();
  return load;
}

RunSpec read_run(const ConfigNode& node) {
  constexpr std::uint64_t mark_limit = 0xFFFF;              // the host sync mark has 16 bits
  constexpr std::uint64_t cycle_limit = 1'000'000'000'000;  // ten minutes of a chip
  RunSpec run;
  if (const auto syncs = node.find("host_syncs")) {
    run.host_syncs = static_cast<std::uint32_t>(syncs->as_unsigned(0, mark_limit));
  }
  if (const auto timeout = node.find("timeout_cycles"))
    run.timeout = Cycle{timeout->as_unsigned(1, cycle_limit)};
  node.reject_unknown_keys();
  return run;
}

ReadSpec read_read(const ConfigNode& node, const Program& program, std::size_t tile_count) {
  ReadSpec read{.where = node,
                .name = read_text(node.at("name")),
                .symbol = read_text(node.at("symbol")),
                .offset = read_offset(node),
                .tiles = config::read_tile_selection(node.at("tiles"), tile_count),
                .type = read_type(node.at("type")),
                .count = read_u32(node.at("count"), 1)};
  require_images(node.at("tiles"), read.tiles, program);
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

ExpectationSpec read_expectation(const ConfigNode& node, const Program& program) {
  ExpectationSpec expectation{.where = node, .name = read_text(node.at("name")), .check = {}};
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
      expectation.check = EqualsSpec{name, read_numbers(node, *equals)};
    } else {
      expectation.check =
          MatchesSpec{name, read_numbers(node, *matches), node.at("at_least").as_number(0, 1)};
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
  const std::size_t tile_count = system.places.size();
  Program program;
  program.file = file;
  const ConfigNode name = root.at("program");
  program.name = read_text(name);
  // It names the default output folder.
  if (program.name.find('/') != std::string::npos || program.name.starts_with('.')) {
    throw name.error(
        fmt::format("expected a name without '/' that does not begin with '.', got '{}'", program.name));
  }
  if (const auto text = root.find("description")) program.description = text->as_string();
  if (const auto arch = root.find("arch")) {
    if (isa::parse_arch(arch->as_choice({"ipu1", "ipu2", "ipu21"})) != system.arch) {
      throw arch->error(fmt::format("the program is for {}, the system '{}' is an {}", arch->as_string(),
                                    system.name, isa::arch_info(system.arch).name));
    }
  }
  program.images = read_images(root.at("images"), tile_count);
  program.exchange = root.find("exchange");
  for (const ImageSpec& image : program.images) {
    if (program.exchange && image.executable) {
      throw image.executable->where.error(
          "a program with planned `exchange` links its code into every image, which an executable does not "
          "allow");
    }
  }
  for_items(root, "load",
            [&](const ConfigNode& n) { program.loads.push_back(read_load(n, program, tile_count)); });
  if (const auto run = root.find("run")) program.run = read_run(*run);
  for_items(root, "read",
            [&](const ConfigNode& n) { program.reads.push_back(read_read(n, program, tile_count)); });
  for_items(root, "expectations",
            [&](const ConfigNode& n) { program.expectations.push_back(read_expectation(n, program)); });
  root.reject_unknown_keys();
  return program;
}

}  // namespace

Program load_program(const std::filesystem::path& file, const config::SystemConfig& system) {
  return read_program(ConfigNode::load(file), file, system);
}

Program parse_program(std::string_view text, const std::string& name, const config::SystemConfig& system) {
  return read_program(ConfigNode::parse(text, name), name, system);
}

}  // namespace ipusim::cli
