// SPDX-License-Identifier: Apache-2.0
// The control registers of ChipModule: what each row of control_map.hpp does.
#include <algorithm>

#include "ipusim/chip/module/chip_module.hpp"
#include "ipusim/device/registers/register_target.hpp"

namespace ipusim::chip {

using control::ChipStatus;
using device::AccessResult;
using device::Behaviour;
using device::RegisterRead;

namespace {

// Tiles start in a turn of slot 0, so that what a program takes does not depend on when the host says `go`.
Cycle start_at_or_after(Cycle at) {
  constexpr std::uint64_t slots = isa::timing::slots;
  return Cycle{(at.value() + slots - 1) / slots * slots};
}

Behaviour reads(std::uint32_t offset, std::function<std::uint32_t()> value) {
  return {.offset = offset,
          .read = [value = std::move(value)](std::uint32_t) { return RegisterRead::of(value()); }};
}

}  // namespace

void ChipModule::add_registers() {
  std::vector<Behaviour> marks;
  for (const control::HostZone& row : control::host_zones) {
    marks.push_back(
        {.offset = row.mark,
         .read = [this, zone = row.zone](
                     std::uint32_t) { return RegisterRead::of(marks_.left(zone, moment().under_way)); },
         .write = [this, zone = row.zone](std::uint32_t,
                                          std::uint32_t value) { return write_mark(zone, value); }});
  }
  registers_.add(control::marks, std::move(marks));
  windows_.add_to(registers_, [this] { return moment(); });

  Behaviour cycle_low =
      reads(control::cycle_low, [this] { return static_cast<std::uint32_t>(moment().under_way.value()); });
  cycle_low.after_read = [this](std::uint32_t) {
    cycle_high_ = static_cast<std::uint32_t>(moment().under_way.value() >> 32U);
  };
  registers_.add(control::model,
                 {reads(control::chip_status, [this] { return static_cast<std::uint32_t>(status_); }),
                  {.offset = control::go,
                   .write = [this](std::uint32_t, std::uint32_t value) { return write_go(value); }},
                  reads(control::tile_count, [this] { return static_cast<std::uint32_t>(chip_->size()); }),
                  cycle_low,
                  reads(control::cycle_high, [this] { return cycle_high_; }),
                  reads(control::exception_count, [this] { return exceptions().count; }),
                  reads(control::exception_place, [this] {
                    const auto first = exceptions().first;
                    return first ? std::uint32_t{chip_->places()[first->value()].value()} : ~0U;
                  })});
  registers_.add(control::places,
                 {{.offset = 0,
                   .read = [this](std::uint32_t i) { return RegisterRead::of(chip_->places()[i].value()); }}},
                 [this](std::uint32_t i, std::uint32_t) {
                   return i < chip_->size() ? AccessResult::done : AccessResult::nothing_there;
                 });
}

void ChipModule::control_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  if (delay > sc_core::SC_ZERO_TIME) wait(delay);
  delay = sc_core::SC_ZERO_TIME;
  device::transport(registers_, transaction);
}

unsigned ChipModule::control_debug(tlm::tlm_generic_payload& transaction) {
  return device::transport_dbg(registers_, transaction);
}

// Of the cycles that the host may have seen: the chip is simulated ahead of it.
ChipModule::Exceptions ChipModule::exceptions() const {
  const Cycle now = moment().under_way;
  Exceptions seen;
  Cycle earliest = Cycle::never();
  for (std::uint32_t i = 0; i < chip_->size(); ++i) {
    const auto& exception = chip_->exception(TileIndex{i});
    if (!exception || exception->cycle > now) continue;
    ++seen.count;
    if (exception->cycle >= earliest) continue;
    earliest = exception->cycle;
    seen.first = TileIndex{i};
  }
  return seen;
}

AccessResult ChipModule::write_go(std::uint32_t value) {
  bool any_entry = false;
  for (std::uint32_t i = 0; i < chip_->size(); ++i) any_entry = any_entry || chip_->has_entry(TileIndex{i});
  if (value != 1 || status_ != ChipStatus::reset || !any_entry) return AccessResult::refused;
  const Cycle start = start_at_or_after(clock_.first_at_or_after(sc_core::sc_time_stamp()));
  chip_->start(start);
  limit_from(start);
  enter(ChipStatus::running);
  wake_.notify(sc_core::SC_ZERO_TIME);
  return AccessResult::done;
}

AccessResult ChipModule::write_mark(unsigned zone, std::uint32_t value) {
  const sc_core::sc_time now = sc_core::sc_time_stamp();
  const bool used_up = marks_.left(zone, clock_.under_way_at(now)) == 0;
  const Cycle at = clock_.first_at_or_after(now);
  // A chip that was loaded has done what comes before its horizon.
  const bool too_early = at < marks_.horizon();
  if (value > control::mark_mask || !used_up || too_early || !marks_.takes_part(zone))
    return AccessResult::refused;
  marks_.grant(zone, value, at);
  wake_.notify(sc_core::SC_ZERO_TIME);
  return AccessResult::done;
}

DebugWindows::Moment ChipModule::moment() const {
  const sc_core::sc_time now = sc_core::sc_time_stamp();
  return {status_, clock_.under_way_at(now), clock_.first_at_or_after(now)};
}

// A tile goes on: after the chip had come to rest, or while others run.
void ChipModule::resume() {
  resumed_ = true;
  if (status_ == ChipStatus::running) return;
  enter(ChipStatus::running);
  wake_.notify(sc_core::SC_ZERO_TIME);
}

}  // namespace ipusim::chip
