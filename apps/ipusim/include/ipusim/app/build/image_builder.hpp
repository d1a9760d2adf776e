// SPDX-License-Identifier: Apache-2.0
// A program -> a linked image for every tile.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ipusim/app/build/exchange_buffers.hpp"
#include "ipusim/app/build/exchange_elements.hpp"
#include "ipusim/app/build/transfers.hpp"
#include "ipusim/app/progress.hpp"
#include "ipusim/app/result_folder.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/plan.hpp"
#include "ipusim/program/program.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace ipusim::app {

// Of the folder of results.
inline constexpr const char* images_folder = "images";

class ImageBuilder {
 public:
  // The arguments must outlive the builder.
  ImageBuilder(const program::Program& program, const config::SystemConfig& system, const Progress& progress);

  // By tile index. Tiles without an image share one that takes part in every sync and does nothing else.
  // Each source is assembled once per entry of `images`; the exchange is planned once, chip by chip. The
  // first image of each kind that `load` and `read` concern is checked against them before the others are
  // linked. Writes ELF files that it linked, link maps and planned exchange code to images/groupN/tileM.elf,
  // .map and .exchange.s in `results` (images/groupN/CHIP/tileM.elf of a system of several chips). Throws
  // ToolError, PlanError, ConfigError, InputError; also for a phase that needs more bytes than a symbol has.
  // `phases`, if given, gets what the planned phases cost, without their functions; where there are several
  // chips, named with their chip.
  TileImages build(const ResultFolder& results, const LoadShares& shares,
                   std::vector<exchange_planner::PlannedPhase>* phases = nullptr) const;

 private:
  // What the images of an entry of `images` are linked from, or the one image of all its tiles.
  struct Parts {
    std::vector<toolchain::Object> objects;
    std::vector<toolchain::Archive> archives;
    ImagePointer executable;
  };
  using GroupOfTile = std::map<TileIndex, std::size_t>;

  void require_files() const;
  // What the chips exchange, by chip; no phases where a chip has none.
  using Plans = std::vector<exchange_planner::Plan>;
  Plans plan_exchange() const;
  std::string chip_prefix(ChipIndex chip) const;
  void tell_costs(const Plans& plans, std::vector<exchange_planner::PlannedPhase>& phases) const;
  void tell_clashes(const std::vector<std::vector<ElementClash>>& clashes) const;
  exchange_planner::Plan plan_chip(ChipIndex chip, const std::vector<exchange_planner::Phase>& phases) const;
  GroupOfTile groups() const;
  std::vector<TileIndex> first_concerned(const GroupOfTile& groups) const;
  std::vector<Parts> prepare_groups() const;
  Parts assemble_group(const program::ImageSpec& spec) const;
  ImagePointer load_executable(const program::FileSpec& file) const;
  ImagePointer link_image(std::size_t group, TileIndex tile, const Parts& parts, const Plans& plans,
                          const ResultFolder& results) const;
  std::string file_stem(std::size_t group, TileIndex tile) const;
  void require_symbols(const ExchangeBuffers& buffers, const std::vector<Parts>& groups) const;
  toolchain::AssemblerOptions supervisor_options() const;
  toolchain::LinkOptions link_options(TileIndex tile, std::string name, std::string entry) const;
  ImagePointer idle_image() const;

  const program::Program& program_;
  const config::SystemConfig& system_;
  config::TileNames names_;
  const Progress& progress_;
};

}  // namespace ipusim::app
