// Words for what the tile models report by number.
#pragma once

#include <string_view>

#include "ipusim/tile/tile_model.hpp"

namespace ipusim::tile {

// The enumerator's own name.
std::string_view name_of(ExceptionType type);
std::string_view name_of(ExceptionCause cause);
std::string_view name_of(HazardKind kind);

}  // namespace ipusim::tile
