// SPDX-License-Identifier: Apache-2.0
#include "ipusim/chip/module/chip_clock.hpp"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace ipusim::chip {

namespace {
// Products of a cycle count and a frequency need more than 64 bits.
__extension__ using Wide = unsigned __int128;

std::uint64_t scale(std::uint64_t value, std::uint64_t numerator, std::uint64_t denominator, bool up) {
  const Wide product = Wide{value} * numerator + (up ? denominator - 1 : 0);
  return static_cast<std::uint64_t>(product / denominator);
}
}  // namespace

ChipClock::ChipClock(std::uint64_t clock_hz)
    : clock_hz_(clock_hz),
      ticks_per_second_(
          static_cast<std::uint64_t>(std::llround(1.0 / sc_core::sc_get_time_resolution().to_seconds()))) {
  if (ticks_per_second_ < clock_hz_) {
    throw std::invalid_argument(fmt::format(
        "a clock of {} Hz needs a finer SystemC time resolution than {}; call sc_set_time_resolution() first",
        clock_hz_, sc_core::sc_get_time_resolution().to_string()));
  }
}

sc_core::sc_time ChipClock::time_of(Cycle c) const {
  return sc_core::sc_time::from_value(scale(c.value(), ticks_per_second_, clock_hz_, false));
}

Cycle ChipClock::first_at_or_after(const sc_core::sc_time& t) const {
  // floor(c * ticks / hz) >= v holds from c = ceil(v * hz / ticks) on.
  return Cycle{scale(t.value(), clock_hz_, ticks_per_second_, true)};
}

Cycle ChipClock::under_way_at(const sc_core::sc_time& t) const {
  const Cycle next = first_at_or_after(t);
  return time_of(next) == t ? next : next - 1;
}

}  // namespace ipusim::chip
