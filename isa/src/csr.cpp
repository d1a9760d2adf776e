// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "ipusim/isa/isa.hpp"
#include "tables.hpp"

namespace ipusim::isa {
namespace {

constexpr std::size_t csr_space = 0x200;
using Directory = std::array<const Csr*, csr_space>;

bool reachable(const Csr& csr, Mode mode) { return csr.mode == Mode::both || csr.mode == mode; }

Directory make_directory(Mode mode) {
  Directory directory{};
  for (const Csr& csr : tables::csrs)
    if (reachable(csr, mode)) directory[csr.index] = &csr;
  return directory;
}

const Directory& directory_of(Mode mode) {
  static const std::array<Directory, 3> directories{make_directory(Mode::both), make_directory(Mode::worker),
                                                    make_directory(Mode::supervisor)};
  return directories[static_cast<std::size_t>(mode)];
}

}  // namespace

const Csr* find_csr(Mode mode, unsigned index) {
  return index < csr_space ? directory_of(mode)[index] : nullptr;
}

const Csr* find_csr(Mode mode, std::string_view name) {
  const auto csr = std::find_if(tables::csrs.begin(), tables::csrs.end(),
                                [&](const Csr& c) { return c.name == name && reachable(c, mode); });
  return csr == tables::csrs.end() ? nullptr : &*csr;
}

std::span<const Csr> all_csrs() { return tables::csrs; }

}  // namespace ipusim::isa
