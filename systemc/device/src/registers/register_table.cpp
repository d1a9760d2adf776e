// SPDX-License-Identifier: Apache-2.0
#include "ipusim/device/registers/register_table.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace ipusim::device {

namespace {

std::string address_of(const RegisterGroup& group, const RegisterRow& row, std::string_view index_name) {
  if (group.count == 1) return fmt::format("0x{:02X}", group.address(row.offset));
  return fmt::format("0x{:02X} + 0x{:X} * {}", group.address(row.offset), group.stride, index_name);
}

}  // namespace

std::string to_string(Access access) {
  switch (access) {
    case Access::read_only:
      return "R";
    case Access::write_only:
      return "W";
    case Access::read_write:
      return "RW";
    case Access::writes_ignored:
      return "R, writes ignored";
  }
  return "?";
}

std::string register_table(std::span<const RegisterGroup> groups,
                           std::span<const std::string_view> index_names) {
  std::string table = "| offset | register | | what |\n|---|---|---|---|\n";
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::string_view index_name = g < index_names.size() ? index_names[g] : "n";
    for (const RegisterRow& row : groups[g].rows) {
      table += fmt::format("| {} | {} | {} | {} |\n", address_of(groups[g], row, index_name), row.name,
                           to_string(row.access), row.meaning);
    }
  }
  return table;
}

std::string with_table(const std::string& page, const std::string& name, const std::string& table) {
  const std::string begin = fmt::format("<!-- registers: {} -->\n", name);
  const std::string end = "<!-- end -->";
  const auto from = page.find(begin);
  const auto to = from == std::string::npos ? from : page.find(end, from);
  if (to == std::string::npos) {
    throw std::runtime_error(fmt::format(
        "no lines '<!-- registers: {} -->' and '{}': put them where the table shall stand", name, end));
  }
  return page.substr(0, from + begin.size()) + table + page.substr(to);
}

}  // namespace ipusim::device
