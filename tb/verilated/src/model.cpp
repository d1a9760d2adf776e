// SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <verilated.h>
#include <verilated_fst_c.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "Vipu_tile_top___024root.h"
#include "rtl_coverage.hpp"

namespace ipusim::rtl {
namespace {

// Levels of hierarchy in the wave file: all.
constexpr int wave_levels = 99;

}  // namespace

Model::Model(const tile::TileParameters& parameters, std::optional<WaveWindow> waves)
    : verilated_(std::make_unique<VerilatedContext>()),
      waves_(std::move(waves)),
      id_(parameters.id.value()),
      map_(isa::arch_info(parameters.arch)) {
  verilated_->traceEverOn(waves_.has_value());
  top_ = std::make_unique<Vipu_tile_top>(verilated_.get(), "tile");
  if (waves_) {
    fst_ = std::make_unique<VerilatedFstC>();
    top_->trace(fst_.get(), wave_levels);
    fst_->open(waves_->file.c_str());
    if (!fst_->isOpen()) throw std::runtime_error("cannot write the wave file " + waves_->file.string());
  }
  // Register files and memory have no reset; power-up is all zero.
  top_->tile_id_i = id_;
  top_->arch_i = static_cast<std::uint8_t>(parameters.arch);
  top_->rst_ni = 0;
  clock();
  top_->rst_ni = 1;
}

Model::~Model() {
  // Verilator's scopes leave through the thread's current context, whichever was used last.
  Verilated::threadContextp(verilated_.get());
  if (fst_) fst_->close();
  top_->final();
  add_rtl_coverage(*top_);
}

#define IPUSIM_MEMORY(name) top_->rootp->ipu_tile_top__DOT__u_memory__DOT__##name

void Model::clock(std::vector<RowChange>* changes, const FetchHistory* history, Cycle at) {
  const bool in_window =
      fst_ && top_->cycle_o >= waves_->begin.value() && top_->cycle_o < waves_->end.value();
  top_->clk_i = 0;
  top_->eval();
  if (changes != nullptr) note_changes(*changes);
  if (history != nullptr) replace_fetch(*history, at);
  if (in_window) fst_->dump(half_clocks_);
  top_->clk_i = 1;
  top_->eval();
  top_->fetch_replace_i = 0;
  if (in_window) fst_->dump(half_clocks_ + 1);
  half_clocks_ += 2;
}

constexpr std::uint32_t row_mask = ~7U;

void Model::note_changes(std::vector<RowChange>& changes) const {
  const auto add = [&](std::uint32_t address) { changes.push_back({address & row_mask, row(address)}); };
  if (IPUSIM_MEMORY(store_en_i) != 0) add(IPUSIM_MEMORY(store_addr_i));
  if (IPUSIM_MEMORY(receive_en_i) != 0) add(IPUSIM_MEMORY(receive_addr_i));
}

void Model::replace_fetch(const FetchHistory& history, Cycle at) {
  if (history.empty() || IPUSIM_MEMORY(fetch_en_i) == 0) return;
  constexpr std::uint64_t low_half = 0xFFFFFFFF;
  // As ipu_tile_memory does it: the odd word at the address or behind it, the even one at it or in the next
  // row.
  const std::uint32_t address = IPUSIM_MEMORY(fetch_addr_i);
  top_->fetch_row_i = 0;
  if (const auto before = history.row(at, (address + 4) & row_mask)) {
    top_->fetch_replace_i |= 1U;
    top_->fetch_row_i |= *before & low_half;
  }
  if (const auto before = history.row(at, address & row_mask)) {
    top_->fetch_replace_i |= 2U;
    top_->fetch_row_i |= *before & ~low_half;
  }
}

// The same mapping as ipu_memory_place: region 0 one element after the other, region 1 pairs of elements.
std::uint64_t& Model::row(std::uint32_t address) const {
  const isa::ArchInfo& map = map_;
  auto& rows = top_->rootp->ipu_tile_top__DOT__u_memory__DOT__rows_q;
  if (address < map.region1_base) {
    const std::uint32_t offset = address - map.memory_base;
    return rows[offset / map.element_bytes][offset % map.element_bytes / 8];
  }
  const std::uint32_t offset = address - map.region1_base;
  const std::uint32_t pair_bytes = 2 * map.element_bytes;
  const std::uint32_t first = (map.region1_base - map.memory_base) / map.element_bytes;
  return rows[first + 2 * (offset / pair_bytes) + (offset / 8) % 2][offset % pair_bytes / 16];
}

void Model::read_memory(std::uint32_t address, std::span<std::byte> to) const {
  for (std::size_t done = 0; done < to.size();) {
    const std::size_t at = (address + done) % 8;
    const std::size_t n = std::min<std::size_t>(8 - at, to.size() - done);
    std::memcpy(&to[done],
                reinterpret_cast<const std::byte*>(&row(address + static_cast<std::uint32_t>(done))) + at, n);
    done += n;
  }
}

void Model::write_memory(std::uint32_t address, std::span<const std::byte> from) {
  for (std::size_t done = 0; done < from.size();) {
    const std::size_t at = (address + done) % 8;
    const std::size_t n = std::min<std::size_t>(8 - at, from.size() - done);
    std::memcpy(reinterpret_cast<std::byte*>(&row(address + static_cast<std::uint32_t>(done))) + at,
                &from[done], n);
    done += n;
  }
}

}  // namespace ipusim::rtl
