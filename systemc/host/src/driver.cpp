// SPDX-License-Identifier: Apache-2.0
#include "ipusim/host/driver.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ipusim/chip/sync/sync_unit.hpp"
#include "ipusim/host/ipu_function.hpp"
#include "ipusim/host/pci_function.hpp"
#include "ipusim/isa/isa.hpp"

namespace ipusim::host {

namespace control = chip::control;
using control::ChipStatus;

namespace {

// No interrupt tells that a chip has finished, so the status is looked at now and then.
constexpr std::chrono::nanoseconds poll_interval = std::chrono::milliseconds{1};

// The `bri` to pc; nullopt if pc is not in its reach.
std::optional<std::uint32_t> branch_to(ByteAddr pc) {
  const isa::Instruction& bri = isa::instruction(isa::Opcode::bri_mmmn_zi);
  const isa::Operand& target = bri.operands[0];
  std::uint32_t word = bri.match;
  const std::uint32_t field = pc.value() / 4;
  for (unsigned i = 0; i < target.slice_count; ++i) {
    const isa::BitSlice& slice = target.slices[i];
    word |= ((field >> slice.value_lsb) & ((1U << slice.width) - 1U)) << slice.word_lsb;
  }
  if (target.value(word) != pc.value()) return std::nullopt;
  return word;
}

std::uint32_t mark_register(const std::string& operation, unsigned zone) {
  if (const control::HostZone* row = control::find_host_zone(zone)) return row->mark;
  std::string known;
  for (const control::HostZone& row : control::host_zones) {
    known += (known.empty() ? "" : " and ") + std::to_string(row.zone);
  }
  throw HostError(operation, fmt::format("zone {} has no host; zones {} have", zone, known));
}

}  // namespace

std::string_view name_of(ChipStatus status) {
  switch (status) {
    case ChipStatus::reset:
      return "reset";
    case ChipStatus::running:
      return "running";
    case ChipStatus::waits_for_host:
      return "waits for host";
    case ChipStatus::stopped:
      return "stopped";
    case ChipStatus::finished:
      return "finished";
    case ChipStatus::deadlock:
      return "deadlock";
    case ChipStatus::cycle_limit:
      return "cycle limit";
  }
  return "unknown";
}

IpuDriver::IpuDriver(RootPort& port, const config::PcieConfig& wanted, RequesterId device)
    : port_(port), device_(device), wanted_(wanted), function_(std::make_unique<PciFunction>(port, device)) {}

IpuDriver::~IpuDriver() = default;

void IpuDriver::enumerate() {
  const std::string operation = "enumerate";
  function_->configure({wanted_.vendor_id,
                        wanted_.device_id,
                        wanted_.max_payload_bytes,
                        wanted_.max_read_request_bytes,
                        {ipu_bar::control, ipu_bar::memory}});
  enumerated_ = true;
  const std::uint32_t tiles = read_register(operation, control::tile_count);
  places_.clear();
  for (std::uint32_t i = 0; i < tiles; ++i) {
    const std::uint32_t place = read_register(operation, control::place_table + 4 * i);
    if ((place + 1) * host_windows::tile_bytes > function_->bar(ipu_bar::memory).bytes) {
      throw HostError(operation, fmt::format("tile {} is at place {}, beyond the memory BAR's {:#x} bytes", i,
                                             place, function_->bar(ipu_bar::memory).bytes));
    }
    places_.push_back(TileId{static_cast<std::uint16_t>(place)});
  }
}

// --- Memory

std::uint64_t IpuDriver::memory_address(const std::string& operation, TileId place, ByteAddr address,
                                        std::size_t bytes) const {
  require_place(operation, place);
  if (address.value() + std::uint64_t{bytes} > host_windows::tile_bytes) {
    throw HostError(operation, fmt::format("tile addresses end at {:#x}", host_windows::tile_bytes));
  }
  return function_->address(ipu_bar::memory, control::memory_address(place, address.value()));
}

void IpuDriver::write_memory(TileId place, ByteAddr address, std::span<const std::uint8_t> data) {
  const std::string operation =
      fmt::format("write_memory of {} bytes at {:#x}, place {}", data.size(), address.value(), place.value());
  const std::uint64_t bus_address = memory_address(operation, place, address, data.size());
  function_->write(bus_address, data);
  function_->check_posted(operation, bus_address);
}

void IpuDriver::read_memory(TileId place, ByteAddr address, std::span<std::uint8_t> data) {
  const std::string operation =
      fmt::format("read_memory of {} bytes at {:#x}, place {}", data.size(), address.value(), place.value());
  function_->read(operation, memory_address(operation, place, address, data.size()), data);
}

// --- Registers

void IpuDriver::require_enumerated(const std::string& operation) const {
  if (!enumerated_) throw HostError(operation, "the device has not been enumerated yet; call enumerate()");
}

void IpuDriver::require_place(const std::string& operation, TileId place) const {
  require_enumerated(operation);
  if (std::ranges::find(places_, place) == places_.end()) {
    throw HostError(operation, fmt::format("the system has no tile at place {}", place.value()));
  }
}

std::uint32_t IpuDriver::read_register(const std::string& operation, std::uint32_t offset) {
  require_enumerated(operation);
  return function_->read_word(operation, function_->address(ipu_bar::control, offset));
}

void IpuDriver::write_register(const std::string& operation, std::uint32_t offset, std::uint32_t value) {
  require_enumerated(operation);
  const std::uint64_t address = function_->address(ipu_bar::control, offset);
  function_->write_word(address, value);
  function_->check_posted(operation, address);
}

void IpuDriver::set_entry(TileId place, ByteAddr pc) {
  const std::string operation = fmt::format("set_entry {:#x}, place {}", pc.value(), place.value());
  require_place(operation, place);
  const auto bri = branch_to(pc);
  if (!bri) throw HostError(operation, "not the address of an instruction, or not in reach of a branch");
  const auto window = [&](control::Tdi which) {
    return function_->address(ipu_bar::control, control::tdi(place, which));
  };
  // Injection, step by step: clear what an injection before left, choose the supervisor, inject, look.
  function_->write_word(window(control::Tdi::tdi_clr), control::tdi_invalid);
  function_->write_word(window(control::Tdi::dbg_iowner), Context::supervisor().index());
  function_->write_word(window(control::Tdi::dbg_iexec), *bri);
  const std::uint64_t status = window(control::Tdi::tdi_sts);
  if ((function_->read_word(operation, status) & control::tdi_invalid) != 0) {
    function_->fail(operation, window(control::Tdi::dbg_iexec), CompletionStatus::completer_abort,
                    "the tile refuses the injected branch; the chip has been started");
  }
  function_->check_posted(operation, window(control::Tdi::tdi_clr));
}

void IpuDriver::grant(unsigned zone, std::uint32_t count) {
  const std::string operation = fmt::format("grant of {} syncs of zone {}", count, zone);
  const std::uint32_t mark = mark_register(operation, zone);
  if (count == 0 || count > control::mark_mask) {
    throw HostError(operation, fmt::format("the count must be in 1..{}", control::mark_mask));
  }
  const std::uint32_t left = read_register(operation, mark);
  if (left != 0) {
    throw HostError(operation, fmt::format("{} syncs granted before have not happened yet", left));
  }
  write_register(operation, mark, count);
}

std::uint32_t IpuDriver::granted(unsigned zone) {
  const std::string operation = "granted";
  return read_register(operation, mark_register(operation, zone));
}

void IpuDriver::start() { write_register("start", control::go, 1); }

ChipStatus IpuDriver::status() { return ChipStatus{read_register("status", control::chip_status)}; }

ChipStatus IpuDriver::wait_for_rest(std::chrono::nanoseconds timeout) {
  const auto begin = RootPort::now();
  for (;;) {
    const ChipStatus now = status();
    if (now != ChipStatus::running) return now;
    const auto passed = RootPort::now() - begin;
    if (passed >= timeout) {
      throw HostError("wait_for_rest", fmt::format("the chip still runs after {} ns, and {} ns were allowed",
                                                   passed.count(), timeout.count()));
    }
    port_.wait_for_interrupt(std::min(poll_interval, timeout - passed), device_);
  }
}

Cycle IpuDriver::cycle() {
  const std::string operation = "cycle";
  const std::uint64_t low = read_register(operation, control::cycle_low);  // latches the upper half
  return Cycle{std::uint64_t{read_register(operation, control::cycle_high)} << 32U | low};
}

std::uint32_t IpuDriver::exception_count() {
  return read_register("exception_count", control::exception_count);
}

std::optional<TileId> IpuDriver::first_exception() {
  const std::uint32_t place = read_register("first_exception", control::exception_place);
  if (place == ~0U) return std::nullopt;
  return TileId{static_cast<std::uint16_t>(place)};
}

}  // namespace ipusim::host
