// The option --tile SEL=KIND.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ipusim::app {

// The model of each tile: `default_kind`, changed by options "SEL=KIND" in their order, the last one wins.
// Throws InputError naming the option.
std::vector<std::string> choose_tile_kinds(const std::string& default_kind,
                                           const std::vector<std::string>& options, std::size_t tile_count);

}  // namespace ipusim::app
