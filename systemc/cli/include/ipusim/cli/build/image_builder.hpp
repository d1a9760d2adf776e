// Program file -> one linked image per tile.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ipusim/cli/program/program.hpp"
#include "ipusim/cli/progress.hpp"
#include "ipusim/config/system_config.hpp"
#include "ipusim/exchange_planner/phase.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace ipusim::cli {

class ImageBuilder {
 public:
  // The arguments must outlive the builder.
  ImageBuilder(const Program& program, const config::SystemConfig& system, const Progress& progress);

  // By tile index. A tile without an image gets one that takes part in every sync and does nothing else.
  // Each source is assembled once per entry of `images`; the exchange is planned once. Writes ELF files that
  // it linked, link maps and planned exchange code to directory/groupN/tileM.elf, .map and .exchange.s.
  // Throws ToolError, PlanError, ConfigError, InputError; also for a phase that needs more bytes than a
  // symbol has.
  std::vector<toolchain::Image> build(const std::filesystem::path& directory) const;

 private:
  std::vector<std::string> plan_exchange(const std::vector<exchange_planner::Phase>& phases) const;
  struct Parts {
    std::vector<toolchain::Object> objects;
    std::vector<toolchain::Archive> archives;
  };
  Parts assemble_group(const ImageSpec& spec) const;
  toolchain::Image load_executable(const FileSpec& file) const;
  toolchain::LinkOptions link_options(TileIndex tile, std::string name, std::string entry) const;
  toolchain::Image idle_image(const toolchain::Object& object, TileIndex tile) const;

  const Program& program_;
  const config::SystemConfig& system_;
  const Progress& progress_;
};

}  // namespace ipusim::cli
