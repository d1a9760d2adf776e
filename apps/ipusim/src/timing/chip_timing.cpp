// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/timing/chip_timing.hpp"

#include <fmt/format.h>

#include <map>
#include <memory>

#include "ipusim/isa/isa.hpp"
#include "ipusim/toolchain/symbol_locator.hpp"

namespace ipusim::app {
namespace {

using Kind = chip::StepTiming::Kind;

constexpr std::uint32_t call_bytes = 4;

// Symbols of a chip's tiles; a tile's are made when they are asked for.
class Symbols {
 public:
  Symbols(ChipIndex chip, const config::TileNames& names, const TileImages& images)
      : chip_(chip), names_(names), images_(images) {}

  std::optional<toolchain::SymbolPlace> locate(TileIndex tile, ByteAddr address) {
    const toolchain::Image* image = images_.at(names_.index({chip_, tile}).value()).get();
    auto& locator = locators_[image];
    if (!locator) locator = std::make_unique<toolchain::SymbolLocator>(*image);
    return locator->locate(address);
  }
  std::string function(TileIndex tile, ByteAddr address) {
    const auto place = locate(tile, address);
    return place ? place->name : std::string{};
  }
  // A vertex without a symbol is told by its address.
  std::string vertex(TileIndex tile, ByteAddr entry) {
    const std::string name = function(tile, entry);
    return name.empty() ? fmt::format("{:#x}", entry.value()) : name;
  }

 private:
  ChipIndex chip_;
  const config::TileNames& names_;
  const TileImages& images_;
  std::map<const toolchain::Image*, std::unique_ptr<toolchain::SymbolLocator>> locators_;
};

std::string title(const chip::StepTiming& step, const std::string& function) {
  if (step.kind == Kind::begin) return "before the first sync of the recording";
  if (step.kind == Kind::end) return "end";
  if (function.empty()) return fmt::format("sync {}", step.zone);
  return step.kind == Kind::superstep ? function : fmt::format("{} (sync {})", function, step.zone);
}

StepName name_of(const chip::StepTiming& step, Symbols& symbols) {
  StepName name;
  if (step.site) {
    name.function = symbols.function(step.critical, step.site->sync_pc);
    // $m10 is no return address everywhere: what is no code of another function names no caller.
    const ByteAddr call{step.site->return_address.value() - call_bytes};
    const auto caller = symbols.locate(step.critical, call);
    if (step.kind != Kind::end && caller && caller->name != name.function) name.caller = caller->format();
    for (const ByteAddr entry : step.site->entries)
      name.vertices.push_back(symbols.vertex(step.critical, entry));
  }
  name.title = title(step, name.function);
  return name;
}

}  // namespace

ChipTiming name_timing(ChipIndex chip, chip::RunTiming timing, std::vector<TileIndex> traced,
                       const config::TileNames& names, const TileImages& images) {
  Symbols symbols(chip, names, images);
  ChipTiming result{chip, std::move(timing), {}, std::move(traced), {}};
  for (const chip::StepTiming& step : result.run.steps) result.names.push_back(name_of(step, symbols));
  for (std::size_t i = 0; i < result.traced.size(); ++i) {
    auto& vertices = result.run_names.emplace_back();
    for (const tile::WorkerRun& run : result.run.worker_runs.at(i))
      vertices.push_back(symbols.vertex(result.traced[i], run.entry));
  }
  return result;
}

}  // namespace ipusim::app
