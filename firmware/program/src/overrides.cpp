// SPDX-License-Identifier: Apache-2.0
#include "ipusim/program/overrides.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ipusim/base/input_error.hpp"
#include "ipusim/program/program_file.hpp"

namespace ipusim::program {
namespace {

std::uint64_t in_range(const char* option, std::uint64_t value, std::uint64_t low, std::uint64_t high) {
  if (value >= low && value <= high) return value;
  throw InputError(fmt::format("{} {}: expected a whole number from {} to {}", option, value, low, high));
}

void define(const std::string& text, Program& program) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  if (!is_identifier(name)) throw InputError(fmt::format("-D {}: '{}' is no name for a define", text, name));
  const std::string value = equals == std::string::npos ? "1" : text.substr(equals + 1);
  bool used = false;
  for (ImageSpec& image : program.images) {
    if (image.sources.empty()) continue;
    used = true;
    const auto found = std::find_if(image.defines.begin(), image.defines.end(),
                                    [&](const auto& known) { return known.first == name; });
    if (found == image.defines.end()) {
      image.defines.emplace_back(name, value);
    } else {
      found->second = value;
    }
  }
  if (!used) throw InputError(fmt::format("-D {}: no image of the program is made from sources", text));
}

}  // namespace

void apply(const Overrides& overrides, Program& program) {
  for (const std::string& text : overrides.defines) define(text, program);
  if (overrides.timeout_cycles) {
    program.run.timeout = Cycle{in_range("--timeout", *overrides.timeout_cycles, 1, RunSpec::most_cycles)};
  }
  if (overrides.host_syncs) {
    program.run.host_syncs = static_cast<std::uint32_t>(
        in_range("--host-syncs", *overrides.host_syncs, 0, RunSpec::most_host_syncs));
  }
}

}  // namespace ipusim::program
