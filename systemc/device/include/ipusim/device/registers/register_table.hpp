// SPDX-License-Identifier: Apache-2.0
// Register maps as tables of a manual, in Markdown.
#pragma once

#include <span>
#include <string>

#include "ipusim/device/registers/register_map.hpp"

namespace ipusim::device {

// "R", "W", "RW", or "R, writes ignored".
std::string to_string(Access access);

// One table of all groups, a line per row: address, name, access, meaning. The address of a repeated group is
// `0xBASE + 0xSTRIDE * index`; `index_names`, by group: what that index is called ("place"), "n" if there is
// none.
std::string register_table(std::span<const RegisterGroup> groups,
                           std::span<const std::string_view> index_names = {});

// `page` with what stands between the lines `<!-- registers: NAME -->` and `<!-- end -->` replaced by
// `table`. Throws std::runtime_error if the markers are not there.
std::string with_table(const std::string& page, const std::string& name, const std::string& table);

}  // namespace ipusim::device
