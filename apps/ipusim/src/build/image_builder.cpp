// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/build/image_builder.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>

#include "ipusim/app/build/exchange_buffers.hpp"
#include "ipusim/base/parallel.hpp"
#include "ipusim/exchange_planner/phase_chips.hpp"
#include "ipusim/exchange_planner/plan_text.hpp"
#include "ipusim/exchange_planner/planner.hpp"
#include "ipusim/program/consistency.hpp"

namespace ipusim::app {
namespace {

using exchange_planner::Phase;

// Acknowledges as many syncs in advance as one instruction can, waits until they are used up, and again.
constexpr const char* idle_source =
    "    .globl _start\n"
    "_start:\n"
    "    sans 524287\n"
    "    sync 1\n"
    "    bri _start\n";

std::string before_message(const config::SourcePlace& where) {
  return where.empty() ? std::string{} : where.place() + ": ";
}

void require_images(const Phase& phase, const program::Program& program, const config::TileNames& names) {
  for (const TileIndex tile : exchange_planner::tiles_of(phase)) {
    if (!program.has_image(tile)) {
      throw exchange_planner::PlanError(
          fmt::format("{}phase '{}': tile {} has a part in it, but no entry of `images` names that tile",
                      before_message(phase.where), phase.name, names.name(tile)));
    }
  }
}

std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

ImageBuilder::ImageBuilder(const program::Program& program, const config::SystemConfig& system,
                           const Progress& progress)
    : program_(program), system_(system), names_(system.tile_names()), progress_(progress) {}

ImageBuilder::Plans ImageBuilder::plan_exchange() const {
  const auto& phases = program_.exchange;
  Plans plans(system_.chips.size());
  if (phases.empty()) return plans;
  progress_.begin("plan");
  std::vector<std::vector<Phase>> of_chip(plans.size());
  for (const Phase& phase : phases) {
    require_images(phase, program_, names_);
    const ChipIndex chip = exchange_planner::chip_of(phase, names_);
    of_chip.at(chip.value()).push_back(exchange_planner::within_chip(phase, names_));
  }
  progress_.say(fmt::format("planning {} exchange phases", phases.size()));
  for (std::uint32_t c = 0; c < plans.size(); ++c) {
    if (!of_chip[c].empty()) plans[c] = plan_chip(ChipIndex{c}, of_chip[c]);
  }
  return plans;
}

exchange_planner::Plan ImageBuilder::plan_chip(ChipIndex chip, const std::vector<Phase>& phases) const {
  exchange_planner::Plan plan;
  // The planner knows the chip's tiles only.
  const std::string prefix = names_.chips() == 1 ? "" : names_.chip(chip).name + ": ";
  try {
    plan = exchange_planner::plan(system_.chips.at(chip.value()), phases);
  } catch (const exchange_planner::PlanError& error) {
    throw exchange_planner::PlanError(prefix + error.what());
  }
  for (const auto& phase : plan.phases) {
    progress_.say(fmt::format(
        "  {}{}: {} messages, {} words sent, {} received, {} cycles (no plan needs fewer than {})", prefix,
        phase.name, phase.messages, phase.words_sent, phase.words_received, phase.events, phase.lower_bound));
  }
  return plan;
}

ImagePointer ImageBuilder::load_executable(const program::FileSpec& file) const {
  toolchain::Image image = toolchain::load_image(file.path);
  if (image.arch != system_.arch()) {
    throw file.where.error(fmt::format("{} is made for {}, the system '{}' is an {}", file.path.string(),
                                       isa::arch_info(image.arch).name, system_.name,
                                       isa::arch_info(system_.arch()).name));
  }
  return std::make_shared<const toolchain::Image>(std::move(image));
}

ImageBuilder::Parts ImageBuilder::assemble_group(const program::ImageSpec& spec) const {
  toolchain::AssemblerOptions options;
  options.arch = system_.arch();
  options.include_dirs = spec.include_dirs;
  const auto folder = program_.file.parent_path();
  options.include_dirs.push_back(folder.empty() ? "." : folder);
  options.defines = spec.defines;
  options.cpp_options = spec.cpp_options;
  options.ignore_working_folder = true;
  Parts parts;
  for (const program::SourceSpec& source : spec.sources) {
    options.mode = source.mode.value_or(spec.mode);
    options.preprocess = source.preprocess;
    parts.objects.push_back(toolchain::assemble(source.path, options));
  }
  for (const program::FileSpec& object : spec.objects) {
    if (toolchain::is_archive(object.path)) {
      parts.archives.push_back(toolchain::read_archive(object.path));
    } else {
      parts.objects.push_back(toolchain::read_object(object.path));
    }
  }
  for (const auto& object : parts.objects) {
    for (const auto& warning : object.warnings) progress_.say(warning.format());
  }
  return parts;
}

// Of code that is made here.
toolchain::AssemblerOptions ImageBuilder::supervisor_options() const {
  toolchain::AssemblerOptions options;
  options.arch = system_.arch();
  options.mode = isa::Mode::supervisor;
  options.preprocess = false;
  return options;
}

toolchain::LinkOptions ImageBuilder::link_options(TileIndex tile, std::string name, std::string entry) const {
  toolchain::LinkOptions options;
  options.arch = system_.arch();
  options.name = std::move(name);
  options.entry = std::move(entry);
  const config::TileRef ref = names_.ref(tile);
  const std::vector<TileId>& places = system_.chips.at(ref.chip.value()).places;
  options.defines = {{"__tile_index", ref.tile.value()},
                     {"__tile_count", static_cast<std::uint32_t>(places.size())},
                     {"__tile_place", places.at(ref.tile.value()).value()},
                     {"__chip_index", ref.chip.value()}};
  return options;
}

// All tiles without an image share one.
ImagePointer ImageBuilder::idle_image() const {
  toolchain::LinkOptions options;
  options.arch = system_.arch();
  options.name = "idle tile";
  const auto object = toolchain::assemble_text(idle_source, "idle.S", supervisor_options());
  return std::make_shared<const toolchain::Image>(toolchain::link({object}, options).image);
}

void ImageBuilder::require_files() const {
  const auto require = [](const auto& file) {
    std::error_code ignored;
    if (std::filesystem::is_directory(file.path, ignored))
      throw file.where.error(fmt::format("'{}' is a folder, but a file is needed", file.path.string()));
  };
  for (const program::ImageSpec& spec : program_.images) {
    if (spec.executable) require(*spec.executable);
    for (const program::SourceSpec& source : spec.sources) require(source);
    for (const program::FileSpec& object : spec.objects) require(object);
  }
}

ImageBuilder::GroupOfTile ImageBuilder::groups() const {
  GroupOfTile groups;
  for (std::size_t group = 0; group < program_.images.size(); ++group) {
    for (const TileIndex tile : program_.images[group].tiles) groups[tile] = group;
  }
  return groups;
}

// For each entry of `load` and `read` its first tile in every group: where a misspelt symbol shows.
std::vector<TileIndex> ImageBuilder::first_concerned(const GroupOfTile& groups) const {
  std::set<TileIndex> result;
  const auto add = [&](const config::TileSelection& tiles) {
    std::set<std::size_t> seen;
    for (const TileIndex tile : tiles) {
      if (seen.insert(groups.at(tile)).second) result.insert(tile);
    }
  };
  for (const program::LoadSpec& load : program_.loads) add(load.tiles);
  for (const program::ReadSpec& read : program_.reads) add(read.tiles);
  return {result.begin(), result.end()};
}

std::vector<ImageBuilder::Parts> ImageBuilder::prepare_groups() const {
  std::vector<Parts> result;
  for (const program::ImageSpec& spec : program_.images) {
    progress_.say(fmt::format("building the images of {} tiles: {}", spec.tiles.size(),
                              config::to_string(spec.tiles, names_)));
    if (spec.executable) {
      result.push_back({.objects = {}, .archives = {}, .executable = load_executable(*spec.executable)});
    } else {
      result.push_back(assemble_group(spec));
    }
  }
  return result;
}

std::string ImageBuilder::file_stem(std::size_t group, TileIndex tile) const {
  const config::TileRef ref = names_.ref(tile);
  const std::string chip = names_.chips() == 1 ? "" : names_.chip(ref.chip).name + "/";
  return fmt::format("{}/group{}/{}tile{}", images_folder, group, chip, ref.tile.value());
}

ImagePointer ImageBuilder::link_image(std::size_t group, TileIndex tile, const Parts& parts,
                                      const Plans& plans, const ResultFolder& results) const {
  if (parts.executable) return parts.executable;
  const program::ImageSpec& spec = program_.images[group];
  const std::string stem = file_stem(group, tile);
  const config::TileRef ref = names_.ref(tile);
  const exchange_planner::Plan& plan = plans.at(ref.chip.value());
  const auto options =
      link_options(tile, fmt::format("{}tile {}", before_message(spec.where), names_.name(tile)), spec.entry);
  std::vector<toolchain::Object> objects = parts.objects;
  if (!plan.phases.empty()) {
    const std::string text = exchange_planner::assembly_of(plan, ref.tile);
    results.write(stem + ".exchange.s", text);
    // Line information names it as it is found in the output folder, wherever that is.
    objects.push_back(toolchain::assemble_text(text, stem + ".exchange.s", supervisor_options()));
  }
  auto linked = toolchain::link(objects, options, parts.archives);
  results.write(stem + ".elf", as_text(linked.image.elf));
  results.write(stem + ".map", linked.map);
  return std::make_shared<const toolchain::Image>(std::move(linked.image));
}

// That the objects of each group have the symbols that its tiles exchange by: else the linker would tell,
// which knows nothing of the program file.
void ImageBuilder::require_symbols(const ExchangeBuffers& buffers, const std::vector<Parts>& groups) const {
  if (program_.exchange.empty()) return;
  for (std::size_t group = 0; group < groups.size(); ++group) {
    std::vector<std::string> known;
    const auto add = [&](const toolchain::Object& object) {
      for (std::string& name : toolchain::defined_symbols(object)) known.push_back(std::move(name));
    };
    for (const auto& object : groups[group].objects) add(object);
    for (const auto& archive : groups[group].archives)
      for (const auto& member : archive.members) add(member);
    for (const TileIndex tile : program_.images[group].tiles) buffers.require_symbols(tile, known);
  }
}

TileImages ImageBuilder::build(const ResultFolder& results, const LoadShares& shares) const {
  program::require_consistent(program_, names_);
  require_files();
  const Plans plans = plan_exchange();
  progress_.begin("build");
  const ExchangeBuffers buffers(program_.exchange, names_);
  const std::vector<Parts> parts = prepare_groups();
  require_symbols(buffers, parts);
  const GroupOfTile group_of = groups();
  TileImages images(names_.size());
  const auto link = [&](TileIndex tile, std::size_t group) {
    images[tile.value()] = link_image(group, tile, parts[group], plans, results);
    if (!parts[group].executable) buffers.check(tile, *images[tile.value()]);
  };
  for (const TileIndex tile : first_concerned(group_of)) {
    link(tile, group_of.at(tile));
    check_transfers(program_, shares, names_, tile, *images[tile.value()]);
  }
  std::vector<TileIndex> others;
  for (const auto& [tile, group] : group_of) {
    if (!images[tile.value()]) others.push_back(tile);
  }
  for_each_index(others.size(), [&](std::size_t i) { link(others[i], group_of.at(others[i])); });
  ImagePointer idle;
  for (ImagePointer& image : images) {
    if (image) continue;
    if (!idle) idle = idle_image();
    image = idle;
  }
  return images;
}

}  // namespace ipusim::app
