// SPDX-License-Identifier: Apache-2.0
#include "ipusim/chip/module/chip_module.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ipusim::chip {

using control::ChipStatus;

namespace {

using isa::tile_window_bits;

ChipStatus status_of(ChipState state) {
  switch (state) {
    case ChipState::not_started:
      return ChipStatus::reset;
    case ChipState::waits_for_host:
      return ChipStatus::waits_for_host;
    case ChipState::waits_for_chips:  // which are not there: nothing is attached but the host
      return ChipStatus::deadlock;
    case ChipState::stopped:
      return ChipStatus::stopped;
    case ChipState::deadlock:
      return ChipStatus::deadlock;
    case ChipState::cycle_limit:
      return ChipStatus::cycle_limit;
    case ChipState::finished:
      return ChipStatus::finished;
  }
  return ChipStatus::stopped;
}

}  // namespace

ChipModule::ChipModule(sc_core::sc_module_name name, const config::ChipConfig& system,
                       std::unique_ptr<ChipModel> chip, Cycle cycle_limit)
    : sc_core::sc_module(name),
      memory("memory"),
      control("control"),
      interrupt("interrupt"),
      marks_(system.sync),
      chip_(std::move(chip)),
      clock_(system.clock_hz),
      cycle_limit_(cycle_limit),
      windows_(*chip_, [this] { resume(); }),
      to_tiles_("to_tiles") {
  for (std::uint32_t i = 0; i < chip_->size(); ++i) {
    const std::string tile_name = fmt::format("tile_{}", i);
    tiles_.push_back(std::make_unique<TileModule>(tile_name.c_str(), chip_->tile(TileIndex{i})));
    to_tiles_.bind(tiles_.back()->memory);
  }
  chip_->attach(marks_);
  memory.register_b_transport(this, &ChipModule::memory_transport);
  memory.register_transport_dbg(this, &ChipModule::memory_debug);
  memory.register_get_direct_mem_ptr(this, &ChipModule::memory_pointer);
  control.register_b_transport(this, &ChipModule::control_transport);
  control.register_transport_dbg(this, &ChipModule::control_debug);
  add_registers();
  SC_HAS_PROCESS(ChipModule);
  SC_THREAD(run_thread);
}

ChipModule::~ChipModule() = default;

ChipStatus ChipModule::status() const { return status_; }

void ChipModule::enter(ChipStatus status) {
  if (status == ChipStatus::running) memory->invalidate_direct_mem_ptr(0, ~std::uint64_t{0});
  status_ = status;
  status_changed_.notify(sc_core::SC_ZERO_TIME);
}

void ChipModule::raise(unsigned vector) {
  if (interrupt.size() != 0) interrupt->raise(vector);
}

void ChipModule::pass_time_until(Cycle cycle) {
  const sc_core::sc_time then = clock_.time_of(cycle);
  if (then > sc_core::sc_time_stamp()) wait(then - sc_core::sc_time_stamp());
}

void ChipModule::tell_host_syncs() {
  for (; host_syncs_told_ < marks_.syncs().size(); ++host_syncs_told_) {
    const HostSync sync = marks_.syncs()[host_syncs_told_];
    pass_time_until(sync.at);
    if (const control::HostZone* row = control::find_host_zone(sync.zone)) raise(row->happened);
  }
}

// Runs the chip ahead of simulated time until it rests, and lets time catch up.
void ChipModule::run_and_pass_time() {
  for (bool goes_on = true; goes_on;) {
    const Cycle now = clock_.first_at_or_after(sc_core::sc_time_stamp());
    const Cycle ahead{(now.value() / run_ahead_cycles + 1) * run_ahead_cycles};
    const Cycle limit = std::min(cycle_limit_, ahead);
    resumed_ = false;
    marks_.set_horizon(now);
    chip_->run(limit);
    goes_on = chip_->reached_limit() && limit < cycle_limit_;
    tell_host_syncs();
    pass_time_until(goes_on ? limit : chip_->rest_cycle());
    // While time passed the host may have granted another sync, or let a stopped tile go on.
    if (chip_->state() == ChipState::waits_for_host && !marks_.waits_for_mark()) goes_on = true;
    if (resumed_) goes_on = true;
  }
  enter(status_of(chip_->state()));
}

void ChipModule::run_thread() {
  for (;;) {
    while (status_ != ChipStatus::running) wait(wake_);
    run_and_pass_time();
    if (status_ == ChipStatus::waits_for_host) {
      const auto zone = marks_.waits_for_mark();
      const control::HostZone* row = zone ? control::find_host_zone(*zone) : nullptr;
      if (row != nullptr) raise(row->waits);
      while (marks_.waits_for_mark()) wait(wake_);
      enter(ChipStatus::running);
    } else if (status_ != ChipStatus::finished) {
      raise(control::vector::exception);
    }
  }
}

int ChipModule::route(tlm::tlm_generic_payload& transaction) const {
  const std::uint64_t address = transaction.get_address();
  const std::uint64_t place = address >> tile_window_bits;
  const auto index = place <= UINT16_MAX ? chip_->tile_at(TileId{static_cast<std::uint16_t>(place)})
                                         : std::optional<TileIndex>{};
  if (!index) {
    transaction.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
    return -1;
  }
  const std::uint64_t length = transaction.get_data_length();
  if (length != 0 && (address + length - 1) >> tile_window_bits != place) {
    transaction.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return -1;
  }
  return static_cast<int>(index->value());
}

void ChipModule::memory_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  if (delay > sc_core::SC_ZERO_TIME) wait(delay);
  delay = sc_core::SC_ZERO_TIME;
  transaction.set_dmi_allowed(false);
  if (status_ == ChipStatus::running) {
    transaction.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
    return;
  }
  const int tile = route(transaction);
  if (tile < 0) return;
  const std::uint64_t address = transaction.get_address();
  transaction.set_address(address & (host_windows::tile_bytes - 1));
  to_tiles_[tile]->b_transport(transaction, delay);
  transaction.set_address(address);
}

unsigned ChipModule::memory_debug(tlm::tlm_generic_payload& transaction) {
  const int tile = route(transaction);
  if (tile < 0) return 0;
  const std::uint64_t address = transaction.get_address();
  transaction.set_address(address & (host_windows::tile_bytes - 1));
  const unsigned bytes = to_tiles_[tile]->transport_dbg(transaction);
  transaction.set_address(address);
  return bytes;
}

bool ChipModule::memory_pointer(tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
  dmi.init();
  const std::uint64_t address = transaction.get_address();
  const std::uint64_t place = address >> tile_window_bits;
  if (status_ == ChipStatus::running || place > UINT16_MAX) return false;
  const auto tile = chip_->tile_at(TileId{static_cast<std::uint16_t>(place)});
  if (!tile) return false;
  transaction.set_address(address & (host_windows::tile_bytes - 1));
  const bool allowed = to_tiles_[static_cast<int>(tile->value())]->get_direct_mem_ptr(transaction, dmi);
  transaction.set_address(address);
  if (!allowed) return false;
  const std::uint64_t base = place << tile_window_bits;
  dmi.set_start_address(base + dmi.get_start_address());
  dmi.set_end_address(base + dmi.get_end_address());
  return true;
}

}  // namespace ipusim::chip
