// SPDX-License-Identifier: Apache-2.0
// Sections that one link leaves out.
#pragma once

#include <string>
#include <vector>

#include "input_object.hpp"
#include "ipusim/toolchain/linker.hpp"

namespace ipusim::toolchain {

// Leaves out a section. Its global symbols are undefined from here on, so that another object's may be taken.
void drop_section(InputObject& object, std::size_t section, const std::string& reason);

// Keeps one copy of every COMDAT group, that of the first object which has it; a section named
// .gnu.linkonce.* is a group of its own.
void drop_duplicate_groups(std::vector<InputObject>& objects);

// Leaves out loaded sections that the entry, options.undefined, names defined by the command line and
// retained sections do not lead to. A reference to __start_NAME or __stop_NAME keeps all sections NAME;
// groups stay whole.
void drop_unused_sections(std::vector<InputObject>& objects, const LinkOptions& options);

}  // namespace ipusim::toolchain
