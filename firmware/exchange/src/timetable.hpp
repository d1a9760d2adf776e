// SPDX-License-Identifier: Apache-2.0
// When one bus or one mux is taken.
#pragma once

#include <cstdint>
#include <vector>

namespace ipusim::exchange_planner {

class Timetable {
 public:
  // Gaps shorter than `least` events are of no use to anybody and are closed.
  explicit Timetable(std::int32_t least) : least_(least) {}

  // The first start at or after `from` with `length` free events.
  std::int32_t next_fit(std::int32_t from, std::int32_t length) const;
  // Takes events that next_fit found free.
  void reserve(std::int32_t start, std::int32_t length);
  std::int32_t end() const { return taken_.empty() ? 0 : taken_.back().end; }

 private:
  struct Span {
    std::int32_t begin;
    std::int32_t end;
  };
  std::vector<Span>::const_iterator first_ending_after(std::int32_t event) const;
  std::vector<Span> taken_;  // ascending, gaps of at least least_ between
  std::int32_t least_;
};

}  // namespace ipusim::exchange_planner
