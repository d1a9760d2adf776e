// Program file -> one linked image per tile.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ipusim/app/build/transfers.hpp"
#include "ipusim/app/progress.hpp"
#include "ipusim/app/result_folder.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/phase.hpp"
#include "ipusim/program/program.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace ipusim::app {

class ImageBuilder {
 public:
  // The arguments must outlive the builder.
  ImageBuilder(const program::Program& program, const config::SystemConfig& system, const Progress& progress);

  // By tile index. A tile without an image gets one that takes part in every sync and does nothing else.
  // Each source is assembled once per entry of `images`; the exchange is planned once. The first image of
  // each kind that `load` and `read` concern is checked against them before the others are linked. Writes ELF
  // files that it linked, link maps and planned exchange code to images/groupN/tileM.elf, .map and
  // .exchange.s in `results`. Throws ToolError, PlanError, ConfigError, InputError; also for a phase that
  // needs more bytes than a symbol has.
  std::vector<toolchain::Image> build(const ResultFolder& results, const LoadShares& shares) const;

 private:
  // What the images of an entry of `images` are linked from, or the one image of all its tiles.
  struct Parts {
    std::vector<toolchain::Object> objects;
    std::vector<toolchain::Archive> archives;
    std::optional<toolchain::Image> executable;
  };
  using GroupOfTile = std::map<TileIndex, std::size_t>;

  void require_files() const;
  std::vector<std::string> plan_exchange(const std::vector<exchange_planner::Phase>& phases) const;
  GroupOfTile groups() const;
  std::vector<TileIndex> first_concerned(const GroupOfTile& groups) const;
  std::vector<Parts> prepare_groups() const;
  Parts assemble_group(const program::ImageSpec& spec) const;
  toolchain::Image load_executable(const program::FileSpec& file) const;
  toolchain::Image link_image(std::size_t group, TileIndex tile, Parts& parts,
                              const std::vector<std::string>& exchange, const ResultFolder& results) const;
  toolchain::AssemblerOptions supervisor_options() const;
  toolchain::LinkOptions link_options(TileIndex tile, std::string name, std::string entry) const;
  toolchain::Image idle_image(const toolchain::Object& object, TileIndex tile) const;

  const program::Program& program_;
  const config::SystemConfig& system_;
  const Progress& progress_;
};

}  // namespace ipusim::app
