#include "ipusim/app/run/tile_kinds.hpp"

#include <memory>

#include "ipusim/app/run/fault_locator.hpp"
#include "ipusim/lockstep/lockstep_tile.hpp"
#include "ipusim/rtl/rtl_tile.hpp"
#include "ipusim/tile/fast_tile.hpp"

namespace ipusim::app {

chip::TileFactories make_tile_factories(isa::Arch arch, const std::filesystem::path& waves,
                                        const std::function<void(const std::filesystem::path&)>& on_waves) {
  lockstep::LockstepOptions options;
  options.wave_directory = waves;
  options.wave_candidate = [on_waves](const tile::TileParameters& parameters, const rtl::WaveWindow& window) {
    if (on_waves) on_waves(window.file);
    return rtl::make_rtl_tile(parameters, window);
  };
  const auto disassembler = std::make_shared<const toolchain::Disassembler>(arch);
  options.disassemble = [disassembler](const std::array<std::uint32_t, 2>& words) {
    return disassemble(*disassembler, words, ByteAddr{0});
  };
  return {{"fast", &tile::make_fast_tile},
          {"rtl", [](const tile::TileParameters& parameters) { return rtl::make_rtl_tile(parameters); }},
          {"lockstep", [options](const tile::TileParameters& parameters) {
             return lockstep::make_lockstep_tile(parameters, options);
           }}};
}

}  // namespace ipusim::app
