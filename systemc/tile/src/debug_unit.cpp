#include "debug_unit.hpp"

#include <algorithm>
#include <utility>

namespace ipusim::tile {
namespace {

// Fields of CTXT_STS, as isa/csr.yaml names them.
constexpr unsigned ererr_shift = 27;
constexpr std::uint32_t eerr = 1U << 30U;
constexpr std::uint32_t merr = 1U << 31U;

// ERERR; 0 for what is none of them.
unsigned code_of(HazardKind kind) {
  switch (kind) {
    case HazardKind::clash_with_access:
      return 1;
    case HazardKind::clash_with_fetch:
      return 2;
    case HazardKind::receive_address:
      return 3;
    case HazardKind::live_workers:
      return 4;
    case HazardKind::wrong_direction:
    case HazardKind::receive_incomplete:
      return 0;
  }
  return 0;
}

std::optional<ByteAddr> byte_address(std::optional<std::uint32_t> address) {
  return address ? std::optional{ByteAddr{*address}} : std::nullopt;
}

}  // namespace

void DebugUnit::note_hazard(HazardKind kind, std::optional<std::uint32_t> address) {
  const unsigned code = code_of(kind);
  if (code == 0) return;
  cycle_error_ = cycle_error_ == 0 ? code : std::min(cycle_error_, code);
  if ((stopping_ >> static_cast<unsigned>(kind) & 1U) == 0) return;
  // A word's address says more than that something was driven.
  if (!late_ || !late_->address) {
    late_ = {ExceptionType::exchange_error, ExceptionCause::exchange_error, byte_address(address)};
  }
}

void DebugUnit::note_unreadable_item(std::uint32_t address) {
  memory_error_ = true;
  late_ = {ExceptionType::memory_error, ExceptionCause::memory_error, byte_address(address)};
}

std::optional<Fault> DebugUnit::settle() {
  if (exchange_error_ == 0) exchange_error_ = cycle_error_;
  cycle_error_ = 0;
  return std::exchange(late_, std::nullopt);
}

std::uint32_t DebugUnit::status() const {
  return (memory_error_ ? merr : 0U) | (exchange_error_ != 0 ? eerr | exchange_error_ << ererr_shift : 0U);
}

}  // namespace ipusim::tile
