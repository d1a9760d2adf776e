// SPDX-License-Identifier: Apache-2.0
// Where every input section goes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "input_object.hpp"

namespace ipusim::toolchain {

struct Placement {
  std::size_t object, section;  // InputObject index and its section's
  std::uint64_t offset;         // in the output section
};

struct OutputSection {
  std::string name;
  std::uint32_t address = 0;  // 0 for sections that are not loaded (debug information)
  std::uint64_t size = 0;     // may exceed the memory until that is found out
  std::uint32_t alignment = 1;
  bool allocated = false, zero_filled = true, writable = false, executable = false;
  std::vector<Placement> inputs;
  std::vector<std::uint8_t> bytes;  // filled when contents are known; empty if zero_filled
};

struct Layout {
  std::vector<OutputSection> sections;  // loaded ones first, by address
  // Output section of an input section, if it is kept, and its offset there.
  struct Place {
    std::size_t output;
    std::uint32_t offset;
  };
  std::optional<Place> place(std::size_t object, std::size_t section) const;
  std::vector<std::vector<std::optional<Place>>> places;  // by object and section
};

// errors: one line per region that overflows, and per section of code where none can be fetched.
Layout lay_out(const std::vector<InputObject>& objects, const isa::ArchInfo& arch,
               std::vector<std::string>& errors);

}  // namespace ipusim::toolchain
