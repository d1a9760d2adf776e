// SPDX-License-Identifier: Apache-2.0
#include "debug_unit.hpp"

#include <algorithm>
#include <utility>

#include "ipusim/isa/csr.hpp"

namespace ipusim::tile {
namespace {

std::optional<ByteAddr> byte_address(std::optional<std::uint32_t> address) {
  return address ? std::optional{ByteAddr{*address}} : std::nullopt;
}

}  // namespace

void DebugUnit::note_hazard(HazardKind kind, std::optional<std::uint32_t> address) {
  const unsigned code = isa::info_of(kind).code;
  if (code == 0) return;
  cycle_error_ = cycle_error_ == 0 ? code : std::min(cycle_error_, code);
  if ((stopping_ >> static_cast<unsigned>(kind) & 1U) == 0) return;
  // A word's address says more than that something was driven.
  if (!late_ || !late_->address) {
    late_ = fault_of(ExceptionCause::exchange_error, byte_address(address));
  }
}

void DebugUnit::note_unreadable_item(std::uint32_t address) {
  memory_error_ = true;
  late_ = fault_of(ExceptionCause::memory_error, byte_address(address));
}

std::optional<Fault> DebugUnit::settle() {
  if (exchange_error_ == 0) exchange_error_ = cycle_error_;
  cycle_error_ = 0;
  return std::exchange(late_, std::nullopt);
}

std::uint32_t DebugUnit::status() const {
  namespace field = isa::csr_field;
  return field::ctxt_sts_merr.put(memory_error_ ? 1 : 0) |
         field::ctxt_sts_eerr.put(exchange_error_ != 0 ? 1 : 0) | field::ctxt_sts_ererr.put(exchange_error_);
}

}  // namespace ipusim::tile
