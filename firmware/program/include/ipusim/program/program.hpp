// SPDX-License-Identifier: Apache-2.0
// What runs on a system, as plain data; docs/program.md states what each part means. C++ code fills it by
// hand, a program file by program_file.hpp. Each part keeps its place in the file, if there is one, for what
// only later steps can find wrong.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ipusim/base/types.hpp"
#include "ipusim/config/source_place.hpp"
#include "ipusim/config/tile_selection.hpp"
#include "ipusim/exchange_planner/phase.hpp"
#include "ipusim/isa/isa.hpp"
#include "ipusim/numbers/element_type.hpp"
#include "ipusim/numbers/number_spec.hpp"

namespace ipusim::program {

struct FileSpec {
  config::SourcePlace where{};
  std::filesystem::path path{};
  friend bool operator==(const FileSpec&, const FileSpec&) = default;
};

struct SourceSpec {
  config::SourcePlace where{};
  std::filesystem::path path{};
  std::optional<isa::Mode> mode{};  // to start in; the image's if it has none of its own
  bool preprocess = true;
  friend bool operator==(const SourceSpec&, const SourceSpec&) = default;
};

// What runs on a group of tiles.
struct ImageSpec {
  config::SourcePlace where{};
  config::TileSelection tiles{};
  std::optional<FileSpec> executable{};  // linked elsewhere; nothing below goes with it
  std::vector<SourceSpec> sources{};
  std::vector<FileSpec> objects{};  // archives too
  std::vector<std::filesystem::path> include_dirs{};
  std::vector<std::pair<std::string, std::string>> defines{};
  std::vector<std::string> cpp_options{};
  std::string entry = "_start";
  isa::Mode mode = isa::Mode::supervisor;
  friend bool operator==(const ImageSpec&, const ImageSpec&) = default;
};

enum class Distribution : std::uint8_t { same, split };

struct LoadSpec {
  config::SourcePlace where{};
  std::string symbol{};
  config::SourcePlace symbol_where{};
  std::uint32_t offset = 0;  // bytes
  config::TileSelection tiles{};
  numbers::ElementType type = numbers::ElementType::u32;
  numbers::NumberSpec numbers{};
  Distribution distribution = Distribution::same;
  friend bool operator==(const LoadSpec&, const LoadSpec&) = default;
};

struct ReadSpec {
  config::SourcePlace where{};
  std::string name{};
  std::string symbol{};
  config::SourcePlace symbol_where{};
  std::uint32_t offset = 0;  // bytes
  config::TileSelection tiles{};
  numbers::ElementType type = numbers::ElementType::u32;
  std::uint32_t count = 0;                              // elements per tile
  numbers::Encoding encoding = numbers::Encoding::npy;  // of the file it is left in: npy or raw
  friend bool operator==(const ReadSpec&, const ReadSpec&) = default;
};

struct RunSpec {
  static constexpr std::uint64_t most_host_syncs = 0xFFFF;         // the host sync mark has 16 bits
  static constexpr std::uint64_t most_cycles = 1'000'000'000'000;  // ten minutes of a chip
  std::uint32_t host_syncs = 2;
  Cycle timeout{100'000'000};  // cycles from the start
  friend bool operator==(const RunSpec&, const RunSpec&) = default;
};

// How far an element may lie from the expected number. No limit at all: bit by bit. Else any NaN is as good
// as another, and both zeros are one.
struct Tolerance {
  // |got - expected| <= absolute + relative * |expected|, as numpy.isclose() has it, in double precision.
  std::optional<double> absolute{};
  std::optional<double> relative{};
  // So many values of the type further; not together with the two above.
  std::optional<std::uint64_t> ulp{};
  bool is_exact() const { return !absolute && !relative && !ulp; }
  friend bool operator==(const Tolerance&, const Tolerance&) = default;
};
struct EqualsSpec {
  std::string output{};
  numbers::NumberSpec numbers{};
  Tolerance tolerance{};
  friend bool operator==(const EqualsSpec&, const EqualsSpec&) = default;
};
struct MatchesSpec {
  std::string output{};
  numbers::NumberSpec numbers{};
  double at_least = 0;  // share of equal elements, 0 to 1
  friend bool operator==(const MatchesSpec&, const MatchesSpec&) = default;
};
enum class CycleKind : std::uint8_t { total, compute, sync, exchange };
struct CyclesSpec {
  CycleKind kind = CycleKind::total;
  std::optional<std::uint64_t> at_least{};
  std::optional<std::uint64_t> at_most{};
  friend bool operator==(const CyclesSpec&, const CyclesSpec&) = default;
};
struct ExpectationSpec {
  config::SourcePlace where{};
  std::string name{};
  std::variant<CyclesSpec, EqualsSpec, MatchesSpec> check{};
  friend bool operator==(const ExpectationSpec&, const ExpectationSpec&) = default;
};

struct Program {
  std::filesystem::path file{};  // sources are looked for beside it too; empty: in the working folder
  std::string name{};            // of the folder of results, if nothing else is said
  std::string description{};
  std::vector<ImageSpec> images{};
  std::vector<exchange_planner::Phase> exchange{};  // for the exchange planner
  std::vector<LoadSpec> loads{};
  RunSpec run{};
  std::vector<ReadSpec> reads{};
  std::vector<ExpectationSpec> expectations{};
  bool has_image(TileIndex tile) const;
  friend bool operator==(const Program&, const Program&) = default;
};

std::string to_string(CycleKind kind);

}  // namespace ipusim::program
