// SPDX-License-Identifier: Apache-2.0
#include "timetable.hpp"

#include <algorithm>

namespace ipusim::exchange_planner {

// Orders place most messages late among those placed before: what is wanted is near the end.
std::vector<Timetable::Span>::const_iterator Timetable::first_ending_after(std::int32_t event) const {
  constexpr std::ptrdiff_t near = 6;
  auto first = taken_.end();
  const auto stop = first - std::min(near, std::ssize(taken_));
  while (first != stop && std::prev(first)->end > event) --first;
  if (first != stop || stop == taken_.begin()) return first;
  return std::upper_bound(taken_.begin(), first, event,
                          [](std::int32_t value, const Span& span) { return value < span.end; });
}

std::int32_t Timetable::next_fit(std::int32_t from, std::int32_t length) const {
  for (auto span = first_ending_after(from); span != taken_.end(); ++span) {
    if (from + length <= span->begin) return from;
    from = std::max(from, span->end);
  }
  return from;
}

void Timetable::reserve(std::int32_t start, std::int32_t length) {
  const auto next = taken_.begin() + (first_ending_after(start) - taken_.cbegin());
  const std::int32_t end = start + length;
  const bool joins_next = next != taken_.end() && next->begin - end < least_;
  const bool joins_previous = next != taken_.begin() && start - std::prev(next)->end < least_;
  if (joins_previous && joins_next) {
    std::prev(next)->end = next->end;
    taken_.erase(next);
  } else if (joins_previous) {
    std::prev(next)->end = end;
  } else if (joins_next) {
    next->begin = start;
  } else {
    taken_.insert(next, Span{start, end});
  }
}

}  // namespace ipusim::exchange_planner
