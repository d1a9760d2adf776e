#include "ipusim/cli/run/fault_locator.hpp"

#include <fmt/format.h>

#include "ipusim/tile/names.hpp"

namespace ipusim::cli {

std::string disassemble(const toolchain::Disassembler& disassembler,
                        const std::array<std::uint32_t, 2>& words, ByteAddr pc) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(words[i / 4] >> (8 * (i % 4)));
  }
  const auto result = disassembler.disassemble(bytes, pc.value());
  return result.valid ? result.text : std::string{};
}

FaultLocator::FaultLocator(const config::SystemConfig& system, const std::vector<toolchain::Image>& images)
    : system_(system),
      images_(images),
      worker_(system.arch, isa::Mode::worker),
      supervisor_(system.arch, isa::Mode::supervisor) {}

std::string FaultLocator::source_of(TileIndex tile, ByteAddr pc) {
  auto& locator = sources_[tile];
  if (!locator) locator = std::make_unique<toolchain::SourceLocator>(images_.at(tile.value()));
  const auto location = locator->locate(pc);
  return location ? location->format() : std::string{};
}

std::string FaultLocator::symbol_of(TileIndex tile, ByteAddr address) const {
  const toolchain::Symbol* nearest = nullptr;
  for (const toolchain::Symbol& symbol : images_.at(tile.value()).symbols) {
    if (symbol.absolute || symbol.value > address.value()) continue;
    if (symbol.size != 0 && address.value() >= symbol.value + symbol.size) continue;
    if (nearest == nullptr || symbol.value > nearest->value) nearest = &symbol;
  }
  if (nearest == nullptr) return {};
  const std::uint32_t offset = address.value() - nearest->value;
  return offset == 0 ? nearest->name : fmt::format("{}+{:#x}", nearest->name, offset);
}

void FaultLocator::add_instruction(Fault& fault, Context context, ByteAddr pc,
                                   const std::array<std::uint32_t, 2>& words) {
  fault.context = context.name();
  fault.pc = pc;
  fault.mnemonic = disassemble(context.is_worker() ? worker_ : supervisor_, words, pc);
  fault.source = source_of(fault.tile, pc);
}

Fault FaultLocator::describe(const chip::TileException& exception) {
  const tile::ExceptionReport& report = exception.report;
  Fault fault;
  fault.tile = exception.tile;
  fault.place = system_.places.at(exception.tile.value());
  fault.kind = name_of(report.type);
  fault.cause = name_of(report.cause);
  fault.cycle = report.cycle;
  add_instruction(fault, report.context, report.pc, report.words);
  fault.address = report.data_address;
  if (fault.address) fault.symbol = symbol_of(exception.tile, *fault.address);
  return fault;
}

Fault FaultLocator::describe(const chip::TileHazard& hazard,
                             const std::optional<tile::RetireRecord>& instruction) {
  Fault fault;
  fault.tile = hazard.tile;
  fault.place = system_.places.at(hazard.tile.value());
  fault.kind = name_of(hazard.hazard.kind);
  fault.cycle = hazard.hazard.cycle;
  fault.word = hazard.hazard.word;
  fault.is_error = hazard.is_error;
  if (instruction) add_instruction(fault, instruction->context, instruction->pc, instruction->words);
  // Address 0 is outside every tile's memory: no incoming write is concerned.
  if (hazard.hazard.address.value() != 0) {
    fault.address = hazard.hazard.address;
    fault.symbol = symbol_of(hazard.tile, hazard.hazard.address);
  }
  return fault;
}

std::string FaultLocator::describe(TileIndex tile, ByteAddr pc) {
  const std::string source = source_of(tile, pc);
  return source.empty() ? fmt::format("pc {:#x}", pc.value())
                        : fmt::format("pc {:#x} ({})", pc.value(), source);
}

}  // namespace ipusim::cli
