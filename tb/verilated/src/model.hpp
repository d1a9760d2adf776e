// The Verilated module, its clock and its waves.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "Vipu_tile_top.h"
#include "ipusim/rtl/rtl_tile.hpp"

class VerilatedFstC;

namespace ipusim::rtl {

class Model {
 public:
  Model(TileId id, std::optional<WaveWindow> waves);
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  // Ports: set inputs, clock(), read outputs. One rising edge.
  Vipu_tile_top& ports() { return *top_; }
  const Vipu_tile_top& ports() const { return *top_; }
  // `changes`, if given, gets the rows (8-aligned) of memory that this clock writes, as they were before.
  struct RowChange {
    std::uint32_t address;
    std::uint64_t before;
  };
  void clock(std::vector<RowChange>* changes = nullptr);
  // The row that the last clock fetched from, if it did; and what the fetch shall have found there.
  std::optional<std::uint32_t> fetched_row() const { return fetched_row_; }
  void set_fetched(std::uint64_t row);

  // Memory by byte address inside [memory_base, memory_end).
  void read_memory(std::uint32_t address, std::span<std::byte> to) const;
  void write_memory(std::uint32_t address, std::span<const std::byte> from);

  // Register state behind the ports.
  std::uint32_t m_register(Context context, unsigned index) const;
  std::uint32_t a_register(Context context, unsigned index) const;
  // Of a CSR that exists, is modelled and readable, masked; `now` for the cycle counters.
  std::uint32_t csr(Context context, const isa::Csr& csr, Cycle now) const;
  std::uint32_t pc(Context context) const;
  bool worker_active(unsigned worker) const;
  unsigned exception_type(Context context) const;

 private:
  std::uint64_t& row(std::uint32_t address) const;
  void note_memory_users(std::vector<RowChange>* changes);

  std::unique_ptr<VerilatedContext> verilated_;
  std::unique_ptr<Vipu_tile_top> top_;
  std::optional<WaveWindow> waves_;
  std::unique_ptr<VerilatedFstC> fst_;
  std::uint64_t half_clocks_ = 0;
  std::optional<std::uint32_t> fetched_row_;
  std::uint16_t id_;
};

}  // namespace ipusim::rtl
