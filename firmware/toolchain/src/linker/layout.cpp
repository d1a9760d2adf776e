#include "layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace ipusim::toolchain {
namespace {

bool has_prefix(std::string_view name, std::string_view prefix) {
  return name == prefix || (name.starts_with(prefix) && name[prefix.size()] == '.');
}

// Region 0 in this order, then everything else by name.
constexpr std::array<std::string_view, 4> region0_order{".text", ".rodata", ".data", ".bss"};
constexpr std::string_view region1_prefix = ".region1";

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

bool is_kept(const InputSection& section) {
  return section.size != 0 && (section.allocated || section.name.starts_with(".debug"));
}

void add(OutputSection& output, std::size_t object, std::size_t index, const InputSection& section) {
  const std::uint64_t offset = aligned(output.size, section.alignment);
  output.inputs.push_back({object, index, static_cast<std::uint32_t>(offset)});
  output.size = static_cast<std::uint32_t>(offset + section.size);
  output.alignment = std::max(output.alignment, section.alignment);
  output.allocated |= section.allocated;
  output.zero_filled &= section.zero_filled;
  output.writable |= section.writable;
  output.executable |= section.executable;
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
  for (std::size_t output = 0; output < sections.size(); ++output)
    for (const Placement& input : sections[output].inputs)
      if (input.object == object && input.section == section) return Place{output, input.offset};
  return std::nullopt;
}

Layout lay_out(const std::vector<InputObject>& objects, const isa::ArchInfo& arch,
               std::vector<std::string>& errors) {
  Layout layout;
  for (std::size_t object = 0; object < objects.size(); ++object)
    for (std::size_t index = 0; index < objects[object].sections.size(); ++index) {
      const InputSection& section = objects[object].sections[index];
      if (!is_kept(section)) continue;
      const std::string name = output_name(section);
      auto output = std::find_if(layout.sections.begin(), layout.sections.end(),
                                 [&](const OutputSection& candidate) { return candidate.name == name; });
      if (output == layout.sections.end()) {
        layout.sections.push_back({});
        output = layout.sections.end() - 1;
        output->name = name;
      }
      add(*output, object, index, section);
    }
  std::stable_sort(layout.sections.begin(), layout.sections.end(),
                   [](const OutputSection& a, const OutputSection& b) { return rank(a) < rank(b); });
  assign_addresses(layout, arch, errors);
  return layout;
}

}  // namespace ipusim::toolchain
