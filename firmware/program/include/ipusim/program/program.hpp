// A program file as plain data; docs/program.md states every key. Each part keeps its place in the file for
// what only later steps can find wrong.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/config/config_node.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/config/tile_selection.hpp"
#include "ipusim/isa/isa.hpp"
#include "ipusim/numbers/element_type.hpp"
#include "ipusim/numbers/number_rows.hpp"

namespace ipusim::program {

struct FileSpec {
  config::ConfigNode where;
  std::filesystem::path path;
};

struct SourceSpec {
  config::ConfigNode where;
  std::filesystem::path path;
  std::optional<isa::Mode> mode;  // to start in; the image's if it has none of its own
  bool preprocess = true;
};

// What runs on a group of tiles.
struct ImageSpec {
  config::ConfigNode where;
  config::TileSelection tiles;
  std::optional<FileSpec> executable;  // linked elsewhere; nothing below goes with it
  std::vector<SourceSpec> sources;
  std::vector<FileSpec> objects;  // archives too
  std::vector<std::filesystem::path> include_dirs;
  std::vector<std::pair<std::string, std::string>> defines;
  std::vector<std::string> cpp_options;
  std::string entry = "_start";
  isa::Mode mode = isa::Mode::supervisor;
};

// How numbers lie in a file.
enum class Encoding : std::uint8_t { text, npy, raw };

// Numbers from a file or from the program file itself, not yet read.
struct NumberSpec {
  config::ConfigNode where;
  std::filesystem::path file;  // empty: in the program file
  Encoding encoding = Encoding::text;
  std::optional<config::ConfigNode> values;  // a list
  std::optional<config::ConfigNode> single;  // one number, for every element there is
  std::optional<numbers::IndexRanges> lines;
  std::optional<numbers::IndexRanges> columns;
  // At most `most` numbers; of `single` as many. Throws InputError or ConfigError.
  numbers::NumberRows read(numbers::ElementType type, std::size_t most,
                           numbers::RowLengths lengths = numbers::RowLengths::any) const;
  std::string describe() const;  // the file's name, the list's place, or the number
};

enum class Distribution : std::uint8_t { same, split };

struct LoadSpec {
  config::ConfigNode where;
  std::string symbol;
  std::uint32_t offset = 0;  // bytes
  config::TileSelection tiles;
  numbers::ElementType type = numbers::ElementType::u32;
  NumberSpec numbers;
  Distribution distribution = Distribution::same;
};

struct ReadSpec {
  config::ConfigNode where;
  std::string name;
  std::string symbol;
  std::uint32_t offset = 0;  // bytes
  config::TileSelection tiles;
  numbers::ElementType type = numbers::ElementType::u32;
  std::uint32_t count = 0;            // elements per tile
  Encoding encoding = Encoding::npy;  // of the file it is left in: npy or raw
};

struct RunSpec {
  static constexpr std::uint64_t most_host_syncs = 0xFFFF;         // the host sync mark has 16 bits
  static constexpr std::uint64_t most_cycles = 1'000'000'000'000;  // ten minutes of a chip
  std::uint32_t host_syncs = 2;
  Cycle timeout{100'000'000};  // cycles from the start
};

// How far an element may lie from the expected number. No limit at all: bit by bit. Else any NaN is as good
// as another, and both zeros are one.
struct Tolerance {
  // |got - expected| <= absolute + relative * |expected|, as numpy.isclose() has it, in double precision.
  std::optional<double> absolute;
  std::optional<double> relative;
  // So many values of the type further; not together with the two above.
  std::optional<std::uint64_t> ulp;
  bool is_exact() const { return !absolute && !relative && !ulp; }
};
struct EqualsSpec {
  std::string output;
  NumberSpec numbers;
  Tolerance tolerance;
};
struct MatchesSpec {
  std::string output;
  NumberSpec numbers;
  double at_least = 0;  // share of equal elements, 0 to 1
};
enum class CycleKind : std::uint8_t { total, compute, sync, exchange };
struct CyclesSpec {
  CycleKind kind = CycleKind::total;
  std::optional<std::uint64_t> at_least;
  std::optional<std::uint64_t> at_most;
};
struct ExpectationSpec {
  config::ConfigNode where;
  std::string name;
  std::variant<CyclesSpec, EqualsSpec, MatchesSpec> check;
};

struct Program {
  std::filesystem::path file;
  std::string name;
  std::string description;
  std::vector<ImageSpec> images;
  std::optional<config::ConfigNode> exchange;  // for the exchange planner
  std::vector<LoadSpec> loads;
  RunSpec run;
  std::vector<ReadSpec> reads;
  std::vector<ExpectationSpec> expectations;
  bool has_image(TileIndex tile) const;
};

std::string to_string(CycleKind kind);

}  // namespace ipusim::program
