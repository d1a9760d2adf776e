// Words for what the tile models report by number.
#pragma once

#include <string_view>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::cli {

// The enumerator's own name.
std::string_view name_of(tile::ExceptionType type);
std::string_view name_of(tile::ExceptionCause cause);
std::string_view name_of(tile::HazardKind kind);

}  // namespace ipusim::cli
