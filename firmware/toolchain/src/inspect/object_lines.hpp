// SPDX-License-Identifier: Apache-2.0
// Line information of relocatable objects, whose addresses are still to be relocated.
#pragma once

#include <optional>
#include <vector>

#include "elf_view.hpp"
#include "ipusim/toolchain/source_locator.hpp"

namespace ipusim::toolchain {

// Places of addresses in any file: as they are in an executable; in an object every section gets a base of
// its own, as if it were linked.
class FileLines {
 public:
  explicit FileLines(const ElfView& file);
  std::optional<SourceLocation> locate(std::size_t section, std::uint32_t address) const;

 private:
  std::vector<std::uint32_t> bases_;  // by section
  std::optional<SourceLocator> locator_;
};

}  // namespace ipusim::toolchain
