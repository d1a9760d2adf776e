// SPDX-License-Identifier: Apache-2.0
// The debug CSRs of the supervisor: where they make a context stop (docs/debug.md).
#pragma once

#include <cstdint>

#include "execution.hpp"
#include "ipusim/isa/csr.hpp"

namespace ipusim::tile {

class Breakpoints {
 public:
  // Takes over a value that was put, if the CSR is one of them.
  void put(unsigned index, std::uint32_t value) {
    if (index == isa::csr::dbg_ctl) channel_enabled_ = (value & channel_enable) != 0;
    if (index == isa::csr::dbg_ecsr) on_sync_ = (value & ecsr_on_sync) != 0;
    if (index == isa::csr::dbg_ibrk0_ctl) instruction_control_ = value;
    if (index == isa::csr::dbg_ibrk0_pc) instruction_pc_ = value;
    if (index == isa::csr::dbg_ibrk0_vert) instruction_vertex_ = value;
    if (index == isa::csr::dbg_dbrk0_ctl) data_control_ = value;
    if (index == isa::csr::dbg_dbrk0_base) data_base_ = value;
    armed_ = channel_enabled_ && ((instruction_control_ & (ibrk_supervisor | ibrk_workers)) != 0 ||
                                  (data_control_ & (dbrk_loads | dbrk_stores)) != 0);
  }
  // Fields of DBG_DBRK0_CTL whose meaning is not public.
  static bool has_unknown_fields(unsigned index, std::uint32_t value) {
    return index == isa::csr::dbg_dbrk0_ctl && (value & (dbrk_sic | dbrk_mdnr)) != 0;
  }

  // Whether an instruction or an access may stop at all.
  bool armed() const { return armed_; }
  bool on_sync() const { return on_sync_; }
  bool on_instruction(Context who, const ContextState& context) const {
    if (!armed_ || context.pc != instruction_pc_) return false;
    if (who.is_supervisor()) return (instruction_control_ & ibrk_supervisor) != 0;
    return (instruction_control_ & ibrk_workers) != 0 &&
           ((instruction_control_ & ibrk_vertex) == 0 || context.vertex_base == instruction_vertex_);
  }
  // `address` is a multiple of `size`, a power of two.
  bool on_access(Context who, AccessKind kind, std::uint32_t address, std::uint32_t size) const {
    const std::uint32_t wanted = kind == AccessKind::load ? dbrk_loads : dbrk_stores;
    if (!armed_ || (data_control_ & wanted) == 0) return false;
    if ((isa::csr_field::dbg_dbrk0_ctl_ctxt.get(data_control_) >> who.index() & 1U) == 0) return false;
    const std::uint32_t watched = 1U << isa::csr_field::dbg_dbrk0_ctl_size.get(data_control_);
    return ((address ^ data_base_) & ~((watched - 1U) | (size - 1U))) == 0;
  }

  template <class Archive, class Self>
  static void visit_state(Archive& archive, Self& self) {
    auto& [armed, channel_enabled, on_sync, instruction_control, instruction_pc, instruction_vertex,
           data_control, data_base] = self;
    archive(armed, channel_enabled, on_sync, instruction_control, instruction_pc, instruction_vertex,
            data_control, data_base);
  }

 private:
  // The one channel there is: bit 0 of the field.
  static constexpr std::uint32_t channel_enable = 1U << isa::csr_field::dbg_ctl_chan_en.lsb;
  static constexpr std::uint32_t ecsr_on_sync = isa::csr_field::dbg_ecsr_bos.mask();
  static constexpr std::uint32_t ibrk_supervisor = isa::csr_field::dbg_ibrk0_ctl_ens.mask();
  static constexpr std::uint32_t ibrk_workers = isa::csr_field::dbg_ibrk0_ctl_enw.mask();
  static constexpr std::uint32_t ibrk_vertex = isa::csr_field::dbg_ibrk0_ctl_evm.mask();
  static constexpr std::uint32_t dbrk_loads = isa::csr_field::dbg_dbrk0_ctl_mld.mask();
  static constexpr std::uint32_t dbrk_stores = isa::csr_field::dbg_dbrk0_ctl_mstni.mask();
  static constexpr std::uint32_t dbrk_sic = isa::csr_field::dbg_dbrk0_ctl_sic.mask();
  static constexpr std::uint32_t dbrk_mdnr = isa::csr_field::dbg_dbrk0_ctl_mdnr.mask();

  bool armed_ = false;
  bool channel_enabled_ = false;
  bool on_sync_ = false;
  std::uint32_t instruction_control_ = 0;
  std::uint32_t instruction_pc_ = 0;
  std::uint32_t instruction_vertex_ = 0;
  std::uint32_t data_control_ = 0;
  std::uint32_t data_base_ = 0;
};

}  // namespace ipusim::tile
