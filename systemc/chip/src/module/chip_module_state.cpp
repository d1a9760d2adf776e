// SPDX-License-Identifier: Apache-2.0
// The state of ChipModule as bytes (docs/state.md).
#include <stdexcept>

#include "ipusim/chip/module/chip_module.hpp"

namespace ipusim::chip {

using control::ChipStatus;

template <class Archive, class Self>
bool ChipModule::visit_state(Archive& archive, Self& self) {
  // Of the status only whether the chip was started: the rest follows when it has been run again.
  bool started = self.status_ != ChipStatus::reset;
  archive.section("chip module", 1, [&](Archive& a) {
    std::uint64_t told = self.host_syncs_told_;
    a(started, told, self.cycle_high_);
    DebugWindows::visit_state(a, self.windows_);
    if constexpr (Archive::is_reader) {
      self.chip_->load(a);
      self.marks_.load(a);
      if (told > self.marks_.syncs().size()) a.fail("more host syncs were told than happened");
      self.host_syncs_told_ = told;
    } else {
      self.chip_->save(a);
      self.marks_.save(a);
    }
  });
  return started;
}

void ChipModule::save(StateWriter& to) const { visit_state(to, *this); }

void ChipModule::load(StateReader& from) {
  if (status_ != ChipStatus::reset) throw std::logic_error("a state is loaded into a chip that was started");
  if (!visit_state(from, *this)) return;
  limit_from(chip_->report().start);
  enter(ChipStatus::running);
  wake_.notify(sc_core::SC_ZERO_TIME);
}

void ChipModule::limit_from(Cycle start) {
  if (cycle_limit_ != Cycle::never()) cycle_limit_ += start.value();
}

}  // namespace ipusim::chip
