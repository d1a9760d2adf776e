// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/debug/program_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ipusim/base/input_error.hpp"

namespace ipusim::app {
namespace {

constexpr std::uint32_t word_bytes = 4;

}  // namespace

ProgramView::ProgramView(const TileImages& images, isa::Arch arch, const std::filesystem::path& sources)
    : images_(images),
      worker_(arch, isa::Mode::worker),
      supervisor_(arch, isa::Mode::supervisor),
      text_(sources) {}

toolchain::SourceLocator& ProgramView::locator(TileIndex tile) {
  auto& found = locators_[tile];
  if (!found) found = std::make_unique<toolchain::SourceLocator>(*images_.at(tile.value()));
  return *found;
}

std::uint32_t ProgramView::symbol(TileIndex tile, const std::string& name) {
  const toolchain::Image& image = *images_.at(tile.value());
  if (const auto* global = image.find_symbol(name)) return global->value;
  std::vector<std::uint32_t> values;
  for (const toolchain::Symbol& local : image.local_symbols)
    if (local.name == name) values.push_back(local.value);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  if (values.empty()) return image.symbol(name).value;  // which says what is near to it
  if (values.size() == 1) return values.front();
  std::string places;
  for (const std::uint32_t value : values) {
    const auto source = source_of(tile, ByteAddr{value});
    places += fmt::format("{}{:#x}{}", places.empty() ? "" : ", ", value,
                          source ? " (" + source->format() + ")" : "");
  }
  throw InputError(fmt::format("'{}' is {} local symbols of tile {}: {}; give an address or a line", name,
                               values.size(), tile.value(), places));
}

std::vector<std::string> ProgramView::symbol_names(TileIndex tile) const {
  const toolchain::Image& image = *images_.at(tile.value());
  std::vector<std::string> names;
  for (const auto* symbols : {&image.symbols, &image.local_symbols})
    for (const toolchain::Symbol& symbol : *symbols) names.push_back(symbol.name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

ByteAddr ProgramView::line(TileIndex tile, const std::string& file, unsigned line) {
  std::optional<std::pair<unsigned, ByteAddr>> best;
  for (const auto& segment : images_.at(tile.value())->segments)
    for (std::uint32_t at = 0; at < segment.bytes.size(); at += word_bytes) {
      const auto place = locator(tile).locate(segment.address + at);
      if (!place || place->line < line) continue;
      const bool same_file = place->file == file || place->file.ends_with("/" + file);
      if (same_file && (!best || place->line < best->first)) best = {place->line, segment.address + at};
    }
  if (!best)
    throw InputError(
        fmt::format("no code of tile {} comes from {}:{} (is the file's name spelled as in the program file, "
                    "and the line an instruction?)",
                    tile.value(), file, line));
  return best->second;
}

std::string ProgramView::name_of(TileIndex tile, ByteAddr address) const {
  return symbol_at(tile, address).value_or(fmt::format("{:#x}", address.value()));
}

std::string ProgramView::place(TileIndex tile, ByteAddr address) const {
  const auto symbol = symbol_at(tile, address);
  return fmt::format("{:#x}{}", address.value(), symbol ? " " + *symbol : "");
}

std::optional<std::string> ProgramView::symbol_at(TileIndex tile, ByteAddr address) const {
  const auto& locator = symbols_.try_emplace(tile, *images_.at(tile.value())).first->second;
  const auto place = locator.locate(address);
  return place ? std::optional{place->format()} : std::nullopt;
}

std::optional<toolchain::SourceLocation> ProgramView::source_of(TileIndex tile, ByteAddr address) {
  return locator(tile).locate(address);
}

toolchain::Disassembly ProgramView::disassemble(const chip::ChipModel& chip, TileIndex tile, Context context,
                                                ByteAddr address) const {
  std::array<std::byte, 2 * word_bytes> bytes{};
  const isa::ArchInfo& memory = isa::arch_info(chip.arch());
  if (address.value() >= memory.memory_end) throw std::out_of_range("no memory there");
  const std::size_t size = std::min<std::size_t>(bytes.size(), memory.memory_end - address.value());
  chip.tile(tile).read_memory(address, std::span(bytes).first(size));
  const auto code = std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), size);
  return (context.is_worker() ? worker_ : supervisor_).disassemble(code, address.value());
}

}  // namespace ipusim::app
