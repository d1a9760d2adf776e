// SPDX-License-Identifier: Apache-2.0
#include "ipusim/program/program.hpp"

#include <algorithm>

namespace ipusim::program {

bool Program::has_image(TileIndex tile) const {
  return std::any_of(images.begin(), images.end(), [&](const ImageSpec& image) {
    return std::binary_search(image.tiles.begin(), image.tiles.end(), tile);
  });
}

std::string to_string(CycleKind kind) {
  switch (kind) {
    case CycleKind::total:
      return "total";
    case CycleKind::compute:
      return "compute";
    case CycleKind::sync:
      return "sync";
    case CycleKind::exchange:
      return "exchange";
  }
  return {};
}

}  // namespace ipusim::program
