// SPDX-License-Identifier: Apache-2.0
#include "ipusim/app/debug/session.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <tuple>
#include <utility>

#include "ipusim/chip/sync/sync_unit.hpp"

namespace ipusim::app {
namespace {

// A stretch is as long as fits these times, for the sake of interrupts and of short steps.
constexpr std::uint64_t first_stretch = 64;
constexpr std::chrono::milliseconds short_time{40};
constexpr std::chrono::milliseconds long_time{160};
// And no longer than the logs may be: a tile issues at most once per cycle.
constexpr std::uint64_t most_events = 1 << 20;
// To go back costs at most the time of the cycles between two states.
constexpr StateHistory::Limits history_limits{.count = 64, .bytes = 256U << 20U, .distance = 1024};

// A breakpoint or watchpoint on one tile.
template <class Point>
struct PointHere {
  const Point* point;
  std::uint64_t address;
};

bool matches(const PointHere<Breakpoint>& here, const Issue& issue) {
  return here.address == issue.pc.value() && (!here.point->context || *here.point->context == issue.context);
}

bool matches(const PointHere<Watchpoint>& here, const MemoryChange& change) {
  const std::uint64_t begin = change.address.value();
  return begin < here.address + here.point->bytes && here.address < begin + change.bytes;
}

template <class Point>
std::vector<PointHere<Point>> points_of(const std::vector<Point>& points, TileIndex tile) {
  std::vector<PointHere<Point>> found;
  for (const Point& point : points)
    if (const auto place = point.places.find(tile); place != point.places.end())
      found.push_back({&point, place->second.value()});
  return found;
}

template <class Point, class Event>
bool matches_any(const std::vector<PointHere<Point>>& points, const Event& event) {
  return std::any_of(points.begin(), points.end(), [&](const auto& here) { return matches(here, event); });
}

void lower(std::optional<Cycle>& least, Cycle cycle) {
  if (!least || cycle < *least) least = cycle;
}

Hit make_hit(Hit::Kind kind, Cycle stop_at, TileIndex tile, std::optional<Context> context) {
  Hit hit;
  hit.kind = kind;
  hit.stop_at = stop_at;
  hit.tile = tile;
  hit.context = context;
  return hit;
}

// The last cycles in which a context issued.
class LastIssues : public tile::TileObserver {
 public:
  LastIssues(Context context, std::uint64_t most) : context_(context), most_(most) {}
  void on_retire(const tile::RetireRecord& record) override {
    if (record.context != context_) return;
    cycles.push_back(record.cycle);
    if (cycles.size() > most_) cycles.pop_front();
  }
  void on_receive(Cycle, const tile::MemoryWrite&) override {}
  void on_hazard(const tile::Hazard&) override {}

  std::deque<Cycle> cycles;

 private:
  Context context_;
  std::uint64_t most_;
};

}  // namespace

Session::Session(const RunInput& input, std::function<bool()> interrupted)
    : input_(input),
      interrupted_(std::move(interrupted)),
      start_(Runner(input, Progress(true)).start_cycle()),
      stretch_(first_stretch),
      history_(history_limits, start_) {
  restart();
}

std::unique_ptr<Session::Run> Session::make_run() const {
  auto run = std::make_unique<Run>(input_.system.chips.front(), input_.tile_kinds, input_.factories);
  chip::Chip* chip = &run->chip;
  chip->set_scheduler(chip::make_pool_scheduler(input_.jobs));
  for (std::uint32_t i = 0; i < chip->size(); ++i) {
    const TileIndex index{i};
    const toolchain::Image& image = *input_.images.at(i);
    for (const auto& segment : image.segments)
      toolchain::write_segment(segment, [&](ByteAddr address, std::span<const std::uint8_t> bytes) {
        chip->tile(index).write_memory(address, std::as_bytes(bytes));
      });
    chip->set_entry(index, image.entry);
  }
  for (const MemoryLoad& load : input_.loads)
    chip->tile(load.tile).write_memory(load.address, std::as_bytes(std::span(load.bytes)));
  if (input_.program.run.host_syncs != 0)
    run->marks.grant(isa::sync_zone::gs2_host, input_.program.run.host_syncs, Cycle{0});
  chip->tell_cycles_since(start_);
  chip->start(start_);
  chip->run(start_);
  return run;
}

void Session::restart() {
  scout_ = nullptr;  // before the logs it tells of, and before others take its memory
  shown_ = nullptr;
  logs_.clear();
  faults_.clear();
  excepted_.clear();
  scout_ = make_run();
  shown_ = make_run();
  for (std::uint32_t i = 0; i < scout_->chip.size(); ++i) {
    logs_.push_back(std::make_unique<EventLog>());
    scout_->chip.observe(TileIndex{i}, logs_.back().get());
  }
  now_ = ahead_ = start_;
  scout_ended_ = now_was_searched_ = false;
  standing_ = {};
}

const Standing& Session::resume() { return go({timeout(), std::nullopt, std::nullopt}); }

const Standing& Session::step(TileIndex tile, Context context, std::uint64_t count) {
  return go({timeout(), std::nullopt, Steps{tile, context, count}});
}

const Standing& Session::run_cycles(std::uint64_t count) {
  const Cycle end = now_ + count;
  return go({end, end, std::nullopt});
}

const Standing& Session::go_to(std::uint64_t cycle) {
  const Cycle to = start_ + cycle;
  if (to == now_) return standing_;
  if (to < now_) go_back_before(to);
  if (to <= now_) return standing_;
  return go({.limit = to, .cycle = to, .steps = std::nullopt, .passes_hits = true});
}

// From state to state backwards, until enough bundles lie behind one.
const Standing& Session::step_back(TileIndex tile, Context context, std::uint64_t count) {
  Cycle end = now_;
  while (end > start_) {
    go_back_before(end);
    const Cycle from = now_;
    LastIssues issues(context, count);
    shown_->chip.observe(tile, &issues);
    shown_->chip.run(end);
    shown_->chip.observe(tile, nullptr);
    end = from;  // the shown machine is no longer at now_: go_back_before() puts it right
    if (issues.cycles.size() == count) {
      const Cycle to = issues.cycles.front();
      go_back_before(to);
      return to == now_ ? standing_ : go_to(since_start(to));
    }
    count -= issues.cycles.size();
  }
  restart();
  return standing_;
}

template <class Archive, class Logs>
void Session::visit_state(Archive& archive, Run& run, Logs& logs) {
  if constexpr (Archive::is_reader) {
    run.chip.load(archive);
    run.marks.load(archive);
  } else {
    run.chip.save(archive);
    run.marks.save(archive);
  }
  for (auto& log : logs) EventLog::visit_state(archive, *log);
}

void Session::keep_state() {
  if (!history_.wants(now_)) return;
  StateWriter writer;
  visit_state(writer, *shown_, logs_);
  history_.add(now_, writer.take());
}

// To the nearest state before the cycle, or to the start.
void Session::go_back_before(Cycle cycle) {
  const auto* entry = cycle > start_ ? history_.nearest(cycle - 1) : nullptr;
  if (entry == nullptr) {
    restart();
    return;
  }
  for (auto& log : logs_) {
    log->forget();
    log->take_hazards();
  }
  for (Run* run : {scout_.get(), shown_.get()}) {
    StateReader reader(entry->state);
    visit_state(reader, *run, logs_);
    reader.finish();
  }
  faults_.clear();
  excepted_.clear();
  for (const auto& exception : scout_->chip.report().exceptions) excepted_.insert(exception.tile);
  now_ = ahead_ = entry->at;
  scout_ended_ = now_was_searched_ = false;
  standing_ = {Standing::Reason::stepped, {}, shown_->chip.state()};
}

const Standing& Session::go(Goal goal) {
  for (;;) {
    std::optional<Cycle> stop = reached(goal);
    const auto hit = goal.passes_hits ? std::nullopt : first_hit(stop.value_or(Cycle::never()));
    if (hit) lower(stop, *hit);
    // What else happens in the cycle of a stop must be known, too.
    if (stop && *stop <= goal.limit && (*stop < ahead_ || scout_ended_)) return stop_at(*stop);
    if (scout_ended_ || ahead_ > goal.limit) return end(goal.limit);
    if (!stop) {
      if (goal.steps)
        goal.steps->count -= logs_.at(goal.steps->tile.value())->count_issues(goal.steps->context, now_);
      follow(ahead_);
      for (auto& log : logs_) log->forget();
      now_was_searched_ = false;
      keep_state();
      if (interrupted_()) {
        standing_ = {Standing::Reason::interrupted, {}, shown_->chip.state()};
        return standing_;
      }
    }
    scout_ahead(goal.limit + 1);
  }
}

// Where the goal is reached, as far as the scout knows.
std::optional<Cycle> Session::reached(const Goal& goal) const {
  if (goal.cycle) {
    const bool is_over_before = scout_ended_ && *goal.cycle > scout_->chip.rest_cycle() + 1;
    return *goal.cycle <= ahead_ && !is_over_before ? goal.cycle : std::nullopt;
  }
  if (!goal.steps) return std::nullopt;
  const EventLog& log = *logs_.at(goal.steps->tile.value());
  const auto issued = log.nth_issue(goal.steps->context, now_, goal.steps->count);
  return issued ? std::optional(*issued + 1) : std::nullopt;
}

void Session::scout_ahead(Cycle most) {
  using Clock = std::chrono::steady_clock;
  const Cycle from = ahead_;
  ahead_ = std::min(most, ahead_ + stretch_);
  const auto begin = Clock::now();
  scout_->chip.run(ahead_);
  const auto time = Clock::now() - begin;
  const bool was_whole = ahead_ - from == stretch_;
  const std::uint64_t longest = std::max(first_stretch, most_events / scout_->chip.size());
  if (time < short_time && was_whole) stretch_ = std::min(2 * stretch_, longest);
  if (time > long_time) stretch_ = std::max<std::uint64_t>(stretch_ / 2, 1);
  // A tile may have failed while others go on.
  scout_ended_ = !scout_->chip.reached_limit();
  note_faults(from);
}

// What failed in the stretch from `from` on. What is found late counts from there.
void Session::note_faults(Cycle from) {
  const auto stop_behind = [&](Cycle cycle) { return std::max(cycle, from) + 1; };
  if (scout_->chip.state() != chip::ChipState::stopped) {
    for (auto& log : logs_) log->take_hazards();
    return;
  }
  const chip::ChipReport report = scout_->chip.report();
  for (const chip::TileException& exception : report.exceptions) {
    if (!excepted_.insert(exception.tile).second) continue;
    faults_.push_back(make_hit(Hit::Kind::exception, stop_behind(exception.report.cycle), exception.tile,
                               exception.report.context));
    faults_.back().exception = exception.report;
  }
  for (std::uint32_t i = 0; i < logs_.size(); ++i)
    for (const tile::Hazard& hazard : logs_[i]->take_hazards()) {
      const bool fails = std::any_of(report.hazards.begin(), report.hazards.end(), [&](const auto& h) {
        return h.is_error && h.tile.value() == i && h.hazard == hazard;
      });
      if (!fails) continue;
      const auto issues = logs_[i]->issues(hazard.cycle, hazard.cycle + 1);
      faults_.push_back(make_hit(Hit::Kind::hazard, stop_behind(hazard.cycle), TileIndex{i},
                                 issues.empty() ? std::nullopt : std::optional(issues.front().context)));
      faults_.back().hazard = hazard;
      if (!issues.empty()) faults_.back().pc = issues.front().pc;
    }
}

void Session::follow(Cycle to) {
  shown_->chip.run(to);
  now_ = to;
  for (auto& log : logs_) log->follow_calls(to);
  std::erase_if(faults_, [&](const Hit& hit) { return hit.stop_at < to; });
}

const Standing& Session::stop_at(Cycle cycle) {
  const Cycle before = now_;
  follow(cycle);
  now_was_searched_ = true;
  standing_ = {Standing::Reason::stepped, hits_at(cycle), shown_->chip.state()};
  if (standing_.hits.empty()) return standing_;
  standing_.reason = Standing::Reason::hit;
  const bool all_failed = std::all_of(standing_.hits.begin(), standing_.hits.end(), [](const Hit& hit) {
    return hit.kind == Hit::Kind::exception || hit.kind == Hit::Kind::hazard;
  });
  if (all_failed && !shown_->chip.reached_limit()) {
    standing_.reason = Standing::Reason::ended;
    now_ = std::max(before, shown_->chip.rest_cycle());
  }
  return standing_;
}

const Standing& Session::end(Cycle limit) {
  const Cycle to = std::max(now_, limit);
  const Cycle before = now_;
  follow(to);
  now_ = scout_ended_ ? std::max(before, shown_->chip.rest_cycle()) : to;
  now_was_searched_ = true;
  standing_ = {Standing::Reason::ended, {}, shown_->chip.state()};
  return standing_;
}

// The first stop not behind `until`.
std::optional<Cycle> Session::first_hit(Cycle until) const {
  std::optional<Cycle> first;
  for (const Hit& fault : faults_)
    if (fault.stop_at <= until && (fault.stop_at > now_ || !now_was_searched_)) lower(first, fault.stop_at);
  for (std::size_t i = 0; i < logs_.size(); ++i)
    if (const auto hit = first_hit_of(i, first.value_or(until))) lower(first, *hit);
  return first;
}

std::optional<Cycle> Session::first_hit_of(std::size_t tile, Cycle until) const {
  std::optional<Cycle> first;
  const TileIndex index{static_cast<std::uint32_t>(tile)};
  const auto breaks = points_of(breakpoints_, index);
  const auto watches = points_of(watchpoints_, index);
  const Cycle behind = until == Cycle::never() ? until : until + 1;
  if (!breaks.empty())
    for (const Issue& issue : logs_[tile]->issues(now_was_searched_ ? now_ + 1 : now_, behind))
      if (matches_any(breaks, issue)) {
        lower(first, issue.cycle);
        break;
      }
  if (!watches.empty())
    for (const MemoryChange& change : logs_[tile]->changes(now_, until))
      if (matches_any(watches, change)) {
        lower(first, change.cycle + 1);
        break;
      }
  return first;
}

std::vector<Hit> Session::hits_at(Cycle cycle) const {
  std::vector<Hit> hits;
  for (const Hit& fault : faults_)
    if (fault.stop_at == cycle) hits.push_back(fault);
  for (std::size_t i = 0; i < logs_.size(); ++i) add_hits_of(i, cycle, hits);
  std::stable_sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return std::tie(a.kind, a.tile) < std::tie(b.kind, b.tile);
  });
  return hits;
}

void Session::add_hits_of(std::size_t tile, Cycle cycle, std::vector<Hit>& hits) const {
  const TileIndex index{static_cast<std::uint32_t>(tile)};
  for (const auto& here : points_of(watchpoints_, index))
    for (const MemoryChange& change : logs_[tile]->changes(cycle - 1, cycle)) {
      if (!matches(here, change)) continue;
      hits.push_back(make_hit(Hit::Kind::watchpoint, cycle, index, change.context));
      hits.back().number = here.point->number;
    }
  for (const auto& here : points_of(breakpoints_, index))
    for (const Issue& issue : logs_[tile]->issues(cycle, cycle + 1)) {
      if (!matches(here, issue)) continue;
      hits.push_back(make_hit(Hit::Kind::breakpoint, cycle, index, issue.context));
      hits.back().number = here.point->number;
    }
}

unsigned Session::add(Breakpoint breakpoint) {
  breakpoint.number = next_number_++;
  breakpoints_.push_back(std::move(breakpoint));
  return breakpoints_.back().number;
}

unsigned Session::add(Watchpoint watchpoint) {
  watchpoint.number = next_number_++;
  watchpoints_.push_back(std::move(watchpoint));
  return watchpoints_.back().number;
}

bool Session::remove(unsigned number) {
  const auto is_it = [number](const auto& point) { return point.number == number; };
  return std::erase_if(breakpoints_, is_it) + std::erase_if(watchpoints_, is_it) != 0;
}

const std::vector<CallFrame>& Session::calls(TileIndex tile, Context context) const {
  return logs_.at(tile.value())->calls(context);
}

}  // namespace ipusim::app
