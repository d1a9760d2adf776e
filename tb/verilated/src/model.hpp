// SPDX-License-Identifier: Apache-2.0
// The Verilated module, its clock and its waves.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "Vipu_tile_top.h"
#include "fetch_history.hpp"
#include "ipusim/rtl/rtl_tile.hpp"

class VerilatedFstC;

namespace ipusim::rtl {

class Model {
 public:
  Model(const tile::TileParameters& parameters, std::optional<WaveWindow> waves);
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  // Ports: set inputs, clock(), read outputs. One rising edge.
  Vipu_tile_top& ports() { return *top_; }
  const Vipu_tile_top& ports() const { return *top_; }
  // `changes`, if given, gets the rows (8-aligned) of memory that this clock writes, as they were before. A
  // fetch of this clock finds what `history`, if given, has for clock `at` of the tile's time.
  struct RowChange {
    std::uint32_t address;
    std::uint64_t before;
  };
  void clock(std::vector<RowChange>* changes = nullptr, const FetchHistory* history = nullptr,
             Cycle at = Cycle{0});

  // Memory by byte address inside [memory_base, memory_end).
  void read_memory(std::uint32_t address, std::span<std::byte> to) const;
  void write_memory(std::uint32_t address, std::span<const std::byte> from);

  // All that the RTL holds. load() throws StateError if it was another design.
  void save(StateWriter& to) const;
  void load(StateReader& from);

  // Register state behind the ports.
  std::uint32_t m_register(Context context, unsigned index) const;
  std::uint32_t a_register(Context context, unsigned index) const;
  std::uint32_t accumulator(Context context, unsigned index) const;
  static constexpr unsigned accumulators = 32;
  // Of a CSR that exists, is modelled and readable, masked; `now` for the cycle counters.
  std::uint32_t csr(Context context, const isa::Csr& csr, Cycle now) const;
  std::uint32_t pc(Context context) const;
  bool worker_active(unsigned worker) const;
  unsigned exception_type(Context context) const;
  std::uint32_t error_status() const;  // MERR, EERR and ERERR of CTXT_STS, in their places

 private:
  std::vector<std::byte> stream() const;  // Verilator's
  std::uint32_t worker_csr(Context context, const isa::Csr& csr) const;
  std::uint32_t supervisor_csr(Context context, const isa::Csr& csr) const;
  std::uint32_t base_of_worker(unsigned worker) const;

  std::uint64_t& row(std::uint32_t address) const;
  void note_changes(std::vector<RowChange>& changes) const;
  void replace_fetch(const FetchHistory& history, Cycle at);

  std::unique_ptr<VerilatedContext> verilated_;
  std::unique_ptr<Vipu_tile_top> top_;
  std::optional<WaveWindow> waves_;
  std::unique_ptr<VerilatedFstC> fst_;
  std::uint64_t half_clocks_ = 0;
  std::uint16_t id_;
  const isa::ArchInfo& map_;
};

}  // namespace ipusim::rtl
