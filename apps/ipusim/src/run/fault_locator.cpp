// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/run/fault_locator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "ipusim/isa/sync_zones.hpp"
#include "ipusim/tile/names.hpp"

namespace ipusim::app {
namespace {

// The words at pc; what lies outside memory is 0.
std::array<std::uint32_t, 2> words_at(const tile::TileModel& model, ByteAddr pc, std::uint32_t memory_end) {
  std::array<std::uint32_t, 2> words{};
  const auto bytes = std::as_writable_bytes(std::span{words});
  model.read_memory(pc, bytes.first(std::min<std::size_t>(bytes.size(), memory_end - pc.value())));
  return words;
}

}  // namespace

std::string disassemble(const toolchain::Disassembler& disassembler,
                        const std::array<std::uint32_t, 2>& words, ByteAddr pc) {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(words[i / 4] >> (8 * (i % 4)));
  }
  return disassembler.disassemble(bytes, pc.value()).text;
}

FaultLocator::FaultLocator(const config::SystemConfig& system, const TileImages& images,
                           std::filesystem::path source_folder)
    : system_(system),
      tile_names_(system.tile_names()),
      images_(images),
      text_(std::move(source_folder)),
      worker_(system.arch(), isa::Mode::worker),
      supervisor_(system.arch(), isa::Mode::supervisor) {}

const FaultLocator::Names& FaultLocator::names_of(TileIndex tile) {
  auto& names = names_[tile];
  if (!names) names = std::make_unique<Names>(*images_.at(tile.value()));
  return *names;
}

std::string FaultLocator::symbol_of(TileIndex tile, ByteAddr address) {
  const auto place = names_of(tile).symbols.locate(address);
  return place ? place->format() : std::string{};
}

bool FaultLocator::is_in_memory(ByteAddr address) const {
  const isa::ArchInfo& map = isa::arch_info(system_.arch());
  return address.value() >= map.memory_base && address.value() < map.memory_end;
}

CodePlace FaultLocator::place_of(TileIndex tile, Context context, ByteAddr pc,
                                 const std::array<std::uint32_t, 2>& words) {
  CodePlace place{.pc = pc, .symbol = symbol_of(tile, pc), .mnemonic = {}, .source = {}, .text = {}};
  if (is_in_memory(pc)) place.mnemonic = disassemble(context.is_worker() ? worker_ : supervisor_, words, pc);
  if (const auto location = names_of(tile).sources.locate(pc)) {
    place.source = location->format();
    place.text = text_.line(*location);
  }
  return place;
}

Fault FaultLocator::begin_fault(ChipIndex chip, TileIndex tile) const {
  Fault fault;
  fault.tile = tile_names_.index({chip, tile});
  fault.place = system_.chips.at(chip.value()).places.at(tile.value());
  return fault;
}

Fault FaultLocator::describe(ChipIndex chip, const chip::TileException& exception) {
  const tile::ExceptionReport& report = exception.report;
  Fault fault = begin_fault(chip, exception.tile);
  fault.kind = name_of(report.type);
  fault.cause = name_of(report.cause);
  fault.cycle = report.cycle;
  fault.context = report.context.name();
  fault.code = place_of(fault.tile, report.context, report.pc, report.words);
  fault.address = report.data_address;
  if (fault.address) fault.symbol = symbol_of(fault.tile, *fault.address);
  return fault;
}

Fault FaultLocator::describe(ChipIndex chip, const chip::TileHazard& hazard,
                             const std::optional<tile::RetireRecord>& instruction) {
  Fault fault = begin_fault(chip, hazard.tile);
  fault.kind = name_of(hazard.hazard.kind);
  fault.cycle = hazard.hazard.cycle;
  fault.word = hazard.hazard.word;
  fault.is_error = hazard.is_error;
  if (instruction) {
    fault.context = instruction->context.name();
    fault.code = place_of(fault.tile, instruction->context, instruction->pc, instruction->words);
  }
  // Address 0 is outside every tile's memory: no incoming write is concerned.
  if (hazard.hazard.address.value() != 0) {
    fault.address = hazard.hazard.address;
    fault.symbol = symbol_of(fault.tile, hazard.hazard.address);
  }
  return fault;
}

CodePlace FaultLocator::locate(TileIndex tile, Context context, const tile::TileModel& model, ByteAddr pc) {
  const auto words = is_in_memory(pc) ? words_at(model, pc, isa::arch_info(system_.arch()).memory_end)
                                      : std::array<std::uint32_t, 2>{};
  return place_of(tile, context, pc, words);
}

bool FaultLocator::is_worker_sync(const tile::TileModel& model, ByteAddr pc) const {
  if (!is_in_memory(pc)) return false;
  const auto words = words_at(model, pc, isa::arch_info(system_.arch()).memory_end);
  return disassemble(supervisor_, words, pc) == fmt::format("sync {}", isa::sync_zone::local);
}

}  // namespace ipusim::app
