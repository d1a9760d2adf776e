#include "ipusim/cli/build/image_builder.hpp"

#include <fmt/format.h>

#include <optional>

#include "ipusim/cli/report/report.hpp"
#include "ipusim/exchange_planner/phase_file.hpp"
#include "ipusim/exchange_planner/planner.hpp"

namespace ipusim::cli {
namespace {

using exchange_planner::Phase;

// Acknowledges as many syncs in advance as one instruction can, waits until they are used up, and again.
constexpr const char* idle_source =
    "    .globl _start\n"
    "_start:\n"
    "    sans 524287\n"
    "    sync 1\n"
    "    bri _start\n";

void require_images(const Phase& phase, const std::vector<TileIndex>& tiles, const Program& program) {
  for (const TileIndex tile : tiles) {
    if (!program.has_image(tile)) {
      throw exchange_planner::PlanError(
          fmt::format("{}: phase '{}': tile {} has a part in it, but no entry of `images` names that tile",
                      phase.where, phase.name, tile.value()));
    }
  }
}

void require_images(const Phase& phase, const Program& program) {
  if (const auto* gather = std::get_if<exchange_planner::AllGather>(&phase.pattern)) {
    require_images(phase, gather->tiles, program);
  } else if (const auto* all = std::get_if<exchange_planner::AllToAll>(&phase.pattern)) {
    require_images(phase, all->tiles, program);
  } else {
    for (const auto& message : std::get<exchange_planner::Messages>(phase.pattern).messages) {
      require_images(phase, {message.from}, program);
      require_images(phase, message.to, program);
    }
  }
}

std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

ImageBuilder::ImageBuilder(const Program& program, const config::SystemConfig& system,
                           const Progress& progress)
    : program_(program), system_(system), progress_(progress) {}

std::vector<std::string> ImageBuilder::plan_exchange() const {
  if (!program_.exchange) return {};
  const auto phases = exchange_planner::parse_phases(*program_.exchange, system_.places.size());
  for (const Phase& phase : phases) require_images(phase, program_);
  progress_.say(fmt::format("planning {} exchange phases", phases.size()));
  auto plan = exchange_planner::plan(system_, phases);
  for (const auto& phase : plan.phases) {
    progress_.say(fmt::format(
        "  {}: {} messages, {} words sent, {} received, {} cycles (no plan needs fewer than {})", phase.name,
        phase.messages, phase.words_sent, phase.words_received, phase.events, phase.lower_bound));
  }
  return std::move(plan.assembly);
}

toolchain::Image ImageBuilder::load_executable(const FileSpec& file) const {
  toolchain::Image image = toolchain::load_image(file.path);
  if (image.arch != system_.arch) {
    throw file.where.error(fmt::format("{} is made for {}, the system '{}' is an {}", file.path.string(),
                                       isa::arch_info(image.arch).name, system_.name,
                                       isa::arch_info(system_.arch).name));
  }
  return image;
}

ImageBuilder::Parts ImageBuilder::assemble_group(const ImageSpec& spec) const {
  toolchain::AssemblerOptions options;
  options.arch = system_.arch;
  options.include_dirs = spec.include_dirs;
  const auto folder = program_.file.parent_path();
  options.include_dirs.push_back(folder.empty() ? "." : folder);
  options.defines = spec.defines;
  options.cpp_options = spec.cpp_options;
  options.ignore_working_folder = true;
  Parts parts;
  for (const SourceSpec& source : spec.sources) {
    options.mode = source.mode.value_or(spec.mode);
    options.preprocess = source.preprocess;
    parts.objects.push_back(toolchain::assemble(source.path, options));
  }
  for (const FileSpec& object : spec.objects) {
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

toolchain::LinkOptions ImageBuilder::link_options(TileIndex tile, std::string name, std::string entry) const {
  toolchain::LinkOptions options;
  options.arch = system_.arch;
  options.name = std::move(name);
  options.entry = std::move(entry);
  options.defines = {{"__tile_index", tile.value()},
                     {"__tile_count", static_cast<std::uint32_t>(system_.places.size())},
                     {"__tile_place", system_.places.at(tile.value()).value()}};
  return options;
}

toolchain::Image ImageBuilder::idle_image(const toolchain::Object& object, TileIndex tile) const {
  return toolchain::link({object}, link_options(tile, fmt::format("idle tile {}", tile.value()), "_start"))
      .image;
}

std::vector<toolchain::Image> ImageBuilder::build(const std::filesystem::path& directory) const {
  toolchain::AssemblerOptions supervisor;
  supervisor.arch = system_.arch;
  supervisor.mode = isa::Mode::supervisor;
  supervisor.preprocess = false;

  const std::vector<std::string> exchange = plan_exchange();
  std::vector<std::optional<toolchain::Image>> images(system_.places.size());
  for (std::size_t group = 0; group < program_.images.size(); ++group) {
    const ImageSpec& spec = program_.images[group];
    progress_.say(
        fmt::format("building the images of {} tiles: {}", spec.tiles.size(), config::to_string(spec.tiles)));
    if (spec.executable) {
      const toolchain::Image image = load_executable(*spec.executable);
      for (const TileIndex tile : spec.tiles) images[tile.value()] = image;
      continue;
    }
    auto [objects, archives] = assemble_group(spec);
    const std::size_t shared = objects.size();
    for (const TileIndex tile : spec.tiles) {
      const std::string name = fmt::format("{}: tile {}", spec.where.place(), tile.value());
      const std::string stem = fmt::format("group{}/tile{}", group, tile.value());
      if (!exchange.empty()) {
        const std::string& text = exchange.at(tile.value());
        write_file(directory / (stem + ".exchange.s"), text);
        // Line information names it as it is found in the output folder, wherever that is.
        objects.push_back(toolchain::assemble_text(text, "images/" + stem + ".exchange.s", supervisor));
      }
      auto linked = toolchain::link(objects, link_options(tile, name, spec.entry), archives);
      objects.erase(objects.begin() + static_cast<std::ptrdiff_t>(shared), objects.end());
      write_file(directory / (stem + ".elf"), as_text(linked.image.elf));
      write_file(directory / (stem + ".map"), linked.map);
      images[tile.value()] = std::move(linked.image);
    }
  }

  std::optional<toolchain::Object> idle;
  std::vector<toolchain::Image> result;
  for (std::uint32_t i = 0; i < images.size(); ++i) {
    if (!images[i]) {
      if (!idle) idle = toolchain::assemble_text(idle_source, "idle.S", supervisor);
      images[i] = idle_image(*idle, TileIndex{i});
    }
    result.push_back(std::move(*images[i]));
  }
  return result;
}

}  // namespace ipusim::cli
