// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/debug/event_log.hpp"

#include <algorithm>
#include <utility>

#include "ipusim/isa/isa.hpp"

namespace ipusim::app {
namespace {

constexpr std::uint32_t word_bytes = 4;

// Of the call that begins with these words; 0 if it is none.
std::uint32_t call_bytes(const tile::RetireRecord& record) {
  const isa::Mode mode = record.context.is_worker() ? isa::Mode::worker : isa::Mode::supervisor;
  if (isa::decode(record.words[0], mode) != isa::Opcode::call_mmmn_zi) return 0;
  return record.words[1] == 0 ? word_bytes : 2 * word_bytes;
}

template <class Event>
std::span<const Event> between(const std::vector<Event>& events, Cycle from, Cycle to) {
  const auto earlier = [](const Event& event, Cycle cycle) { return event.cycle < cycle; };
  const auto begin = std::lower_bound(events.begin(), events.end(), from, earlier);
  return {begin, std::lower_bound(begin, events.end(), std::max(from, to), earlier)};
}

}  // namespace

void EventLog::on_retire(const tile::RetireRecord& record) {
  issues_.push_back({record.cycle, record.context, record.pc, call_bytes(record)});
  for (const tile::MemoryWrite& write : record.memory)
    changes_.push_back({record.cycle, record.context, write.address, write.bytes});
}

void EventLog::on_receive(Cycle at, const tile::MemoryWrite& write) {
  changes_.push_back({at, std::nullopt, write.address, write.bytes});
}

std::span<const Issue> EventLog::issues(Cycle from, Cycle to) const { return between(issues_, from, to); }

std::span<const MemoryChange> EventLog::changes(Cycle from, Cycle to) const {
  return between(changes_, from, to);
}

std::optional<Cycle> EventLog::nth_issue(Context context, Cycle from, std::uint64_t nth) const {
  for (const Issue& issue : issues(from, Cycle::never()))
    if (issue.context == context && --nth == 0) return issue.cycle;
  return std::nullopt;
}

std::uint64_t EventLog::count_issues(Context context, Cycle from) const {
  const auto all = issues(from, Cycle::never());
  return static_cast<std::uint64_t>(
      std::count_if(all.begin(), all.end(), [&](const Issue& issue) { return issue.context == context; }));
}

std::vector<tile::Hazard> EventLog::take_hazards() { return std::exchange(hazards_, {}); }

void EventLog::follow_calls(Cycle cycle) {
  for (; followed_ < issues_.size() && issues_[followed_].cycle < cycle; ++followed_)
    follow(issues_[followed_]);
}

// A call pushes, coming to where one shall return to pops: it and everything above it.
void EventLog::follow(const Issue& issue) {
  auto& calls = calls_.at(issue.context.index());
  for (std::size_t depth = calls.size(); depth > 0; --depth)
    if (calls[depth - 1].return_to == issue.pc) {
      calls.resize(depth - 1);
      break;
    }
  if (issue.call_bytes != 0) calls.push_back({issue.pc, issue.pc + issue.call_bytes});
}

void EventLog::forget() {
  issues_.clear();
  changes_.clear();
  followed_ = 0;
}

}  // namespace ipusim::app
