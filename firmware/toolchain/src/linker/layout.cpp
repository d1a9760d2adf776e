// SPDX-License-Identifier: Apache-2.0
#include "layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace ipusim::toolchain {
namespace {

bool has_prefix(std::string_view name, std::string_view prefix) {
  return name == prefix || (name.starts_with(prefix) && name[prefix.size()] == '.');
}

// Region 0 in this order, then everything else by name.
constexpr std::array<std::string_view, 4> region0_order{".text", ".rodata", ".data", ".bss"};
constexpr std::string_view region1_prefix = ".region1";
// Section numbers from 0xFF00 mean other things in ELF; the tables need a few.
constexpr std::size_t most_sections = 0xFF00 - 8;

bool is_region1(std::string_view name) { return name.starts_with(region1_prefix); }

std::string output_name(const InputSection& section) {
  for (const std::string_view prefix : region0_order)
    if (has_prefix(section.name, prefix)) return std::string(prefix);
  return section.name;
}

std::size_t rank(const OutputSection& section) {
  if (!section.allocated) return region0_order.size() + 2;
  if (is_region1(section.name)) return region0_order.size() + 1;
  for (std::size_t i = 0; i < region0_order.size(); ++i)
    if (section.name == region0_order[i]) return i;
  return region0_order.size();
}

std::uint64_t aligned(std::uint64_t address, std::uint32_t alignment) {
  return (address + alignment - 1) / alignment * alignment;
}

// Sections without contents are laid out where a symbol needs a place.
std::vector<bool> sections_with_symbols(const InputObject& object) {
  std::vector<bool> result(object.sections.size());
  for (const InputSymbol& symbol : object.symbols)
    if (symbol.kind == InputSymbol::Kind::in_section) result[symbol.section] = true;
  return result;
}

void add(OutputSection& output, std::size_t object, std::size_t index, const InputSection& section) {
  const std::uint64_t offset = section.size == 0 ? output.size : aligned(output.size, section.alignment);
  output.inputs.push_back({object, index, offset});
  output.allocated |= section.allocated;
  output.writable |= section.writable;
  output.executable |= section.executable;
  output.size = offset + section.size;
  if (section.size == 0) return;
  output.zero_filled &= section.zero_filled;
  output.alignment = std::max(output.alignment, section.alignment);
}

void check_region(const InputObject& object, const InputSection& section, std::vector<std::string>& errors) {
  if (section.executable && section.size != 0 && is_region1(section.name))
    errors.push_back(
        fmt::format("{}: section {} holds code in region 1, from where it cannot be fetched; code goes to "
                    ".text*",
                    object.name, section.name));
}

void assign_addresses(Layout& layout, const isa::ArchInfo& arch, std::vector<std::string>& errors) {
  struct Region {
    std::string_view name;
    std::uint64_t next, end;
  };
  std::array<Region, 2> regions{
      {{"region 0", arch.memory_base, arch.region1_base}, {"region 1", arch.region1_base, arch.memory_end}}};
  std::array<std::string, 2> contents;
  for (OutputSection& section : layout.sections) {
    if (!section.allocated) continue;
    const std::size_t which = is_region1(section.name) ? 1 : 0;
    Region& region = regions.at(which);
    const std::uint64_t address = aligned(region.next, section.alignment);
    section.address = static_cast<std::uint32_t>(address);
    region.next = address + section.size;
    contents.at(which) +=
        fmt::format("{}{} {:#x}", contents.at(which).empty() ? "" : ", ", section.name, section.size);
  }
  for (std::size_t i = 0; i < regions.size(); ++i)
    if (regions.at(i).next > regions.at(i).end)
      errors.push_back(
          fmt::format("{} of {} ({:#x} bytes from {:#x}) overflows by {:#x} bytes; sections: {}{}",
                      regions.at(i).name, arch.name, arch.region1_base - arch.memory_base, arch.memory_base,
                      regions.at(i).next - regions.at(i).end, contents.at(i),
                      i == 0 ? "; data can go to a section named .region1*" : ""));
}

}  // namespace

std::optional<Layout::Place> Layout::place(std::size_t object, std::size_t section) const {
  return places[object][section];
}

Layout lay_out(const std::vector<InputObject>& objects, const isa::ArchInfo& arch,
               std::vector<std::string>& errors) {
  Layout layout;
  std::map<std::string, std::size_t> numbers;  // of output sections
  for (std::size_t object = 0; object < objects.size(); ++object) {
    const std::vector<bool> needed = sections_with_symbols(objects[object]);
    for (std::size_t index = 0; index < objects[object].sections.size(); ++index) {
      const InputSection& section = objects[object].sections[index];
      if (!section.dropped.empty() || (section.size == 0 && !needed[index])) continue;
      check_region(objects[object], section, errors);
      const std::string name = output_name(section);
      const auto [number, inserted] = numbers.try_emplace(name, layout.sections.size());
      if (inserted) {
        layout.sections.push_back({});
        layout.sections.back().name = name;
      }
      add(layout.sections[number->second], object, index, section);
    }
  }
  std::stable_sort(layout.sections.begin(), layout.sections.end(),
                   [](const OutputSection& a, const OutputSection& b) { return rank(a) < rank(b); });
  if (layout.sections.size() > most_sections)
    errors.push_back(
        fmt::format("{} sections are more than the file format holds ({}); give them fewer names",
                    layout.sections.size(), most_sections));
  assign_addresses(layout, arch, errors);
  for (const InputObject& object : objects) layout.places.emplace_back(object.sections.size());
  for (std::size_t output = 0; output < layout.sections.size(); ++output)
    for (const Placement& input : layout.sections[output].inputs)
      layout.places[input.object][input.section] =
          Layout::Place{output, static_cast<std::uint32_t>(input.offset)};
  return layout;
}

}  // namespace ipusim::toolchain
