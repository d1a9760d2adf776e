#include "ipusim/cli/debug/program_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "ipusim/cli/input_error.hpp"

namespace ipusim::cli {
namespace {

constexpr std::uint32_t word_bytes = 4;

std::optional<std::uint32_t> parse_number(std::string_view text) {
  const bool hex = text.starts_with("0x");
  if (hex) text.remove_prefix(2);
  std::uint32_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
  if (failure != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

ProgramView::ProgramView(const std::vector<toolchain::Image>& images, isa::Arch arch)
    : images_(images), worker_(arch, isa::Mode::worker), supervisor_(arch, isa::Mode::supervisor) {}

toolchain::SourceLocator& ProgramView::locator(TileIndex tile) {
  auto& found = locators_[tile];
  if (!found) found = std::make_unique<toolchain::SourceLocator>(images_.at(tile.value()));
  return *found;
}

ByteAddr ProgramView::parse_address(TileIndex tile, const std::string& text) {
  if (const auto number = parse_number(text)) return ByteAddr{*number};
  if (const auto colon = text.rfind(':'); colon != std::string::npos) {
    const auto line = parse_number(std::string_view(text).substr(colon + 1));
    const auto address = line ? find_line(tile, text.substr(0, colon), *line) : std::nullopt;
    if (!address)
      throw InputError(
          fmt::format("no code of tile {} comes from {} (is the file's name spelled as in the program file, "
                      "and the line an instruction?)",
                      tile.value(), text));
    return *address;
  }
  const auto plus = text.find('+');
  const std::string name = text.substr(0, plus);
  const auto offset =
      plus == std::string::npos ? std::optional(0U) : parse_number(std::string_view(text).substr(plus + 1));
  if (!offset) throw InputError(fmt::format("'{}' is no address: after + a number is expected", text));
  return ByteAddr{images_.at(tile.value()).symbol(name).value + *offset};
}

// The lowest address of the first line >= `line` that has code; file: the end of a path.
std::optional<ByteAddr> ProgramView::find_line(TileIndex tile, const std::string& file, unsigned line) {
  std::optional<std::pair<unsigned, ByteAddr>> best;
  for (const auto& segment : images_.at(tile.value()).segments)
    for (std::uint32_t at = 0; at < segment.bytes.size(); at += word_bytes) {
      const auto place = locator(tile).locate(segment.address + at);
      if (!place || place->line < line) continue;
      const bool same_file = place->file == file || place->file.ends_with("/" + file);
      if (same_file && (!best || place->line < best->first)) best = {place->line, segment.address + at};
    }
  return best ? std::optional(best->second) : std::nullopt;
}

std::string ProgramView::name_of(TileIndex tile, ByteAddr address) const {
  const toolchain::Symbol* nearest = nullptr;
  for (const toolchain::Symbol& symbol : images_.at(tile.value()).symbols)
    if (!symbol.absolute && symbol.value <= address.value() &&
        (nearest == nullptr || symbol.value > nearest->value))
      nearest = &symbol;
  if (nearest == nullptr) return fmt::format("{:#x}", address.value());
  const std::uint32_t offset = address.value() - nearest->value;
  return offset == 0 ? nearest->name : fmt::format("{}+{:#x}", nearest->name, offset);
}

std::optional<toolchain::SourceLocation> ProgramView::source_of(TileIndex tile, ByteAddr address) {
  return locator(tile).locate(address);
}

toolchain::Disassembly ProgramView::disassemble(const chip::Chip& chip, TileIndex tile, Context context,
                                                ByteAddr address) const {
  std::array<std::byte, 2 * word_bytes> bytes{};
  const std::uint32_t left = isa::arch_info(chip.system().arch).memory_end - address.value();
  const std::size_t size = std::min<std::size_t>(bytes.size(), left);
  chip.tile(tile).read_memory(address, std::span(bytes).first(size));
  const auto code = std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), size);
  return (context.is_worker() ? worker_ : supervisor_).disassemble(code, address.value());
}

}  // namespace ipusim::cli
