// SPDX-License-Identifier: Apache-2.0
#include "diagnostics.hpp"

#include <fmt/format.h>

namespace ipusim::isagen {

void Diagnostics::error(const SourceLine& where, const std::string& message) {
  messages_.push_back(fmt::format("{}: error: {}", to_string(where), message));
}

std::string to_string(const SourceLine& where) { return fmt::format("{}:{}", where.file, where.line); }

}  // namespace ipusim::isagen
