// SPDX-License-Identifier: Apache-2.0
#include "ipusim/config/source_place.hpp"

#include <fmt/format.h>

namespace ipusim::config {

std::string SourcePlace::place() const {
  return line == 0 ? file : fmt::format("{}:{}:{}", file, line, column);
}

std::string SourcePlace::place_and_key() const {
  if (key.empty()) return place();
  return empty() ? fmt::format("key '{}'", key) : fmt::format("{}: key '{}'", place(), key);
}

ConfigError SourcePlace::error(std::string_view message) const {
  const std::string where = place_and_key();
  return ConfigError(where.empty() ? std::string{message} : fmt::format("{}: {}", where, message));
}

}  // namespace ipusim::config
