#include "ipusim/cli/debug/session.hpp"

#include <algorithm>

#include "ipusim/chip/sync/sync_unit.hpp"

namespace ipusim::cli {
namespace {

// How far to run ahead at once: not far at first, or finding a near stop costs a whole run from the start.
constexpr std::uint64_t first_stride = 1024;
constexpr std::uint64_t longest_stride = 1 << 20;

}  // namespace

Session::Session(const RunInput& input) : input_(input), start_(Runner(input, Progress(true)).start_cycle()) {
  restart();
}

void Session::restart() {
  chip_ = std::make_unique<chip::Chip>(input_.system, input_.tile_kinds, input_.factories);
  tracers_.clear();
  for (std::uint32_t i = 0; i < chip_->size(); ++i) {
    const TileIndex index{i};
    tracers_.push_back(std::make_unique<TileTracer>(index, breakpoints_, watchpoints_));
    chip_->observe(index, tracers_.back().get());
    const toolchain::Image& image = input_.images.at(i);
    for (const auto& segment : image.segments)
      chip_->tile(index).write_memory(segment.address, std::as_bytes(std::span(segment.bytes)));
    chip_->set_entry(index, image.entry);
  }
  for (const MemoryLoad& load : input_.loads)
    chip_->tile(load.tile).write_memory(load.address, std::as_bytes(std::span(load.bytes)));
  if (input_.program.run.host_syncs != 0)
    chip_->set_host_mark(chip::sync_zone::gs2_host, input_.program.run.host_syncs, Cycle{0});
  chip_->start(start_);
  now_ = start_;
  standing_ = {};
  chip_->run(now_);
}

Standing Session::resume() {
  return go(start_ + input_.program.run.timeout.value(), [] { return std::optional<Cycle>{}; });
}

Standing Session::step(TileIndex tile, Context context) {
  const TileTracer& tracer = *tracers_.at(tile.value());
  return go(start_ + input_.program.run.timeout.value(), [&]() -> std::optional<Cycle> {
    const auto issued = tracer.first_issue(context);
    return issued ? std::optional(*issued + 1) : std::nullopt;
  });
}

Standing Session::run_cycles(std::uint64_t count) {
  const Cycle end = now_ + count;
  return go(end, [end] { return std::optional(end); });
}

Standing Session::go(Cycle limit, const std::function<std::optional<Cycle>()>& wanted) {
  const bool skip_first = standing_.reason == Standing::Reason::breakpoint;
  const Cycle from = now_;
  for (auto& tracer : tracers_) tracer->search(from, skip_first);
  Cycle ahead = now_;
  for (std::uint64_t stride = first_stride;; stride = std::min(2 * stride, longest_stride)) {
    ahead = std::min(limit, ahead + stride);
    const chip::ChipState state = chip_->run(ahead);
    const auto hit = earliest_hit();
    const auto goal = wanted();
    std::optional<Cycle> stop = goal;
    if (hit && (!stop || hit->stop_at <= *stop)) stop = hit->stop_at;
    const bool ended = state != chip::ChipState::cycle_limit;
    if (stop && *stop <= ahead && !(ended && *stop > chip_->rest_cycle() + 1)) {
      run_to(*stop);
      standing_ = {Standing::Reason::stepped, std::nullopt, chip_->state()};
      if (hit && hit->stop_at == *stop) {
        standing_.hit = hit;
        const bool is_break = std::any_of(breakpoints_.begin(), breakpoints_.end(),
                                          [&](const Breakpoint& b) { return b.number == hit->number; });
        standing_.reason = is_break ? Standing::Reason::breakpoint : Standing::Reason::watchpoint;
      }
      return standing_;
    }
    if (ended || ahead == limit) {
      now_ = ended ? std::max(now_, chip_->rest_cycle()) : ahead;
      standing_ = {Standing::Reason::ended, std::nullopt, state};
      return standing_;
    }
  }
}

// The chip has run too far, or just far enough.
void Session::run_to(Cycle cycle) {
  restart();
  chip_->run(cycle);
  now_ = cycle;
}

std::optional<Hit> Session::earliest_hit() const {
  std::optional<Hit> earliest;
  for (const auto& tracer : tracers_)
    if (tracer->hit() && (!earliest || tracer->hit()->stop_at < earliest->stop_at)) earliest = tracer->hit();
  return earliest;
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
  return tracers_.at(tile.value())->calls(context);
}

}  // namespace ipusim::cli
